"""Which model a name in a catalog means."""

from collections.abc import Sequence
from typing import NamedTuple

from registry_cli.core.examined import Outline


class Target(NamedTuple):
    provider: str
    id: str


class Providers:
    """The models of every provider by id and alias, files of the same provider taken together."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._ids: dict[str, dict[str, str]] = {}
        self._providers: dict[str, str] = {}
        self._outdated: dict[Target, str] = {}
        self._replacements: dict[Target, str] = {}
        self._unreadable = {outline.provider for outline in outlines if outline.unreadable}
        for outline in outlines:
            names = self._ids.setdefault(outline.provider, {})
            for alias, model_id in outline.aliases.items():
                names.setdefault(alias, model_id)
            names.update(zip(outline.ids, outline.ids, strict=True))
            for alias in outline.provider_aliases:
                self._providers.setdefault(alias, outline.provider)
            for model_id, state in outline.outdated.items():
                self._outdated[Target(outline.provider, model_id)] = state
            for model_id, name in outline.replacements.items():
                self._replacements[Target(outline.provider, model_id)] = name
        self._providers.update(zip(self._ids, self._ids, strict=True))

    def model(self, provider: str, name: str) -> Target | None:
        """The model that `name` means in a file of `provider`: one of its own, or `provider/id`."""
        model_id = self._ids.get(provider, {}).get(name)
        if model_id is not None or provider in self._unreadable:
            return Target(provider, model_id or name)
        prefix, slash, rest = name.partition("/")
        host = self._providers.get(prefix) if slash else None
        if host in self._unreadable:
            return Target(host, rest)
        if host is not None:
            for candidate in (rest, name, f"{host}/{rest}"):
                if candidate in self._ids[host]:
                    return Target(host, self._ids[host][candidate])
        return None

    def state(self, provider: str, name: str) -> str | None:
        """Since when the model that `name` means is deprecated or retired, if it is."""
        target = self.model(provider, name)
        return self._outdated.get(target) if target else None

    def replacement(self, target: Target) -> Target | None:
        """The model that replaces another, where its entry names one that exists."""
        name = self._replacements.get(target)
        return self.model(target.provider, name) if name is not None else None
