"""Planned calls: the usage of one call, with parts as percentages, and the number of calls."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from registry_cli.core.billing.bills import Bill
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import Usage, check_amount, usage_of
from registry_cli.errors import UsageError

PERIODS = ("day", "month")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call, made `calls` times in each period `per`; None for no period."""

    usage: Usage
    conditions: Conditions
    calls: int = 1
    per: str | None = None

    def bill_at(self, price: ModelPrice) -> Bill:
        """Return the bill of all the calls at one model."""
        return replace(price.bill_calls([(self.usage, self.conditions)], self.calls), per=self.per)


def plan_usage(counts: Mapping[str, Any], units: Mapping[str, Any] | None = None) -> Usage:
    """Return `usage_of` counts in which a part may be a percentage of its whole: `cached="60%"` of `input`.

    A percentage is rounded down to whole tokens. Raises `UsageError`.
    """
    shares = [name for name, count in counts.items() if isinstance(count, str)]
    if not shares:
        return usage_of(counts, units)
    resolved = dict(counts)
    for name in sorted(shares):  # `cached` before its own parts
        resolved[name] = _resolve_share(name, str(counts[name]), resolved)
    return usage_of(resolved, units)


def check_calls(calls: object, per: str | None) -> int:
    """Return the number of calls. Raises `UsageError` if it is not a positive integer, or for an unknown period."""
    if isinstance(calls, bool) or not isinstance(calls, int) or calls < 1:
        raise UsageError(f"calls: {calls!r} is not a whole number of at least 1")
    if per is not None and per not in PERIODS:
        raise UsageError(f"per: {per!r} is not one of {', '.join(PERIODS)}")
    return calls


def _resolve_share(name: str, text: str, counts: Mapping[str, Any]) -> int:
    whole = _whole_of(name)
    if whole is None or not text.endswith("%"):
        raise UsageError(f"usage: {name} is {text!r}, not a number")
    try:
        percent = Decimal(text[:-1].strip())
    except InvalidOperation:
        raise UsageError(f"usage: {name} is {text!r}, not a percentage such as 60%") from None
    if not percent.is_finite() or not 0 <= percent <= _HUNDRED:
        raise UsageError(f"usage: {name} is {text}, not between 0% and 100%")
    if counts.get(whole) is None:
        raise UsageError(f"usage: {name} is {text} of {whole}, and {whole} is not given")
    total = check_amount(whole, counts[whole])
    return int(total * percent / _HUNDRED)


def _whole_of(name: str) -> str | None:
    """Return the count that contains this one: `input` for `input_audio`. None for a whole."""
    if name.startswith("cached_"):
        return "cached"
    if name.startswith(("cached", "cache_write", "input_")):
        return "input"
    if name.startswith(("reasoning", "output_")):
        return "output"
    return None
