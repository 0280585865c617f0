from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, known_rates
from registry_cli.core.pricing.conditions import format_condition, implies, intersect_conditions, prepare_condition


class ComparedVariant(NamedTuple):
    """The compared parts of a variant: its `when`, prepared and as written, and the rates and units it sets."""

    when: Mapping[str, Any]
    written: Mapping[str, Any]
    sets: frozenset[str]


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, pricing in file.priced_models():
        variants = [_prepare_variant(body) for body in pricing.get("variants") or ()]
        for index in range(len(variants)):
            message = _find_conflict(index, variants)
            if message:
                yield Problem((*entry.pointer, "pricing", "variants", index), message)


def _prepare_variant(body: Mapping[str, Any]) -> ComparedVariant:
    when = body.get("when") or {}
    units = (f"per.{unit}" for unit in body.get("per") or ())
    return ComparedVariant(prepare_condition(when), when, frozenset(known_rates(body)).union(units))


def _find_conflict(index: int, variants: Sequence[ComparedVariant]) -> str | None:
    """Explain the conflict of a variant with the first earlier one that it conflicts with, None if there is none."""
    later = variants[index]
    if not later.when:
        return None
    for earlier in variants[:index]:
        shared = earlier.sets & later.sets
        if not earlier.when or not shared:
            continue
        joint = intersect_conditions(earlier.when, later.when)
        covered = implies(earlier.when, later.when)
        if joint is None or (implies(later.when, earlier.when) and not covered):
            continue  # they never meet, or the later one is the more particular
        rates = ", ".join(sorted(shared))
        if covered:
            above = format_condition(earlier.written)
            return f"sets {rates} whenever the variant {above} above it does, which then never counts"
        if not _is_settled(shared, joint, variants[index + 1 :]):
            other = format_condition(earlier.written)
            return f"holds together with the variant {other} and both set {rates}: which counts?"
    return None


def _is_settled(shared: frozenset[str], joint: Mapping[str, Any], following: Sequence[ComparedVariant]) -> bool:
    """Return whether later variants set all shared rates for the case in which both hold."""
    for variant in following:
        if variant.when and implies(joint, variant.when):
            shared -= variant.sets
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
