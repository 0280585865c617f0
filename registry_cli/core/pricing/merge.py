"""Price lists as facts: one list from two sources, and what a list must not leave open."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any, NamedTuple

from registry_cli.core.catalog.price_keys import rates_of
from registry_cli.core.pricing.conditions import When, implies, is_of_time, joint_condition
from registry_cli.core.pricing.doubtful_rates import is_copied_write
from registry_cli.core.pricing.rounding import tidy

Pricing = Mapping[str, Any]


class _OpenPair(NamedTuple):
    """Two variants that hold together (`joint`) and set the same rates (`names`), with no variant for the pair."""

    left: Pricing
    right: Pricing
    joint: When
    names: frozenset[str]


def prices_agree(first: Pricing, second: Pricing, tolerance: Decimal = Decimal(0)) -> bool:
    """Whether two lists state no base rate differently, in one currency, and input or output alike. Rates that differ
    by up to `tolerance` of the higher one are the same."""
    ours, theirs = rates_of(first), rates_of(second)
    shared = ours.keys() & theirs.keys()
    if first.get("currency", "USD") != second.get("currency", "USD") or not {"input", "output"} & shared:
        return False
    return all(abs(ours[name] - theirs[name]) <= tolerance * max(ours[name], theirs[name]) for name in shared)


def merge_pricing(higher: Pricing | None, lower: Pricing | None) -> Pricing | None:
    """The higher list, completed by the lower one where both agree; the lower one where there is no higher, or the
    higher is 0 throughout and the lower is not.

    Lists that agree (`prices_agree`) complete each other: the lower one adds the rates, the prices of other units and
    the variants that it alone states. Each variant must have a condition of its own, a threshold that the higher list
    has too if it has any (two lists that begin the long context at different lengths are two lists), and a factor only
    if the lower list knows every rate multiplied. Variants by time are one schedule, which comes from one list.
    """
    if not higher or not lower:
        return higher or lower
    if gives_way(higher, lower):
        return lower  # a price of 0 that somebody else has paid is an unknown one
    if not prices_agree(higher, lower):
        return higher
    conditions = [condition_of(variant) for variant in higher.get("variants", ())]
    thresholds = {when["input_tokens_above"] for when in conditions if "input_tokens_above" in when}
    has_schedule = any(map(is_of_time, conditions))
    added = [
        variant
        for variant in lower.get("variants", ())
        if condition_of(variant) not in conditions
        and not (has_schedule and is_of_time(condition_of(variant)))
        and (not thresholds or condition_of(variant).get("input_tokens_above") in {None, *thresholds})
        and ("multiply" not in variant or rates_of(higher).keys() <= rates_of(lower).keys())
    ]
    completed = _completed(higher, lower)
    return with_variants(completed, [*completed.get("variants", ()), *added]) if added else completed


def gives_way(pricing: Pricing, other: Pricing) -> bool:
    """Whether a list is 0 throughout, and the other one has a price for input or output."""
    return _is_free(pricing) and any(rates_of(other).get(name) for name in ("input", "output"))


def _completed(higher: Pricing, lower: Pricing) -> Pricing:
    """The higher list with the rates and units that only the lower one states, in the list and in its variants."""
    theirs = list(lower.get("variants", ()))
    if any("multiply" in variant and variant not in theirs for variant in higher.get("variants", ())):
        # A factor that the lower list does not know would make prices of its rates that no source states.
        return _with_units(higher, lower)
    variants = []
    for variant in higher.get("variants", ()):
        twins = [each for each in theirs if condition_of(each) == condition_of(variant)]
        variants.append(_with_missing(variant, twins[0]) if twins else variant)
    return with_variants(_with_missing(higher, lower), variants)


def _with_missing(table: Pricing, other: Pricing) -> Pricing:
    """A list or a variant with the rates and units that only the other states; unchanged where the two disagree."""
    ours, theirs = rates_of(table), rates_of(other)
    if "multiply" in table or any(ours[name] != theirs[name] for name in ours.keys() & theirs.keys()):
        return table
    missing = {
        name: rate
        for name, rate in theirs.items()
        if rate and name not in ours and not is_copied_write(name, theirs, theirs)
    }
    return _with_units({**table, **missing}, other)


def _with_units(table: Pricing, other: Pricing) -> Pricing:
    ours = table.get("per", {})
    missing = {unit: price for unit, price in other.get("per", {}).items() if price and unit not in ours}
    return {**table, "per": {**ours, **missing}} if missing else table


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
    while pair := next(_open_pairs(pricing), None):
        variant = _product(pricing, pair)
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


def _open_pairs(pricing: Pricing) -> Iterator[_OpenPair]:
    variants = [variant for variant in pricing.get("variants", ()) if "multiply" not in variant]
    conditions = [When(**condition_of(variant)) for variant in variants]
    for left, right in combinations(range(len(variants)), 2):
        shared = rates_of(variants[left]).keys() & rates_of(variants[right]).keys()
        is_ranked = implies(conditions[left], conditions[right]) or implies(conditions[right], conditions[left])
        joint = joint_condition(conditions[left], conditions[right])
        if not shared or is_ranked or joint is None:
            continue
        stated: set[str] = set()
        for variant, condition in zip(variants, conditions, strict=True):
            if condition == joint:
                stated.update(rates_of(variant))
        if not shared <= stated:
            yield _OpenPair(variants[left], variants[right], joint, frozenset(shared - stated))


def _product(pricing: Pricing, pair: _OpenPair) -> dict[str, Any]:
    left, right = condition_of(pair.left), condition_of(pair.right)
    common = {name: value for name, value in left.items() if right.get(name) == value}
    beneath = rates_of(pricing) | next(
        (rates_of(variant) for variant in pricing["variants"] if condition_of(variant) == common), {}
    )
    rates = {}
    for name in pair.names:
        divisor = beneath.get(name)
        rate = pair.left[name] * pair.right[name] / divisor if divisor else pair.right[name]
        rates[name] = tidy(rate)
    return {"when": pair.joint.facts(), **rates}


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
