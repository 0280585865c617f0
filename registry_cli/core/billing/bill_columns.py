"""The amounts of bills as columns and as JSON: the total, and what it comes to per call and per longer period."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.billing.bills import Bill

_PERIODS = {"day": ("per day", "per month", "per call"), "month": ("per month", "per year", "per call")}


def amount_columns(bills: Sequence[Bill], *, planned: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The names of the columns and the amounts of each bill as text: the total alone unless the calls were planned."""
    if not planned:
        return ("cost",), [(str(bill),) for bill in bills]
    period = next((bill.per for bill in bills), None)
    names = _PERIODS[period] if period else ("cost", "per call")
    return names, [(str(bill), *(_write(bill, amount) for amount in averages(bill))) for bill in bills]


def averages(bill: Bill) -> list[Decimal]:
    """What follows from the total: the cost of the longer period where there is one, and that of one call."""
    longer = bill.per_month if bill.per == "day" else bill.per_year
    return [amount for amount in (longer, bill.per_call) if amount is not None]


def average_names(bills: Sequence[Bill]) -> tuple[str, ...]:
    """The names of `averages`."""
    period = next((bill.per for bill in bills), None)
    return _PERIODS[period][1:] if period else ("per call",)


def total_fields(bill: Bill, name: str) -> Mapping[str, Any]:
    """The total under this name, null where it is not exact: then `estimate` or `at_least` says what is known of it."""
    fields: dict[str, Any] = {name: bill.total if bill.exact else None}
    if not bill.exact:
        fields["estimate" if bill.estimates else "at_least"] = bill.total
        if bill.unknown:
            fields["unknown"] = bill.unknown
    return fields


def planned_fields(bill: Bill) -> Mapping[str, Any]:
    """How many calls the total is of, and what it comes to per call and per month."""
    if bill.per is None:
        return {"calls": bill.calls, "per_call": bill.per_call}
    longer = {"per_month": bill.per_month, "per_year": bill.per_year}
    return {"calls": bill.calls, "per_call": bill.per_call, "per": bill.per, **longer}


def _write(bill: Bill, amount: Decimal) -> str:
    return " ".join(filter(None, (bill.certainty, bill.write(amount))))
