"""Providers that bill in another currency than US dollars, where an aggregator copies their figures as dollars.

A row is added by evidence only: a page that says in what the provider bills, and figures of the aggregator that are
the provider's own. Figures that an aggregator has converted are dollars, and need no row. Some providers look alike and
have none: Cortecs (models.dev converts its figures from EUR: anomalyco/models.dev#3903), OVHcloud at models.dev (it has
a price list in USD: #377), evroc, STACKIT, Infomaniak, Berget, Melious and Privatemode (figures with odd cents, which
are conversions).
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.core.format.fields import rates_of
from registry_cli.sources.rows import Rows

# The page that shows the currency, and the day on which it was looked up.
_SCALEWAY = "https://www.scaleway.com/en/pricing/model-as-a-service/ 2026-11-30"
_MOARK = "https://github.com/anomalyco/models.dev/pull/1516 2026-11-30"  # the seller's own people, of these figures
_OVHCLOUD = "https://www.ovhcloud.com/fr/public-cloud/prices/ 2026-11-30"


class _Billing(NamedTuple):
    """`decimals` is the most that the provider's own figures have: a figure with more was converted."""

    currency: str
    page: str
    decimals: int | None = None


# (aggregator, provider) -> in what the aggregator's figures of this provider are.
_BILLED_IN: Mapping[tuple[str, str], _Billing] = {
    ("models.dev", "moark"): _Billing("CNY", _MOARK),
    ("models.dev", "scaleway"): _Billing("EUR", _SCALEWAY, decimals=2),  # a few rows are converted
    ("litellm", "scaleway"): _Billing("EUR", _SCALEWAY),
    ("litellm", "ovhcloud"): _Billing("EUR", _OVHCLOUD),
}


def in_currency(rows: Rows, pricing: Mapping[str, Any]) -> dict[str, Any]:
    """The price list of the current model with its currency. Empty, with a note, for figures that were converted.

    The rate of such a conversion to dollars is unknown.
    """
    billing = _BILLED_IN.get((rows.source, rows.provider))
    if billing is None or not pricing:
        return dict(pricing)
    if billing.decimals is not None and any(_count_decimals(rate) > billing.decimals for rate in _all_rates(pricing)):
        figures = ", ".join(f"{name} {rate:f}" for name, rate in rates_of(pricing).items())
        rows.note("cost", figures, f"converted from {billing.currency}, in which the provider bills; left out")
        return {}
    return {"currency": billing.currency, **pricing}


def _all_rates(pricing: Mapping[str, Any]) -> Iterator[Decimal]:
    for table in (pricing, *pricing.get("variants", ())):
        yield from rates_of(table).values()


def _count_decimals(rate: Decimal) -> int:
    exponent = Decimal(rate).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
