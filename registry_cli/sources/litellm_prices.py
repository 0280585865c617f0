"""LiteLLM's price keys (some 200 of them) -> a price list: USD per token or per unit, with suffixes for variants."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from registry_cli.core.pricing.price_list import PriceList, Rates, When, per_million, tidy, when

Noter = Callable[[str, Any, str], None]

TOKENS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "cache_creation_input_token_cost_above_12hr": "cache_write_12h",
    "output_cost_per_reasoning_token": "reasoning",
    "citation_cost_per_token": "citation",
    "input_cost_per_audio_token": "input_audio",
    "output_cost_per_audio_token": "output_audio",
    "cache_read_input_audio_token_cost": "cache_read_audio",
    "cache_creation_input_audio_token_cost": "cache_write_audio",
    "input_cost_per_image_token": "input_image",
    "output_cost_per_image_token": "output_image",
    "cache_read_input_image_token_cost": "cache_read_image",
    "input_cost_per_video_token": "input_video",
    "output_cost_per_video_token": "output_video",
    "input_cost_per_token_cache_hit": "cache_read",
}
UNITS = {
    "input_cost_per_second": "input_second",
    "output_cost_per_second": "output_second",
    "input_cost_per_audio_per_second": "input_audio_second",
    "input_cost_per_video_per_second": "input_video_second",
    "output_cost_per_video_per_second": "output_second",
    "input_cost_per_image": "input_image",
    "output_cost_per_image": "output_image",
    "input_cost_per_character": "input_character",
    "output_cost_per_character": "output_character",
    "input_cost_per_query": "query",
    "input_cost_per_request": "request",
    "input_cost_per_text_message": "message",
    "ocr_cost_per_page": "page",
    "annotation_cost_per_page": "annotated_page",
    "ocr_cost_per_credit": "credit",
    "google_maps_grounding_cost_per_query": "maps_search",
    "code_interpreter_cost_per_session": "code_session",
}
TIERS = {
    "batches": "batch",
    "flex": "flex",
    "priority": "priority",
    "ultrafast": "ultrafast",
    "balanced": "balanced",
    "decisions": "decisions",
}
_KEY = re.compile(
    rf"(?P<base>{'|'.join([*TOKENS, *UNITS])})"
    rf"(?:_above_(?P<above>[0-9]+)k_tokens)?(?:_(?P<tier>{'|'.join(TIERS)}))?"
)
_OLDER_SPELLING = "input_cost_per_token_cache_hit"  # of cache_read_input_token_cost, which decides
_RESOLUTION = re.compile(r"(output_cost_per_(?:second|image))_([0-9.]+[pPkK]?)")
_REASONS = {
    "cost_per_second": "says the same as input_cost_per_second",
    "explicit_cache_read_input_token_cost": "a second price for cache reads",
    "guardrail_cost_per_unit": "a guardrail's units",
}
REGIONAL = {
    "regional_processing_uplift_multiplier_eu": "eu",
    "regional_processing_uplift_multiplier_us": "us",
    "regional_endpoint_uplift_multiplier": "regional",  # any endpoint but the global one
}
# Read by functions of their own; Databricks' DBU prices say in its own unit what the keys in USD say.
_READ_APART = frozenset({"tiered_pricing", "off_peak_pricing", "input_cost_per_pixel", "output_cost_per_pixel"})
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALL_DAY = "00:00-00:00"
_PIXELS = re.compile(r"([0-9]+)x([0-9]+)")
MAKES_IMAGES = frozenset({"image_generation", "image_edit"})


def read_prices(entry: Mapping[str, Any], condition: When, note: Noter) -> PriceList:
    """The price list of one entry; `condition` is the one its key names (`size` turns pixels into images)."""
    prices = PriceList()
    for key, value in sorted(entry.items(), key=lambda pair: pair[0] == _OLDER_SPELLING):
        known = _known_key(key)
        if known is None:
            _read_other(prices, key, value, note)
        elif _is_price(key, value, note):
            base, condition_of_key = known
            _set(prices.at(condition_of_key), base, key, value, note)
    _read_pixels(prices, entry, condition, note)
    _read_ranges(prices, entry.get("tiered_pricing", ()), note)
    _read_off_peak(prices, entry.get("off_peak_pricing"), note)
    if entry.get("mode") in MAKES_IMAGES:
        _images_are_made(prices)
    return prices


def is_price_key(key: str) -> bool:
    return "cost" in key or key in {"tiered_pricing", "off_peak_pricing", *REGIONAL}


def drop_zeros(prices: PriceList, *, free: bool, note: Noter) -> None:
    """Remove the zeros that only fill a field: LiteLLM writes 0 where it knows no price, or where another unit counts.

    A token rate of 0 beside a token price is kept; so is every 0 of a model that is `free`.
    """
    if free:
        return
    for _, rates in prices.tables():
        for unit in [unit for unit, price in rates.per.items() if not price]:
            del rates.per[unit]
    base = prices.base
    priced_by_token = any(base.tokens.values())
    for name, rate in list(base.tokens.items()):
        direction = "output" if name == "reasoning" else name.partition("_")[0]
        by_unit = any(unit.startswith(direction) for unit in base.per)
        if not rate and (by_unit or not priced_by_token):
            del base.tokens[name]
            note(name, 0, "0 stands for another unit" if base.per else "0 throughout stands for an unknown price")
    for condition, rates in list(prices.variants.items()):
        if not any(rates.tokens.values()) and not rates.per and not priced_by_token:
            del prices.variants[condition]


@cache
def _known_key(key: str) -> tuple[str, When] | None:
    """The price a key names, and the condition in its suffixes: `..._above_200k_tokens_batches` has both."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    conditions: dict[str, Any] = {}
    if found["above"]:
        conditions["input_tokens_above"] = int(found["above"]) * 1000
    if found["tier"]:
        conditions["service_tier"] = TIERS[found["tier"]]
    return found["base"], when(**conditions)


def _set(rates: Rates, base: str, key: str, value: Decimal | int, note: Noter) -> None:
    if base in TOKENS:
        rates.tokens.setdefault(TOKENS[base], _rounded(key, value, per_million(value), 1_000_000, note))
    else:
        rates.per.setdefault(UNITS[base], _rounded(key, value, tidy(value), 1, note))


def _is_price(key: str, value: Any, note: Noter) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        note(key, value, "not a number")
        return False
    if value < 0:
        note(key, value, "a negative price is an unknown one")
        return False
    return True


def _rounded(key: str, stated: Decimal | int, price: Decimal, unit: int, note: Noter) -> Decimal:
    if price != stated * unit:
        note(key, stated, f"rounded to {price:f}")
    return price


def _read_other(prices: PriceList, key: str, value: Any, note: Noter) -> None:
    if key == "search_context_cost_per_query":
        _read_search(prices, value, note)
    elif key in REGIONAL:
        prices.multipliers[when(region=REGIONAL[key])] = tidy(value)
    elif key == "provider_specific_entry":
        _read_multipliers(prices, value)
    elif found := _RESOLUTION.fullmatch(key):
        unit, resolution = found.groups()
        if _is_price(key, value, note):
            prices.at(when(resolution=resolution.lower())).per[UNITS[unit]] = tidy(value)
    elif value and is_price_key(key) and key not in _READ_APART and "dbu_cost" not in key:
        note(key, value, _REASONS.get(key) or _why_unknown(key))


def _read_multipliers(prices: PriceList, factors: Mapping[str, Any]) -> None:
    if "us" in factors:
        prices.multipliers[when(region="us")] = tidy(factors["us"])
    if "fast" in factors:
        prices.multipliers[when(service_tier="fast")] = tidy(factors["fast"])


def _why_unknown(key: str) -> str:
    if "_interval" in key:
        return "no condition for the length of a clip"
    return "a price the catalog has no field for"


def _read_search(prices: PriceList, sizes: Mapping[str, Any], note: Noter) -> None:
    """One search at the medium context size; the others are named where they differ."""
    medium = sizes.get("search_context_size_medium")
    if medium:
        prices.base.per["web_search"] = tidy(medium)
    for name, price in sizes.items():
        if price != medium:
            note(name, price, "the price of a search is that of the medium context size")


def _read_pixels(prices: PriceList, entry: Mapping[str, Any], condition: When, note: Noter) -> None:
    """Some image prices are per pixel under a key that states the size: the product is the price of one image."""
    per_pixel = entry.get("input_cost_per_pixel")
    size = _PIXELS.fullmatch(str(dict(condition).get("size", "")))
    for key, unit in (("input_cost_per_pixel", "input_pixel"), ("output_cost_per_pixel", "output_pixel")):
        if entry.get(key) and not size and _is_price(key, entry[key], note):
            prices.base.per[unit] = _rounded(key, entry[key], tidy(entry[key]), 1, note)
    if per_pixel and size and not prices.base.per:
        image = Decimal(per_pixel) * int(size[1]) * int(size[2])
        price = round(image, 5).normalize()  # the per-pixel figure is itself a rounded quotient
        prices.base.per["output_image"] = price
        note("input_cost_per_pixel", per_pixel, f"per image of {size[0]}: {price:f}")


def _images_are_made(prices: PriceList) -> None:
    """Image models state the price of the image they make as `input_cost_per_image`."""
    for _, rates in prices.tables():
        if "input_image" in rates.per and "output_image" not in rates.per:
            rates.per["output_image"] = rates.per.pop("input_image")


def _read_ranges(prices: PriceList, ranges: Any, note: Noter) -> None:
    """`tiered_pricing`: each range of input tokens with all its rates; the first is the base."""
    for tier in ranges:
        if "range" not in tier:
            note("tiered_pricing", tier, "a tier by something else than input tokens")
            continue
        start = int(tier["range"][0])
        rates = prices.at(when(input_tokens_above=start) if start else ())
        for key, value in tier.items():
            if key in TOKENS and _is_price(key, value, note):
                price = _rounded(key, value, per_million(value), 1_000_000, note)
                if rates.tokens.setdefault(TOKENS[key], price) != price:
                    note(key, value, "differs from the rate outside tiered_pricing")
            elif key != "range":
                note(f"tiered_pricing.{key}", value, "a price the catalog has no field for")


def _read_off_peak(prices: PriceList, off_peak: Mapping[str, Any] | None, note: Noter) -> None:
    if off_peak is None:
        return
    if "weekday_timezone" in off_peak:
        note("off_peak_pricing", off_peak["weekday_timezone"], "no condition for weekdays of a time zone")
        return
    rates = {
        TOKENS[key]: per_million(value)
        for key, value in off_peak.items()
        if key in TOKENS and _is_price(key, value, note)
    }
    for window in off_peak.get("windows", ()):
        hours = window.get("hours_utc", _ALL_DAY)
        conditions: dict[str, Any] = {}
        if hours != _ALL_DAY:
            conditions["utc"] = (hours,) if isinstance(hours, str) else tuple(hours)
        if "weekdays" in window:
            conditions["days"] = tuple(_DAYS[day - 1] for day in window["weekdays"])
        if conditions:
            prices.variants[when(**conditions)] = Rates(dict(rates))
