"""The rates that hold on a day or under a set of variants.

A headline rate is the base rate after the variants whose only conditions are dates and that hold on the day (`from` is
the first day, `until` the last). Variants for tiers, batches or regions depend on a call and do not change it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from registry_cli.core.catalog.models import Model, Pricing, Rates, Variant
from registry_cli.core.pricing.conditions import DATES

FIRST_DAY, LAST_DAY = "", "9999-99-99"
KINDS = ("audio", "image", "video")  # of media that may have rates of their own
KIND_SUFFIXES = ("", *(f"_{kind}" for kind in KINDS))  # of the names of rates
CACHE_WRITES = ("cache_write", "cache_write_1h", "cache_write_12h")  # the shorter-lived before the longer
UNPRICED = Pricing()


class RateSpan(NamedTuple):
    """Headline rates from the day `since` up to, not including, the day `until`."""

    since: str
    until: str
    rates: Mapping[str, Decimal | None]


def headline_rates(model: Model, day: str) -> Mapping[str, Decimal | None]:
    """Return rates per 1M tokens on an ISO day, in the currency of the model's pricing. A missing rate is unknown."""
    return apply_billing(rates_on(model.pricing or UNPRICED, day), model.billing)


def rates_on(pricing: Pricing, day: str) -> dict[str, Decimal | None]:
    """Return the `headline_rates` of a price list, whatever the billing of the model."""
    dated = [variant for variant in pricing.variants if _only_dated(variant) and holds_on(variant, day)]
    return rates_under(pricing, dated)


def rates_under(pricing: Pricing, holding: Sequence[Variant]) -> dict[str, Decimal | None]:
    """Return the token rates while these variants hold.

    Each variant overrides the rates it states, in order. Then every `multiply` applies to all rates.
    """
    rates = dict(pricing.rates)
    for variant in holding:
        rates.update(variant.rates)
    for variant in holding:
        if variant.multiply is not None:
            rates = {name: None if rate is None else rate * variant.multiply for name, rate in rates.items()}
    return rates


def usual_rate(name: str) -> str | None:
    """Return the rate that applies if this one is not stated: `input` for `input_audio`. None if there is none."""
    stem, _, kind = name.rpartition("_")
    if kind in KINDS:
        return stem
    return "output" if name == "reasoning" else None


def units_under(pricing: Pricing, holding: Sequence[Variant]) -> dict[str, Decimal | None]:
    """Return the prices of other units while these variants hold. `multiply` does not apply to them."""
    units = dict(pricing.per)
    for variant in holding:
        units.update(variant.per)
    return units


def headline_spans(model: Model) -> list[RateSpan]:
    """Return the headline rates over all time: one span, or several if dated variants begin or end."""
    days = {FIRST_DAY}
    for variant in (model.pricing or UNPRICED).variants:
        if _only_dated(variant):
            days.update(filter(None, [variant.when.get("from"), day_after(variant.when.get("until"))]))
    starts = sorted(days)
    ends = [*starts[1:], LAST_DAY]
    return [RateSpan(since, until, headline_rates(model, since)) for since, until in zip(starts, ends, strict=True)]


def _only_dated(variant: Variant) -> bool:
    return bool(variant.when) and variant.when.keys() <= DATES


def holds_on(variant: Variant, day: str) -> bool:
    since, until = variant.when.get("from"), variant.when.get("until")
    return (since is None or since <= day) and (until is None or day <= until)


def day_after(day: str | None) -> str | None:
    """Return the next ISO day; None for None, and for 9999-12-31, the last day, which people write for "always"."""
    if day is None or day == date.max.isoformat():
        return None
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def apply_billing(rates: dict[str, Decimal | None], billing: str) -> Mapping[str, Decimal | None]:
    """Return the rates as the billing of a model has them.

    A local model has free input and output unless rates are stated. Under a subscription, a stated 0 is no price.
    """
    if billing == "local":
        return {"input": Decimal(0), "output": Decimal(0), **rates}
    if billing == "subscription":
        return {name: rate for name, rate in rates.items() if rate}
    return rates


def apply_unit_billing(units: Rates, billing: str) -> Rates:
    """Return the unit prices as the billing of a model has them: under a subscription, a stated 0 is no price."""
    return {name: price for name, price in units.items() if price} if billing == "subscription" else units
