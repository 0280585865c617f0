from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, known_rates


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, pricing in file.priced_models():
        billing = entry.body.get("billing") or file.value.get("billing")
        if billing == "local":
            name, what = _first_rate(pricing, is_free=False), "costs nothing"
        elif billing == "subscription":
            name, what = _first_rate(pricing, is_free=True), "sells no tokens, so that 0 is no price"
        else:
            continue
        if name:
            yield Problem((*entry.pointer, "pricing", name), f"the provider {what} (billing: {billing})")


def _first_rate(pricing: Mapping[str, Any], *, is_free: bool) -> str | None:
    """Return the name of the first rate that is 0 (`is_free`) or not 0; None if there is none."""
    return next((name for name, rate in known_rates(pricing).items() if (rate == 0) == is_free), None)


RULE = Rule(
    code="billing-price",
    severity="warning",
    summary="A price contradicts how the provider bills.",
    why="""\
With `billing: local` everything is free. With `billing: subscription` the user pays a flat fee, so a price of 0 per
token would let the model pass for free.""",
    fix="""\
Correct `billing`, or delete the price: an absent price is unknown.""",
    bad="""\
provider: acme
billing: subscription
models:
  acme-1:
    pricing:
      input: 0 # <-
      output: 0
""",
    good="""\
provider: acme
billing: subscription
models:
  acme-1: {}
""",
    check=check,
)
