"""Places that several entries share through anchors, aliases and `<<` merges, made private before they are edited.

The result holds the same data: an alias on the way to an edit becomes a copy of its value, a merged key that changes is
written out, and an anchor whose value changes moves with the old value to the first alias that refers to it. Mappings
that merge a changed one state the old value themselves.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from registry_cli.yamledit.document import Document
from registry_cli.yamledit.layout import entry_lines, format_in_flow
from registry_cli.yamledit.nodes import BLOCK_SCALARS, Entry, Node
from registry_cli.yamledit.ops import (
    Add,
    AddItem,
    Operation,
    Path,
    RawScalar,
    Remove,
    Rename,
    Set,
    dotted_path,
    owner_path,
)
from registry_cli.yamledit.source import OddShape, SourceText, Splice, apply_splices
from registry_cli.yamledit.splicing.anchors import Anchor, Reference, SharedPlaces, mapping_keys
from registry_cli.yamledit.splicing.spans import owned_comments
from registry_cli.yamledit.splicing.splices import CollectionEditor

_MOST_ROUNDS = 50
MERGE = "<<"
Opened = tuple[Document, SourceText]


def make_private(opened: Opened, operations: Sequence[Operation], read_same: Callable[[str], Opened]) -> Opened | None:
    """A text of the same data in which no place is shared that the operations touch; None where there is none.

    The source needs the events of all of its collections, as that of `read_same` does, which reads a text and refuses
    one of other data. Raises `OddShape` where it cannot be done.
    """
    was_shared = False
    for _ in range(_MOST_ROUNDS):
        document, source = opened
        steps = _Unsharing(document, source).steps(operations)
        splices = _separate_splices(steps)
        if not splices:
            return opened if was_shared else None
        new = read_same(apply_splices(source.text, splices))
        if not _keeps_all_comments(source, new[1]):
            raise OddShape("a comment would be lost where a shared value is written out")
        opened, was_shared = new, True
    raise OddShape("the values are shared in too many places")


def _separate_splices(steps: Iterator[list[Splice]]) -> list[Splice]:
    """The splices of steps that do not touch; the others have their turn in the next round."""
    chosen: list[Splice] = []
    for step in steps:
        touches = any(one.start <= other.end and other.start <= one.end for one in step for other in chosen)
        if not touches:
            chosen += step
    return chosen


def _keeps_all_comments(old: SourceText, new: SourceText) -> bool:
    """Whether two texts have the same comments, each with its entry; those of a merge may come to what replaces it."""
    if "#" not in old.text and "#" not in new.text:
        return True
    before = Counter((comment.text, comment.path) for comment in owned_comments(old))
    after = Counter((comment.text, comment.path) for comment in owned_comments(new))
    lost, gained = before - after, after - before
    if any(MERGE not in path for _, path in lost):
        return False
    texts, others = (Counter(text for text, _ in part.elements()) for part in (lost, gained))
    return texts == others


class _Copied(NamedTuple):
    """A key that a mapping states itself from now on."""

    key: str
    value: Any


@dataclass
class _Changed:
    """An anchored collection, the keys that change in it, and whether it gets new ones (no override undoes that)."""

    anchor: Anchor
    path: Path
    keys: list[str] = field(default_factory=list)
    has_new_keys: bool = False


class _Unsharing:
    """One round: what has to be written out in a text next."""

    def __init__(self, document: Document, source: SourceText) -> None:
        self._value = document.value
        self._source = source
        self._places = SharedPlaces(source)
        self._added: dict[Path, list[_Copied]] = {}  # keys to be written out, by the path of their mapping
        self._changed: dict[int, _Changed] = {}  # by where it stands
        self._done: set[int] = set()  # nodes that are replaced already
        self._dissolved: set[Path] = set()  # mappings that lose their `<<`

    def steps(self, operations: Sequence[Operation]) -> Iterator[list[Splice]]:
        """The splices of each step, which may touch those of another."""
        for operation in operations:
            yield from self._for_operation(operation)
        for changed in self._changed.values():
            yield from self._release_anchor(changed)
        for path, copies in self._added.items():
            if path not in self._dissolved:
                yield self._write_keys(path, copies)

    def _for_operation(self, operation: Operation) -> Iterator[list[Splice]]:
        node, held, holder = self._source.root, None, None
        changed_path = owner_path(operation)
        for depth, step in enumerate([*changed_path, None]):
            path = changed_path[:depth]
            if node.kind == "alias":
                if held is not None and holder is not None:
                    yield from self._expand_alias(holder, held, path)
                return
            if step is None:
                break
            self._note_change(node, path, step, operation)
            index = self._source.index_of(node, step)
            if index is None:
                self._write_out(path, node, str(step))
                return
            holder, held = node, node.entries[index]
            node = held.value
        changed = None if isinstance(operation, Add | AddItem) else operation.path[-1]
        self._note_change(node, changed_path, changed, operation)
        if not isinstance(operation, Add | AddItem):
            yield from self._at_entry(node, operation)

    def _at_entry(self, node: Node, operation: Set | Remove | Rename) -> Iterator[list[Splice]]:
        step = operation.path[-1]
        index = self._source.index_of(node, step)
        if index is None:
            if isinstance(operation, Set):
                self._write_out(operation.path[:-1], node, str(step))
            else:
                yield from self._dissolve_merge(operation.path[:-1], node)
            return
        if not isinstance(operation, Set) and str(step) in self._merged_keys(node):  # the merged one would come forth
            yield from self._dissolve_merge(operation.path[:-1], node)
        if not isinstance(operation, Rename):
            value = node.entries[index].value
            for anchor in self._places.anchors_inside(value):
                outside = [
                    reference for reference in anchor.references if not value.start <= reference.start < value.end
                ]
                if outside:
                    yield from self._give_away(anchor, outside, leaves=len(outside) == len(anchor.references))

    def _merged_keys(self, mapping: Node) -> list[str]:
        """The keys that a mapping has or would have by its `<<`, in the order of what is merged."""
        index = self._source.index_of(mapping, MERGE)
        if index is None:
            return []
        merged = mapping.entries[index].value
        parts = [entry.value for entry in merged.entries] if merged.kind == "sequence" else [merged]
        keys: list[str] = []
        for part in parts:
            anchor = self._places.target(part) if part.kind == "alias" else None
            keys += mapping_keys(part) if anchor is None else self._value_at(anchor.path)
        return list(dict.fromkeys(keys))

    def _note_change(self, node: Node, path: Path, step: str | int | None, operation: Operation) -> None:
        """Notes that `step` changes in a collection, where others refer to that."""
        anchor = self._places.places_of(node)
        if anchor is None or not anchor.references:
            return
        changed = self._changed.setdefault(anchor.node.start, _Changed(anchor, path))
        is_directly = path == owner_path(operation)
        if is_directly and isinstance(operation, Add | AddItem | Rename):
            changed.has_new_keys = True
        changed.keys.append(str(step))

    def _release_anchor(self, changed: _Changed) -> Iterator[list[Splice]]:
        """Frees an anchored collection that changes of those that refer to it."""
        anchor = changed.anchor
        only_merged = all(reference.merges_into is not None for reference in anchor.references)
        if only_merged and not changed.has_new_keys:
            for reference in anchor.references:
                for key in changed.keys:
                    self._override_keys(reference, changed.path, key)
        else:
            yield from self._give_away(anchor, anchor.references, leaves=True)

    def _give_away(self, anchor: Anchor, references: Sequence[Reference], *, leaves: bool) -> Iterator[list[Splice]]:
        """The references keep the value that an anchored node has now."""
        first = references[0]
        if len(references) == 1 and first.merges_into is not None and MERGE not in first.merging_path:
            yield from self._dissolve_merge(first.merging_path, first.merges_into)
        else:
            yield from self._move_anchor(anchor, first, leaves=leaves)

    def _override_keys(self, reference: Reference, path: Path, key: str) -> None:
        """A mapping that merges the one at `path` states the old value of a key itself, if it has it from there."""
        mapping, merging_path = reference.merges_into, reference.merging_path
        if mapping is None or key in mapping_keys(mapping) or MERGE in merging_path:
            return
        merged = self._value_at(merging_path)
        if isinstance(merged, dict) and key in merged and merged[key] is self._value_at(path).get(key, merged):
            self._write_out(merging_path, mapping, key)

    def _write_out(self, path: Path, mapping: Node, key: str) -> None:
        del mapping
        copies = self._added.setdefault(path, [])
        if all(copied.key != key for copied in copies):
            copies.append(_Copied(key, self._value_at((*path, key))))

    def _write_keys(self, path: Path, copies: Sequence[_Copied]) -> list[Splice]:
        node, way = self._source.find_node(path)
        order = [MERGE, *self._merged_keys(node)]
        added = [Add(path, copied.key, copied.value, order) for copied in copies]
        return list(CollectionEditor(self._source, path, node, way[-1] if way else None).splice_operations(added))

    def _expand_alias(self, holder: Node, entry: Entry, path: Path) -> Iterator[list[Splice]]:
        """An alias becomes a copy of its value."""
        if id(entry) not in self._done:
            self._done.add(id(entry))
            editor = CollectionEditor(self._source, path[:-1], holder, None)
            yield list(editor.replace_value(entry, self._value_at(path), path))

    def _dissolve_merge(self, path: Path, mapping: Node) -> Iterator[list[Splice]]:
        """A `<<` entry becomes the keys that it brings."""
        index = self._source.index_of(mapping, MERGE)
        if index is None or id(mapping) in self._done:
            return
        self._done.add(id(mapping))
        self._dissolved.add(path)
        entry, stated = mapping.entries[index], mapping_keys(mapping)
        merged = {key: value for key, value in self._value_at(path).items() if key not in stated}
        style = self._source.style
        if not merged:
            editor = CollectionEditor(self._source, path, mapping, None)
            yield list(editor.splice_operations([Remove((*path, MERGE))]))
            return
        if mapping.flow:
            pairs = (
                f"{format_in_flow(key, style.quote)}: {format_in_flow(value, style.quote)}"
                for key, value in merged.items()
            )
            yield [Splice(entry.start, entry.end, ", ".join(pairs))]
            return
        indent = " " * mapping.column
        entries = (entry_lines(key, value, (*path, key), indent, style) for key, value in merged.items())
        first, *others = chain.from_iterable(entries)
        newline = self._source.newline_at(entry.start)
        line_end = self._source.content_end(entry.end)
        splices = [Splice(entry.start, entry.end, first.removeprefix(indent))]
        if others:
            splices.append(Splice(line_end, line_end, "".join(f"{newline}{line}" for line in others)))
        yield splices

    def _move_anchor(self, anchor: Anchor, to: Reference, *, leaves: bool) -> Iterator[list[Splice]]:
        """The anchor goes with the value to an alias; it stays, too, where aliases before that refer to it."""
        if id(anchor.node) in self._done:
            return
        self._done.add(id(anchor.node))
        value = self._value_at(anchor.path)
        if anchor.node.tagged:
            raise OddShape("a tag stands beside the anchor")
        if anchor.node.kind == "scalar" and not to.holder.flow and anchor.node.style not in BLOCK_SCALARS:
            written = self._source.text[anchor.node.content_start : anchor.node.end]
            value = RawScalar(written, value) if written and "\n" not in written else value
        editor = CollectionEditor(self._source, to.path[:-1], to.holder, None)
        splices = list(editor.replace_value(to.entry, value, to.path, anchor=f"&{anchor.name}"))
        if leaves:
            splices.append(self._without_anchor(anchor.node))
        yield splices

    def _without_anchor(self, node: Node) -> Splice:
        text, start = self._source.text, node.start
        end = node.content_start
        if text[end - 1].isspace():
            return Splice(start, end, "")
        return Splice(len(text[:start].rstrip(" ")), end, "")

    def _value_at(self, path: Path) -> Any:
        value: Any = self._value
        for step in path:
            if step == MERGE and MERGE not in value:
                raise OddShape(f"{dotted_path(path)} is merged by a merge")
            value = value[step]
        return value
