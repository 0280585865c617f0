"""Entries that nobody can change: what the Python API shares between all its callers.

The collections stay a `dict` and a `list`, so that entries compare, print and serialize as before. A copy (`copy()`,
`dict(...)`, `copy.deepcopy`, `|`) is an ordinary collection that may be changed.
"""

from typing import Any, NoReturn

from registry_cli.core.catalog.models import Provider


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


_OPEN = frozenset({dict, list})


def freeze_value(value: Any) -> Any:
    """Return a value of YAML with its collections frozen, however deep."""
    if type(value) is dict:
        mapping = FrozenDict(value)
        for key, part in value.items():
            if type(part) in _OPEN:  # most are not, and a whole catalog is frozen before the first answer
                dict.__setitem__(mapping, key, freeze_value(part))
        return mapping
    return FrozenList(map(freeze_value, value)) if type(value) is list else value


def freeze_provider(provider: Provider) -> None:
    """Freeze a provider that was just read: its entry, its models and their mappings.

    In place, because copies of all models of a catalog would cost a fifth of the time of its first answer.
    """
    for model in provider.models.values():
        _freeze_attributes(model, "body", "derived_capabilities", "list_pricing")
        if model.pricing is not None:
            _freeze_attributes(model.pricing, "rates", "per")
            for variant in model.pricing.variants:
                _freeze_attributes(variant, "when", "rates", "per")
    _freeze_attributes(provider, "body", "defaults", "models")


def _freeze_attributes(entry: object, *names: str) -> None:
    for name in names:
        object.__setattr__(entry, name, freeze_value(getattr(entry, name)))
