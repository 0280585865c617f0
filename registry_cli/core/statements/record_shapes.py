"""The shape of what a record holds: a line that sync did not write so is no evidence, and is refused."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from registry_cli.core.statements.facts import VARIANT

_GROUPS = frozenset({"modalities", "pricing", "reasoning"})  # whose fields are recorded one by one
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
    return _is_nothing if "." in field or field in _GROUPS else _is_plain


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


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("context_window", "max_input_tokens", "max_output_tokens", "output_dimensions"), _is_count),
    **dict.fromkeys(("reasoning.budget_tokens.min", "reasoning.budget_tokens.max"), _is_count),
    **dict.fromkeys(("open_weights", "reasoning.toggle"), _is_flag),
    **dict.fromkeys(("modalities.input", "modalities.output", "reasoning.effort"), is_list_of_texts),
    **dict.fromkeys(("aliases", "endpoints", "capabilities", "lacks"), is_list_of_texts),
    **dict.fromkeys(("pricing.currency", "pricing.effective_date"), is_text),
    **dict.fromkeys(("name", "family", "base_model", "mode", "status", "replacement", "knowledge_cutoff"), is_text),
    **dict.fromkeys(("release_date", "deprecation_date", "retirement_date", "retirement_not_before"), is_text),
}
