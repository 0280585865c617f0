"""Splices that add and remove entries of one collection.

Who owns a comment: the lines directly above a key, at its indent, belong to it. More indented lines below it belong to
the entry above. A comment before a blank line belongs to no entry, and the head of the file to the file. Of the blank
lines around a removed entry one side is removed too, so that its neighbours stay as far apart as they were.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from registry_cli.yamledit.layout import entry_lines, in_flow, item_lines
from registry_cli.yamledit.nodes import Node
from registry_cli.yamledit.ops import Add, AddItem, Path
from registry_cli.yamledit.source import OddShape, SourceText, Splice, indent_of

_SPACE = re.compile(r"\s*")

Addition = Add | AddItem


class BlockEntries:
    """The entries of a block collection, each on lines of its own."""

    def __init__(self, source: SourceText, path: Path, node: Node) -> None:
        self._source = source
        self._path = path
        self._node = node

    def remove(self, removed: set[int]) -> Iterator[Splice]:
        """Yield the splices that remove the entries at these indices; others must stay."""
        for first, last in _group_runs(removed):
            yield self._remove_run(first, last)

    def add(self, added: Iterable[tuple[int, Addition]]) -> Iterator[Splice]:
        """Yield the splices that add entries, each before the one at its index."""
        for index, additions in _group_by_index(added):
            yield self._add_at(index, additions)

    def _remove_run(self, first: int, last: int) -> Splice:
        source, text = self._source, self._source.text
        if self._shares_line(first):
            tail = self._tail_end(last)  # the comments of the next entry follow the dash, as that one would
            return Splice(self._entry_start(first), _SPACE.match(text, tail).end(), "")  # type: ignore[union-attr]  # matches
        start, end = self._head_start(first), self._tail_end(last)
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
        if first == 0:  # the lines above part the collection from its key, or the file from its head
            end = below
        elif below > end or last + 1 == len(self._node.entries):
            start = above
        if end == len(text) and not text.endswith("\n") and start:
            start = source.content_end(source.line_start(start - 1))  # still no line break at the end
        return Splice(start, end, "")

    def _add_at(self, index: int, additions: Sequence[Addition]) -> Splice:
        source = self._source
        is_parted = self._is_parted(additions[0])
        blocks = [self._new_lines(addition) for addition in additions]
        if index == 0 and self._shares_line(0):
            at = self._entry_start(0)
            newline, indent = source.newline(at), " " * self._node.column
            lines = [line for block in blocks for line in block]
            return Splice(at, at, newline.join(lines).removeprefix(indent) + newline + indent)
        at = self._head_start(0) if index == 0 else self._tail_end(index - 1)
        if 0 < index < len(self._node.entries) and source.text[at : source.content_end(at)].strip():
            is_parted = False  # no blank line parts the neighbours here
        newline = source.newline(at)
        blank = newline if is_parted else ""
        texts = [newline.join([*block, ""]) for block in blocks]
        if index == 0:
            return Splice(at, at, "".join(f"{text}{blank}" for text in texts))
        new = "".join(f"{blank}{text}" for text in texts)
        if at == len(source.text) and not source.text.endswith("\n"):
            new = newline + new.removesuffix(newline)
        return Splice(at, at, new)

    def _new_lines(self, addition: Addition) -> list[str]:
        indent, style = " " * self._node.column, self._source.style
        if isinstance(addition, Add):
            return entry_lines(addition.key, addition.value, (*self._path, addition.key), indent, style)
        return item_lines(addition.value, (*self._path, 0), indent, style)

    def _is_parted(self, addition: Addition) -> bool:
        """Return whether blank lines part most entries here; the style decides for a collection of one entry."""
        entries = self._node.entries
        if len(entries) == 1:
            return isinstance(addition, Add) and self._source.style.parted((*self._path, addition.key))
        blank = 0
        for number, before in enumerate(entries[:-1]):
            gap = self._source.text[before.end : self._source.line_start(self._entry_start(number + 1))]
            blank += any(not line.strip() for line in gap.split("\n")[1:-1])
        return blank * 2 > len(entries) - 1

    def _entry_start(self, index: int) -> int:
        """Return the offset of an entry's key or dash."""
        if self._node.kind == "sequence":
            return self._find_dash(index)
        start = self._node.entries[index].start
        if self._source.before(start).lstrip(" -"):
            raise OddShape("an explicit key (?) stands there")
        return start

    def _find_dash(self, index: int) -> int:
        """Return the offset of an item's dash: apart from comments, nothing else is between the items."""
        text = self._source.text
        at = self._node.start if index == 0 else self._node.entries[index - 1].end
        while at < len(text):
            if text[at] == "-":
                return at
            at = self._source.next_line(at) if text[at] == "#" else at + 1
        raise OddShape("an item has no dash")

    def _shares_line(self, index: int) -> bool:
        """Return whether anything (a dash) is before the entry on its line."""
        return bool(self._source.before(self._entry_start(index)).strip())

    def _head_start(self, index: int) -> int:
        """Return the start of the entry's first line, its own comments above included."""
        start = self._source.line_start(self._entry_start(index))
        head = start
        for above, line in self._source.lines_above(start):
            if not line.lstrip().startswith("#") or indent_of(line) != self._node.column:
                break
            head = above
        return start if head == 0 else head

    def _tail_end(self, index: int) -> int:
        """Return the end of the last line that belongs to the entry."""
        tail = self._source.after(self._node.entries[index].end)
        for end, line in self._source.lines_from(tail):
            if not line.lstrip().startswith("#") or indent_of(line) <= self._node.column:
                break
            tail = end
        return tail


class FlowEntries:
    """The entries of a flow collection: `{a: 1, b: 2}`, `[1, 2]`."""

    def __init__(self, source: SourceText, node: Node) -> None:
        self._source = source
        self._node = node

    def remove(self, removed: set[int]) -> Iterator[Splice]:
        """Yield the splices that remove the entries at these indices; others must stay. Raises `OddShape`."""
        entries, text = self._node.entries, self._source.text
        for first, last in _group_runs(removed):
            if last + 1 < len(entries):
                start, end = entries[first].start, entries[last + 1].start
            else:
                start, end = entries[first - 1].end, entries[last].end
            nearby = entries[max(first - 1, 0) : last + 2]
            if any("#" in text[one.end : other.start] for one, other in pairwise(nearby)):
                raise OddShape("a comment stands between the entries")
            yield Splice(start, end, "")

    def add(self, added: Iterable[tuple[int, Addition]]) -> Iterator[Splice]:
        """Yield the splices that add entries, each before the one at its index."""
        entries = self._node.entries
        for index, additions in _group_by_index(added):
            texts = [self._format_entry(addition) for addition in additions]
            if index == 0:
                at = entries[0].start
                yield Splice(at, at, "".join(f"{text}, " for text in texts))
            else:
                at = entries[index - 1].end
                yield Splice(at, at, "".join(f", {text}" for text in texts))

    def _format_entry(self, addition: Addition) -> str:
        quote = self._source.style.quote
        value = in_flow(addition.value, quote)
        return f"{in_flow(addition.key, quote)}: {value}" if isinstance(addition, Add) else value


def insertion_index(node: Node, addition: Addition) -> int:
    """Return the index of the entry before which a new one goes; the number of entries for the end."""
    if isinstance(addition, AddItem):
        return len(node.entries) if addition.index is None else addition.index
    ranks = {key: number for number, key in enumerate(addition.order)}
    own = ranks.get(addition.key)
    if own is None:
        return len(node.entries)
    index = 0
    for number, entry in enumerate(node.entries):
        rank = ranks.get(entry.key.value) if entry.key is not None else None
        if rank is not None and rank < own:
            index = number + 1
    return index


def _group_by_index(added: Iterable[tuple[int, Addition]]) -> Iterator[tuple[int, list[Addition]]]:
    """Yield the additions at each index, in the order that they go in there."""
    for index, pairs in groupby(sorted(added, key=itemgetter(0)), key=itemgetter(0)):
        yield index, sorted((addition for _, addition in pairs), key=_rank_of)


def _rank_of(addition: Addition) -> int:
    if isinstance(addition, AddItem):
        return 0
    order = list(addition.order)
    return order.index(addition.key) if addition.key in order else len(order)


def _group_runs(indices: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of neighbouring indices."""
    ordered = sorted(indices)
    firsts = [index for index in ordered if index - 1 not in indices]
    lasts = [index for index in ordered if index + 1 not in indices]
    return zip(firsts, lasts, strict=True)
