from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.rules.base import Problem, ProviderFile, Rule, rates_of
from registry_cli.core.rules.conditions import both, implies, shown

Variant = Mapping[str, Any]


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, _, variants in file.varied():
        for index, variant in enumerate(variants):
            message = _conflict(index, variant, variants)
            if message:
                yield Problem((*entry.pointer, "pricing", "variants", index), message)


def _conflict(index: int, later: Variant, variants: Sequence[Variant]) -> str | None:
    """What is wrong between a variant and the first of those before it that it conflicts with."""
    when = later.get("when")
    if not when:
        return None
    for earlier in variants[:index]:
        other = earlier.get("when")
        shared = _set_by(earlier) & _set_by(later)
        if not other or not shared:
            continue
        joint = both(other, when)
        if joint is None or (implies(when, other) and not implies(other, when)):
            continue  # they never meet, or the later one is the more particular
        rates = ", ".join(sorted(shared))
        if implies(other, when):
            return f"sets {rates} whenever the variant {shown(other)} above it does, which then never counts"
        if not _settled(shared, joint, variants[index + 1 :]):
            return f"holds together with the variant {shown(other)} and both set {rates}: which counts?"
    return None


def _set_by(variant: Variant) -> set[str]:
    return {name for name, _ in rates_of(variant)} | {f"per.{unit}" for unit in variant.get("per") or ()}


def _settled(shared: set[str], joint: Mapping[str, Any], following: Sequence[Variant]) -> bool:
    """Whether variants after both say what holds where both do."""
    for variant in following:
        if variant.get("when") and implies(joint, variant["when"]):
            shared = shared - _set_by(variant)
    return not shared


RULE = Rule(
    code="variant-overlap",
    severity="error",
    summary="Two price variants hold together and set the same rate.",
    why="""\
Every variant whose condition holds overrides the rates it names, in the order written. Where two hold together the
later one wins, which is right only if it is the more particular one: a higher threshold, or the same conditions and
one more. Otherwise the price depends on the order of two lines that nobody meant to rank.""",
    fix="""\
Write the more particular variant after the more general one. If neither is, add after both a variant with the
conditions of both and the price that then holds; or use `multiply`, which applies on top of the rates.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      variants:
      - when: {input_tokens_above: 200000}
        input: 6.0
      - when: {service_tier: batch} # <-
        input: 1.5
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      variants:
      - when: {input_tokens_above: 200000}
        input: 6.0
      - when: {service_tier: batch}
        input: 1.5
      - when: {service_tier: batch, input_tokens_above: 200000}
        input: 3.0
""",
    check=check,
)
