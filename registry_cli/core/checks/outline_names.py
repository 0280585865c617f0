"""Resolves names by the outlines of a catalog's files, so that a faulty file does not hide the others."""

from collections.abc import Collection, Iterable, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.names.names import ModelName, find_spelled_like, sole_claimant


class OutlineNames:
    """Implements `core.names.names.Names`. An ID takes precedence over an alias, as in `CatalogNames`."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._models: dict[str, dict[str, str]] = {outline.provider: {} for outline in outlines}
        self._ids: dict[str, dict[str, None]] = {outline.provider: {} for outline in outlines}
        self._claimants: dict[str, set[str]] = {}
        for outline in outlines:
            names = self._models[outline.provider]
            for alias, model_id in outline.aliases.items():
                names.setdefault(alias, model_id)
            self._ids[outline.provider].update(dict.fromkeys(outline.ids))
            for alias in outline.provider_aliases:
                self._claimants.setdefault(alias, set()).add(outline.provider)
        for provider, ids in self._ids.items():
            self._models[provider].update({model_id: model_id for model_id in ids})

    def claimants(self, name: str) -> Collection[str]:
        """Return the provider with this ID, else all with this alias."""
        return (name,) if name in self._ids else self._claimants.get(name, ())

    def provider(self, name: str) -> str | None:
        return sole_claimant(name, self.claimants(name))

    def model(self, provider: str, name: str) -> str | None:
        return self._models.get(provider, {}).get(name)

    def hosts(self, name: str) -> list[ModelName]:
        return [ModelName(provider, models[name]) for provider, models in self._models.items() if name in models]

    def all_providers(self) -> Iterable[str]:
        return self._ids

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        chosen = self._ids if provider is None else [provider]
        return (ModelName(host, model_id) for host in chosen for model_id in self._ids[host])

    def spelled_like(self, provider: str | None, pattern: str) -> list[ModelName]:
        chosen = self._models if provider is None else [provider]
        return find_spelled_like({host: self._models[host] for host in chosen}, pattern)

    def base_model(self, name: ModelName) -> str | None:  # noqa: ARG002  # outlines have names alone
        return None
