"""Splices of the entries of block collections. Of the blank lines around a removed entry one side goes, so that its
neighbours stay as far apart as they were."""

import re
from collections.abc import Iterator, Mapping, Sequence

from registry_cli.yamledit.layout import entry_lines, item_lines
from registry_cli.yamledit.nodes import Node
from registry_cli.yamledit.ops import Add, AddItem, Path
from registry_cli.yamledit.source import SourceText, Splice, indent_of
from registry_cli.yamledit.splicing.spans import EntrySpans

_SPACE = re.compile(r"\s*")


class BlockEditor:
    """Removes entries from a block collection and adds others."""

    def __init__(self, source: SourceText, path: Path, node: Node) -> None:
        self.source = source
        self.path = path
        self.node = node
        self.spans = EntrySpans(source, node)
        self._leftovers: Mapping[int, Sequence[str]] = {}

    def splice_entries(
        self,
        removed: set[int],
        added: Sequence[tuple[int, Sequence[Add | AddItem]]],
        leftovers: Mapping[int, Sequence[str]],
    ) -> Iterator[Splice]:
        """`added` are the new entries by the place before which they go, `leftovers` comments of removed ones that
        stay."""
        self._leftovers = leftovers
        yield from self._remove_entries(removed)
        for place, operations in added:
            yield self._add_entries(place, operations)

    def _remove_entries(self, removed: set[int]) -> Iterator[Splice]:
        for first, last in self.spans.find_runs(removed):
            yield self._remove_run(first, last)

    def _remove_run(self, first: int, last: int) -> Splice:
        source, text = self.source, self.source.text
        if self.spans.shares_line(first):
            anchor, tail = self.spans.anchor(first), self.spans.tail_end(last)
            following = _SPACE.match(text, tail).end()  # type: ignore[union-attr]  # matches
            if text[following : following + 1] != "#":
                return Splice(anchor, following, "")
            # The comments of the next entry stay above it: beside the dash they would be the item's.
            return Splice(len(text[:anchor].rstrip(" ")), tail, source.newline_at(tail))
        leftovers = [comment for index in range(first, last + 1) for comment in self._leftovers.get(index, ())]
        if leftovers:
            newline, indent = source.newline_at(self.spans.head_start(first)), " " * self.node.column
            lines = "".join(f"{indent}{comment}{newline}" for comment in leftovers)
            return Splice(self.spans.head_start(first), self.spans.tail_end(last), f"{lines}{newline}")
        start, end = self._with_blank_lines(first, last)
        if end == len(text) and not text.endswith("\n") and start:
            start = source.content_end(source.line_start(start - 1))  # still no line break at the end
        return Splice(start, end, "")

    def _with_blank_lines(self, first: int, last: int) -> tuple[int, int]:
        """The span of a run of entries with the blank lines on one side of it."""
        start, end = self.spans.head_start(first), self.spans.tail_end(last)
        above = start
        for begin, line in self.source.lines_above(start):
            if line.strip():
                break
            above = begin
        below = end
        for finish, line in self.source.lines_from(end):
            if line.strip():
                break
            below = finish
        joins = self._joins_comment(above, below)
        if first == 0:  # what stands above parts the collection from its key, or the file from its head
            return start, end if joins and above == start else below
        if joins:
            return start, below
        if below > end or last + 1 == len(self.node.entries):
            return above, end
        return start, end

    def _joins_comment(self, above: int, below: int) -> bool:
        """Whether comments that end at `above` would belong to the line at `below` if nothing parted them."""
        line_above = next((line for _, line in self.source.lines_above(above)), "")
        line_below = next((line for _, line in self.source.lines_from(below)), "")
        if not line_above.lstrip().startswith("#") or indent_of(line_above) != indent_of(line_below):
            return False
        is_head = all(line.startswith("#") for line in self.source.text[:above].splitlines())
        return bool(line_below) and (line_below.lstrip().startswith("#") or not is_head)

    def _add_entries(self, place: int, operations: Sequence[Add | AddItem]) -> Splice:
        source = self.source
        apart = self._has_blank_lines(operations[0])
        blocks = [self._entry_lines(operation) for operation in operations]
        if place == 0 and self.spans.shares_line(0):
            at = self.spans.anchor(0)
            newline, indent = source.newline_at(at), " " * self.node.column
            lines = [line for block in blocks for line in block]
            return Splice(at, at, newline.join(lines).removeprefix(indent) + newline + indent)
        at = self.spans.head_start(0) if place == 0 else self.spans.tail_end(place - 1)
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

    def _entry_lines(self, operation: Add | AddItem) -> list[str]:
        indent, style = " " * self.node.column, self.source.style
        if isinstance(operation, Add):
            return entry_lines(operation.key, operation.value, (*self.path, operation.key), indent, style)
        return item_lines(operation.value, (*self.path, 0), indent, style, self._dash_gap())

    def _dash_gap(self) -> str:
        """The spaces that follow the dashes of a list."""
        for index, entry in enumerate(self.node.entries):
            gap = self.source.text[self.spans.anchor(index) + 1 : entry.start]
            if gap and not gap.strip(" "):
                return gap
        return " "

    def _has_blank_lines(self, operation: Add | AddItem) -> bool:
        """Whether blank lines part the entries here, by what the collection does; by the caller's taste if it has one
        entry only."""
        gaps = [
            self.source.text[before.end : self.source.line_start(self.spans.anchor(number + 1))]
            for number, before in enumerate(self.node.entries[:-1])
        ]
        if not gaps:
            return isinstance(operation, Add) and self.source.style.parted((*self.path, operation.key))
        blank = sum(any(not line.strip() for line in gap.split("\n")[1:-1]) for gap in gaps)
        return blank * 2 > len(gaps)
