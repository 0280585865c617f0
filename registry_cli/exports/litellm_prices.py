"""Price lists -> LiteLLM's price keys: USD per token or unit, variants as suffixes or as entries of their own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.models import Model, Variant
from registry_cli.core.names.routes import REGIONS
from registry_cli.core.pricing.conditions import CN_HOLIDAY, WEEKDAYS, When
from registry_cli.core.pricing.expand import ExpandedPrices, expand_prices
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.core.pricing.rounding import tidy_price
from registry_cli.exports.facts import Facts
from registry_cli.sources import litellm_prices, provider_ids
from registry_cli.sources.litellm import FREE_ID

_TOKENS = {ours: theirs for theirs, ours in reversed(litellm_prices.TOKENS.items())}
_UNITS = {ours: theirs for theirs, ours in reversed(litellm_prices.UNITS.items())}
_PIXELS = {"input_pixel": "input_cost_per_pixel", "output_pixel": "output_cost_per_pixel"}
_TIERS = {ours: theirs for theirs, ours in litellm_prices.TIERS.items()}
_UPLIFTS = {ours: theirs for theirs, ours in litellm_prices.REGIONAL.items()}
_SEARCH = tuple(f"search_context_size_{size}" for size in ("low", "medium", "high"))
_RESOLUTION = re.compile(r"[0-9.]+[pk]?")
_BY_RESOLUTION = ("output_second", "output_image")
_SIZE = re.compile(r"([0-9]+)x([0-9]+)|maxxmax")
_QUALITY = re.compile(r"[a-z]+|(?:[0-9]+|max)-steps")
_STEPS = "-steps"
_HOURS = frozenset({"utc", "days"})
_OFF_PEAK = frozenset({"input", "output", "cache_read", "cache_write", "reasoning"})
_THOUSAND = 1000
# Its calculator for these, all of one maker, reads thresholds from `tiered_pricing` alone.
_RANGED = frozenset({"alibaba", "qwen_ai_platform", "qwencloud"})


class Prices:
    """The prices of one model; what is written is crossed off its facts."""

    def __init__(self, facts: Facts, day: str, mode: str, window: int | None) -> None:
        self._facts, self._day, self._mode, self._window = facts, day, mode, window
        model = facts.model
        self._variants = model.pricing.variants if model.pricing else ()
        self._free = model.provider in provider_ids.LOCAL or bool(FREE_ID.search(model.id))
        self._regions = REGIONS.get(model.provider)

    def base_keys(self) -> dict[str, Any]:
        """The keys of the model's own entry."""
        written = expand_prices(self._facts.model, self._day, self._has_suffix)
        prices = _without_zeros(written.prices, free=self._free)
        units = (*_UNITS, *_PIXELS, "web_search")
        self._facts.cross_off(*(f"pricing.{name}" for name in prices.base.tokens if name in _TOKENS))
        self._facts.cross_off(*(f"pricing.per.{name}" for name in prices.base.per if name in units))
        keys = self._price_keys(prices)
        self._cross_off(written)
        return {**keys, **self._resolution_keys(), **self._uplift_keys(), **self._off_peak()}

    def regional_entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Entries for regions, with the whole price list there: Azure's and Bedrock's callers name a region so."""
        if self._regions is None:
            return
        named = dict.fromkeys(variant.when["region"] for variant in self._variants if "region" in variant.when)
        for region in sorted(name for name in named if self._regions.fullmatch(f"{name}/x")):
            there = _model_in_region(self._facts.model, region)
            written = expand_prices(there, self._day, self._has_suffix)
            keys = self._price_keys(_without_zeros(written.prices, free=self._free))
            if keys:
                yield region, keys
                self._cross_off(expand_prices(self._facts.model, self._day, self._region_filter(region)))

    def image_entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Entries for the kinds of pictures that have a price of their own: `hd/1024-x-1024`."""
        written = expand_prices(self._facts.model, self._day, _is_picture)
        kinds = {}
        for condition, rates in written.prices.variants.items():
            keys = _plain_keys(_without_zeros(PriceList(rates), free=self._free).base, "", self._mode)
            if keys:
                kinds[_image_kind(condition)] = keys
        self._cross_off(written)
        yield from sorted(kinds.items())

    def _has_suffix(self, when: Mapping[str, Any]) -> bool:
        """Conditions that are suffixes of a key: a threshold in thousands, a tier that LiteLLM knows, or both."""
        if not when.keys() <= {"input_tokens_above", "service_tier"}:
            return False
        threshold = when.get("input_tokens_above", _THOUSAND)
        reachable = self._window is None or threshold < self._window
        return threshold % _THOUSAND == 0 and reachable and when.get("service_tier", "batch") in _TIERS

    def _region_filter(self, region: str) -> Any:
        def holds(when: Mapping[str, Any]) -> bool:
            rest = {name: value for name, value in when.items() if name != "region"}
            return when.get("region") == region and (not rest or self._has_suffix(rest))

        return holds

    def _price_keys(self, prices: PriceList) -> dict[str, Any]:
        prices.drop_usual_rates()
        keys = _plain_keys(prices.base, "", self._mode)
        keys |= {_PIXELS[unit]: prices.base.per[unit] for unit in _PIXELS if unit in prices.base.per}
        if prices.base.per.get("web_search"):
            keys["search_context_cost_per_query"] = dict.fromkeys(_SEARCH, prices.base.per["web_search"])
        ranged = self._facts.model.provider in _RANGED
        for condition, rates in prices.variants.items():
            if not (ranged and _is_threshold(condition)):
                keys |= _plain_keys(rates, _key_suffix(condition), self._mode)
        return {**keys, **(_token_ranges(prices, self._window) if ranged else {})}

    def _cross_off(self, written: ExpandedPrices) -> None:
        for variant in written.used:
            sayable = _TOKENS.keys() >= variant.rates.keys() and _UNITS.keys() >= variant.per.keys()
            if variant.when and sayable:
                self._facts.cross_off_variant(variant)

    def _resolution_keys(self) -> dict[str, Any]:
        keys: dict[str, Any] = {}
        for variant in self._variants:
            word = str(variant.when.get("resolution", ""))
            if variant.when.keys() != {"resolution"} or not _RESOLUTION.fullmatch(word):
                continue
            prices = {unit: variant.per[unit] for unit in _BY_RESOLUTION if variant.per.get(unit)}
            if prices.keys() == variant.per.keys() and not variant.rates and variant.multiply is None:
                self._facts.cross_off_variant(variant)
                keys |= {
                    f"{_UNITS[unit]}_{word}": tidy_price(price) for unit, price in prices.items() if price is not None
                }
        return keys

    def _uplift_keys(self) -> dict[str, Any]:
        """Factors that LiteLLM has keys for."""
        keys: dict[str, Any] = {}
        for variant in self._variants:
            if variant.multiply is None or variant.rates or variant.per or len(variant.when) != 1:
                continue
            region = variant.when.get("region")
            if region in _UPLIFTS and self._regions is None:
                keys[_UPLIFTS[region]] = tidy_price(variant.multiply)
                self._facts.cross_off_variant(variant)
            elif variant.when.get("service_tier") == "fast":
                keys["provider_specific_entry"] = {"fast": tidy_price(variant.multiply)}
                self._facts.cross_off_variant(variant)
        return keys

    def _off_peak(self) -> dict[str, Any]:
        """One block of rates with its windows; a second set of rates has no place."""
        found = [v for v in self._variants if v.when and v.when.keys() <= _HOURS and v.multiply is None and not v.per]
        found = [
            v
            for v in found
            if _weekdays(v) != [] and v.rates and v.rates.keys() <= _OFF_PEAK and None not in v.rates.values()
        ]
        same = [variant for variant in found if variant.rates == found[0].rates]
        if not same:
            return {}
        for variant in same:
            if CN_HOLIDAY not in variant.when.get("days", ()):  # LiteLLM has no word for it
                self._facts.cross_off_variant(variant)
        block = {
            _TOKENS[name]: _per_token(tidy_price(rate)) for name, rate in same[0].rates.items() if rate is not None
        }
        windows = sorted((_time_window(variant) for variant in same), key=str)
        return {"off_peak_pricing": {**block, "windows": windows}}


def _without_zeros(prices: PriceList, *, free: bool) -> PriceList:
    """Without the zeros that its reader could not tell from unknown prices."""
    litellm_prices.drop_zeros(prices, free=free, note=lambda *_: None)
    return prices


def _image_kind(when: Mapping[str, Any]) -> str:
    """How its keys name a kind of picture: `hd/1024-x-1024`, `512-x-512/50-steps`."""
    quality = when.get("quality")
    size = "max-x-max" if when["size"] == "maxxmax" else when["size"].replace("x", "-x-")
    if quality is None:
        return size
    return f"{size}/{quality}" if quality.endswith(_STEPS) else f"{quality}/{size}"


def _plain_keys(rates: Rates, suffix: str, mode: str) -> dict[str, Any]:
    keys: dict[str, Any] = {
        f"{key}{suffix}": _per_token(rates.tokens[name]) for name, key in _TOKENS.items() if name in rates.tokens
    }
    misread = mode in litellm_prices.MAKES_IMAGES and "output_image" not in rates.per  # as what it makes
    for unit, key in _UNITS.items():
        if unit in rates.per and not (misread and unit == "input_image"):
            keys[f"{key}{suffix}"] = rates.per[unit]
    return keys


def _key_suffix(when: When) -> str:
    above = f"_above_{when['input_tokens_above'] // _THOUSAND}k_tokens" if "input_tokens_above" in when else ""
    return above + (f"_{_TIERS[when['service_tier']]}" if "service_tier" in when else "")


def _is_threshold(condition: When) -> bool:
    return condition.keys() == {"input_tokens_above"}


def _token_ranges(prices: PriceList, window: int | None) -> dict[str, Any]:
    """`tiered_pricing`: every range of input tokens with its rates."""
    tables = {
        condition["input_tokens_above"]: rates
        for condition, rates in prices.variants.items()
        if _is_threshold(condition)
    }
    starts = [0, *sorted(tables)]
    ends = [*starts[1:], max(window or 0, starts[-1] * 2)]
    tiers = [
        {"range": [start, end], **_plain_keys(Rates(tables[start].tokens if start else prices.base.tokens), "", "")}
        for start, end in zip(starts, ends, strict=True)
    ]
    return {"tiered_pricing": tiers} if tables else {}


def _per_token(rate: Decimal) -> Decimal:
    return rate.scaleb(-6)


def _model_in_region(model: Model, region: str) -> Model:
    """The model as it is sold in a region: that condition met, those of other regions gone."""
    assert model.pricing is not None  # noqa: S101  # a region comes from its variants
    variants = []
    for variant in model.pricing.variants:
        if variant.when.get("region", region) == region:
            when = {name: value for name, value in variant.when.items() if name != "region"}
            variants.append(replace(variant, when=when))
    return replace(model, pricing=replace(model.pricing, variants=tuple(variants)))


def _is_picture(when: Mapping[str, Any]) -> bool:
    quality = when.get("quality")
    sized = when.keys() <= {"size", "quality"} and bool(_SIZE.fullmatch(str(when.get("size", ""))))
    return sized and (quality is None or bool(_QUALITY.fullmatch(quality)))


def _time_window(variant: Variant) -> dict[str, Any]:
    hours = list(variant.when.get("utc", ("00:00-00:00",)))
    window: dict[str, Any] = {"hours_utc": hours[0] if len(hours) == 1 else hours}
    weekdays = _weekdays(variant)
    return window if weekdays is None else {**window, "weekdays": weekdays}


def _weekdays(variant: Variant) -> list[int] | None:
    """The days of the week of a variant, 1 to 7; None for one of every day."""
    days = variant.when.get("days")
    return None if days is None else [WEEKDAYS.index(day) + 1 for day in days if day in WEEKDAYS]
