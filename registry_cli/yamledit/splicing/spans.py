"""Which lines and comments belong to each entry of a collection.

Comment lines directly above an entry, at its indent, belong to it. So do more indented comment lines directly below
it, and a comment at the end of its line. A comment followed by a blank line belongs to the collection around it, and
the comments that open a file belong to the file.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from registry_cli.yamledit.comments import Comment, comments_of
from registry_cli.yamledit.nodes import BLOCK_SCALARS, Entry, Node
from registry_cli.yamledit.ops import Path
from registry_cli.yamledit.source import OddShape, SourceText, indent_of


class EntrySpans:
    """The spans of the entries of one collection."""

    def __init__(self, source: SourceText, node: Node) -> None:
        self._source = source
        self._node = node

    def anchor(self, index: int) -> int:
        """Where an entry begins: its key, or its dash. Raises `OddShape` for an explicit key."""
        if self._node.flow:
            return self._node.entries[index].start
        if self._node.kind == "sequence":
            return self._find_dash(index)
        start = self._node.entries[index].start
        if self._source.text_before(start).lstrip(" -"):
            raise OddShape("an explicit key (?) stands there")
        return start

    def _find_dash(self, index: int) -> int:
        """A dash stands alone between the item before and its own item, if comments are passed over."""
        text = self._source.text
        at = self._node.content_start if index == 0 else self._node.entries[index - 1].end
        while at < len(text):
            if text[at] == "-":
                return at
            at = self._source.next_line(at) if text[at] == "#" else at + 1
        raise OddShape("an item has no dash")

    def shares_line(self, index: int) -> bool:
        """Whether something (a dash, a bracket, another entry) stands before the entry on its line."""
        return bool(self._source.text_before(self.anchor(index)).strip())

    def column(self, index: int) -> int:
        """The indent of an entry; that of all of them in a block collection."""
        if not self._node.flow:
            return self._node.column
        start = self._node.entries[index].start
        return start - self._source.line_start(start)

    def head_start(self, index: int) -> int:
        """The start of the first line that belongs to an entry: of its own comments above, else its own."""
        anchor = self.anchor(index)
        if self._source.text_before(anchor).strip():
            return anchor
        start = self._source.line_start(anchor)
        head, column = start, self.column(index)
        for above, line in self._source.lines_above(start):
            if not line.lstrip().startswith("#") or indent_of(line) != column:
                break
            head = above
        return start if head == 0 else head

    def find_comma(self, index: int) -> int | None:
        """Where the comma after an entry of a flow collection stands, None without one. Raises `OddShape` for one on
        another line."""
        end = self._node.entries[index].end
        last = index + 1 == len(self._node.entries)
        following = self._node.end - 1 if last else self._node.entries[index + 1].start
        line = self._source.text[end : min(following, self._source.content_end(end))]
        at = line.partition("#")[0].find(",")
        if at >= 0:
            return end + at
        if last and "," not in _without_comments(self._source.text[end:following]):
            return None
        raise OddShape("a comma stands on another line than its entry")

    def entry_end(self, index: int) -> int:
        """The end of an entry with its comma."""
        end = self._node.entries[index].end
        if not self._node.flow:
            return end
        comma = self.find_comma(index)
        return end if comma is None else comma + 1

    def ends_line(self, index: int) -> bool:
        """Whether nothing but a comment follows an entry (and its comma) on its line."""
        end = self.entry_end(index)
        rest = self._source.text[end : self._source.content_end(end)].strip()
        return not rest or rest.startswith("#")

    def tail_end(self, index: int) -> int:
        """The end of the last line that belongs to an entry, or of the entry itself where others follow on its line."""
        if self._node.flow and not self.ends_line(index):
            return self.entry_end(index)
        tail, column = self._source.line_after(self.entry_end(index)), self.column(index)
        for end, line in self._source.lines_from(tail):
            if not line.lstrip().startswith("#") or indent_of(line) <= column:
                break
            tail = end
        return tail

    def find_runs(self, indices: set[int]) -> Iterator[tuple[int, int]]:
        """First and last of each run of neighbours that no comment parts."""
        first = None
        for index in sorted(indices):
            first = index if first is None else first
            is_last = index + 1 not in indices
            if is_last or "#" in self._source.text[self.tail_end(index) : self.head_start(index + 1)]:
                yield first, index
                first = None

    def loose_comments(self) -> list[str]:
        """The comments in a collection that belong to none of its entries, stripped; an empty text where blank lines
        part two of them."""
        node, text = self._node, self._source.text
        at = node.content_start + 1 if node.flow else self._source.line_start(node.content_start)
        if not node.flow and self.shares_line(0):
            at = self.anchor(0)
        if not node.flow:
            at = self._first_line_below_holder(at)
        found: list[str] = []
        for index in range(len(node.entries)):
            found += _comments_in(text[at : max(self.head_start(index), at)], found)
            at = max(self.tail_end(index), at)
        if node.flow:
            found += _comments_in(text[at : node.end - 1], found)
        return found

    def _first_line_below_holder(self, at: int) -> int:
        """The first of the comment and blank lines above the first entry of a block collection."""
        for start, line in self._source.lines_above(at):
            if line.strip() and not line.lstrip().startswith("#"):
                break
            at = start
        return at


def _comments_in(gap: str, before: list[str]) -> list[str]:
    """Comments and the breaks between groups of them."""
    found: list[str] = []
    is_apart = bool(before)
    for line in gap.split("\n"):
        _, sign, comment = line.partition("#")
        if sign:
            found += [""] * is_apart + [f"#{comment.rstrip()}"]
        is_apart = bool(found or before) and not line.strip()
    return found


def _without_comments(text: str) -> str:
    return "\n".join(line.partition("#")[0] for line in text.split("\n"))


class OwnedComment(NamedTuple):
    """A comment and the innermost entry that it belongs to (`()` for the file's own; merged keys have a step `<<`).

    `is_loose` tells that it stands in the collection of that entry, as no entry's own.
    """

    text: str
    path: Path
    is_loose: bool


def owned_comments(source: SourceText, start: int = 0, end: int | None = None) -> Iterator[OwnedComment]:
    """Every comment of a text, or of a span between two line starts. The source needs the events of all collections
    there."""
    end = len(source.text) if end is None else end
    in_heads = _in_heads(source, source.root, start, end)
    comments = sorted([*comments_of(source.text, source.root, start, end), *in_heads])
    yield from _assign(source, source.root, (), comments)


def _assign(source: SourceText, node: Node, path: Path, comments: Sequence[Comment]) -> Iterator[OwnedComment]:
    """The comments that belong to the holder of a collection or to its entries."""
    spans = EntrySpans(source, node)
    at = 0
    for index, entry in enumerate(node.entries):
        if at == len(comments):
            return
        if index + 1 < len(node.entries) and node.entries[index + 1].start < comments[at].start:
            continue  # all of them stand further below
        start, end = _entry_lines_of(spans, entry, index)
        first = bisect_left(comments, start, at, key=_comment_start)
        last = bisect_left(comments, end, first, key=_comment_start)
        yield from _own_comments(comments[at:first], path, node)
        if first < last:
            step = index if entry.key is None else entry.key.value
            yield from _assign_inside(source, entry.value, (*path, step), comments[first:last])
        at = max(at, last)
    yield from _own_comments(comments[at:], path, node)


def _own_comments(comments: Sequence[Comment], path: Path, node: Node) -> Iterator[OwnedComment]:
    for comment in comments:
        yield OwnedComment(comment.text, path, bool(node.entries) and comment.gap is None)


def _comment_start(comment: Comment) -> int:
    return comment.start


def _assign_inside(source: SourceText, value: Node, path: Path, comments: Sequence[Comment]) -> Iterator[OwnedComment]:
    if not value.flow:
        yield from _assign(source, value, path, comments)
        return
    first = bisect_left(comments, value.start, key=_comment_start)
    last = bisect_left(comments, value.end, key=_comment_start)
    for comment in (*comments[:first], *comments[last:]):
        yield OwnedComment(comment.text, path, is_loose=False)
    yield from _assign(source, value, path, comments[first:last])


def leftover_comments(source: SourceText, holder: Node, index: int) -> list[str]:
    """The comments in the collection that an entry holds which belong to none of its entries, where they can stay as
    lines when the entry goes."""
    value = holder.entries[index].value
    if holder.flow or not value.entries:
        return []
    return [comment for comment in EntrySpans(source, value).loose_comments() if comment]


def _entry_lines_of(spans: EntrySpans, entry: Entry, index: int) -> tuple[int, int]:
    try:
        return spans.head_start(index), spans.tail_end(index)
    except OddShape:
        return entry.start, entry.end


def _in_heads(source: SourceText, node: Node, start: int, end: int) -> Iterator[Comment]:
    """The comments in the heads of block scalars (`| # text`), which are inside their nodes."""
    for entry in node.entries:
        if entry.end < start:
            continue
        if entry.start > end:
            return
        if entry.value.style in BLOCK_SCALARS:
            at = entry.value.content_start
            head = source.text[at : source.content_end(at)]
            at += head.find(" #") + 1
            if " #" in head and start <= at < end:
                yield Comment(at, source.text[at : source.content_end(at)].rstrip(), 0, " ")
        yield from _in_heads(source, entry.value, start, end)
