"""The anchors of a text and the aliases that refer to them."""

from dataclasses import dataclass, field

from registry_cli.yamledit.nodes import Entry, Node
from registry_cli.yamledit.ops import Path
from registry_cli.yamledit.source import SourceText

_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Reference:
    """An alias: `entry` is the one whose value it is, `path` leads to it (`<<` is a step).

    `merges_into` is the mapping into which it is merged, and `merging_path` leads there; None for an alias that is a
    value.
    """

    entry: Entry
    holder: Node
    path: Path
    merges_into: Node | None
    merging_path: Path = ()

    @property
    def start(self) -> int:
        return self.entry.value.start


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchored value and what refers to it, in the order of the text."""

    name: str
    node: Node
    path: Path
    references: list[Reference] = field(default_factory=list)


class SharedPlaces:
    """All anchors and aliases of a text."""

    def __init__(self, source: SourceText) -> None:
        self._anchors: list[Anchor] = []
        self._by_name: dict[str, Anchor] = {}
        self._by_node: dict[int, Anchor] = {}
        self._targets: dict[int, Anchor] = {}
        self._look_into(source.root, (), None, ())

    def places_of(self, node: Node) -> Anchor | None:
        """The anchor that stands before a value."""
        return self._by_node.get(node.start) if node.anchor is not None else None

    def target(self, alias: Node) -> Anchor | None:
        """What an alias refers to."""
        return self._targets.get(alias.start)

    def anchors_inside(self, node: Node) -> list[Anchor]:
        """The anchors of a value and of all in it."""
        return [anchor for anchor in self._anchors if node.start <= anchor.node.start < max(node.end, node.start + 1)]

    def _look_into(self, node: Node, path: Path, merges_into: Node | None, merging_path: Path) -> None:
        for index, entry in enumerate(node.entries):
            value = entry.value
            step = index if entry.key is None else entry.key.value
            is_merge = entry.key is not None and step == _MERGE and entry.key.style == ""
            into, into_path = (node, path) if is_merge else (merges_into, merging_path)
            if value.kind == "alias":
                anchor = self._by_name.get(value.anchor or "")
                if anchor is not None:
                    self._targets[value.start] = anchor
                    anchor.references.append(Reference(entry, node, (*path, step), into, into_path))
                continue
            if value.anchor is not None:
                anchor = Anchor(value.anchor, value, (*path, step))
                self._anchors.append(anchor)
                self._by_name[value.anchor] = self._by_node[value.start] = anchor
            # Only the items of a list of merges are merged, not what a mapping in it holds.
            passes_on = is_merge and value.kind == "sequence"
            self._look_into(value, (*path, step), into if passes_on else None, into_path if passes_on else ())


def mapping_keys(mapping: Node) -> list[str]:
    """The keys that a mapping states itself."""
    return [entry.key.value for entry in mapping.entries if entry.key is not None]
