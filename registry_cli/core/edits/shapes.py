"""What the schema says about the value at a field: its types, its keys, the shape of its items."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry_cli.core.format.schema_nodes import Node, resolve_node, types_of
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError


@dataclass(frozen=True, slots=True)
class Shapes:
    """The schema of a provider file, asked node by node. A node is a schema; an empty one allows anything."""

    schema: Node

    @property
    def provider(self) -> Node:
        return self.schema

    @property
    def model(self) -> Node:
        return self.resolve_shape({"$ref": "#/$defs/model"})

    @property
    def when(self) -> Node:
        return self.resolve_shape({"$ref": "#/$defs/when"})

    def resolve_shape(self, node: Node) -> Node:
        """Replaces the references of a node by what they refer to; the node's own keywords win."""
        return resolve_node(self.schema, node)

    def shape_of_items(self, node: Node) -> Node:
        return self.resolve_shape(node.get("items", {}))

    def shape_of_key(self, node: Node, key: str) -> Node:
        """The shape of a key's value. Raises `UsageError`, with what may be meant, for a key that is not known."""
        properties = node.get("properties", {})
        if key in properties:
            return self.resolve_shape(properties[key])
        others = node.get("additionalProperties", {})
        if isinstance(others, Mapping):
            return self.resolve_shape(others)
        homes = [name for name, below in properties.items() if key in self.resolve_shape(below).get("properties", {})]
        if homes:
            raise UsageError(f"unknown field {key!r}; did you mean {' or '.join(f'{home}.{key}' for home in homes)}?")
        known = [name for name, below in properties.items() if not below.get("deprecated")]
        hint = did_you_mean(key, known) or f"; known are {', '.join(known)}"
        raise UsageError(f"unknown field {key!r}{hint}")

    def takes_any_key(self, node: Node) -> bool:
        """Whether a key may be any word and its value is no mapping: then a dot belongs to the word."""
        others = node.get("additionalProperties")
        return isinstance(others, Mapping) and "object" not in types_of(self.resolve_shape(others))
