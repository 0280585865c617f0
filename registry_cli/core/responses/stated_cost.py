"""What a response itself says that its call cost, in USD."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.responses.block_counts import read_number
from registry_cli.errors import UsageError

_NAMES = ("estimated_cost", "cost_usd", "costUSD", "total_cost_usd", "response_cost")
_TICKS = 10_000_000_000  # xAI's for one dollar


def read_stated_cost(block: Mapping[str, Any], responses: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """The cost in a usage block or in what is around it; None where neither states one.

    OpenRouter bills its fee as `cost` where the user's own key pays the provider: then the provider's cost counts.
    """
    cost, details = block.get("cost"), block.get("cost_details")
    if block.get("is_byok") is True and isinstance(details, Mapping):
        cost = details.get("upstream_inference_cost")
    if isinstance(cost, Mapping):
        cost = cost.get("total_cost")
    ticks = _read_amount(block.get("cost_in_usd_ticks"))
    costs = [cost, *(mapping.get(name) for mapping in (block, *responses) for name in _NAMES)]
    known = [amount for amount in map(_read_amount, costs) if amount is not None]
    if ticks is not None:
        known.insert(0, ticks / _TICKS)
    return known[0] if known else None


def _read_amount(value: Any) -> Decimal | None:
    """The amount; None for what is none, because no bill depends on it."""
    try:
        return None if value is None else Decimal(read_number(value, "cost"))
    except UsageError:
        return None
