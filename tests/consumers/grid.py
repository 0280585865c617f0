"""A grid of calls that our calculator and another program's both price."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.catalog.models import Model

DAY = "2026-11-22"

# Inclusive counts, as `core.billing.usage` has them.
CALLS: Mapping[str, Mapping[str, int]] = {
    "small": {"input": 1_200, "output": 350},
    "reasoning": {"input": 1_200, "output": 2_350, "reasoning": 2_000},
    "cached": {"input": 50_000, "cached": 40_000, "output": 500},
    "written": {"input": 30_000, "cache_write": 20_000, "output": 500},
    "long": {"input": 150_000, "output": 2_000},
    "above": {"input": 300_000, "cached": 100_000, "output": 2_000},
}
TIERS = (None, "batch", "flex", "priority")


def grid(model: Model) -> Iterator[tuple[str, Mapping[str, Any], str | None]]:
    """The name, counts and tier of every call that makes sense for a model: tiers only where it has prices for them."""
    priced = {variant.when.get("service_tier") for variant in model.pricing.variants} if model.pricing else set()
    for tier in TIERS:
        if tier is None or tier in priced:
            for name, counts in CALLS.items():
                yield f"{name}{f'/{tier}' if tier else ''}", counts, tier
