"""Bills of calls as a table, JSON, or text that shows the calculation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.billing.bill_columns import (
    amount_columns,
    average_amounts,
    average_names,
    planned_fields,
    total_fields,
)
from registry_cli.core.billing.bills import Bill, Part
from registry_cli.core.query.table import Table
from registry_cli.core.query.wording import (
    describe_condition,
    describe_variant,
    format_amount,
    own_price_note,
    rate_name,
)
from registry_cli.core.text.exact_json import dumps, format_plain

_FIGURES = ("model", "cost", "at_least", "estimate", "currency", "unknown")


def bill_table(
    bills: Sequence[Bill], *, figures: bool, planned: bool = False, basis: Mapping[str, Any] | None = None
) -> Table:
    """A row for each model.

    With `figures` the amount, its currency and the unknown parts have columns of their own, for programs. `planned`
    adds the cost of one call, and that of the longer period if the calls have one. `basis` goes into the JSON.
    """
    extra = {"basis": basis} if basis else {}
    documents = [dumps({**bill_document(bill), **extra}) for bill in bills]
    if not figures:
        columns, amounts = amount_columns(bills, planned=planned)
        rows = [(bill.model, *row) for bill, row in zip(bills, amounts, strict=True)]
        return Table(("model", *columns), rows, documents=documents)
    added = average_names(bills) if planned else ()
    names = (*_FIGURES, *(name.replace(" ", "_") for name in added))
    numeric = frozenset({1, 2, 3, *range(len(_FIGURES), len(names))})
    rows = [(*_figure_cells(bill), *(average_amounts(bill) if planned else ())) for bill in bills]
    return Table(names, rows, numeric, documents=documents)


def _figure_cells(bill: Bill) -> tuple[Any, ...]:
    return (
        bill.model,
        bill.total if bill.exact else None,
        bill.total if bill.unknown and not bill.estimates else None,
        bill.total if bill.estimates else None,
        bill.currency,
        ",".join(bill.unknown) or None,
    )


def bill_document(bill: Bill) -> Mapping[str, Any]:
    """The bill as a JSON document. `cost` is null if the total is not exact: `at_least` or `estimate` has it then."""
    return {
        "model": bill.model,
        **total_fields(bill, "cost"),
        **planned_fields(bill),
        "currency": bill.currency,
        **({"own_price": bill.own_price._asdict()} if bill.own_price else {}),
        "unknown": list(bill.unknown),
        "estimates": list(bill.estimates),
        "parts": [_part_document(part) for part in bill.parts],
        "held": [dict(held.when) for held in bill.held],
        "warnings": list(bill.warnings),
        "notes": list(bill.notes),
    }


def explain_bills(bills: Sequence[Bill], calls: Sequence[tuple[int, Bill]]) -> str:
    """Every bill with its rates, the variants that applied and the cost of each part; then the total of each call."""
    lines: list[str] = []
    for bill in bills:
        lines += _working_lines(bill)
    for number, bill in sorted(calls, key=lambda entry: entry[0]):
        lines.append(f"call {number}\t{bill.model}\t{bill}")
    return "".join(f"{line}\n" for line in lines)


def _working_lines(bill: Bill) -> Iterator[str]:
    yield f"{bill.model}\t{bill}"
    if bill.own_price:
        yield f"  {own_price_note(bill.own_price._asdict())}"
    if bill.calls > 1:
        names, ((_, *amounts),) = amount_columns([bill], planned=True)
        averages = ", ".join(f"{amount} {name}" for name, amount in zip(names[1:], amounts, strict=True))
        yield f"  {bill.calls:,} calls\t{averages}"
    for held in bill.held:
        changes = {**held.rates, **({"per": dict(held.per)} if held.per else {})}
        if held.multiply is not None:
            changes["multiply"] = held.multiply
        yield f"  {describe_condition(held.when)}: {describe_variant(changes, bill.currency)}"
    for part in bill.parts:
        yield f"  {rate_name(part.name)}\t{_part_sum(part, bill.currency)}"
    for warning in bill.warnings:
        yield f"  warning: {warning}"
    for note in bill.notes:
        yield f"  note: {note}"


def _part_sum(part: Part, currency: str) -> str:
    count = f"{int(part.count):,}" if part.count == part.count.to_integral_value() else format_plain(part.count)
    if part.price is None:
        return f"{count} at an unknown price" if part.cost is None else f"{count}, which costs nothing here"
    unit = "each" if part.name.startswith("per.") else "per 1M"
    source = f" (as {rate_name(part.priced_as)})" if part.priced_as != part.name else ""
    return f"{count} at {format_amount(part.price, currency)} {unit}{source} = {format_amount(part.cost, currency)}"


def _part_document(part: Part) -> Mapping[str, Any]:
    return {
        "name": part.name,
        "count": part.count,
        "priced_as": part.priced_as,
        "price": part.price,
        "cost": part.cost,
        **({"note": part.note} if part.note else {}),
    }
