"""Operations -> splices, collection by collection.

Who owns a comment: the lines directly above a key, at its indent, belong to it; more indented ones below it belong to
the entry above; a comment followed by a blank line belongs to nobody, and the head of the file to the file. Of the
blank lines around a removed entry one side goes, so that its neighbours stay as far apart as they were.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

from registry_cli.yamledit.layout import (
    entry_lines,
    format_in_flow,
    format_inline,
    format_scalar,
    is_collection,
    item_lines,
    mapping_lines,
    quote_text,
)
from registry_cli.yamledit.nodes import BLOCK_SCALARS, Entry, Node
from registry_cli.yamledit.ops import Add, AddItem, Operation, Path, RawScalar, Remove, Rename, Set
from registry_cli.yamledit.source import OddShape, SharedNode, SourceText, Splice, indent_of

_SPACE = re.compile(r"\s*")
_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*")


def plan_splices(source: SourceText, owner: Path, operations: Sequence[Operation]) -> list[Splice]:
    """The splices of all the operations on one collection. Raises `OddShape`."""
    node, way = source.find_node(owner)
    if node.kind == "alias":
        raise SharedNode("it is reached through an alias")
    if node.marked and node.kind != "scalar":
        raise OddShape("it stands behind an anchor or a tag")
    editor = _Editor(source, owner, node, way[-1] if way else None)
    return list(editor.edit(operations))


def entry_span(source: SourceText, owner: Path, place: int) -> tuple[int, int]:
    """From the first line of an entry of a block collection to the end of its last, with the comments that belong to
    it. Raises `OddShape` where it shares a line."""
    node, way = source.find_node(owner)
    return _Editor(source, owner, node, way[-1] if way else None).span(place)


class _Editor:
    """Edits one collection."""

    def __init__(self, source: SourceText, path: Path, node: Node, held: Entry | None) -> None:
        self.source = source
        self.path = path
        self.node = node
        self.held = held  # the entry whose value the collection is; None for the document

    def edit(self, operations: Sequence[Operation]) -> Iterator[Splice]:
        removed: set[int] = set()
        added: list[tuple[int, Add | AddItem]] = []
        for operation in operations:
            match operation:
                case Set():
                    yield from self._set(operation)
                case Rename():
                    yield self._rename(operation)
                case Remove():
                    removed.add(self._index(operation.path[-1]))
                case Add() | AddItem():
                    added.append((0, operation))
        if added and not self.node.entries:
            yield from self._fill([operation for _, operation in added])
            return
        added = [(self._place(operation), operation) for _, operation in added]
        if removed and len(removed) == len(self.node.entries):
            yield from self._replace_all([operation for _, operation in added])
            return
        if self.node.flow:
            yield from self._flow_removals(removed)
            yield from self._flow_additions(added)
        else:
            yield from self._block_removals(removed)
            yield from self._block_additions(added)

    def span(self, index: int) -> tuple[int, int]:
        if self._shares_line(index):
            raise OddShape("something else stands on its line")
        return self._head(index), self._tail(index)

    def _index(self, step: str | int) -> int:
        index = self.source.index_of(self.node, step)
        if index is None:
            raise SharedNode("it comes from a << merge")
        return index

    # Values

    def _set(self, operation: Set) -> Iterator[Splice]:
        entry = self.node.entries[self._index(operation.path[-1])]
        if entry.value.marked:
            raise OddShape("an anchor, a tag or an alias stands there")
        yield from self._value(entry, operation.value, operation.path)

    def _value(self, entry: Entry, value: Any, path: Path) -> Iterator[Splice]:
        """Replaces the value of an entry, comments around it kept; those inside a collection go with it."""
        source, old = self.source, entry.value
        lines = self._block_lines(entry, value, path)
        if lines is None and (entry.key is None or not self._is_block(old)):
            yield from self._in_place(old, self._scalar(old, value, path))
        elif lines is not None and entry.key is None:  # the first line stands where the item stood, whatever it was
            yield from self._in_place(old, lines[0])
            yield self._below(old, lines[1:])
        elif self._is_block(old):  # on the lines below its key
            start = source.colon_end(entry)
            line_end = source.content_end(start)
            yield Splice(line_end, old.end, "" if lines is None else self._joined(lines, start))
            if lines is None:
                yield Splice(start, start, f" {self._scalar(old, value, path)}")
        else:
            start = source.colon_end(entry)
            if "#" in source.text[start : old.start]:
                raise OddShape("a comment stands between the key and its value")
            yield from self._replaced(start, old, "")
            yield self._below(old, lines or ())

    def _below(self, old: Node, lines: Sequence[str]) -> Splice:
        """Lines after the one on which a value ends."""
        line_end = self.source.content_end(old.end)
        return Splice(line_end, line_end, self._joined(lines, old.start))

    def _in_place(self, old: Node, new: str) -> Iterator[Splice]:
        space = " " if old.empty and old.start and self.source.text[old.start - 1] in ":-?" else ""
        yield from self._replaced(old.start, old, space + new)

    def _replaced(self, start: int, old: Node, new: str) -> Iterator[Splice]:
        """All from `start` to the end of a value becomes new, but for a comment in the head of a block scalar."""
        text, line_end = self.source.text, self.source.content_end(old.start)
        head = _BLOCK_HEAD.match(text, old.start, line_end) if old.style in BLOCK_SCALARS else None
        if head is None or "#" not in text[head.end() : line_end]:
            yield Splice(start, old.end, new)
        else:
            first = new.partition("\n")[0].removesuffix("\r")
            yield Splice(start, head.end(), first)
            yield Splice(line_end, old.end, new[len(first) :])

    def _is_block(self, node: Node) -> bool:
        return node.kind in ("mapping", "sequence") and not node.flow

    def _scalar(self, old: Node, value: Any, path: Path) -> str:
        """A value on one line (or as the block scalar it was), in the quotes that stand there already."""
        if isinstance(value, RawScalar):
            return value.text
        if value is None or isinstance(value, int | Decimal):
            return format_scalar(value)
        if isinstance(value, str) and old.style in BLOCK_SCALARS and (block := self._literal(old, value, path)):
            return block
        if isinstance(value, str) and old.style in ("'", '"'):
            return quote_text(value, old.style)
        return format_in_flow(value, self._quote) if self.node.flow else format_inline(value, self._quote)

    def _literal(self, old: Node, value: str, path: Path) -> str | None:
        """A text of several lines as a literal block, None where it would have to be folded or escaped."""
        lines = value.removesuffix("\n").split("\n")
        printable = all(line.isprintable() for line in lines)
        if "\n" not in value or not printable or value.endswith("\n\n") or lines[0][:1] in ("", " "):
            return None
        first = self.source.text[old.start : old.end].partition("\n")[2]
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
        style, old = self.source.style, entry.value
        if entry.key is not None:
            lines = entry_lines("k", value, path, " " * self.node.column, style)
            return lines[1:] if len(lines) > 1 else None
        if isinstance(value, Mapping) and not style.flow(path):
            lines = mapping_lines(value, path, " " * (old.column + old.empty), style)  # an empty item gains a space
            beside = self.source.text[old.end : self.source.content_end(old.end)]
            if "#" not in beside or not lines[0].endswith(":"):  # the comment would move into the first entry
                return lines
        return None

    def _joined(self, lines: Sequence[str], near: int) -> str:
        newline = self.source.newline_at(near)
        return "".join(f"{newline}{line}" for line in lines)

    def _rename(self, operation: Rename) -> Splice:
        key = self.node.entries[self._index(operation.path[-1])].key
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

    def _fill(self, added: Sequence[Add | AddItem]) -> Iterator[Splice]:
        """The first entries of `{}`, `[]`, or of a key without a value."""
        if self.held is None:
            raise OddShape("the document is empty")
        value: Any = (
            {operation.key: operation.value for operation in added if isinstance(operation, Add)}
            or [operation.value for operation in added]
        )  # fmt: skip
        holder = _Editor(self.source, self.path[:-1], self.source.find_node(self.path[:-1])[0], None)
        yield from holder._value(self.held, value, self.path)

    def _replace_all(self, added: Sequence[Add | AddItem]) -> Iterator[Splice]:
        if self.held is None:
            raise OddShape("nothing would be left of the document")
        if added:
            raise OddShape("every entry goes while others come")
        empty: Any = {} if self.node.kind == "mapping" else []
        holder = _Editor(self.source, self.path[:-1], self.source.find_node(self.path[:-1])[0], None)
        yield from holder._value(self.held, empty, self.path)

    # Entries of block collections

    def _anchor(self, index: int) -> int:
        """Where an entry begins: its key, or its dash."""
        if self.node.kind == "sequence":
            return self._dash(index)
        start = self.node.entries[index].start
        if self.source.text_before(start).lstrip(" -"):
            raise OddShape("an explicit key (?) stands there")
        return start

    def _dash(self, index: int) -> int:
        """A dash stands alone between the item before and its own item, if comments are passed over."""
        text = self.source.text
        at = self.node.start if index == 0 else self.node.entries[index - 1].end
        while at < len(text):
            if text[at] == "-":
                return at
            at = self.source.next_line(at) if text[at] == "#" else at + 1
        raise OddShape("an item has no dash")

    def _shares_line(self, index: int) -> bool:
        """Whether something (a dash) stands before the entry on its line."""
        return bool(self.source.text_before(self._anchor(index)).strip())

    def _head(self, index: int) -> int:
        """The start of the first line that belongs to the entry: of its own comments above, else its own."""
        start = self.source.line_start(self._anchor(index))
        head = start
        for above, line in self.source.lines_above(start):
            if not line.lstrip().startswith("#") or indent_of(line) != self.node.column:
                break
            head = above
        return start if head == 0 else head

    def _tail(self, index: int) -> int:
        """The end of the last line that belongs to the entry."""
        tail = self.source.line_after(self.node.entries[index].end)
        for end, line in self.source.lines_from(tail):
            if not line.lstrip().startswith("#") or indent_of(line) <= self.node.column:
                break
            tail = end
        return tail

    def _block_removals(self, removed: set[int]) -> Iterator[Splice]:
        for first, last in _runs(removed):
            yield self._block_removal(first, last)

    def _block_removal(self, first: int, last: int) -> Splice:
        source, text = self.source, self.source.text
        if self._shares_line(first):
            tail = self._tail(last)  # the comments of the next entry follow the dash, as that one would
            return Splice(self._anchor(first), _SPACE.match(text, tail).end(), "")  # type: ignore[union-attr]  # matches
        start, end = self._head(first), self._tail(last)
        above = start
        for begin, line in source.lines_above(start):
            if line.strip():
                break
            above = begin
        below = end
        for finish, line in source.lines_from(end):
            if line.strip():
                break
            below = finish
        if first == 0:  # what stands above parts the collection from its key, or the file from its head
            end = below
        elif below > end or last + 1 == len(self.node.entries):
            start = above
        if end == len(text) and not text.endswith("\n") and start:
            start = source.content_end(source.line_start(start - 1))  # still no line break at the end
        return Splice(start, end, "")

    def _place(self, operation: Add | AddItem) -> int:
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

    def _block_additions(self, added: Sequence[tuple[int, Add | AddItem]]) -> Iterator[Splice]:
        for place, group in groupby(sorted(added, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
            yield self._block_addition(place, self._in_order([operation for _, operation in group]))

    def _in_order(self, operations: list[Add | AddItem]) -> list[Add | AddItem]:
        def rank(operation: Add | AddItem) -> int:
            order = list(operation.order) if isinstance(operation, Add) else []
            key = operation.key if isinstance(operation, Add) else ""
            return order.index(key) if key in order else len(order)

        return sorted(operations, key=rank)

    def _block_addition(self, place: int, operations: Sequence[Add | AddItem]) -> Splice:
        source = self.source
        apart = self._parted(operations[0])
        blocks = [self._lines(operation) for operation in operations]
        if place == 0 and self._shares_line(0):
            at = self._anchor(0)
            newline, indent = source.newline_at(at), " " * self.node.column
            lines = [line for block in blocks for line in block]
            return Splice(at, at, newline.join(lines).removeprefix(indent) + newline + indent)
        at = self._head(0) if place == 0 else self._tail(place - 1)
        if 0 < place < len(self.node.entries) and source.text[at : source.content_end(at)].strip():
            apart = False  # the neighbours here stand close
        newline = source.newline_at(at)
        blank = newline if apart else ""
        texts = ["".join(f"{line}{newline}" for line in block) for block in blocks]
        if place == 0:
            return Splice(at, at, "".join(f"{text}{blank}" for text in texts))
        new = "".join(f"{blank}{text}" for text in texts)
        if at == len(source.text) and not source.text.endswith("\n"):
            new = newline + new.removesuffix(newline)
        return Splice(at, at, new)

    def _lines(self, operation: Add | AddItem) -> list[str]:
        indent, style = " " * self.node.column, self.source.style
        if isinstance(operation, Add):
            return entry_lines(operation.key, operation.value, (*self.path, operation.key), indent, style)
        return item_lines(operation.value, (*self.path, 0), indent, style)

    def _parted(self, operation: Add | AddItem) -> bool:
        """Whether blank lines part the entries here, by what the collection does; by the caller's taste if it has one
        entry only."""
        gaps = [
            self.source.text[before.end : self.source.line_start(self._anchor(number + 1))]
            for number, before in enumerate(self.node.entries[:-1])
        ]
        if not gaps:
            return isinstance(operation, Add) and self.source.style.parted((*self.path, operation.key))
        blank = sum(any(not line.strip() for line in gap.split("\n")[1:-1]) for gap in gaps)
        return blank * 2 > len(gaps)

    # Entries of flow collections

    def _flow_removals(self, removed: set[int]) -> Iterator[Splice]:
        entries, text = self.node.entries, self.source.text
        for first, last in _runs(removed):
            if last + 1 < len(entries):
                start, end = entries[first].start, entries[last + 1].start
            else:
                start, end = entries[first - 1].end, entries[last].end
            nearby = entries[max(first - 1, 0) : last + 2]
            if any("#" in text[one.end : other.start] for one, other in pairwise(nearby)):
                raise OddShape("a comment stands between the entries")
            yield Splice(start, end, "")

    def _flow_additions(self, added: Sequence[tuple[int, Add | AddItem]]) -> Iterator[Splice]:
        entries = self.node.entries
        for place, group in groupby(sorted(added, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
            texts = [self._inline_entry(operation) for operation in self._in_order([each for _, each in group])]
            if place == 0:
                at = entries[0].start
                yield Splice(at, at, "".join(f"{text}, " for text in texts))
            else:
                at = entries[place - 1].end
                yield Splice(at, at, "".join(f", {text}" for text in texts))

    def _inline_entry(self, operation: Add | AddItem) -> str:
        value = format_in_flow(operation.value, self._quote)
        return f"{format_in_flow(operation.key, self._quote)}: {value}" if isinstance(operation, Add) else value


def _runs(indices: set[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    ordered = sorted(indices)
    firsts = [index for index in ordered if index - 1 not in indices]
    lasts = [index for index in ordered if index + 1 not in indices]
    return zip(firsts, lasts, strict=True)
