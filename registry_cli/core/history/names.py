"""The names of a catalog's models, former ones included."""

from collections.abc import Iterable

from registry_cli.core.history.changes import ADDED, REMOVED, RENAMED, ModelChange
from registry_cli.core.history.flat_fields import aliases_of
from registry_cli.core.names.names import ModelName, find_spelled_like, sole_claimant


class PastNames:
    """`Names` of all models, past and present. A present name takes precedence over a former one."""

    def __init__(self, changes: Iterable[ModelChange]) -> None:
        """From all changes that bear on names: everything but the `changed` ones of other fields than `aliases`."""
        self._aliases: dict[str, dict[str, list[str]]] = {}  # provider -> model ("" for itself) -> aliases
        self._gone: dict[str, dict[str, str]] = {}  # provider -> former id -> the id that it had last
        self._former: dict[str, str] = {}  # former provider -> what it is called since
        for change in changes:
            self._add_names(change)

    def provider(self, name: str) -> str | None:
        if name in self._aliases:
            return name
        claimants = {provider for provider, models in self._aliases.items() if name in models.get("", ())}
        found = sole_claimant(name, claimants) or self._former.get(name)
        return found or (name if name in self._gone else None)

    def model(self, provider: str, name: str) -> str | None:
        models = self._aliases.get(provider, {})
        if name and name in models:
            return name
        for model, aliases in models.items():
            if model and name in aliases:
                return model
        return self._gone.get(provider, {}).get(name)

    def hosts(self, name: str) -> list[ModelName]:
        today = [ModelName(provider, found) for provider in self._aliases if (found := self.model(provider, name))]
        if today:
            return today
        return [ModelName(provider, gone[name]) for provider, gone in self._gone.items() if name in gone]

    def all_providers(self) -> Iterable[str]:
        return [*self._aliases, *(name for name in self._gone if name not in self._aliases)]

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        for each in self.all_providers() if provider is None else [provider]:
            names = [*self._aliases.get(each, {}), *self._gone.get(each, {})]
            yield from (ModelName(each, name) for name in dict.fromkeys(names) if name)

    def spelled_like(self, provider: str | None, pattern: str) -> list[ModelName]:
        chosen = self.all_providers() if provider is None else [provider]
        return find_spelled_like({name: self._spellings_at(name) for name in chosen}, pattern)

    def base_model(self, name: ModelName) -> str | None:  # noqa: ARG002  # changes of other fields are not read
        return None

    def _spellings_at(self, provider: str) -> dict[str, str]:
        """Every id and alias at a provider -> the id."""
        models = {name: aliases for name, aliases in self._aliases.get(provider, {}).items() if name}
        aliases = {alias: name for name, aliases in models.items() for alias in aliases}
        return {**self._gone.get(provider, {}), **aliases, **{name: name for name in models}}

    def _add_names(self, change: ModelChange) -> None:
        provider, model = change.provider, change.model
        if change.kind == RENAMED and not model:
            self._aliases[provider] = self._aliases.pop(change.old, {})
            self._gone[provider] = self._gone.pop(change.old, {})
            self._former[change.old] = provider
            return
        models = self._aliases.setdefault(provider, {})
        if change.kind == RENAMED:
            models[model] = models.pop(change.old, [])
            self._gone.setdefault(provider, {})[change.old] = model
        elif change.kind == REMOVED:
            models.pop(model, None)
            self._gone.setdefault(provider, {})[model] = model
            if not models:
                del self._aliases[provider]
        elif change.kind == ADDED:
            models[model] = aliases_of(change.new)
        else:
            models[model] = aliases_of({"aliases": change.new})
