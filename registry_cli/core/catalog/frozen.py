"""Entries that nobody can change: what the Python API shares between all its callers.

The collections stay a `dict` and a `list`, so that entries compare, print and serialize as before. A copy (`copy()`,
`dict(...)`, `copy.deepcopy`, `|`) is an ordinary collection that may be changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from registry_cli.core.catalog.models import Model, Pricing, Provider, Variant


def _refuse_change(*_args: object, **_named: object) -> NoReturn:
    raise TypeError("an entry of the catalog cannot be changed; change a copy: copy.deepcopy(model.body)")


class FrozenDict(dict[str, Any]):
    """A mapping of an entry."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refuse_change
    clear = pop = popitem = setdefault = update = _refuse_change

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class FrozenList(list[Any]):
    """A list of an entry."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse_change
    append = extend = insert = remove = pop = clear = sort = reverse = _refuse_change

    def __reduce__(self) -> tuple[type[list[Any]], tuple[list[Any]]]:
        return list, (list(self),)


def freeze_value(value: Any) -> Any:
    """Return a value of YAML with its collections frozen, however deep."""
    if isinstance(value, dict):
        return FrozenDict({key: freeze_value(part) for key, part in value.items()})
    return FrozenList(map(freeze_value, value)) if isinstance(value, list) else value


def freeze_provider(provider: Provider) -> Provider:
    """Return the provider with its entry, its models and their mappings frozen."""
    return replace(
        provider,
        body=freeze_value(provider.body),
        defaults=freeze_value(provider.defaults),
        models=FrozenDict({model_id: _freeze_model(model) for model_id, model in provider.models.items()}),
    )


def _freeze_model(model: Model) -> Model:
    return replace(
        model,
        body=freeze_value(model.body),
        pricing=model.pricing and _freeze_pricing(model.pricing),
        derived_capabilities=_freeze_mapping(model.derived_capabilities),
        list_pricing=freeze_value(model.list_pricing),
    )


def _freeze_pricing(pricing: Pricing) -> Pricing:
    return replace(
        pricing,
        rates=_freeze_mapping(pricing.rates),
        per=_freeze_mapping(pricing.per),
        variants=tuple(map(_freeze_variant, pricing.variants)),
    )


def _freeze_variant(variant: Variant) -> Variant:
    return replace(
        variant,
        when=freeze_value(variant.when),
        rates=_freeze_mapping(variant.rates),
        per=_freeze_mapping(variant.per),
    )


def _freeze_mapping(mapping: Mapping[str, Any]) -> FrozenDict:
    return FrozenDict(mapping)
