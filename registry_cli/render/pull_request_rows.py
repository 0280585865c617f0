"""The rows of a pull request's tables: one for each item, but one for the input and output price of a model."""

import re
import shlex
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.matching.items import Item, target_of
from registry_cli.render.markdown_cells import LONGEST, change_in_percent, code_span, is_number, value_cell

Row = list[str]
_INPUT, _OUTPUT = "pricing.input", "pricing.output"
_CAPABILITIES = 4  # that a row names
_LEAPS = 3
_NUMBER = re.compile(r"([0-9]+)")


def sort_naturally(items: Sequence[Item]) -> list[Item]:
    """The items by model and field, `m2` before `m10`."""
    return sorted(items, key=lambda item: (_natural_key(item.model), _natural_key(item.field)))


def _natural_key(text: str) -> tuple[tuple[str, ...], str]:
    """A sort key of texts and numbers by turns. A number compares by its number of digits, then by the digits."""
    parts: list[str] = []
    for place, part in enumerate(_NUMBER.split(text.casefold())):
        digits = part.lstrip("0")
        parts.append(part if place % 2 == 0 else f"{len(digits):09}{digits}")
    return tuple(parts), text


def address_rows(items: Sequence[Item]) -> list[Row]:
    return [[code_span(item.model), code_span(item.reason, 4 * LONGEST), code_span(item.source)] for item in items]


def changed_rows(items: Sequence[Item]) -> list[Row]:
    """A row for each changed fact. The input and output price of a model share one if they come from one source."""
    rows = []
    taken: set[tuple[str, str]] = set()
    by_field = {(item.model, item.field): item for item in items}
    for item in items:
        output = by_field.get((item.model, _OUTPUT)) if item.field == _INPUT else None
        if (item.model, item.field) in taken:
            continue
        if output is not None and output.source == item.source:
            taken.add((item.model, _OUTPUT))
            rows.append(_price_pair_row(item, output))
        else:
            rows.append(_changed_row(item))
    return rows


def _changed_row(item: Item) -> Row:
    percent = change_in_percent(item.old, item.new)
    return [
        code_span(item.model),
        code_span(item.field),
        value_cell(item.old),
        value_cell(item.new),
        percent,
        code_span(item.source),
    ]


def _price_pair_row(first: Item, second: Item) -> Row:
    def join_both(one: str, other: str) -> str:
        return f"{one or '-'} / {other or '-'}" if one or other else ""

    fields = join_both(code_span(first.field), code_span(second.field))
    old = join_both(value_cell(first.old), value_cell(second.old))
    new = join_both(value_cell(first.new), value_cell(second.new))
    percent = join_both(change_in_percent(first.old, first.new), change_in_percent(second.old, second.new))
    return [code_span(first.model), fields, old, new, percent, code_span(first.source)]


def largest_price_changes(items: Sequence[Item]) -> str:
    """`a model pricing.input 3 to 9 (+200 %)` for the few largest price changes; empty if no price changed."""
    prices = [item for item in items if item.field.startswith("pricing.") and _price_factor(item)]
    largest = sorted(prices, key=_price_factor, reverse=True)[:_LEAPS]
    changes = []
    for item in largest:
        values = f"{value_cell(item.old)} to {value_cell(item.new)}"
        changes.append(
            f"{code_span(item.model)} {code_span(item.field)} {values} ({change_in_percent(item.old, item.new)})"
        )
    return "; ".join(changes)


def _price_factor(item: Item) -> Decimal:
    """The larger price divided by the smaller; 0 unless both are positive numbers."""
    if not (is_number(item.old) and is_number(item.new)) or item.old <= 0 or item.new <= 0:
        return Decimal(0)
    low, high = sorted((Decimal(item.old), Decimal(item.new)))
    return high / low


def open_rows(items: Sequence[Item]) -> list[Row]:
    """A row for each open change, with the command that accepts it."""
    return [
        [
            *_model_and_field(item),
            *_both_values(item),
            code_span(item.reason),
            code_span(_accept_command(item), 2 * LONGEST),
        ]
        for item in items
    ]


def kept_rows(items: Sequence[Item]) -> list[Row]:
    return [
        [*_model_and_field(item), *_both_values(item), code_span(item.source) if item.source else ""] for item in items
    ]


def gone_rows(items: Sequence[Item]) -> list[Row]:
    return [[code_span(item.model), code_span(item.reason)] for item in items]


def new_rows(items: Sequence[Item]) -> list[Row]:
    """A row for each new model, with the facts that a reviewer checks first."""
    return [_new_model_row(item, item.new if isinstance(item.new, dict) else {}) for item in items]


def _new_model_row(item: Item, facts: dict[str, Any]) -> Row:
    pricing = facts.get("pricing")
    prices = pricing if isinstance(pricing, dict) else {}
    mode = code_span(str(facts["mode"])) if facts.get("mode") else ""
    context = value_cell(facts["context_window"]) if "context_window" in facts else ""
    output = value_cell(facts["max_output_tokens"]) if "max_output_tokens" in facts else ""
    rates = " / ".join(value_cell(prices[rate]) for rate in ("input", "output") if rate in prices)
    return [
        code_span(item.model),
        mode,
        context,
        output,
        rates,
        _capabilities_cell(facts.get("capabilities")),
        code_span(item.source),
    ]


def _capabilities_cell(written: Any) -> str:
    """The first few names, and how many more there are."""
    listed = written if isinstance(written, list) else []
    names = [_capability_name(capability) for capability in listed if capability]
    more = f" +{len(names) - _CAPABILITIES}" if len(names) > _CAPABILITIES else ""
    return code_span(", ".join(names[:_CAPABILITIES])) + more if names else ""


def _capability_name(capability: Any) -> str:
    """`vision` of `vision` or of `{vision: {...}}`."""
    return str(next(iter(capability)) if isinstance(capability, dict) else capability)


def _model_and_field(item: Item) -> Iterator[str]:
    yield code_span(item.model)
    yield code_span(item.field) if item.field else ""


def _both_values(item: Item) -> Iterator[str]:
    yield value_cell(item.old)
    yield value_cell(item.new)


def _accept_command(item: Item) -> str:
    """The command that accepts the source's value."""
    provider = item.model.partition("/")[0]
    return shlex.join(["llmreg", "sync", provider, "--accept", target_of(item)])
