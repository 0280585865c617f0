"""The keys of a `pricing` and of its variants, and which of them are token rates."""

from collections.abc import Mapping
from typing import Any

_KINDS = ("", "_audio", "_image", "_video")
# Token rates, in the order of the file.
RATES = (
    *(f"{rate}{kind}"
      for rate in ("input", "output", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "reasoning")
      for kind in _KINDS),
    "citation",
)  # fmt: skip
TEXT_KEYS = ("currency", "effective_date")  # of `pricing`: the keys that hold no price
TEXT_FIELDS = frozenset(f"pricing.{key}" for key in TEXT_KEYS)
_NOT_RATES = frozenset({"currency", "per", "effective_date", "variants", "when", "multiply"})


def rates_of(prices: Mapping[str, Any]) -> dict[str, Any]:
    """The token rates by name, as written: None is one that does not apply."""
    return {name: rate for name, rate in prices.items() if name not in _NOT_RATES}
