"""The service tiers for which models have prices."""

from collections.abc import Collection

from registry_cli.core.catalog.models import Model
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError


def tiers_of(model: Model) -> frozenset[str]:
    """Return the tiers for which a model has a price, in lower case."""
    variants = model.pricing.variants if model.pricing else ()
    return frozenset(
        str(variant.when["service_tier"]).casefold() for variant in variants if "service_tier" in variant.when
    )


def check_tier(tier: str | None, known: Collection[str]) -> None:
    """Raise `UsageError` for a tier for which no model has a price: probably a typo."""
    if tier is not None and tier not in known:
        names = ", ".join(sorted(known)) or "none"
        raise UsageError(f"no model has a price for service tier {tier!r}{did_you_mean(tier, known)} (tiers: {names})")
