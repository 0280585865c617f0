"""The parts of a JSON Schema that refer to each other."""

from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]


def resolve_node(schema: Node, node: Node) -> Node:
    """The node with what it refers to in the schema written out, its own words winning."""
    while "$ref" in node:
        target: Any = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def types_of(node: Node) -> tuple[str, ...]:
    """The JSON types that a node allows; none where it allows anything."""
    kind = node.get("type", ())
    if not kind and "enum" in node:
        return ("string",)
    return (kind,) if isinstance(kind, str) else tuple(kind)
