from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, known_rates
from registry_cli.core.pricing.conditions import implies


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, pricing, variants in file.varied():
        for index, variant in enumerate(variants):
            when = variant.get("when") or {}
            if when.get("service_tier") != "batch":
                continue
            at = (*entry.pointer, "pricing", "variants", index)
            if variant.get("multiply", 0) > 1:
                yield Problem((*at, "multiply"), f"a batch costs {variant['multiply']} times the usual price")
            usual = _usual(pricing, variants, when)
            for name, rate in known_rates(variant).items():
                if usual.get(name) is not None and rate > usual[name]:
                    yield Problem((*at, name), f"{rate} in a batch is more than the usual {usual[name]}")


def _usual(
    pricing: Mapping[str, Any], variants: Sequence[Mapping[str, Any]], when: Mapping[str, Any]
) -> dict[str, Any]:
    """The rates of the same call outside a batch."""
    otherwise = {name: value for name, value in when.items() if name != "service_tier"}
    rates = known_rates(pricing)
    for variant in variants:
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
