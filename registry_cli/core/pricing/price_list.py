"""A price list while a source is read, before it becomes the `pricing` of a provider file.

Token rates are in USD per 1M tokens, `per` prices in USD per unit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.merge import with_variants
from registry_cli.core.pricing.rounding import tidy_price

_RATIO_DIGITS = 6
# Rates that are stated only where they differ -> the rate that applies otherwise.
_USUALLY = {
    "reasoning": "output",
    "output_audio": "output",
    "output_image": "output",
    "output_video": "output",
    "input_audio": "input",
    "input_image": "input",
    "input_video": "input",
    "cache_read_audio": "cache_read",
    "cache_read_image": "cache_read",
    "cache_read_video": "cache_read",
    "cache_write_audio": "cache_write",
}


@dataclass(slots=True)
class Rates:
    """Token rates and per-unit prices that hold together."""

    tokens: dict[str, Decimal] = field(default_factory=dict)
    per: dict[str, Decimal] = field(default_factory=dict)

    def to_mapping(self) -> dict[str, Any]:
        return {**self.tokens, **({"per": dict(self.per)} if self.per else {})}

    def copy(self) -> "Rates":
        return Rates(dict(self.tokens), dict(self.per))

    def __bool__(self) -> bool:
        return bool(self.tokens or self.per)


@dataclass(slots=True)
class PriceList:
    base: Rates = field(default_factory=Rates)
    variants: dict[When, Rates] = field(default_factory=dict)
    multipliers: dict[When, Decimal] = field(default_factory=dict)

    def rates_at(self, condition: When) -> Rates:
        """Return the rates under this condition, created on first use. The empty condition is the base."""
        return self.variants.setdefault(condition, Rates()) if condition else self.base

    def all_tables(self) -> Iterable[tuple[When, Rates]]:
        yield ALWAYS, self.base
        yield from self.variants.items()

    def to_pricing(self) -> dict[str, Any]:
        """Return the `pricing` of a provider file; empty if there are no prices.

        A service tier whose rates all have one exact ratio to the base is written as `multiply`, which combines with
        the other variants.
        """
        brief = self.copy()
        brief.shorten()
        entries = [
            {"when": condition.to_mapping(), **rates.to_mapping()}
            for condition, rates in brief.variants.items()
            if rates
        ]
        entries += [
            {"when": condition.to_mapping(), "multiply": factor} for condition, factor in brief.multipliers.items()
        ]
        facts = brief.base.to_mapping()
        return dict(with_variants(facts, entries))

    def copy(self) -> "PriceList":
        variants = {condition: rates.copy() for condition, rates in self.variants.items()}
        return PriceList(self.base.copy(), variants, dict(self.multipliers))

    def shorten(self) -> None:
        """Drop rates and variants that others imply."""
        self.drop_usual_rates()
        self._find_ratios()

    def add_region(self, region: str, regional: "PriceList") -> None:
        """Add the prices of the same model in a region: as one factor if there is one, else as rates."""
        where = When(region=region)
        factor = self._factor_of(regional)
        if factor is None:
            for condition, rates in regional.all_tables():
                if rates and rates != self.rates_at(condition):
                    self.variants[condition | where] = rates
        elif factor != 1:
            self.multipliers[where] = factor

    def _factor_of(self, other: "PriceList") -> Decimal | None:
        """Return the one factor between these token rates and the other list's, in the base and in every variant."""
        factor = find_ratio(self.base.tokens, other.base.tokens)
        if factor is None or other.base.per != self.base.per:
            return None
        for condition, rates in other.variants.items():
            own = self.variants.get(condition)
            if own is None or rates.per != own.per or not is_multiple(own.tokens, rates.tokens, factor):
                return None
        return factor

    def drop_usual_rates(self) -> None:
        """Drop a rate that equals its usual rate in every table: kept, it would not get the discount of a tier."""
        tables = [rates.tokens for _, rates in self.all_tables()]
        met = {name for tokens in tables for name in tokens}
        for rate, usual in _USUALLY.items() if met else ():
            stated = [tokens for tokens in tables if rate in tokens] if rate in met else []
            if stated and all(tokens[rate] == tokens.get(usual, self.base.tokens.get(usual)) for tokens in stated):
                for tokens in stated:
                    del tokens[rate]

    def _find_ratios(self) -> None:
        for condition, rates in list(self.variants.items()):
            if condition.keys() != {"service_tier"} or rates.per:
                continue
            factor = find_ratio(self.base.tokens, rates.tokens)
            if factor is None:
                continue
            if self._is_factor_of_tier(condition, factor):
                for key in [key for key in self.variants if condition.items() <= key.items()]:
                    del self.variants[key]
                self.multipliers[condition] = factor

    def _is_factor_of_tier(self, tier: When, factor: Decimal) -> bool:
        """Return whether every variant of a tier is the factor times the variant without the tier."""
        for key, rates in self.variants.items():
            if not tier.items() < key.items():
                continue
            standard = self.variants.get(key.without("service_tier"))
            if standard is None or not is_multiple(standard.tokens, rates.tokens, factor):
                return False
        return True


def find_ratio(base: Mapping[str, Decimal], rates: Mapping[str, Decimal]) -> Decimal | None:
    """Return the exact factor, of at most 6 digits, from each rate of `base` to that of `rates`; None without one."""
    if base.keys() != rates.keys():
        return None
    factor = next((rates[name] / base[name] for name in base if base[name]), None)
    if factor is None or len(factor.normalize().as_tuple().digits) > _RATIO_DIGITS:
        return None
    factor = tidy_price(factor)
    return factor if factor and is_multiple(base, rates, factor) else None


def is_multiple(base: Mapping[str, Decimal], rates: Mapping[str, Decimal], factor: Decimal) -> bool:
    return base.keys() == rates.keys() and all(base[name] * factor == rates[name] for name in base)
