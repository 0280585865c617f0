"""The amounts of bills as columns and as JSON: the total, and the averages per call and per longer period."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.billing.bills import Bill

_PERIODS = {"day": ("per day", "per month", "per call"), "month": ("per month", "per year", "per call")}


def amount_columns(bills: Sequence[Bill], *, planned: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return column names and a row of amounts per bill: the total, and the averages if the calls are planned."""
    if not planned:
        return ("cost",), [(str(bill),) for bill in bills]
    period = next((bill.per for bill in bills), None)
    names = _PERIODS[period] if period else ("cost", "per call")
    rows = []
    for bill in bills:
        amounts = [_write_amount(bill, amount) for amount in average_amounts(bill)]
        rows.append((str(bill), *amounts))
    return names, rows


def average_amounts(bill: Bill) -> list[Decimal]:
    """Return the amounts derived from the total: the cost of the longer period if there is one, and of one call."""
    longer = bill.per_month if bill.per == "day" else bill.per_year
    return [amount for amount in (longer, bill.per_call) if amount is not None]


def average_names(bills: Sequence[Bill]) -> tuple[str, ...]:
    """Return the column names of `averages`."""
    period = next((bill.per for bill in bills), None)
    return _PERIODS[period][1:] if period else ("per call",)


def total_fields(bill: Bill, name: str) -> Mapping[str, Any]:
    """Return the total under this name. It is null if inexact; then `estimate` or `at_least` has the known amount."""
    fields: dict[str, Any] = {name: bill.total if bill.exact else None}
    if not bill.exact:
        fields["estimate" if bill.estimates else "at_least"] = bill.total
        if bill.unknown:
            fields["unknown"] = bill.unknown
    return fields


def planned_fields(bill: Bill) -> Mapping[str, Any]:
    """Return the number of calls, and the average cost per call and per period."""
    if bill.per is None:
        return {"calls": bill.calls, "per_call": bill.per_call}
    longer = {"per_month": bill.per_month, "per_year": bill.per_year}
    return {"calls": bill.calls, "per_call": bill.per_call, "per": bill.per, **longer}


def _write_amount(bill: Bill, amount: Decimal) -> str:
    return " ".join(filter(None, (bill.certainty, bill.write(amount))))
