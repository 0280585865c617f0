"""Which words of a `pricing`, or of one of its variants, are token rates."""

from collections.abc import Mapping
from typing import Any

_NOT_RATES = frozenset({"currency", "per", "effective_date", "variants", "when", "multiply"})


def rates_of(prices: Mapping[str, Any]) -> dict[str, Any]:
    """The token rates by name, as written: None is one that does not apply."""
    return {name: rate for name, rate in prices.items() if name not in _NOT_RATES}
