"""Operations -> splices, collection by collection.

`spans.py` says which comments belong to an entry and go with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.yamledit.layout import (
    entry_lines,
    format_in_flow,
    format_inline,
    format_scalar,
    is_collection,
    mapping_lines,
    quote_text,
)
from registry_cli.yamledit.nodes import BLOCK_SCALARS, Entry, Node
from registry_cli.yamledit.ops import Add, AddItem, Operation, Path, RawScalar, Remove, Rename, Set
from registry_cli.yamledit.source import OddShape, SharedNode, SourceText, Splice, indent_of
from registry_cli.yamledit.splicing.block_splices import BlockEditor
from registry_cli.yamledit.splicing.flow_splices import FlowEditor
from registry_cli.yamledit.splicing.spans import EntrySpans, leftover_comments

_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*")


def plan_splices(source: SourceText, owner: Path, operations: Sequence[Operation]) -> list[Splice]:
    """The splices of all the operations on one collection. Raises `OddShape`."""
    node, way = source.find_node(owner)
    if node.kind == "alias":
        raise SharedNode("it is reached through an alias")
    if node.tagged and node.kind != "scalar":
        raise OddShape("it stands behind a tag")
    return list(CollectionEditor(source, owner, node, way[-1] if way else None).splice_operations(operations))


def entry_span(source: SourceText, owner: Path, place: int) -> tuple[int, int]:
    """From the first line of an entry of a block collection to the end of its last, with the comments that belong to
    it. Raises `OddShape` where it shares a line."""
    spans = EntrySpans(source, source.find_node(owner)[0])
    if spans.shares_line(place):
        raise OddShape("something else stands on its line")
    return spans.head_start(place), spans.tail_end(place)


class CollectionEditor:
    """Edits one collection."""

    def __init__(self, source: SourceText, path: Path, node: Node, held: Entry | None) -> None:
        self.source = source
        self.path = path
        self.node = node
        self.held = held  # the entry whose value the collection is; None for the document
        self.spans = EntrySpans(source, node)
        self._leftovers: dict[int, list[str]] = {}  # comments that stay of entries that go

    def splice_operations(self, operations: Sequence[Operation]) -> Iterator[Splice]:
        removed: set[int] = set()
        added: list[Add | AddItem] = []
        for operation in operations:
            match operation:
                case Set():
                    yield from self._set_value(operation)
                case Rename():
                    yield self._rename_key(operation)
                case Remove():
                    index = self._find_index(operation.path[-1])
                    removed.add(index)
                    if operation.keeps_comments:
                        self._leftovers[index] = leftover_comments(self.source, self.node, index)
                case Add() | AddItem():
                    added.append(operation)
        if len(removed) == len(self.node.entries) and (removed or added):
            yield from self._replace_all(added, removed)
            return
        places = self._group_by_place(added)
        if self.node.flow:
            yield from FlowEditor(self.source, self.node).splice_entries(removed, places)
        else:
            yield from BlockEditor(self.source, self.path, self.node).splice_entries(removed, places, self._leftovers)

    def _find_index(self, step: str | int) -> int:
        index = self.source.index_of(self.node, step)
        if index is None:
            raise SharedNode("it comes from a << merge")
        return index

    # Values

    def _set_value(self, operation: Set) -> Iterator[Splice]:
        entry = self.node.entries[self._find_index(operation.path[-1])]
        if entry.value.tagged:
            raise OddShape("a tag stands there")
        yield from self.replace_value(entry, operation.value, operation.path)

    def replace_value(
        self, entry: Entry, value: Any, path: Path, *, anchor: str = "", more_comments: Sequence[str] = ()
    ) -> Iterator[Splice]:
        """Replaces the value of an entry. The comments of the entries of an old collection go, others stay.

        `anchor` is to stand before the new value; one that stands there stays.
        """
        old = entry.value
        start = self._value_start(entry)
        lines = self._block_lines(entry, value, path)
        comments = EntrySpans(self.source, old).loose_comments() if old.entries or old.flow else []
        comments = [*comments, *more_comments]
        if comments and self.node.flow:
            raise OddShape("a comment stands inside")
        if self._is_block(old) and (entry.key is not None or self._is_below(start, old)):
            yield from self._replace_lines(entry, start, lines, self._scalar_text(old, value, path), comments)
        elif lines is None or entry.key is None:
            first, *others = lines or [self._scalar_text(old, value, path)]
            yield from self._in_place(entry, first, anchor)
            others += self._kept_lines(comments)
            if others:
                yield self._splice_below(old, others)
        else:
            yield from self._lines_for_value(entry, start, lines, anchor, comments)

    def _value_start(self, entry: Entry) -> int:
        """After the colon or the dash, or the anchor that follows it."""
        old = entry.value
        if old.marked and old.kind != "alias":
            return len(self.source.text[: old.content_start].rstrip())
        if entry.key is not None:
            return self.source.colon_end(entry)
        if self.node.flow:
            return old.start
        index = next(number for number, other in enumerate(self.node.entries) if other is entry)
        return self.spans.anchor(index) + 1

    def _is_below(self, start: int, old: Node) -> bool:
        return "\n" in self.source.text[start : old.entries[0].start]

    def _replace_lines(
        self, entry: Entry, start: int, lines: Sequence[str] | None, scalar_text: str, comments: Sequence[str]
    ) -> Iterator[Splice]:
        """Replaces a block collection on the lines below its key or dash."""
        source, old = self.source, entry.value
        line_end = source.content_end(start)
        end = self._end_of(old)
        if lines is None:
            yield Splice(start, start, f" {scalar_text}")
            yield Splice(line_end, end, self._join_lines(self._kept_lines(comments), start))
            return
        if entry.key is None:
            lines = [" " * old.column + lines[0], *lines[1:]]
        yield Splice(line_end, end, self._join_lines([*self._above_lines(lines, comments), *lines], start))

    def _end_of(self, node: Node) -> int:
        """The end of the last line that belongs to an entry of a block collection."""
        tail = EntrySpans(self.source, node).tail_end(len(node.entries) - 1)
        if tail and self.source.text[tail - 1] == "\n":
            return self.source.content_end(self.source.line_start(tail - 1))
        return tail

    def _above_lines(self, lines: Sequence[str], comments: Sequence[str]) -> list[str]:
        """Comments of no entry above new lines; a blank line keeps them from belonging to the first."""
        indent = " " * indent_of(lines[0])
        kept = [f"{indent}{comment}" if comment else "" for comment in comments]
        return [*kept, ""] if kept else []

    def _kept_lines(self, comments: Sequence[str]) -> list[str]:
        """Comments of no entry as lines below a value; more indented than its key, they still belong to that."""
        if not comments:
            return []
        margin = " " * (self.node.column + max(len(self.source.style.step), 2))
        return [f"{margin}{comment}" for comment in comments if comment]

    def _lines_for_value(
        self, entry: Entry, start: int, lines: Sequence[str], anchor: str, comments: Sequence[str]
    ) -> Iterator[Splice]:
        """Lines below a key whose value stood on its line, or below it behind comments."""
        source, old = self.source, entry.value
        mark = f" {anchor}" if anchor else ""
        between = source.text[start : old.start].split("\n")[1:]
        if between:
            line_end, end = source.content_end(start), source.content_end(old.end)
            beside = source.text[old.end : end].strip()
            _, sign, in_head = source.text[old.content_start : source.content_end(old.content_start)].partition(" #")
            head = f"#{in_head}" if sign and old.style in BLOCK_SCALARS else ""
            others = [line.strip() for line in [*between, head, beside] if line.strip().startswith("#")]
            yield Splice(start, start, mark)
            yield Splice(
                line_end, end, self._join_lines([*self._above_lines(lines, [*others, *comments]), *lines], start)
            )
            return
        yield from self._replace_value(start, old, mark)
        yield self._splice_below(old, [*self._above_lines(lines, comments), *lines])

    def _splice_below(self, old: Node, lines: Sequence[str]) -> Splice:
        """Lines after the one on which a value ends."""
        line_end = self.source.content_end(old.end)
        return Splice(line_end, line_end, self._join_lines(lines, old.start))

    def _in_place(self, entry: Entry, new: str, anchor: str = "") -> Iterator[Splice]:
        old = entry.value
        start = old.content_start
        space = " " if start and self.source.text[start - 1] in ":-?" and old.empty else ""
        if old.marked and old.kind != "alias" and not self.source.text[start - 1].isspace():
            space = " "
        if old.entries and not old.flow:  # an item that begins on the line of its dash
            yield Splice(start, self._end_of(old), space + new)
        else:
            yield from self._replace_value(start, old, space + (f"{anchor} " if anchor else "") + new)

    def _replace_value(self, start: int, old: Node, new: str) -> Iterator[Splice]:
        """All from `start` to the end of a value becomes new, but for a comment in the head of a block scalar."""
        content = old.content_start
        text, line_end = self.source.text, self.source.content_end(content)
        head = _BLOCK_HEAD.match(text, content, line_end) if old.style in BLOCK_SCALARS else None
        if head is None or "#" not in text[head.end() : line_end]:
            yield Splice(start, old.end, new)
        else:
            first = new.partition("\n")[0].removesuffix("\r")
            yield Splice(start, head.end(), first)
            yield Splice(line_end, old.end, new[len(first) :])

    def _is_block(self, node: Node) -> bool:
        return node.kind in ("mapping", "sequence") and not node.flow

    def _scalar_text(self, old: Node, value: Any, path: Path) -> str:
        """A value on one line (or as the block scalar it was), in the quotes that stand there already."""
        if isinstance(value, RawScalar):
            return value.text
        if value is None or isinstance(value, int | Decimal):
            return format_scalar(value)
        if isinstance(value, str) and old.style in BLOCK_SCALARS and (block := self._literal_text(old, value, path)):
            return block
        if isinstance(value, str) and old.style in ("'", '"'):
            return quote_text(value, old.style)
        return format_in_flow(value, self._quote) if self.node.flow else format_inline(value, self._quote)

    def _literal_text(self, old: Node, value: str, path: Path) -> str | None:
        """A text of several lines as a literal block, None where it would have to be folded or escaped."""
        lines = value.removesuffix("\n").split("\n")
        printable = all(line.isprintable() for line in lines)
        if "\n" not in value or not printable or value.endswith("\n\n") or lines[0][:1] in ("", " "):
            return None
        first = self.source.text[old.content_start : old.end].partition("\n")[2]
        body = next((line for line in first.splitlines() if line.strip()), " " * (2 * len(path)))
        indent = " " * indent_of(body)
        newline = self.source.newline_at(old.start)
        head = "|" if value.endswith("\n") else "|-"
        return newline.join([head, *(f"{indent}{line}" if line else "" for line in lines)])

    def _block_lines(self, entry: Entry, value: Any, path: Path) -> list[str] | None:
        """The lines that a collection takes: those below its key, or all of an item, the first without its indent.
        None where it stands on the line of its key or dash."""
        if self.node.flow or not is_collection(value) or not value:
            return None
        style, old, source = self.source.style, entry.value, self.source
        if entry.key is not None:
            lines = entry_lines("k", value, path, " " * self.node.column, style)[1:]
            # Comments below an inline value that are indented more would come to the last of the new lines.
            below = next((line for _, line in source.lines_from(source.line_after(old.end))), "")
            is_taken = below.lstrip().startswith("#") and lines and indent_of(below) > indent_of(lines[0])
            return None if not lines or (is_taken and not self._is_block(old)) else lines
        if isinstance(value, Mapping) and not style.flow(path):
            lines = mapping_lines(value, path, " " * (old.column + old.empty), style)  # an empty item gains a space
            beside = source.text[old.end : source.content_end(old.end)]
            if self._is_block(old) or "#" not in beside:  # the comment would move into the first entry
                return lines
        return None

    def _join_lines(self, lines: Sequence[str], near: int) -> str:
        newline = self.source.newline_at(near)
        return "".join(f"{newline}{line}" for line in lines)

    def _rename_key(self, operation: Rename) -> Splice:
        key = self.node.entries[self._find_index(operation.path[-1])].key
        if key is None or key.marked:
            raise OddShape("an anchor or a tag stands before the key")
        new = (
            quote_text(operation.key, key.style)
            if key.style in ("'", '"')
            else format_scalar(operation.key, self._quote)
        )
        if self.node.flow and key.style == "":
            new = format_in_flow(operation.key, self._quote)
        return Splice(key.start, key.end, new)

    @property
    def _quote(self) -> str:
        return self.source.style.quote

    # A collection that is empty, or becomes so

    def _replace_all(self, added: Sequence[Add | AddItem], removed: set[int]) -> Iterator[Splice]:
        """All entries go, or there were none; others may come."""
        if self.held is None:
            raise OddShape("nothing would be left of the document" if removed else "the document is empty")
        inside = self.source.text[self.node.content_start : self.node.end]
        if self.node.flow and not removed and "#" in inside:
            yield from FlowEditor(self.source, self.node).fill_empty(self._in_order(added))
            return
        if self.node.flow and not added and self.spans.loose_comments():
            yield from FlowEditor(self.source, self.node).splice_entries(removed, ())
            return
        value: Any = {} if self.node.kind == "mapping" else []
        if added:
            value = [operation.value for operation in added]
            keys = {operation.key: operation.value for operation in self._in_order(added) if isinstance(operation, Add)}
            value = keys or value
        holder_node = self.source.find_node(self.path[:-1])[0]
        holder = CollectionEditor(self.source, self.path[:-1], holder_node, None)
        leftovers = [comment for comments in self._leftovers.values() for comment in comments]
        yield from holder.replace_value(self.held, value, self.path, more_comments=leftovers)

    def _find_place(self, operation: Add | AddItem) -> int:
        """Before which entry the new one goes; their number for the end."""
        if isinstance(operation, AddItem):
            return len(self.node.entries) if operation.index is None else operation.index
        rank = {key: number for number, key in enumerate(operation.order)}
        own = rank.get(operation.key)
        if own is None:
            return len(self.node.entries)
        place = 0
        for number, entry in enumerate(self.node.entries):
            theirs = rank.get(entry.key.value) if entry.key is not None else None
            if theirs is not None and theirs < own:
                place = number + 1
        return place

    def _group_by_place(self, added: Sequence[Add | AddItem]) -> list[tuple[int, list[Add | AddItem]]]:
        """The new entries by the place before which they go, in order."""
        by_place: dict[int, list[Add | AddItem]] = {}
        for operation in added:
            by_place.setdefault(self._find_place(operation), []).append(operation)
        return [(place, self._in_order(by_place[place])) for place in sorted(by_place)]

    def _in_order(self, operations: Sequence[Add | AddItem]) -> list[Add | AddItem]:
        def rank(operation: Add | AddItem) -> int:
            order = list(operation.order) if isinstance(operation, Add) else []
            key = operation.key if isinstance(operation, Add) else ""
            return order.index(key) if key in order else len(order)

        return sorted(operations, key=rank)
