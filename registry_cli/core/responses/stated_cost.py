"""The cost that a response itself states, in USD."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.responses.block_counts import read_number
from registry_cli.core.responses.envelope import Folded
from registry_cli.errors import UsageError

_TICKS = 10_000_000_000  # of xAI in one US dollar
_NAMES = ("estimatedcost", "costusd", "totalcostusd", "responsecost", "spend")


def read_stated_cost(block: Folded, responses: Sequence[Folded]) -> Decimal | None:
    """Return the cost in a usage block or around it; None if neither states one.

    If the user's own key pays the provider, `cost` of OpenRouter is only its fee, so the provider's cost is returned.
    """
    ticks = _read_amount(block.get("costinusdticks"))
    if ticks is not None:
        return ticks / _TICKS
    cost, details = block.get("cost"), block.get("costdetails")
    if block.get("isbyok") is True and isinstance(details, Mapping):
        cost = details.get("upstream_inference_cost")
    if isinstance(cost, Mapping):
        cost = cost.get("total_cost")
    for mapping in (block, *responses):
        for name in _NAMES:
            if cost is None and name in mapping:
                cost = mapping[name]
    return _read_amount(cost)


def _read_amount(value: Any) -> Decimal | None:
    """Return the amount; None if it is invalid, because no bill depends on it."""
    if value is None:
        return None
    try:
        return Decimal(read_number(value, "cost"))
    except UsageError:
        return None
