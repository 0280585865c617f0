"""Which columns a table of models can have, and the value at a field of an entry."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from registry_cli.core.format import absent
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import COLUMNS, FLAG, NUMBERS, RATES, SHORT_NAMES
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError

# Column -> the column of the index it shows.
_SHOWN = (
    "full_id", "provider", "id",
    *(field.path for field in COLUMNS if field.kind != FLAG),  # SQL has no truth values
    "currency", "capabilities",
)  # fmt: skip
SCALARS = {
    **{name: name for name in _SHOWN},
    "model": "full_id",
    **SHORT_NAMES,
    "input": "input_text",
    "output": "output_text",
}
NUMERIC = frozenset({*NUMBERS, "input_text", "output_text"})
DEFAULT = ("model", "context", "max_output", "input", "output")


class Column(NamedTuple):
    """A column by the name it was asked for: `source` is a column of the index, `path` leads to a value in it where
    that column holds JSON (`price` or `body`)."""

    name: str
    source: str
    path: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return self.source in NUMERIC or (bool(self.path) and self.path[-1] in RATES)


def parse_columns(texts: Iterable[str], schema: Mapping[str, Any] | None) -> tuple[Column, ...]:
    """Columns of `["id,pricing.cache_read", "context"]`.

    `schema` is the schema of a provider file, needed for dotted fields. Raises `UsageError` for an unknown column, and
    for none.
    """
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    if not names:
        raise UsageError("--columns: names no column")
    return tuple(_parse_column(name, schema) for name in names)


def needs_schema(texts: Iterable[str]) -> bool:
    return any(_find_computed(name.strip()) is None for text in texts for name in text.split(",") if name.strip())


def field_exists(schema: Mapping[str, Any], path: Sequence[str]) -> bool:
    """Whether an answer about a model may have this field."""
    if path[0] in ("capability_details", "derived_capabilities"):
        path = ("capabilities", *path[1:])
    node: Any = schema["$defs"]["model"]
    for step in path:
        node = _find_child(schema, node, step)
        if node is None:
            return False
    return True


def list_fields(schema: Mapping[str, Any]) -> list[str]:
    """The fields of a model by name, with those of its pricing: what a slip is compared with."""
    definitions = schema["$defs"]
    return [
        *(name for name, field in definitions["model"]["properties"].items() if not field.get("deprecated")),
        *(f"pricing.{name}" for name in definitions["pricing"]["properties"]),
        *(f"modalities.{name}" for name in definitions["modalities"]["properties"]),
    ]


def value_at(body: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path of an entry's body, `ABSENT` where it is not stated.

    `capabilities.NAME` is true where the capability is stated or derived, false where the entry denies it, or the
    details that it gives.
    """
    if len(path) > 1 and path[0] == "capabilities":
        _, name, *rest = path
        details = (body.get("capability_details") or {}).get(name)
        if rest or details is not None:
            return False if details == {"supported": False} and not rest else absent.value_at(details, rest)
        has_it = name in body.get("capabilities", ()) or name in body.get("derived_capabilities", ())
        return True if has_it else ABSENT
    return absent.value_at(body, path)


def describe_unknown_field(name: str, schema: Mapping[str, Any]) -> str:
    """What to say of a field that no entry can have."""
    return f"unknown field {name!r}{did_you_mean(name, list_fields(schema))}"


def _find_computed(name: str) -> Column | None:
    if name in SCALARS:
        return Column(name, SCALARS[name])
    if name == "price":
        return Column(name, "price", ())
    rate = name.removeprefix("price.")
    if rate in RATES or (rate != name and rate == "currency"):
        return Column(name, "price", (rate,))
    return None


def _parse_column(name: str, schema: Mapping[str, Any] | None) -> Column:
    computed = _find_computed(name)
    if computed is not None:
        return computed
    path = tuple(name.split("."))
    if schema is None or not field_exists(schema, path):
        known = [*SCALARS, *RATES, *(list_fields(schema) if schema else ())]
        raise UsageError(f"--columns: unknown column {name!r}{did_you_mean(name, known)}")
    return Column(name, "body", path)


def _find_child(schema: Mapping[str, Any], node: Mapping[str, Any], step: str) -> Mapping[str, Any] | None:
    from registry_cli.core.format.schema_nodes import resolve_node, types_of  # noqa: PLC0415  # few columns need the schema

    node = resolve_node(schema, node)
    properties = node.get("properties", {})
    if step in properties:
        found: Mapping[str, Any] = properties[step]
        return found
    others = node.get("additionalProperties", {} if "object" in types_of(node) else None)
    if isinstance(others, Mapping):
        return others or {"type": "object"}  # free-form: whatever is below may exist
    return None
