"""The rates of a model while certain price variants hold, and the rates that replace missing ones."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import cached_property
from typing import NamedTuple

from registry_cli.core.billing.bills import EXACT, ZERO
from registry_cli.core.catalog.models import Model, Pricing, Variant
from registry_cli.core.pricing.rates import (
    KINDS,
    UNPRICED,
    apply_billing,
    apply_unit_billing,
    rates_under,
    units_under,
    usual_rate,
)

# Conditions that, if they change some token prices, probably change all of them.
_PRICE_LEVELS = {
    "service_tier": "service tier {}",
    "region": "region {}",
    "input_tokens_above": "over {:,} input tokens",
    "monthly_tokens_above": "over {:,} tokens a month",
    "utc": "at this time of day",
}
# Units that a tier may change with the price of tokens. Others, such as a web search, cost the same in any tier.
_TIERED_UNITS = frozenset({
    "page", "input_character", "output_character", "input_image", "output_image", "second", "input_second",
    "output_second", "input_audio_second", "output_audio_second", "input_video_second", "output_video_second",
})  # fmt: skip


class PricedAs(NamedTuple):
    """The rate at which a kind of token, or a unit, is billed.

    `name` is the rate, `price` its price per 1M tokens or per unit, `each` the price of one token or unit. Both are
    None if the price is unknown; `price` alone is None if it does not apply. `note` says which missing price the rate
    replaces. `is_estimate` means that the true price probably differs.
    """

    name: str
    price: Decimal | None
    each: Decimal | None
    note: str | None = None
    is_estimate: bool = False


class RateTable:
    """The rates of one model while the variants `held` hold."""

    def __init__(self, model: Model, held: Sequence[Variant]) -> None:
        pricing = model.pricing or UNPRICED
        self.held = tuple(held)
        self._is_free = model.billing == "local"
        self._priced_media = {name.rpartition("_")[2] for name in rate_names(pricing)}.intersection(KINDS)
        with localcontext(EXACT):
            self._rates = apply_billing(rates_under(pricing, held), model.billing)
        self.units = apply_unit_billing(units_under(pricing, held), model.billing)
        self._tokens: dict[str, PricedAs] = {}

    def price_token(self, kind: str) -> PricedAs:
        """Return the rate at which a token of this kind (`input`, `cache_read_audio`) is billed."""
        priced = self._tokens.get(kind)
        if priced is None:
            priced = self._tokens[kind] = self._find_rate(kind)
        return priced

    def price_unit(self, candidates: Sequence[str]) -> PricedAs:
        """Return the price of a unit that may have any of these names: the first that has a price applies."""
        unit = next((candidate for candidate in candidates if candidate in self.units), None)
        if unit is None:
            return self._without_price(f"per.{candidates[0]}")
        price = self.units[unit]
        if not price:
            return PricedAs(f"per.{unit}", price, ZERO)
        tier = self._tier_without(unit)
        note = f"no price is stated for per.{unit} ({tier}): the standard price is used" if tier else None
        return PricedAs(f"per.{unit}", price, price, note, is_estimate=note is not None)

    def _find_rate(self, kind: str) -> PricedAs:
        name: str | None = kind
        while name is not None and name not in self._rates:
            name = usual_rate(name)
        if name is None:
            return self._without_price(kind)
        price = self._rates[name]
        if not price:
            return PricedAs(name, price, ZERO)
        each = EXACT.scaleb(price, -6)
        level = next((words for words, rates in self._levels if name not in rates), None)
        if level:
            note = f"no price is stated for {name} ({level}): the standard price is used"
            return PricedAs(name, price, each, note, is_estimate=True)
        medium = kind.rpartition("_")[2]
        if name != kind and medium in KINDS:
            note = f"no price is stated for {kind}: the price of {name} is used"
            return PricedAs(name, price, each, note, is_estimate=medium in self._priced_media)
        return PricedAs(name, price, each)

    def _without_price(self, name: str) -> PricedAs:
        return PricedAs(name, ZERO, ZERO) if self._is_free else PricedAs(name, None, None)

    @cached_property
    def _levels(self) -> list[tuple[str, frozenset[str]]]:
        """The conditions that hold and set individual token rates, with the rates that they set."""
        levels = []
        for condition, words in _PRICE_LEVELS.items():
            variants = [variant for variant in self.held if condition in variant.when]
            rates = frozenset(name for variant in variants for name in variant.rates)
            if rates and all(variant.multiply is None for variant in variants):
                levels.append((words.format(variants[-1].when[condition]), rates))
        return levels

    def _tier_without(self, unit: str) -> str | None:
        """Return the service tier that holds and should have a price for this unit, but has none; None without one."""
        tiers = [variant for variant in self.held if "service_tier" in variant.when]
        if unit not in _TIERED_UNITS or not tiers or any(unit in variant.per for variant in tiers):
            return None
        return f"service tier {tiers[-1].when['service_tier']}"


def rate_names(pricing: Pricing) -> frozenset[str]:
    """Return the token rates that a price list states anywhere."""
    return frozenset(pricing.rates).union(*(variant.rates for variant in pricing.variants))
