"""A model's facts, field by field.

A field is named by its leaf path, `pricing.input`. Some are coarser or finer than a path in the file:

    capabilities.vision                   one element of the set; True, or False where its absence is stated
    modalities.input, endpoints, aliases  a set: the list of its elements
    reasoning.effort                      a list that is one value
    pricing.variants[service_tier=batch]  one variant, by its whole condition
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from registry_cli.core.catalog.capabilities import is_denied, read_capability
from registry_cli.core.edits.capabilities import with_details
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import FIELDS
from registry_cli.core.format.flattening import VARIANTS, flatten, put_field, sorted_condition_text
from registry_cli.core.format.legacy import OLDER_LISTS
from registry_cli.core.pricing.merge import condition_of, with_variants

Field = str
Fields = Mapping[Field, Any]
Canonical = Callable[[str], str]

CAPABILITY = "capabilities."
VARIANT = f"{VARIANTS}["
_NOT_FACTS = frozenset(field.path for field in FIELDS if not field.is_stated)


@cache
def group_of(field: Field) -> str:
    """The key of an entry that a field lies under."""
    return field.partition(".")[0]


def fields_of(facts: Mapping[str, Any], denies: Sequence[str] | frozenset[str] = ()) -> dict[Field, Any]:
    """Flattens what a source states of a model, which has the format of an entry. A null states nothing."""
    fields: dict[Field, Any] = {}
    for key, value in facts.items():
        if key == "capabilities":
            for name, said in map(read_capability, value or ()):
                fields[f"{CAPABILITY}{name}"] = said is True or not is_denied(said)
        elif key == "pricing":
            base = _exact_prices({name: item for name, item in value.items() if name != "variants"})
            fields |= flatten(base, prefix="pricing.", is_stated_only=True)
            for variant in value.get("variants", ()):
                fields[variant_field(variant)] = _exact_prices(variant)
        elif key in _NOT_FACTS or value is None:
            continue
        elif isinstance(value, dict):
            fields |= flatten(value, prefix=f"{key}.", is_stated_only=True)
        else:
            fields[key] = value
    for name in denies:
        fields.setdefault(f"{CAPABILITY}{name}", False)
    return fields


def facts_of(fields: Fields) -> tuple[dict[str, Any], set[str]]:
    """The inverse of `fields_of`: facts in the format of an entry, and the capabilities that are denied."""
    facts: dict[str, Any] = {}
    denied: set[str] = set()
    for field, value in fields.items():
        if field.startswith(CAPABILITY):
            name = field.removeprefix(CAPABILITY)
            if value:
                facts.setdefault("capabilities", []).append(name)
            else:
                denied.add(name)
        elif field.startswith(VARIANT):
            facts.setdefault("pricing", {}).setdefault("variants", []).append(value)
        else:
            put_field(facts, field, value)
    return facts, denied


def variant_field(variant: Mapping[str, Any]) -> Field:
    """Returns the field of a price variant. The order of its conditions does not matter."""
    return f"{VARIANT}{sorted_condition_text(condition_of(variant))}]"


class EntryView:
    """An entry of the file, read field by field."""

    def __init__(self, body: Mapping[str, Any], canonical: Canonical) -> None:
        self.body = body
        self._canonical = canonical

    @cached_property
    def _stated_capabilities(self) -> Any:
        written = self.body.get("capabilities", ABSENT)
        if written is ABSENT or written is None:
            return written
        pairs = list(written.items() if isinstance(written, Mapping) else map(read_capability, written))
        return {self._canonical(name): said is True or not is_denied(said) for name, said in reversed(pairs)}

    def value_of(self, field: Field) -> Any:
        """Returns the value of a field: `ABSENT` if the entry does not state it, None if it does not apply.

        A field within a mapping that does not apply does not apply either.
        """
        if field.startswith(CAPABILITY):
            stated = self._stated_capabilities
            return stated.get(field.removeprefix(CAPABILITY), ABSENT) if isinstance(stated, dict) else stated
        if field.startswith(VARIANT):
            pricing = self.body.get("pricing", ABSENT)
            if not isinstance(pricing, dict):
                return pricing
            return next((each for each in pricing.get("variants") or () if variant_field(each) == field), ABSENT)
        value: Any = self.body
        for step in _path_in_entry(self.body, field):
            if not isinstance(value, dict):
                return None if value is None else ABSENT
            value = value.get(step, ABSENT)
        return value


def with_value(body: Mapping[str, Any], field: Field, value: Any, canonical: Canonical) -> dict[str, Any]:
    """Sets a field in a copy of the entry; `ABSENT` removes it, and mappings that this leaves empty."""
    if field.startswith(CAPABILITY):
        said = True if value is True else ABSENT
        listed = with_details(body.get("capabilities") or [], field.removeprefix(CAPABILITY), said, canonical)
        return {**body, "capabilities": listed}
    if field.startswith(VARIANT):
        pricing = body.get("pricing") or {}
        variants = _with_variant(pricing.get("variants") or [], field, value)
        return _put_value(body, ("pricing", "variants"), variants or ABSENT)
    return _put_value(body, _path_in_entry(body, field), value)


def _exact_prices(prices: Mapping[str, Any]) -> dict[str, Any]:
    """Turns whole prices into `Decimal` too, so that calculations with them are exact."""
    return {name: Decimal(price) if type(price) is int else price for name, price in prices.items()}


def _path_in_entry(body: Mapping[str, Any], field: Field) -> Sequence[str]:
    older = OLDER_LISTS.get(field)
    return (older,) if older in body and older is not None else _split_field(field)


@cache
def _split_field(field: Field) -> Sequence[str]:
    return field.split(".")


def _put_value(body: Mapping[str, Any], way: Sequence[str], value: Any) -> dict[str, Any]:
    key, *rest = way
    if rest:
        below = body.get(key)
        value = _put_value(below if isinstance(below, Mapping) else {}, rest, value) or ABSENT
    if value is ABSENT:
        return {name: item for name, item in body.items() if name != key}
    return {**body, key: value}


def _with_variant(variants: Sequence[Mapping[str, Any]], field: Field, value: Any) -> Sequence[Mapping[str, Any]]:
    """Sets or removes one variant; the others keep their places.

    A new variant goes before the first that is more special. So does one that turns from a factor into rates or back,
    because factors come last.
    """
    places = [place for place, each in enumerate(variants) if variant_field(each) == field]
    stays = places and value is not ABSENT and ("multiply" in variants[places[0]]) == ("multiply" in value)
    if stays:
        return [value if place == places[0] else each for place, each in enumerate(variants)]
    variants = [each for each in variants if variant_field(each) != field]
    if value is ABSENT:
        return variants
    at = (place for place, each in enumerate(variants) if with_variants({}, [each, value])["variants"][0] is value)
    place = next(at, len(variants))
    return [*variants[:place], value, *variants[place:]]
