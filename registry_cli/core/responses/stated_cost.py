"""What a response itself says that its call cost, in USD."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.responses.block_counts import read_number
from registry_cli.core.responses.envelope import Folded
from registry_cli.errors import UsageError

_TICKS = 10_000_000_000  # xAI's for one dollar
_NAMES = ("estimatedcost", "costusd", "totalcostusd", "responsecost", "spend")


def read_stated_cost(block: Folded, responses: Sequence[Folded]) -> Decimal | None:
    """The cost in a usage block or in what is around it; None where neither states one.

    OpenRouter bills its fee as `cost` where the user's own key pays the provider: then the provider's cost counts.
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
    """The amount; None for what is none, because no bill depends on it."""
    if value is None:
        return None
    try:
        return Decimal(read_number(value, "cost"))
    except UsageError:
        return None
