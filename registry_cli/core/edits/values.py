"""Text from a command line -> the value that the schema has in mind for a field.

What cannot be such a value is passed on as text, for the contract to say what it expects instead.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from registry_cli.core.edits.shapes import Shapes
from registry_cli.core.format.schema_nodes import Node, types_of
from registry_cli.errors import UsageError, YamlError
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.scalars import ScalarFault, resolve_scalar

_COUNT = re.compile(r"([0-9][0-9_,]{0,30})(\.[0-9]{1,12})?([kKmM])?")
_SCALES = {"": 1, "k": 1000, "m": 1_000_000}


def parse_value(text: str, node: Node, shapes: Shapes) -> Any:
    """`128k` for a limit, `2.50` for a price, `text,image` or `[text, image]` for a list, `{min: 1024}` for a mapping,
    `null` for what does not apply. Raises `UsageError`."""
    types = types_of(node)
    if text == "null" and "null" in types:
        return None
    collection = text[:1] in ("{", "[") and not {"object", "array"}.isdisjoint(types)
    if collection or not types or {"string", "number"} <= {*types}:
        return _parse_yaml(text)
    if "array" in types and len(types) == 1 and text != "null":
        return [parse_value(part, shapes.shape_of_items(node), shapes) for part in split_items(text)]
    if "integer" in types:
        return _parse_count(text)
    if "number" in types:
        return _parse_number(text)
    return {"true": True, "false": False}.get(text, text) if "boolean" in types else text


def parse_items(text: str, node: Node, shapes: Shapes) -> list[Any]:
    """The values that are added to or taken from a list."""
    if text[:1] in ("[", "{"):
        value = _parse_yaml(text)
        return value if isinstance(value, list) else [value]
    return [parse_value(part, shapes.shape_of_items(node), shapes) for part in split_items(text)]


def split_items(text: str) -> list[str]:
    """The parts between commas; empty ones are left out."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _parse_yaml(text: str) -> Any:
    try:
        return load_value(text) if text else ""
    except YamlError as fault:
        raise UsageError(f"{text!r} is not YAML: {fault.message}") from None


def _parse_count(text: str) -> Any:
    match = _COUNT.fullmatch(text)
    if match is None:
        return text
    whole, fraction, scale = match[1].replace("_", "").replace(",", ""), match[2] or "", (match[3] or "").lower()
    count = Decimal(whole + fraction) * _SCALES[scale]
    return int(count) if count == count.to_integral_value() else text


def _parse_number(text: str) -> Any:
    try:
        value = resolve_scalar(text)
    except ScalarFault as fault:
        raise UsageError(fault.message) from None
    # An empty text or ~ is null to YAML; here `null` is said in so many letters, so that `price=$UNSET` is a slip.
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else text


def split_outside_brackets(text: str, separator: str) -> Iterator[str]:
    """The parts of a text between separators that stand in no bracket."""
    depth = start = 0
    for at, character in enumerate(text):
        depth += (character in "[{") - (character in "]}")
        if character == separator and depth == 0:
            yield text[start:at]
            start = at + 1
    yield text[start:]
