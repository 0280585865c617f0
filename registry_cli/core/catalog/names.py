"""How a model is named: `provider/id`, an id with its provider's own prefix, or an id alone where it is unique.

Aliases of providers and models stand for them everywhere. The catalog in memory and the index both answer
through `Names`, so that a name means the same everywhere.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from registry_cli.core.text.suggest import hint, nearest
from registry_cli.errors import UsageError

if TYPE_CHECKING:
    from registry_cli.core.catalog.models import Catalog

_SHOWN = 5


class ModelName(NamedTuple):
    provider: str
    id: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.id}"


class Names(Protocol):
    """What must be known to resolve a name."""

    def provider(self, name: str) -> str | None:
        """The id of the provider with this id, else with this alias. Raises `UsageError` where several claim it."""
        ...

    def model(self, provider: str, name: str) -> str | None:
        """The id of the model with this id or alias at a provider (given by its id)."""
        ...

    def hosts(self, name: str) -> list[ModelName]:
        """Every model with this id or alias, at any provider."""
        ...

    def all_providers(self) -> Iterable[str]:
        """The ids of all providers."""
        ...

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        """Every model, or every model of one provider."""
        ...


def resolve(names: Names, text: str) -> ModelName:
    """The model that a text names. Raises `UsageError` for none (with the nearest) and for several."""
    prefix, slash, _ = text.partition("/")
    provider = names.provider(prefix) if slash else None
    if provider is not None and (found := model_at(names, provider, text)):
        return found
    hosts = names.hosts(text)
    if len(hosts) == 1 and provider is None:
        return hosts[0]
    if hosts and provider is None:
        raise UsageError(f"{text} is a model of {len(hosts)} providers: {_listed(hosts)}")
    raise UsageError(_unknown(names, text, provider, hosts))


def model_at(names: Names, provider: str, text: str) -> ModelName | None:
    """The model of a provider that `PREFIX/REST` names, the prefix being the provider's or part of the id."""
    rest = text.partition("/")[2]
    for candidate in (rest, text, f"{provider}/{rest}"):
        found = names.model(provider, candidate)
        if found is not None:
            return ModelName(provider, found)
    return None


def sole(alias: str, claimants: Collection[str]) -> str | None:
    """The only provider that claims an alias. Raises `UsageError` where there are several."""
    if len(claimants) > 1:
        raise UsageError(f"{alias!r} is an alias of {' and of '.join(sorted(claimants))}: write the id that is meant")
    return next(iter(claimants), None)


def resolve_provider(names: Names, text: str) -> str:
    """The id of the provider that a text names. Raises `UsageError` with the nearest."""
    found = names.provider(text)
    if found is None:
        raise UsageError(f"unknown provider {text!r}{_did_you_mean(text, names.all_providers())}")
    return found


def _unknown(names: Names, text: str, provider: str | None, hosts: list[ModelName]) -> str:
    if hosts:
        return f"{provider} has no model {text.partition('/')[2]!r}; others do: {_listed(hosts)}"
    if provider is not None:
        candidates = [name.id for name in names.all_models(provider)]
        rest = text.partition("/")[2]
        return f"{provider} has no model {rest!r}{_did_you_mean(rest, candidates, prefix=f'{provider}/')}"
    return f"unknown model {text!r}{_did_you_mean(text, (str(name) for name in names.all_models(None)))}"


def _listed(hosts: list[ModelName]) -> str:
    more = f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else ""
    return ", ".join(map(str, hosts[:_SHOWN])) + more


def _did_you_mean(text: str, candidates: Iterable[str], *, prefix: str = "") -> str:
    folded = {candidate.lower(): candidate for candidate in candidates}
    by_last_part = {candidate.rpartition("/")[2]: candidate for candidate in folded}
    wanted = text.lower()
    close = nearest(wanted, folded, count=3, similar=0.7)
    close += [by_last_part[part] for part in nearest(wanted.rpartition("/")[2], by_last_part, count=3, similar=0.75)]
    return hint(list(dict.fromkeys(prefix + folded[name] for name in close))[:3])


class CatalogNames:
    """`Names` of a catalog in memory."""

    def __init__(self, catalog: "Catalog") -> None:
        self._catalog = catalog
        self._claimants: dict[str, set[str]] = {}
        self._models: dict[str, dict[str, str]] = {}
        for provider in catalog.providers.values():
            spelled = self._models[provider.id] = {}
            for model in provider.models.values():
                spelled.update(dict.fromkeys(model.aliases, model.id))
            spelled.update({model_id: model_id for model_id in provider.models})  # an id beats an alias
            for alias in provider.aliases:
                self._claimants.setdefault(alias, set()).add(provider.id)

    def provider(self, name: str) -> str | None:
        return name if name in self._catalog.providers else sole(name, self._claimants.get(name, ()))

    def model(self, provider: str, name: str) -> str | None:
        return self._models[provider].get(name)

    def hosts(self, name: str) -> list[ModelName]:
        return [ModelName(provider, models[name]) for provider, models in self._models.items() if name in models]

    def all_providers(self) -> Iterable[str]:
        return self._catalog.providers

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        chosen = self._catalog.providers.values() if provider is None else [self._catalog.providers[provider]]
        return (ModelName(entry.id, model_id) for entry in chosen for model_id in entry.models)
