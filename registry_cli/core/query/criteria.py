"""The criteria of a query one by one: each as its option, and the query without it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from registry_cli.core.query.comparisons import COMPARISONS
from registry_cli.core.query.filters import CAPABILITY_FLAGS, Filters

_NOTHING = Filters()
_FLAG_OF = {capability: flag for flag, capability in CAPABILITY_FLAGS.items()}
# Fields of `Filters` whose option has another name.
_OPTIONS = {
    "providers": "provider",
    "modes": "mode",
    "statuses": "status",
    "input_modalities": "input-modality",
    "output_modalities": "output-modality",
    "min_input": "min-input-price",
    "min_output": "min-output-price",
}
# All values of these must hold, so that each is a criterion.
_EACH_ALONE = {"words", *(field for field, comparison in COMPARISONS.items() if comparison.operator == "has")}


class Criterion(NamedTuple):
    """One criterion: `option` as the user writes it, `alone` with nothing else, `others` for all the others."""

    option: str
    alone: Filters
    others: Filters


def split_criteria(filters: Filters) -> Iterator[Criterion]:
    """Yield the criteria of a query. Hiding deprecated models is not a criterion: `alone` shows them."""
    everything = Filters(deprecated=True)
    values: tuple[Any, ...] = filters
    for field, value in zip(Filters._fields, values, strict=True):
        if field == "deprecated" or value == getattr(_NOTHING, field):
            continue
        whole = [(value, value, getattr(_NOTHING, field))]
        for part, only, rest in _split_values(value) if field in _EACH_ALONE else whole:
            alone, others = replace_field(everything, field, only), replace_field(filters, field, rest)
            yield Criterion(_write_option(field, part), alone, others)


def _split_values(values: tuple[str, ...]) -> list[tuple[Any, Any, Any]]:
    """Return each value with the criterion of it alone and that of the others."""
    parts = []
    for value in values:
        others = tuple(other for other in values if other != value)
        parts.append((value, (value,), others))
    return parts


def replace_field(filters: Filters, field: str, value: Any) -> Filters:
    """Return filters with another value of a field that is named by a text."""
    changed: dict[str, Any] = {field: value}
    return filters._replace(**changed)


def _write_option(field: str, value: Any) -> str:
    if field == "words":
        return f"the word {value!r}"
    if field == "capabilities":
        flag = _FLAG_OF.get(value)
        return f"--{flag.replace('_', '-')}" if flag else f"-c {value}"
    option = f"--{_OPTIONS.get(field, field.replace('_', '-'))}"
    if value is True:
        return option
    if value is False:
        return option.replace("--", "--no-", 1)
    if isinstance(value, tuple):
        return " ".join(f"{option} {item}" for item in value)
    return f"{option} {_without_exponent(value) if isinstance(value, float) else value}"


def _without_exponent(number: float) -> str:
    """Return a price without an exponent: 0.00001, not 1e-05."""
    if "e" not in str(number):
        return str(number).removesuffix(".0")
    from decimal import Decimal  # noqa: PLC0415  # a query must not pay for it

    return f"{Decimal(str(number)):f}"
