"""Which rates hold: the headline price of a model on a day.

A headline rate is the base rate after the variants whose only conditions are dates that hold on the day
(`from` is the first such day, `until` the last). Variants for tiers, batches or regions need a request to
be judged by and do not touch it.
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
    """Rates per 1M tokens on an ISO day, in the currency of the model's pricing; a missing rate is unknown."""
    return billed(rates_on(model.pricing or UNPRICED, day), model.billing)


def rates_on(pricing: Pricing, day: str) -> dict[str, Decimal | None]:
    """`headline_rates` of a price list, however it is billed."""
    dated = [variant for variant in pricing.variants if _only_dated(variant) and holds_on(variant, day)]
    return rates_under(pricing, dated)


def rates_under(pricing: Pricing, holding: Sequence[Variant]) -> dict[str, Decimal | None]:
    """The token rates where these variants hold: first each overrides the rates it names, in order, then every
    `multiply` applies."""
    rates = dict(pricing.rates)
    for variant in holding:
        rates.update(variant.rates)
    for variant in holding:
        if variant.multiply is not None:
            rates = {name: None if rate is None else rate * variant.multiply for name, rate in rates.items()}
    return rates


def usual_rate(name: str) -> str | None:
    """The rate that applies where this one is not stated: `input_audio` costs what `input` does, and so on."""
    stem, _, kind = name.rpartition("_")
    if kind in KINDS:
        return stem
    return "output" if name == "reasoning" else None


def units_under(pricing: Pricing, holding: Sequence[Variant]) -> dict[str, Decimal | None]:
    """The prices of other units where these variants hold; no `multiply` touches them."""
    units = dict(pricing.per)
    for variant in holding:
        units.update(variant.per)
    return units


def headline_spans(model: Model) -> list[RateSpan]:
    """The headline rates over all time: one span for most models, more where dated variants begin or end."""
    days = {FIRST_DAY}
    for variant in (model.pricing or UNPRICED).variants:
        if _only_dated(variant):
            days.update(filter(None, [variant.when.get("from"), day_after(variant.when.get("until"))]))
    starts = sorted(days)
    return [
        RateSpan(since, until, headline_rates(model, since))
        for since, until in zip(starts, [*starts[1:], LAST_DAY], strict=True)
    ]


def _only_dated(variant: Variant) -> bool:
    return bool(variant.when) and variant.when.keys() <= DATES


def holds_on(variant: Variant, day: str) -> bool:
    since, until = variant.when.get("from"), variant.when.get("until")
    return (since is None or since <= day) and (until is None or day <= until)


def day_after(day: str | None) -> str | None:
    """The next ISO day; none of none, nor of 9999-12-31, the last that there is, which people write for `always`."""
    if day is None or day == date.max.isoformat():
        return None
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def billed(rates: dict[str, Decimal | None], billing: str) -> Mapping[str, Decimal | None]:
    """A local model costs nothing where nothing is stated; under a subscription a stated 0 is no price."""
    if billing == "local":
        return {"input": Decimal(0), "output": Decimal(0), **rates}
    if billing == "subscription":
        return {name: rate for name, rate in rates.items() if rate}
    return rates


def billed_units(units: Rates, billing: str) -> Rates:
    """Under a subscription a stated 0 is no price."""
    return {name: price for name, price in units.items() if price} if billing == "subscription" else units
