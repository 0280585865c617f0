"""Turns operations into splices, collection by collection: values and keys here, entries in `entry_splices`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.yamledit.entry_splices import Addition, BlockEntries, FlowEntries, insertion_index
from registry_cli.yamledit.layout import entry_lines, in_flow, inline, is_collection, mapping_lines, quoted, scalar
from registry_cli.yamledit.nodes import BLOCK_SCALARS, Entry, Node
from registry_cli.yamledit.ops import Add, AddItem, Operation, Path, RawScalar, Remove, Rename, Set
from registry_cli.yamledit.source import OddShape, SharedNode, SourceText, Splice, indent_of

_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*")


def splices(source: SourceText, owner: Path, operations: Sequence[Operation]) -> list[Splice]:
    """Return the splices of all operations on the collection at `owner`. Raises `OddShape`."""
    node, way = source.find(owner)
    if node.kind == "alias":
        raise SharedNode("it is reached through an alias")
    if node.marked and node.kind != "scalar":
        raise OddShape("it stands behind an anchor or a tag")
    values = _ValueEditor(source, node)
    removed: set[int] = set()
    added: list[Addition] = []
    made: list[Splice] = []
    for operation in operations:
        match operation:
            case Set():
                made += values.set_value(operation)
            case Rename():
                made.append(values.rename_key(operation))
            case Remove():
                removed.add(values.index_of(operation.path[-1]))
            case Add() | AddItem():
                added.append(operation)
    if (added and not node.entries) or (removed and len(removed) == len(node.entries)):
        held = way[-1] if way else None
        return [*made, *_replace_collection(source, owner, node, held, added)]
    entries = FlowEntries(source, node) if node.flow else BlockEntries(source, owner, node)
    indexed = [(insertion_index(node, addition), addition) for addition in added]
    return [*made, *entries.remove(removed), *entries.add(indexed)]


def _replace_collection(
    source: SourceText, path: Path, node: Node, held: Entry | None, added: Sequence[Addition]
) -> Iterator[Splice]:
    """Yield the splices for a collection that is empty or becomes so, as the value of `held` (None: the document)."""
    if held is None:
        raise OddShape("nothing would be left of the document" if node.entries else "the document is empty")
    if node.entries and added:
        raise OddShape("every entry goes while others come")
    value: Any = {addition.key: addition.value for addition in added if isinstance(addition, Add)}
    if not value:
        value = {} if node.kind == "mapping" else [addition.value for addition in added]
    parent, _ = source.find(path[:-1])
    yield from _ValueEditor(source, parent).replace_value(held, value, path)


class _ValueEditor:
    """Replaces values and keys of one collection."""

    def __init__(self, source: SourceText, node: Node) -> None:
        self._source = source
        self._node = node

    def index_of(self, step: str | int) -> int:
        """Return the index of the entry at a step of a path. Raises `SharedNode`."""
        index = self._source.index(self._node, step)
        if index is None:
            raise SharedNode("it comes from a << merge")
        return index

    def set_value(self, operation: Set) -> Iterator[Splice]:
        """Yield the splices of `Set`. Raises `OddShape`."""
        entry = self._node.entries[self.index_of(operation.path[-1])]
        if entry.value.marked:
            raise OddShape("an anchor, a tag or an alias stands there")
        yield from self.replace_value(entry, operation.value, operation.path)

    def rename_key(self, operation: Rename) -> Splice:
        """Return the splice of `Rename`. Raises `OddShape`."""
        key = self._node.entries[self.index_of(operation.path[-1])].key
        if key is None or key.marked:
            raise OddShape("an anchor or a tag stands before the key")
        if key.style in ("'", '"'):
            new = quoted(operation.key, key.style)
        elif self._node.flow and key.style == "":
            new = in_flow(operation.key, self._quote)
        else:
            new = scalar(operation.key, self._quote)
        return Splice(key.start, key.end, new)

    def replace_value(self, entry: Entry, value: Any, path: Path) -> Iterator[Splice]:
        """Yield the splices that replace an entry's value. Comments around it stay, those inside a collection go."""
        source, old = self._source, entry.value
        lines = self._block_lines(entry, value, path)
        if lines is None and (entry.key is None or not _is_block(old)):
            yield from self._replace_in_place(old, self._format_scalar(old, value, path))
        elif lines is not None and entry.key is None:  # the first line stands where the item stood, whatever it was
            yield from self._replace_in_place(old, lines[0])
            yield self._insert_below(old, lines[1:])
        elif _is_block(old):  # on the lines below its key
            start = source.colon(entry)
            line_end = source.content_end(start)
            yield Splice(line_end, old.end, "" if lines is None else self._join_lines(lines, start))
            if lines is None:
                yield Splice(start, start, f" {self._format_scalar(old, value, path)}")
        else:
            start = source.colon(entry)
            if "#" in source.text[start : old.start]:
                raise OddShape("a comment stands between the key and its value")
            yield from self._replace_text(start, old, "")
            yield self._insert_below(old, lines or ())

    def _insert_below(self, old: Node, lines: Sequence[str]) -> Splice:
        """Return the splice that adds lines after the one on which a value ends."""
        line_end = self._source.content_end(old.end)
        return Splice(line_end, line_end, self._join_lines(lines, old.start))

    def _replace_in_place(self, old: Node, new: str) -> Iterator[Splice]:
        space = " " if old.empty and old.start and self._source.text[old.start - 1] in ":-?" else ""
        yield from self._replace_text(old.start, old, space + new)

    def _replace_text(self, start: int, old: Node, new: str) -> Iterator[Splice]:
        """Replace the text from `start` to the end of a value, except for a comment in the head of a block scalar."""
        text, line_end = self._source.text, self._source.content_end(old.start)
        head = _BLOCK_HEAD.match(text, old.start, line_end) if old.style in BLOCK_SCALARS else None
        if head is None or "#" not in text[head.end() : line_end]:
            yield Splice(start, old.end, new)
        else:
            first = new.partition("\n")[0].removesuffix("\r")
            yield Splice(start, head.end(), first)
            yield Splice(line_end, old.end, new[len(first) :])

    def _format_scalar(self, old: Node, value: Any, path: Path) -> str:
        """Return a value on one line (or as the block scalar it was), in the quotes of the old one."""
        if isinstance(value, RawScalar):
            return value.text
        if value is None or isinstance(value, int | Decimal):
            return scalar(value)
        if isinstance(value, str) and old.style in BLOCK_SCALARS and (block := self._format_literal(old, value, path)):
            return block
        if isinstance(value, str) and old.style in ("'", '"'):
            return quoted(value, old.style)
        return in_flow(value, self._quote) if self._node.flow else inline(value, self._quote)

    def _format_literal(self, old: Node, value: str, path: Path) -> str | None:
        """Return a text of several lines as a literal block, None if it would have to be folded or escaped."""
        lines = value.removesuffix("\n").split("\n")
        is_printable = all(line.isprintable() for line in lines)
        if "\n" not in value or not is_printable or value.endswith("\n\n") or lines[0][:1] in ("", " "):
            return None
        first = self._source.text[old.start : old.end].partition("\n")[2]
        body = next((line for line in first.splitlines() if line.strip()), " " * (2 * len(path)))
        indent = " " * indent_of(body)
        newline = self._source.newline(old.start)
        head = "|" if value.endswith("\n") else "|-"
        return newline.join([head, *(f"{indent}{line}" if line else "" for line in lines)])

    def _block_lines(self, entry: Entry, value: Any, path: Path) -> list[str] | None:
        """Return the lines of a collection: those below its key, or all of an item, the first without its indent.
        None for a value that stands on the line of its key or dash."""
        if self._node.flow or not is_collection(value) or not value:
            return None
        style, old = self._source.style, entry.value
        if entry.key is not None:
            lines = entry_lines("k", value, path, " " * self._node.column, style)
            return lines[1:] if len(lines) > 1 else None
        if isinstance(value, Mapping) and not style.flow(path):
            lines = mapping_lines(value, path, " " * (old.column + old.empty), style)  # an empty item gains a space
            beside = self._source.text[old.end : self._source.content_end(old.end)]
            if "#" not in beside or not lines[0].endswith(":"):  # the comment would move into the first entry
                return lines
        return None

    def _join_lines(self, lines: Sequence[str], near: int) -> str:
        newline = self._source.newline(near)
        return "".join(f"{newline}{line}" for line in lines)

    @property
    def _quote(self) -> str:
        return self._source.style.quote


def _is_block(node: Node) -> bool:
    return node.kind in ("mapping", "sequence") and not node.flow
