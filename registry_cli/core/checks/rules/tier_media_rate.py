from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, known_rates
from registry_cli.core.format.fields import rates_of
from registry_cli.core.pricing.conditions import implies
from registry_cli.core.pricing.rates import KINDS

_MEDIA = tuple(f"_{kind}" for kind in KINDS)


def check(file: ProviderFile) -> Iterator[Problem]:
    for variant in file.price_variants():
        changed = rates_of(variant.body)
        if "service_tier" not in variant.when or not changed:
            continue
        media = [name for name, rate in known_rates(variant.pricing).items() if rate and name.endswith(_MEDIA)]
        covered = _rates_of_tier(variant.when, variant.pricing["variants"]) if media else None
        left = [] if covered is None else [name for name in media if name not in covered]
        if left:
            yield Problem(
                variant.pointer,
                f"changes {' and '.join(changed)} but leaves {' and '.join(left)} at the standard price",
            )


def _rates_of_tier(when: Mapping[str, Any], variants: Sequence[Mapping[str, Any]]) -> set[str] | None:
    """Return the rates that variants for this tier set whenever `when` holds; None if a factor changes all."""
    covered: set[str] = set()
    for variant in variants:
        condition = variant.get("when") or {}
        if "service_tier" in condition and implies(when, condition):
            if variant.get("multiply") is not None:
                return None
            covered.update(rates_of(variant))
    return covered


RULE = Rule(
    code="tier-media-rate",
    severity="warning",
    summary="A service tier changes some token prices but leaves the price of images, audio or video as it was.",
    why="""\
A discount for batches usually covers every token. A tier that names only the text rates bills images, audio and video
at the full price; `llmreg cost` then gives an estimate and says so.""",
    fix="""\
Add the tier's media rates. If the provider does charge the full price, repeat the rate: that shows it is meant.""",
    bad="""\
provider: acme
models:
  acme-image:
    pricing:
      input: 0.3
      output: 2.5
      output_image: 30.0
      variants:
      - when: {service_tier: batch} # <-
        input: 0.15
        output: 1.25
""",
    good="""\
provider: acme
models:
  acme-image:
    pricing:
      input: 0.3
      output: 2.5
      output_image: 30.0
      variants:
      - when: {service_tier: batch}
        input: 0.15
        output: 1.25
        output_image: 15.0
""",
    check=check,
)
