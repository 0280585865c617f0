from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.pricing.conditions import implies

_CACHE_RATES = ("cache_read", "cache_write", "cache_write_1h", "cache_write_12h")


def check(file: ProviderFile) -> Iterator[Problem]:
    for variant in file.price_variants():
        pricing, when = variant.pricing, variant.when
        if "input_tokens_above" not in when or variant.body.get("input") in (None, pricing.get("input")):
            continue
        raised = _raised_rates(when, pricing["variants"])
        left = [name for name in _CACHE_RATES if pricing.get(name) and name not in raised]
        if left:
            yield Problem(
                variant.pointer,
                f"changes input but leaves {' and '.join(left)} as below {when['input_tokens_above']:,} tokens",
            )


def _raised_rates(when: Mapping[str, Any], variants: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the names of the rates that variants for long input set whenever `when` holds."""
    return {
        name
        for variant in variants
        if "input_tokens_above" in (variant.get("when") or {}) and implies(when, variant["when"])
        for name in variant
    }


RULE = Rule(
    code="tier-cache-rate",
    severity="warning",
    summary="A long-context tier changes the input price but leaves a cache price as it was.",
    why="""\
Cache prices are a share of the input price, so they change with it. A tier that names only `input` and `output`
charges long cached calls at the rate of short ones.""",
    fix="""\
Add the tier's cache rates. If the provider does charge the same, repeat the rate, so that one sees it is meant.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 0.3
      variants:
      - when: {input_tokens_above: 200000} # <-
        input: 6.0
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 0.3
      variants:
      - when: {input_tokens_above: 200000}
        input: 6.0
        cache_read: 0.6
""",
    check=check,
)
