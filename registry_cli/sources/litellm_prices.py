"""LiteLLM's price keys (some 200 of them) -> a price list: USD per token or per unit, with suffixes for variants."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.sources.off_peak import off_peak_conditions
from registry_cli.sources.rows import MOST_TOKENS, Rows, read_number
from registry_cli.sources.shapes import OddValueError, read_list, read_object, read_objects

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
_DIGITS = 12  # of a threshold; longer ones are beyond every bound
_MILLION = Decimal(1_000_000)
_PIXELS = re.compile(r"([0-9]+)x([0-9]+)")
MAKES_IMAGES = frozenset({"image_generation", "image_edit"})


def read_prices(entry: Mapping[str, Any], condition: When, rows: Rows) -> PriceList:
    """The price list of one entry; `condition` is the one its key names (`size` turns pixels into images).

    Raises `OddValueError` for a value of another kind than its key has.
    """
    prices = PriceList()
    for key, value in sorted(entry.items(), key=lambda pair: pair[0] == _OLDER_SPELLING):
        known = _known_key(key)
        if known is None:
            _read_other(prices, key, value, rows)
        else:
            base, condition_of_key = known
            _add_price(prices.rates_at(condition_of_key), base, key, value, rows)
    _read_pixels(prices, entry, condition, rows)
    _read_ranges(prices, read_objects("tiered_pricing", entry.get("tiered_pricing")), rows)
    _read_off_peak(prices, read_object("off_peak_pricing", entry.get("off_peak_pricing")), rows)
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
    for _, rates in prices.all_tables():
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
        threshold = int(found["above"][:_DIGITS]) * 1000
        if not 0 < threshold <= MOST_TOKENS:
            return None
        conditions["input_tokens_above"] = threshold
    if found["tier"]:
        conditions["service_tier"] = TIERS[found["tier"]]
    return found["base"], When(**conditions)


def _add_price(rates: Rates, base: str, key: str, value: Any, rows: Rows) -> None:
    if base in TOKENS:
        _keep_first(rates.tokens, TOKENS[base], rows.read_numeric_price(key, value, _MILLION))
    else:
        _keep_first(rates.per, UNITS[base], rows.read_numeric_price(key, value))


def _keep_first(prices: dict[str, Decimal], name: str, price: Decimal | None) -> None:
    """Set a price unless the name has one."""
    if price is not None:
        prices.setdefault(name, price)


def _read_other(prices: PriceList, key: str, value: Any, rows: Rows) -> None:
    if key == "search_context_cost_per_query":
        _read_search(prices, read_object(key, value), rows)
    elif key in REGIONAL:
        _read_factor(prices, When(region=REGIONAL[key]), key, value, rows)
    elif key == "provider_specific_entry":
        _read_factors(prices, read_object(key, value), rows)
    elif found := _RESOLUTION.fullmatch(key):
        unit, resolution = found.groups()
        price = rows.read_numeric_price(key, value)
        if price is not None:
            prices.rates_at(When(resolution=resolution.lower())).per[UNITS[unit]] = price
    elif value and is_price_key(key) and key not in _READ_APART and "dbu_cost" not in key:
        rows.note(key, value, _REASONS.get(key) or _why_unknown(key))


def _read_factors(prices: PriceList, factors: Mapping[str, Any], rows: Rows) -> None:
    for name, condition in (("us", When(region="us")), ("fast", When(service_tier="fast"))):
        if name in factors:
            _read_factor(prices, condition, f"provider_specific_entry.{name}", factors[name], rows)


def _read_factor(prices: PriceList, condition: When, key: str, value: Any, rows: Rows) -> None:
    """Set a factor on all prices. A factor of 0 is noted: it means that there is none."""
    factor = rows.read_numeric_price(key, value)
    if factor:
        prices.multipliers[condition] = factor
    elif factor is not None:
        rows.note(key, value, "a factor of 0 is none")


def _why_unknown(key: str) -> str:
    if "_interval" in key:
        return "no condition for the length of a clip"
    return "a price the catalog has no field for"


def _read_search(prices: PriceList, sizes: Mapping[str, Any], rows: Rows) -> None:
    """Set the price of a search to that of the medium context size. Other prices are noted."""
    medium = sizes.get("search_context_size_medium")
    price = rows.read_numeric_price("search_context_size_medium", medium) if medium else None
    if price:
        prices.base.per["web_search"] = price
    for name, other in sizes.items():
        if other != medium:
            rows.note(name, other, "the price of a search is that of the medium context size")


def _read_pixels(prices: PriceList, entry: Mapping[str, Any], condition: When, rows: Rows) -> None:
    """Some image prices are per pixel under a key that states the size: the product is the price of one image."""
    size = _PIXELS.fullmatch(str(condition.get("size", "")))
    for key, unit in (("input_cost_per_pixel", "input_pixel"), ("output_cost_per_pixel", "output_pixel")):
        price = rows.read_numeric_price(key, entry[key]) if entry.get(key) and not size else None
        if price is not None:
            prices.base.per[unit] = price
    key = "input_cost_per_pixel"
    if entry.get(key) and size and not prices.base.per:
        image = rows.read_price(key, entry[key], int(size[1]) * int(size[2]))
        if image:
            image = round(image, 5).normalize()  # the per-pixel figure is itself a rounded quotient
            prices.base.per["output_image"] = image
            rows.note(key, entry[key], f"per image of {size[0]}: {image:f}")


def _images_are_made(prices: PriceList) -> None:
    """Image models state the price of the image they make as `input_cost_per_image`."""
    for _, rates in prices.all_tables():
        if "input_image" in rates.per and "output_image" not in rates.per:
            rates.per["output_image"] = rates.per.pop("input_image")


def _read_ranges(prices: PriceList, ranges: Iterable[Mapping[str, Any]], rows: Rows) -> None:
    """`tiered_pricing`: each range of input tokens with all its rates; the first is the base."""
    for tier in ranges:
        if "range" not in tier:
            rows.note("tiered_pricing", tier, "a tier by something else than input tokens")
            continue
        start = _start_of(tier["range"])
        rates = prices.rates_at(When(input_tokens_above=start) if start else ALWAYS)
        for key, value in tier.items():
            price = rows.read_numeric_price(key, value, _MILLION) if key in TOKENS else None
            if price is not None and rates.tokens.setdefault(TOKENS[key], price) != price:
                rows.note(key, value, "differs from the rate outside tiered_pricing")
            elif key not in TOKENS and key != "range":
                rows.note(f"tiered_pricing.{key}", value, "a price the catalog has no field for")


def _start_of(stated: Any) -> int:
    bounds = [read_number(bound) for bound in read_list("tiered_pricing.range", stated)]
    if not bounds or bounds[0] is None or not 0 <= bounds[0] <= MOST_TOKENS:
        raise OddValueError("tiered_pricing.range", stated, "a range of tokens")
    return int(bounds[0])


def _read_off_peak(prices: PriceList, off_peak: Mapping[str, Any], rows: Rows) -> None:
    stated = {
        TOKENS[key]: rows.read_numeric_price(key, value, _MILLION) for key, value in off_peak.items() if key in TOKENS
    }
    rates = {name: price for name, price in stated.items() if price is not None}
    for condition in off_peak_conditions(rows, off_peak):
        prices.variants[condition] = Rates(dict(rates))
