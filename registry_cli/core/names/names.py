"""Resolves names of models: `provider/id`, an ID with its provider's own prefix, or a unique ID alone.

Aliases of providers and models are names too. The catalog in memory and the index both implement `Names`, so that a
name means the same everywhere. Commands that only read accept more names (`reading_names`).
"""

import re
import string
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple, Protocol

from registry_cli.core.text.suggest import find_nearest, suggestion_text
from registry_cli.errors import AmbiguousNameError, UnknownNameError

if TYPE_CHECKING:
    from registry_cli.core.catalog.models import Catalog

_SHOWN = 5
_NEAR = 3
_FOLDING = str.maketrans(string.ascii_uppercase + "._", string.ascii_lowercase + "--")


class ModelName(NamedTuple):
    provider: str
    id: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.id}"


class Names(Protocol):
    """The facts about a catalog that resolving a name needs."""

    def provider(self, name: str) -> str | None:
        """Return the ID of the provider with this ID or alias. Raises `AmbiguousNameError` if several have it."""
        ...

    def model(self, provider: str, name: str) -> str | None:
        """Return the ID of the model with this ID or alias at a provider (given by its ID)."""
        ...

    def hosts(self, name: str) -> list[ModelName]:
        """Return the models with this ID or alias at any provider."""
        ...

    def all_providers(self) -> Iterable[str]:
        """Return the IDs of all providers."""
        ...

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        """Return all models, or those of one provider."""
        ...

    def spelled_like(self, provider: str | None, pattern: str) -> list[ModelName]:
        """Return the models (of one provider) with an ID or alias that matches a glob after `fold_name`."""
        ...

    def base_model(self, name: ModelName) -> str | None:
        """Return the base model that an entry states."""
        ...


def fold_name(text: str) -> str:
    """Return a name for comparing, without differences of case and between `.`, `_` and `-`."""
    return text.translate(_FOLDING)


def exact_pattern(text: str) -> str:
    """Return the glob for names that differ from a text by folding alone."""
    return re.sub(r"[*?[]", r"[\g<0>]", fold_name(text))


def find_spelled_like(spellings: Mapping[str, Mapping[str, str]], pattern: str) -> list[ModelName]:
    """Implement `Names.spelled_like` on the IDs and aliases (-> ID) of each provider."""
    matches = set()
    for provider, ids in spellings.items():
        for spelling, model_id in ids.items():
            if fnmatchcase(fold_name(spelling), pattern):
                matches.add(ModelName(provider, model_id))
    return sorted(matches)


def resolve_model(names: Names, text: str) -> ModelName:
    """Return the model that a text names. Raises `UnknownNameError` for none, with similar names, and
    `AmbiguousNameError` for several."""
    prefix, slash, _ = text.partition("/")
    provider = names.provider(prefix) if slash else None
    if provider is not None and (found := model_at(names, provider, text)):
        return found
    hosts = names.hosts(text)
    if len(hosts) == 1 and provider is None:
        return hosts[0]
    if hosts and provider is None:
        raise AmbiguousNameError(f"{text} is a model of {len(hosts)} providers: {_list_hosts(names, hosts)}")
    raise UnknownNameError(_explain_unknown(names, text, provider, hosts))


def model_at(names: Names, provider: str, text: str) -> ModelName | None:
    """Return the model of a provider that `PREFIX/REST` names; the prefix is the provider's or part of the ID."""
    rest = text.partition("/")[2]
    for candidate in (rest, text, f"{provider}/{rest}"):
        found = names.model(provider, candidate)
        if found is not None:
            return ModelName(provider, found)
    return None


def sole_claimant(alias: str, claimants: Collection[str]) -> str | None:
    """Return the only provider with an alias. Raises `AmbiguousNameError` if there are several."""
    if len(claimants) > 1:
        raise AmbiguousNameError(
            f"{alias!r} is an alias of {' and of '.join(sorted(claimants))}: write the id that is meant"
        )
    return next(iter(claimants), None)


def resolve_provider(names: Names, text: str) -> str:
    """Return the ID of the provider that a text names. Raises `UnknownNameError` with similar names."""
    found = names.provider(text)
    if found is None:
        raise UnknownNameError(
            f"unknown provider {text!r}{suggestion_text(_find_similar(text, names.all_providers()))}"
        )
    return found


def own_listing(names: Names, models: Iterable[ModelName]) -> ModelName | None:
    """Return the model that its creator itself lists, None if there is none among these.

    The creator is that of the base model if the entry states one, else that of the name.
    """
    from registry_cli.core.names.vendors import homes_of  # noqa: PLC0415  # few names are offered by several

    models = list(models)
    homes = {name: homes_of(base.partition("/")[0]) for name in models if (base := names.base_model(name))}
    own = [name for name in models if name.provider in homes.get(name, ())]
    if not own:
        from registry_cli.core.names.identity import homes_by_name  # noqa: PLC0415  # compiles many patterns

        homes = {name: homes_by_name(*name) for name in models if name not in homes}
        own = [name for name in models if name.provider in homes.get(name, ())]
    return min(own, key=lambda name: homes[name].index(name.provider), default=None)


def _explain_unknown(names: Names, text: str, provider: str | None, hosts: list[ModelName]) -> str:
    if provider is None:
        return f"unknown model {text!r}{suggestion_text(_similar_names(names, text))}"
    rest = text.partition("/")[2]
    alike = names.spelled_like(provider, exact_pattern(rest))
    if hosts and not alike:
        return f"{provider} has no model {rest!r}; others do: {_list_hosts(names, hosts)}"
    ids = [name.id for name in names.all_models(provider)]
    near = [name.id for name in alike] or _find_similar(rest, ids)
    return f"{provider} has no model {rest!r}{suggestion_text(f'{provider}/{name}' for name in near)}"


def _list_hosts(names: Names, hosts: list[ModelName]) -> str:
    own = own_listing(names, hosts)
    hosts = sorted(hosts, key=lambda host: (host != own, host))
    more = f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else ""
    return ", ".join(map(str, hosts[:_SHOWN])) + more


def _similar_names(names: Names, text: str) -> list[str]:
    """Return the `provider/id` of similar models; of equal names the creator's own listing, if there is one."""
    models = sorted(names.all_models(None))
    if "/" in text and (near := _find_similar(text, map(str, models))):
        return near
    by_last_part: dict[str, list[ModelName]] = {}
    for name in models:
        by_last_part.setdefault(fold_name(name.id.rpartition("/")[2]), []).append(name)
    close = find_nearest(fold_name(text.rpartition("/")[2]), by_last_part, count=2 * _NEAR, similar=0.75)
    groups = [by_last_part[part] for part in close]
    owns = [own_listing(names, group) for group in groups]
    first = sorted(zip(owns, groups, strict=True), key=lambda pair: pair[0] is None)
    return [str(own or group[0]) for own, group in first[:_NEAR]] or _find_similar(text, map(str, models))


def _find_similar(text: str, known: Iterable[str]) -> list[str]:
    folded = {fold_name(name): name for name in sorted(known)}
    return [folded[name] for name in find_nearest(fold_name(text), folded, count=_NEAR, similar=0.7)]


class CatalogNames:
    """Implements `Names` on a catalog in memory."""

    def __init__(self, catalog: "Catalog") -> None:
        self._catalog = catalog
        self._claimants: dict[str, set[str]] = {}
        self._models: dict[str, dict[str, str]] = {}
        for provider in catalog.providers.values():
            spelled = self._models[provider.id] = {}
            for model in provider.models.values():
                spelled.update(dict.fromkeys(model.aliases, model.id))
            spelled.update({model_id: model_id for model_id in provider.models})  # an ID takes precedence over an alias
            for alias in provider.aliases:
                self._claimants.setdefault(alias, set()).add(provider.id)

    def provider(self, name: str) -> str | None:
        return name if name in self._catalog.providers else sole_claimant(name, self._claimants.get(name, ()))

    def model(self, provider: str, name: str) -> str | None:
        return self._models[provider].get(name)

    def hosts(self, name: str) -> list[ModelName]:
        return [ModelName(provider, models[name]) for provider, models in self._models.items() if name in models]

    def all_providers(self) -> Iterable[str]:
        return self._catalog.providers

    def all_models(self, provider: str | None) -> Iterable[ModelName]:
        chosen = self._catalog.providers.values() if provider is None else [self._catalog.providers[provider]]
        return (ModelName(entry.id, model_id) for entry in chosen for model_id in entry.models)

    def spelled_like(self, provider: str | None, pattern: str) -> list[ModelName]:
        chosen = self._models if provider is None else [provider]
        return find_spelled_like({name: self._models[name] for name in chosen}, pattern)

    def base_model(self, name: ModelName) -> str | None:
        return self._catalog.providers[name.provider].models[name.id].base_model
