"""Resolves the names of models that entries refer to."""

from collections.abc import Sequence

from registry_cli.core.checks.outline_names import OutlineNames
from registry_cli.core.checks.report import Outline
from registry_cli.core.names.names import ModelName, model_at


class Providers:
    """The models of every provider, with the state and the replacement of each. Files of one provider count as one."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._names = OutlineNames(outlines)
        self._outdated: dict[ModelName, str] = {}
        self._replacements: dict[ModelName, str] = {}
        self._unreadable = {outline.provider for outline in outlines if outline.unreadable}
        for outline in outlines:
            for model_id, state in outline.outdated.items():
                self._outdated[ModelName(outline.provider, model_id)] = state
            for model_id, name in outline.replacements.items():
                self._replacements[ModelName(outline.provider, model_id)] = name

    def find_model(self, provider: str, name: str) -> ModelName | None:
        """Return the model that `name` means in a file of `provider`: one of its own, or `provider/id`.

        A name that may be in an unreadable file is taken as found. An alias that several providers claim means the
        one that has the model: another rule reports it.
        """
        model_id = self._names.model(provider, name)
        if model_id is not None or provider in self._unreadable:
            return ModelName(provider, model_id or name)
        prefix, slash, rest = name.partition("/")
        for host in sorted(self._names.claimants(prefix)) if slash else ():
            found = ModelName(host, rest) if host in self._unreadable else model_at(self._names, host, name)
            if found is not None:
                return found
        return None

    def state_of(self, provider: str, name: str) -> str | None:
        """Return the state (`state_on`) of the model that `name` means, None if it is active or unknown."""
        target = self.find_model(provider, name)
        return self._outdated.get(target) if target else None

    def replacement(self, target: ModelName) -> ModelName | None:
        """Return the model that replaces another, None if its entry names none that exists."""
        name = self._replacements.get(target)
        return self.find_model(target.provider, name) if name is not None else None
