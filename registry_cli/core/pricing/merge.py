"""Price lists as facts: one list from two sources, and what a list must not leave open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.catalog.price_keys import rates_of

Pricing = Mapping[str, Any]

_DIGITS = 12


def merge_pricing(higher: Pricing | None, lower: Pricing | None) -> Pricing | None:
    """The higher list with the lower one's variants that it may take; the lower one where there is no higher, or the
    higher is 0 throughout and the lower is not.

    Variants are taken where every base rate that both state agrees, input or output among them. Each must have a
    condition of its own, a threshold that the higher list has too if it has any (two lists that begin the long
    context at different lengths are two lists), and a factor only if the lower list knows every rate multiplied.
    """
    if not higher or not lower:
        return higher or lower
    ours, theirs = rates_of(higher), rates_of(lower)
    if _is_free(higher) and any(theirs.get(name) for name in ("input", "output")):
        return lower  # a price of 0 that somebody else has paid is an unknown one
    if higher.get("currency", "USD") != lower.get("currency", "USD"):
        return higher  # equal figures would be a coincidence
    shared = ours.keys() & theirs.keys()
    if not {"input", "output"} & shared or any(ours[name] != theirs[name] for name in shared):
        return higher
    variants = list(higher.get("variants", ()))
    conditions = [condition_of(variant) for variant in variants]
    thresholds = {when["input_tokens_above"] for when in conditions if "input_tokens_above" in when}
    added = [
        variant
        for variant in lower.get("variants", ())
        if condition_of(variant) not in conditions
        and (not thresholds or condition_of(variant).get("input_tokens_above") in {None, *thresholds})
        and ("multiply" not in variant or ours.keys() <= theirs.keys())
    ]
    return with_variants(higher, [*variants, *added]) if added else higher


def with_variants(pricing: Pricing, variants: Sequence[Pricing]) -> Pricing:
    """The list with these variants in the order that says what is meant; without any, no `variants`."""
    rest = {name: value for name, value in pricing.items() if name != "variants"}
    return {**rest, "variants": sorted(variants, key=_generality)} if variants else rest


def without_unreachable(pricing: Pricing, context_window: int) -> tuple[Pricing, list[int]]:
    """The list without variants for more input than the window holds, and their thresholds."""
    reachable, thresholds = [], []
    for variant in pricing.get("variants", ()):
        threshold = condition_of(variant).get("input_tokens_above", 0)
        if threshold < context_window:
            reachable.append(variant)
        else:
            thresholds.append(threshold)
    return (with_variants(pricing, reachable) if thresholds else pricing), thresholds


def settled(pricing: Pricing) -> tuple[Pricing, list[Pricing]]:
    """The list with a variant for every pair that holds together and sets the same rate, and those variants.

    The pair's price is the product of both changes: where a batch costs half and long input twice, a long batch
    costs the same as a short call. A source that states both changes and not the pair leaves no better guess, and
    without it the price would depend on the order of two lines.
    """
    derived: list[Pricing] = []
    while found := next(_open_pairs(pricing), None):
        variant = _product(pricing, *found)
        others = [other for other in pricing["variants"] if condition_of(other) != condition_of(variant)]
        same = [other for other in pricing["variants"] if condition_of(other) == condition_of(variant)]
        whole = {**variant, **same[0]} if same else variant
        derived = [*(one for one in derived if condition_of(one) != condition_of(whole)), whole]
        pricing = with_variants(pricing, [*others, whole])
    return pricing, derived


def condition_of(variant: Pricing) -> Mapping[str, Any]:
    """When a variant holds; empty for one that always does, which `validate` reports."""
    condition: Mapping[str, Any] = variant.get("when", {})
    return condition


def _is_free(pricing: Pricing) -> bool:
    """Whether a list states no price but 0: of tokens, of anything else (`per`), or under any condition."""
    parts = (pricing, *pricing.get("variants", ()))
    return not any(any(rates_of(part).values()) or any(part.get("per", {}).values()) for part in parts)


def _open_pairs(pricing: Pricing) -> Iterator[tuple[Pricing, Pricing, frozenset[str]]]:
    variants = [variant for variant in pricing.get("variants", ()) if "multiply" not in variant]
    for index, left in enumerate(variants):
        for right in variants[index + 1 :]:
            joint = _joint(condition_of(left), condition_of(right))
            shared = rates_of(left).keys() & rates_of(right).keys()
            if not shared or joint is None or joint in (condition_of(left), condition_of(right)):
                continue
            stated = {name for variant in variants if condition_of(variant) == joint for name in rates_of(variant)}
            if not shared <= stated:
                yield left, right, frozenset(shared - stated)


def _joint(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any] | None:
    """The condition under which both hold: the higher of two thresholds; None where they never do."""
    joint = {**left, **right}
    for name in left.keys() & right.keys():
        if name == "input_tokens_above":
            joint[name] = max(left[name], right[name])
        elif left[name] != right[name]:
            return None
    return joint


def _product(pricing: Pricing, left: Pricing, right: Pricing, names: frozenset[str]) -> dict[str, Any]:
    common = {name: value for name, value in condition_of(left).items() if condition_of(right).get(name) == value}
    beneath = rates_of(pricing) | next(
        (rates_of(variant) for variant in pricing["variants"] if condition_of(variant) == common), {}
    )
    rates = {}
    for name in names:
        divisor = beneath.get(name)
        rate = left[name] * right[name] / divisor if divisor else right[name]
        rates[name] = round(rate, _DIGITS - 1 - rate.adjusted()).normalize() if rate else rate
    return {"when": _joint(condition_of(left), condition_of(right)), **rates}


def _generality(variant: Pricing) -> tuple[Any, ...]:
    """A later variant overrides an earlier one, so the more special condition comes later; multiplying is last."""
    when = condition_of(variant)
    names = sorted(name for name in when if name != "input_tokens_above")
    return (
        "multiply" in variant,
        len(when),
        [(name, str(when[name])) for name in names],
        when.get("input_tokens_above", 0),
    )
