from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, known_rates
from registry_cli.core.pricing.conditions import implies


def check(file: ProviderFile) -> Iterator[Problem]:
    for variant in file.price_variants():
        if variant.when.get("service_tier") != "batch":
            continue
        factor = variant.body.get("multiply", 0)
        if factor > 1:
            yield Problem((*variant.pointer, "multiply"), f"a batch costs {factor} times the usual price")
        usual = _usual_rates(variant.pricing, variant.when)
        for name, rate in known_rates(variant.body).items():
            if usual.get(name) is not None and rate > usual[name]:
                yield Problem((*variant.pointer, name), f"{rate} in a batch is more than the usual {usual[name]}")


def _usual_rates(pricing: Mapping[str, Any], when: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rates of the same call outside a batch."""
    otherwise = {name: value for name, value in when.items() if name != "service_tier"}
    rates = known_rates(pricing)
    for variant in pricing["variants"]:
        if variant.get("when") and implies(otherwise, variant["when"]):
            rates.update(known_rates(variant))
    return rates


RULE = Rule(
    code="batch-dearer",
    severity="warning",
    summary="A batch costs more than the same call outside a batch.",
    why="""\
A batch waits, and is cheaper for it. A higher price is a slip, or the usual price has fallen since.""",
    fix="""\
Compare with the provider's price list. If the usual price has fallen, the batch price most likely has too.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      variants:
      - when: {service_tier: batch}
        input: 6.0 # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      variants:
      - when: {service_tier: batch}
        input: 1.5
""",
    check=check,
)
