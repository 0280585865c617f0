"""Token rates that cannot be true beside the others of their price list: what sources write where they know none.

A table is a price list or one of its variants; the rates that a variant leaves out are those of its list.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.rates import CACHE_WRITES, KIND_SUFFIXES, KINDS

StatedRates = Mapping[str, Decimal | int]  # by name, in one currency per 1M tokens

_LEAST_OF_AUDIO = Decimal("0.01")
_KINDS = tuple(f"_{kind}" for kind in KINDS)


def is_filler_zero(name: str, table: StatedRates, base: StatedRates) -> bool:
    """Whether a rate is 0 for cached, image, audio or video tokens, although the text tokens of that side cost money.

    The zero of a model that is free throughout is a price.
    """
    if table.get(name) != 0:
        return False
    side = "input" if name.startswith(("cache_", "input_")) else "output"
    of_kind = name.startswith("cache_") or name.endswith(_KINDS)
    return of_kind and bool(table.get(side, base.get(side)))


def takes_audio(facts: Mapping[str, Any]) -> bool:
    """Whether a model, by the facts of its entry, takes audio."""
    return facts.get("mode") == "audio_transcription" or "audio" in (facts.get("modalities") or {}).get("input", ())


def is_price_of_a_minute(name: str, rate: Decimal | int) -> bool:
    """Whether a token rate of a model that takes audio is as low as what others ask for a minute of it: fractions of a
    cent. The lowest known rate of such a model is 0.02 US dollars."""
    return name in ("input", "output", "input_audio") and 0 < rate < _LEAST_OF_AUDIO


def is_copied_write(name: str, table: StatedRates, base: StatedRates) -> bool:
    """Whether a rate for writing to the cache is the discount rate for reading from it: it is below the input rate."""
    write = _split_write(name)
    if write is None:
        return False
    _, kind = write
    price, read = table.get(name), table.get(f"cache_read{kind}")
    rates = {**base, **table}
    fresh = rates.get(f"input{kind}", rates.get("input"))
    return bool(price and price == read and fresh is not None and price < fresh)


def is_cheaper_long_write(name: str, table: StatedRates) -> bool:
    """Whether a rate for writing to the cache for longer is below one that keeps the cache for less time."""
    write = _split_write(name)
    if write is None:
        return False
    place, kind = write
    shorter = [table.get(f"{stem}{kind}") for stem in CACHE_WRITES[:place]]
    return any(price is not None and table[name] < price for price in shorter)


def _split_write(name: str) -> tuple[int, str] | None:
    """The place of a rate among `CACHE_WRITES` and the suffix of its kind of tokens; None for any other rate."""
    for place, stem in enumerate(CACHE_WRITES):
        kind = name.removeprefix(stem)
        if kind in KIND_SUFFIXES and name.startswith(stem):
            return place, kind
    return None
