"""Prices for formats without our rule of variants: every price list written out, and each factor multiplied in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.models import Model, Pricing, Variant
from registry_cli.core.pricing.price_list import PriceList, Rates, When, tidy, when
from registry_cli.core.pricing.rates import billed, holds_on, rates_under, units_under

_DATES = frozenset({"from", "until"})
_EMPTY = Pricing()


@dataclass(frozen=True, slots=True)
class ExpandedPrices:
    """A price list without factors: what holds under each condition, whole; `used` are the variants that are in it."""

    prices: PriceList
    used: tuple[Variant, ...]


def write_out(
    model: Model, day: str, accepts: Callable[[Mapping[str, Any]], bool], *, whole_tiers: bool = False
) -> ExpandedPrices:
    """The price list of a model on an ISO day under every condition that the target `accepts`.

    With `whole_tiers`, a condition that begins at a length of input is met by every other length too, for a target
    that keeps all lengths of one condition together.

    Where two conditions hold together, the list has what our rule makes of both; a condition names every rate that
    one of its variants names, all of them under a factor. A price in another currency is no price here.
    """
    pricing = model.pricing or _EMPTY
    if pricing.currency != "USD":
        return ExpandedPrices(PriceList(), ())
    usable = [(_undated(variant), variant) for variant in pricing.variants if holds_on(variant, day)]
    usable = [(condition, variant) for condition, variant in usable if not condition or accepts(dict(condition))]
    prices = PriceList(_base(model, pricing, [variant for condition, variant in usable if not condition]))
    conditions = [condition for condition, _ in usable if condition]
    if whole_tiers:
        conditions += [shorter for shorter in map(without_threshold, tuple(conditions)) if shorter]
    for condition in _closure(conditions, accepts):
        holding = [variant for part, variant in usable if _implies(condition, part)]
        prices.variants[condition] = _rates(pricing, holding)
    used = tuple(variant for _, variant in usable if not _DATES & variant.when.keys())
    return ExpandedPrices(prices, used)


def without_threshold(condition: When) -> When:
    return tuple(pair for pair in condition if pair[0] != "input_tokens_above")


def _undated(variant: Variant) -> When:
    return when(**{name: value for name, value in _frozen(variant.when).items() if name not in _DATES})


def _frozen(condition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in condition.items()}


def _base(model: Model, pricing: Pricing, holding: Sequence[Variant]) -> Rates:
    rates = billed(rates_under(pricing, holding), model.billing if model.billing == "subscription" else "usage")
    units = units_under(pricing, holding)
    return Rates(_known(rates), _known(units))


def _rates(pricing: Pricing, holding: Sequence[Variant]) -> Rates:
    resolved, units = rates_under(pricing, holding), units_under(pricing, holding)
    conditional = [variant for variant in holding if variant.when.keys() - _DATES]
    named = {name for variant in conditional for name in variant.rates}
    if any(variant.multiply is not None for variant in conditional):
        named |= resolved.keys()
    own_units = {name for variant in conditional for name in variant.per}
    return Rates(
        _known({name: rate for name, rate in resolved.items() if name in named}),
        _known({name: price for name, price in units.items() if name in own_units}),
    )


def _known(rates: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {name: tidy(rate) for name, rate in rates.items() if rate is not None}


def _closure(conditions: Sequence[When], accepts: Callable[[Mapping[str, Any]], bool]) -> list[When]:
    """The conditions and all that come of two or more holding together, the more general first."""
    found = dict.fromkeys(conditions)
    news = list(found)
    while news:
        joints = [joint for left in news for right in conditions if (joint := _joint(left, right)) is not None]
        news = [joint for joint in dict.fromkeys(joints) if joint not in found and accepts(dict(joint))]
        found.update(dict.fromkeys(news))
    return sorted(found, key=lambda condition: (len(condition), str(condition)))


def _joint(left: When, right: When) -> When | None:
    """The condition under which both hold, the higher of two thresholds; None where they exclude each other."""
    joint = dict(left)
    for name, value in right:
        if name == "input_tokens_above":
            joint[name] = max(value, joint.get(name, 0))
        elif joint.setdefault(name, value) != value:
            return None
    return when(**joint)


def _implies(condition: When, part: When) -> bool:
    """Whether everything in `part` holds where `condition` does."""
    stated = dict(condition)
    return all(
        stated.get(name, 0) >= value if name == "input_tokens_above" else stated.get(name) == value
        for name, value in part
    )
