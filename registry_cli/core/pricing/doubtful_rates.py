"""Token rates that contradict the rest of their price list. Sources write them where they know no price.

A table is a price list or one of its variants. A variant takes the rates that it omits from its list (`base`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.rates import CACHE_WRITES, KIND_SUFFIXES, KINDS

StatedRates = Mapping[str, Decimal | int]  # by name, in one currency per 1M tokens

_LEAST_OF_AUDIO = Decimal("0.01")
_KINDS = tuple(f"_{kind}" for kind in KINDS)


def is_filler_zero(name: str, table: StatedRates, base: StatedRates) -> bool:
    """Return whether a rate is 0 for cached, image, audio or video tokens while text tokens of that side cost money.

    A model whose rates are all 0 is free, so its zeros are prices.
    """
    if table.get(name) != 0:
        return False
    side = "input" if name.startswith(("cache_", "input_")) else "output"
    of_kind = name.startswith("cache_") or name.endswith(_KINDS)
    return of_kind and bool(table.get(side, base.get(side)))


def takes_audio(facts: Mapping[str, Any]) -> bool:
    """Return whether a model accepts audio input, according to its entry."""
    return facts.get("mode") == "audio_transcription" or "audio" in (facts.get("modalities") or {}).get("input", ())


def is_price_of_a_minute(name: str, rate: Decimal | int) -> bool:
    """Return whether a token rate of an audio model looks like a price per minute of audio: a fraction of a cent.

    The lowest known token rate of such a model is 0.02 USD per 1M tokens.
    """
    return name in ("input", "output", "input_audio") and 0 < rate < _LEAST_OF_AUDIO


def is_copied_write(name: str, table: StatedRates, base: StatedRates) -> bool:
    """Return whether a cache-write rate is a copy of the cache-read rate: equal to it and below the input rate."""
    write = _split_write(name)
    if write is None:
        return False
    _, kind = write
    price, read = table.get(name), table.get(f"cache_read{kind}")
    rates = {**base, **table}
    fresh = rates.get(f"input{kind}", rates.get("input"))
    return bool(price and price == read and fresh is not None and price < fresh)


def is_cheaper_long_write(name: str, table: StatedRates) -> bool:
    """Return whether a cache-write rate is below the rate of a shorter cache lifetime."""
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
