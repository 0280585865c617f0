"""The shape of what a record holds: a line that sync did not write so is no evidence, and is refused."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from registry_cli.core.format.fields import (
    CAPABILITIES,
    COUNT,
    DATE,
    FIELDS,
    FLAG,
    GROUPS,
    LIST,
    PARTIAL_DATE,
    SET,
    TEXT,
    TEXT_FIELDS,
    TOKENS,
)
from registry_cli.core.statements.facts import VARIANT

_PRICE = re.compile(r"pricing\.(?:per\.)?(?!(?:variants|per)$)[a-z0-9_]+")


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def is_fact(field: str, value: Any) -> bool:
    """Whether a value is one that a source may state for a field.

    A field that this llmreg does not know counts where it is a plain value: newer ones write more fields.
    """
    return _check_of(field)(value)


@lru_cache(maxsize=4096)
def _check_of(field: str) -> Callable[[Any], bool]:
    if field in _CHECKS:
        return _CHECKS[field]
    if field.startswith(VARIANT):
        return _is_variant
    if _PRICE.fullmatch(field):
        return _is_price
    return _is_nothing if "." in field or field in GROUPS else _is_plain


def _is_plain(value: Any) -> bool:
    return is_list_of_texts(value) or isinstance(value, str | int | Decimal)


def _is_nothing(_value: Any) -> bool:
    return False


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def _is_price(value: Any) -> bool:
    return value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool))


def _is_variant(value: Any) -> bool:
    """Whether a value is `{"when": {...}, "input": 1.25, "per": {...}}`."""
    if not isinstance(value, dict) or not _is_condition(value.get("when")):
        return False
    units = value.get("per", {})
    rates = (rate for name, rate in value.items() if name not in ("when", "per"))
    return isinstance(units, dict) and all(map(_is_price, [*units.values(), *rates]))


def _is_condition(value: Any) -> bool:
    return isinstance(value, dict) and all(
        is_list_of_texts(bound) or isinstance(bound, str | int | Decimal) for bound in value.values()
    )


_CHECK_OF_KIND: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys((TEXT, DATE, PARTIAL_DATE), is_text),
    **dict.fromkeys((TOKENS, COUNT), _is_count),
    **dict.fromkeys((SET, LIST, CAPABILITIES), is_list_of_texts),
    FLAG: _is_flag,
}
_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    **{field.path: _CHECK_OF_KIND[field.kind] for field in FIELDS if field.is_stated and field.kind in _CHECK_OF_KIND},
    "lacks": is_list_of_texts,
    **dict.fromkeys(TEXT_FIELDS, is_text),
}
