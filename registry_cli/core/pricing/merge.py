"""Price lists as provider files have them: merging the lists of two sources, and completing one with open questions."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any, NamedTuple

from registry_cli.core.format.fields import rates_of
from registry_cli.core.pricing.conditions import When, implies, is_of_time, joint_condition
from registry_cli.core.pricing.doubtful_rates import is_copied_write
from registry_cli.core.pricing.rounding import tidy_price

Pricing = Mapping[str, Any]


class _OpenPair(NamedTuple):
    """Two variants that hold together (`joint`) and set the same rates (`names`), with no variant for the pair."""

    left: Pricing
    right: Pricing
    joint: When
    names: frozenset[str]


def prices_agree(first: Pricing, second: Pricing, tolerance: Decimal = Decimal(0)) -> bool:
    """Return whether two lists agree: one currency, no base rate stated differently, and input or output in both.

    Rates that differ by at most `tolerance`, as a share of the higher one, count as equal.
    """
    first_rates, second_rates = rates_of(first), rates_of(second)
    shared = first_rates.keys() & second_rates.keys()
    if first.get("currency", "USD") != second.get("currency", "USD") or not {"input", "output"} & shared:
        return False
    for name in shared:
        one, other = first_rates[name], second_rates[name]
        if abs(one - other) > tolerance * max(one, other):
            return False
    return True


def merge_pricing(higher: Pricing | None, lower: Pricing | None) -> Pricing | None:
    """Return the list of the higher-priority source, completed by the other list where the two agree.

    Return the lower list if there is no higher one, or if the higher one is 0 throughout and the lower one is not.

    If the lists agree (`prices_agree`), the lower one adds the rates, unit prices and variants that only it states.
    It adds a variant only if
    - the higher list has no variant with that condition;
    - its threshold is one of the higher list's, where that has any: different thresholds are different lists;
    - the lower list states every rate that its factor would multiply;
    - it does not mix two schedules: all variants by time come from one list.
    """
    if not higher or not lower:
        return higher or lower
    if is_free_unlike(higher, lower):
        return lower  # a price of 0 is unknown if another source states a real price
    if not prices_agree(higher, lower):
        return higher
    added = _variants_to_add(higher, lower)
    completed = _complete_list(higher, lower)
    return with_variants(completed, [*completed.get("variants", ()), *added]) if added else completed


def _variants_to_add(higher: Pricing, lower: Pricing) -> list[Pricing]:
    """Return the variants of the lower list that the higher list lacks and can take over."""
    conditions = [condition_of(variant) for variant in higher.get("variants", ())]
    thresholds = {when["input_tokens_above"] for when in conditions if "input_tokens_above" in when}
    has_schedule = any(map(is_of_time, conditions))
    has_all_rates = rates_of(higher).keys() <= rates_of(lower).keys()
    added = []
    for variant in lower.get("variants", ()):
        condition = condition_of(variant)
        threshold = condition.get("input_tokens_above")
        if condition in conditions or (has_schedule and is_of_time(condition)):
            continue
        if thresholds and threshold is not None and threshold not in thresholds:
            continue
        if "multiply" in variant and not has_all_rates:
            continue
        added.append(variant)
    return added


def is_free_unlike(pricing: Pricing, other: Pricing) -> bool:
    """Return whether a list is 0 throughout and the other one has a price for input or output."""
    return _is_free(pricing) and any(rates_of(other).get(name) for name in ("input", "output"))


def _complete_list(higher: Pricing, lower: Pricing) -> Pricing:
    """Return the higher list with the rates and units that only the lower one states, variants included."""
    lower_variants = list(lower.get("variants", ()))
    if any("multiply" in variant and variant not in lower_variants for variant in higher.get("variants", ())):
        # The factor would also multiply the added rates: those are prices that no source states.
        return _add_missing_units(higher, lower)
    variants = []
    for variant in higher.get("variants", ()):
        twins = [twin for twin in lower_variants if condition_of(twin) == condition_of(variant)]
        variants.append(_add_missing_rates(variant, twins[0]) if twins else variant)
    return with_variants(_add_missing_rates(higher, lower), variants)


def _add_missing_rates(table: Pricing, other: Pricing) -> Pricing:
    """Return a list or variant with the rates and units that only the other one states; unchanged if they disagree."""
    rates, other_rates = rates_of(table), rates_of(other)
    if "multiply" in table or any(rates[name] != other_rates[name] for name in rates.keys() & other_rates.keys()):
        return table
    missing = {
        name: rate
        for name, rate in other_rates.items()
        if rate and name not in rates and not is_copied_write(name, other_rates, other_rates)
    }
    return _add_missing_units({**table, **missing}, other)


def _add_missing_units(table: Pricing, other: Pricing) -> Pricing:
    units = table.get("per", {})
    missing = {unit: price for unit, price in other.get("per", {}).items() if price and unit not in units}
    return {**table, "per": {**units, **missing}} if missing else table


def with_variants(pricing: Pricing, variants: Sequence[Pricing]) -> Pricing:
    """Return the list with these variants, in the order in which they must apply; no `variants` if there are none."""
    rest = {name: value for name, value in pricing.items() if name != "variants"}
    return {**rest, "variants": sorted(variants, key=_variant_order)} if variants else rest


def drop_unreachable(pricing: Pricing, context_window: int) -> tuple[Pricing, list[int]]:
    """Return the list without variants for more input than the context window holds, and the thresholds of those."""
    reachable, thresholds = [], []
    for variant in pricing.get("variants", ()):
        threshold = condition_of(variant).get("input_tokens_above", 0)
        if threshold < context_window:
            reachable.append(variant)
        else:
            thresholds.append(threshold)
    return (with_variants(pricing, reachable) if thresholds else pricing), thresholds


def settle_variants(pricing: Pricing) -> tuple[Pricing, list[Pricing]]:
    """Return the list with a variant added for every pair that can hold together and sets the same rate, and those
    added variants.

    The price of a pair is the product of both changes: if a batch costs half and long input twice, a long batch costs
    the same as a short call. This is the best guess if a source states both changes and not the pair. Without it, the
    price would depend on the order of two lines.
    """
    derived: list[Pricing] = []
    while pair := next(_open_pairs(pricing), None):
        variant = _multiply_changes(pricing, pair)
        others = [other for other in pricing["variants"] if condition_of(other) != condition_of(variant)]
        same = [other for other in pricing["variants"] if condition_of(other) == condition_of(variant)]
        whole = {**variant, **same[0]} if same else variant
        derived = [*(earlier for earlier in derived if condition_of(earlier) != condition_of(whole)), whole]
        pricing = with_variants(pricing, [*others, whole])
    return pricing, derived


def condition_of(variant: Pricing) -> Mapping[str, Any]:
    """Return the condition of a variant. It is empty if the variant always holds, which `validate` reports."""
    condition: Mapping[str, Any] = variant.get("when", {})
    return condition


def _is_free(pricing: Pricing) -> bool:
    """Return whether a list states no price but 0, for tokens, for other units (`per`) or under any condition."""
    for table in (pricing, *pricing.get("variants", ())):
        if any(rates_of(table).values()) or any(table.get("per", {}).values()):
            return False
    return True


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


def _multiply_changes(pricing: Pricing, pair: _OpenPair) -> dict[str, Any]:
    left, right = condition_of(pair.left), condition_of(pair.right)
    common = {name: value for name, value in left.items() if right.get(name) == value}
    beneath = rates_of(pricing) | next(
        (rates_of(variant) for variant in pricing["variants"] if condition_of(variant) == common), {}
    )
    rates = {}
    for name in pair.names:
        divisor = beneath.get(name)
        rate = pair.left[name] * pair.right[name] / divisor if divisor else pair.right[name]
        rates[name] = tidy_price(rate)
    return {"when": pair.joint.to_mapping(), **rates}


def _variant_order(variant: Pricing) -> tuple[Any, ...]:
    """Return the sort key of a variant. Later variants override, so specific conditions and factors come last."""
    when = condition_of(variant)
    names = sorted(name for name in when if name != "input_tokens_above")
    return (
        "multiply" in variant,
        len(when),
        [(name, str(when[name])) for name in names],
        when.get("input_tokens_above", 0),
    )
