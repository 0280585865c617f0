"""Price lists for export formats that cannot combine variants: every combination written out, factors multiplied in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.models import Model, Pricing, Variant
from registry_cli.core.pricing.conditions import DATES, When, implies, joint_condition
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.core.pricing.rates import UNPRICED, apply_billing, holds_on, rates_under, units_under
from registry_cli.core.pricing.rounding import tidy_price


@dataclass(frozen=True, slots=True)
class ExpandedPrices:
    """A price list without factors: complete rates under each condition. `used` are the variants that it includes."""

    prices: PriceList
    used: tuple[Variant, ...]


def expand_prices(
    model: Model, day: str, accepts: Callable[[Mapping[str, Any]], bool], *, whole_tiers: bool = False
) -> ExpandedPrices:
    """Return the price list of a model on an ISO day, under every condition that the target format `accepts`.

    Where two conditions hold together, the list has a table for both, combined as a bill combines them. A table has
    every rate that one of its variants sets, and all rates if a factor applies. The list is empty if the currency is
    not USD.

    `whole_tiers` adds each condition without its input length, for a format that lists all lengths of a condition
    together.
    """
    pricing = model.pricing or UNPRICED
    if pricing.currency != "USD":
        return ExpandedPrices(PriceList(), ())
    usable = [(When(**variant.when).without(*DATES), variant) for variant in pricing.variants if holds_on(variant, day)]
    usable = [(condition, variant) for condition, variant in usable if not condition or accepts(condition)]
    prices = PriceList(_base_rates(model, pricing, [variant for condition, variant in usable if not condition]))
    conditions = [condition for condition, _ in usable if condition]
    if whole_tiers:
        without_threshold = [condition.without("input_tokens_above") for condition in conditions]
        conditions += [condition for condition in without_threshold if condition]
    for condition in _close_conditions(conditions, accepts):
        holding = [variant for part, variant in usable if implies(condition, part)]
        prices.variants[condition] = _conditional_rates(pricing, holding)
    used = tuple(variant for _, variant in usable if not DATES & variant.when.keys())
    return ExpandedPrices(prices, used)


def _base_rates(model: Model, pricing: Pricing, holding: Sequence[Variant]) -> Rates:
    rates = apply_billing(rates_under(pricing, holding), model.billing if model.billing == "subscription" else "usage")
    units = units_under(pricing, holding)
    return Rates(_drop_unknown(rates), _drop_unknown(units))


def _conditional_rates(pricing: Pricing, holding: Sequence[Variant]) -> Rates:
    resolved, units = rates_under(pricing, holding), units_under(pricing, holding)
    named: set[str] = set()
    named_units: set[str] = set()
    for variant in holding:
        if variant.when.keys() - DATES:
            named.update(resolved if variant.multiply is not None else variant.rates)
            named_units.update(variant.per)
    return Rates(
        _drop_unknown({name: rate for name, rate in resolved.items() if name in named}),
        _drop_unknown({name: price for name, price in units.items() if name in named_units}),
    )


def _drop_unknown(rates: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {name: tidy_price(rate) for name, rate in rates.items() if rate is not None}


def _close_conditions(conditions: Sequence[When], accepts: Callable[[Mapping[str, Any]], bool]) -> list[When]:
    """Return the conditions and the combinations of those that can hold together, general ones first."""
    known = dict.fromkeys(conditions)
    latest = list(known)
    while latest:
        joints = dict.fromkeys(joint_condition(left, right) for left in latest for right in conditions)
        latest = [joint for joint in joints if joint is not None and joint not in known and accepts(joint)]
        known.update(dict.fromkeys(latest))
    return sorted(known, key=lambda condition: (len(condition), str(tuple(condition.items()))))
