"""Prices that state their own unit and currency, as in ZenMux's list.

    "pricings": {"prompt": [{"value": 2, "unit": "perMTokens", "currency": "USD",
                             "conditions": {"prompt_tokens": {"unit": "kTokens", "gte": 200}}}]}

A rate that is stated twice with different values is left out. A price that depends on anything but the length of the
input leaves out all prices of its model: the rest would not be the whole price list. Both are noted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.sources.rows import Rows, read_number

_PLACES = ("pricings", "pricing", "prices")
_TOKEN_RATES = {
    "prompt": "input",
    "input": "input",
    "completion": "output",
    "output": "output",
    "input_cache_read": "cache_read",
    "cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "input_cache_write_5_min": "cache_write",
    "cache_write": "cache_write",
    "input_cache_write_1_h": "cache_write_1h",
    "internal_reasoning": "reasoning",
    "audio_input": "input_audio",
    "audio_output": "output_audio",
    "audio_cache_read": "cache_read_audio",
}
_PER_USE = {"web_search": "web_search", "request": "request"}
# A unit by its letters and digits -> what one of theirs is in USD per 1M tokens.
_TOKEN_UNITS = {
    "permtokens": Decimal(1),
    "per1mtokens": Decimal(1),
    "permilliontokens": Decimal(1),
    "usdper1mtokens": Decimal(1),
    "perktokens": Decimal(1000),
    "per1ktokens": Decimal(1000),
    "pertoken": Decimal(1_000_000),
}
_USE_UNITS = frozenset({"percount", "perrequest", "percall"})
_LENGTH_UNITS = {"tokens": 1, "kTokens": 1000, "mTokens": 1_000_000}
_NOT_ALNUM = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class _Price:
    """One price: `rate` is a token rate or a unit of `per`, `value` in the model's currency."""

    rate: str
    is_per_use: bool
    condition: When
    value: Decimal


def described_prices(rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    """The `pricing` of a row whose prices state unit and currency; empty for other rows."""
    entries = list(_price_entries(row))
    currencies = {str(entry["currency"]).upper() for _, entry in entries}
    if len(currencies) != 1:
        if currencies:
            rows.note("pricing", ", ".join(sorted(currencies)), "prices in several currencies")
        return {}
    for name, entry in entries:
        if _read_condition(entry.get("conditions")) is None:
            rows.note(f"pricing.{name}", entry["conditions"], "a condition the catalog does not have")
            return {}
    prices = PriceList()
    for price in _undisputed_prices(
        rows, [price for name, entry in entries for price in _read_price(rows, name, entry)]
    ):
        table = prices.rates_at(price.condition)
        (table.per if price.is_per_use else table.tokens)[price.rate] = price.value
    if not any(prices.base.tokens.values()):
        return {}
    currency = currencies.pop()
    return prices.to_pricing() | ({} if currency == "USD" else {"currency": currency})


def _price_entries(row: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each price under its name, if it states a unit and a currency."""
    stated: Mapping[str, Any] = next((row[place] for place in _PLACES if isinstance(row.get(place), dict)), {})
    for name, value in stated.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("unit", "currency")):
                yield name, entry


def _read_price(rows: Rows, name: str, entry: Mapping[str, Any]) -> Iterator[_Price]:
    """The price of one entry, if it has a field in the catalog."""
    unit = _NOT_ALNUM.sub("", entry["unit"].lower())
    condition = _read_condition(entry.get("conditions")) or ALWAYS
    if name in _TOKEN_RATES and unit in _TOKEN_UNITS:
        value = rows.read_price(f"pricing.{name}", entry.get("value"), _TOKEN_UNITS[unit])
        rate = _TOKEN_RATES[name]
        if value or (value == 0 and rate in {"input", "output"}):
            yield _Price(rate, is_per_use=False, condition=condition, value=value)
    elif name in _PER_USE and unit in _USE_UNITS:
        value = rows.read_price(f"pricing.{name}", entry.get("value"))
        if value:
            yield _Price(_PER_USE[name], is_per_use=True, condition=condition, value=value)
    else:
        rows.note(f"pricing.{name}", entry["unit"], "a price the catalog has no field for")


def _read_condition(stated: Any) -> When | None:
    """The condition on the input length; empty for none, and None if the price depends on anything else."""
    if not stated:
        return ALWAYS
    length = stated.get("prompt_tokens") if isinstance(stated, dict) and len(stated) == 1 else None
    if not isinstance(length, dict) or length.get("unit") not in _LENGTH_UNITS:
        return None
    scale = _LENGTH_UNITS[length["unit"]]
    above, from_ = read_number(length.get("gt", 0)), read_number(length.get("gte", 0))
    if above is None or from_ is None or above < 0 or from_ < 0:
        return None
    least = max(above * scale, from_ * scale - 1)
    if least <= 0:
        return ALWAYS
    return When(input_tokens_above=int(least)) if least == least.to_integral_value() else None


def _undisputed_prices(rows: Rows, prices: list[_Price]) -> Iterator[_Price]:
    """The prices that are stated once, or several times with the same value. Others are noted."""
    by_place: dict[tuple[str, When], set[Decimal]] = {}
    for price in prices:
        by_place.setdefault((price.rate, price.condition), set()).add(price.value)
    for rate, condition in (place for place, values in by_place.items() if len(values) > 1):
        rows.note(f"pricing.{rate}", dict(condition) or None, "stated more than once, differently")
    for price in dict.fromkeys(prices):
        if len(by_place[price.rate, price.condition]) == 1:
            yield price
