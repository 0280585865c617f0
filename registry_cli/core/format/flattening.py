"""Entries as flat fields, `path -> value`, and back.

Paths are those that `llmreg set` takes: `modalities.input`, `pricing.variants[service_tier=batch].input`. What else a
reader needs (capabilities by name, no nulls, texts for cells) it does to the flat fields.
"""

from collections.abc import Container, Mapping
from typing import Any

from registry_cli.core.format.fields import GROUPS

VARIANTS = "pricing.variants"
# Mappings of an entry whose keys are fields of the schema.
OPENED_GROUPS = GROUPS | {"pricing.per"}


def flatten(
    body: Mapping[str, Any], opened: Container[str] | None = None, *, prefix: str = "", is_stated_only: bool = False
) -> dict[str, Any]:
    """The fields of an entry, in their order.

    `opened` are the paths of mappings whose keys are fields of their own; None opens every mapping. A mapping that is
    empty or is not opened is one value. `is_stated_only` leaves out what states nothing: nulls and empty mappings.
    """
    fields: dict[str, Any] = {}
    _flatten_into(fields, body, opened, prefix, is_stated_only)
    return fields


def _flatten_into(
    fields: dict[str, Any],
    body: Mapping[str, Any],
    opened: Container[str] | None,
    prefix: str,
    is_stated_only: bool,
) -> None:
    for key, value in body.items():
        path = prefix + key
        if value.__class__ is dict and (opened is None or path in opened) and (value or is_stated_only):
            _flatten_into(fields, value, opened, path + ".", is_stated_only)
        elif value is not None or not is_stated_only:
            fields[path] = value


def unflatten(fields: Mapping[str, Any], opened: Container[str] | None = None) -> dict[str, Any]:
    """The entry that has these fields: the inverse of `flatten`.

    With `opened` None no key of a mapping may have a dot. Raises `ValueError` where a field lies in one that is no
    mapping.
    """
    body: dict[str, Any] = {}
    for path, value in fields.items():
        put_field(body, path, value, opened)
    return body


def put_field(body: dict[str, Any], path: str, value: Any, opened: Container[str] | None = None) -> None:
    """Sets one field of an entry, as `unflatten` does; mappings that it lies in are made."""
    place = body
    rest, way = path, ""
    while "." in rest:
        step, _, below = rest.partition(".")
        way += step
        if opened is not None and way not in opened:
            break
        place = place.setdefault(step, {})
        if not isinstance(place, dict):
            raise ValueError(path)  # noqa: TRY004  # the fields contradict each other
        rest, way = below, f"{way}."
    place[rest] = value


def is_within(field: str, wanted: str) -> bool:
    """Whether a field is the wanted one, or a part of it."""
    return field == wanted or field.startswith((f"{wanted}.", f"{wanted}["))


def condition_text(when: Mapping[str, Any]) -> str:
    """The condition of a price variant as a path has it between brackets: `region=eu,service_tier=batch`."""
    from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # brings decimals, which a query need not

    return ",".join(f"{key}={value if isinstance(value, str) else dumps(value)}" for key, value in when.items())


def sorted_condition_text(when: Mapping[str, Any]) -> str:
    """The same text for conditions that are equal, whichever is written first."""
    return condition_text(dict(sorted(when.items())))


def whens_of(variants: Any) -> list[Mapping[str, Any]] | None:
    """The conditions of a list of price variants; None where it is none, or a variant has no condition."""
    if not isinstance(variants, list):
        return None
    whens = [variant.get("when") for variant in variants if isinstance(variant, dict)]
    conditions: list[Mapping[str, Any]] = [when for when in whens if when and isinstance(when, dict)]
    return conditions if len(conditions) == len(variants) else None
