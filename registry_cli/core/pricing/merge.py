"""Price lists as facts: one list from two sources, and what a list must not leave open."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.fields import rates_of
from registry_cli.core.pricing.conditions import is_of_time
from registry_cli.core.pricing.doubtful_rates import is_copied_write

Pricing = Mapping[str, Any]

_DIGITS = 12


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
