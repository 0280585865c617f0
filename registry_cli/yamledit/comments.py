"""Which entry each comment and blank line of a text belongs to, for a layout that moves entries.

A comment on the line of an entry is at its side. A comment on a line of its own belongs to the entry below it, unless
it is indented more than that one: then it ends the collection above that is not indented more. What stands before the
first entry is the head of the file.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from registry_cli.yamledit.nodes import Entry, Node
from registry_cli.yamledit.source import OddShape

_COMMENT = re.compile(r"(?:(?<=[ \t\n\r])|\A)#[^\r\n]*")


class Comment(NamedTuple):
    """`gap` is the white space between it and what stands before it on its line, None on a line of its own."""

    start: int
    text: str
    column: int
    gap: str | None


@dataclass(slots=True)
class Notes:
    """What belongs to an entry: lines above it (comments; an empty one is a blank line), a comment at its side with
    the space before it, and lines below the last entry of its collection."""

    above: list[str] = field(default_factory=list)
    side: str = ""
    below: list[str] = field(default_factory=list)


class _Seen(NamedTuple):
    start: int
    column: int
    entry: Entry
    holders: tuple[Entry, ...]  # outermost first
    parent: Node


class Attached:
    """The notes of every entry of a document; `tail` are the lines after the last entry, `inner` the ids of flow
    collections that hold a comment, and so cannot stand on one line."""

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self.root = root
        self.tail: list[str] = []
        self.inner: set[int] = set()
        self._notes: dict[int, Notes] = {}
        self.comments = list(comments_of(text, root))
        self._seen = list(_walk_entries(root, _mask_comments(text, self.comments), ()))
        self._starts = [seen.start for seen in self._seen]
        first = self._line_start(self._starts[0]) if self._seen else len(text)
        self.head = _tidy_lines(line.strip() for line in text[:first].splitlines())
        self._attach_comments(first)

    def notes_of(self, entry: Entry) -> Notes:
        return self._notes.setdefault(id(entry), Notes())

    def _attach_comments(self, first: int) -> None:
        lines = [comment for comment in self.comments if comment.gap is None and comment.start >= first]
        for comment in self.comments:
            if comment.gap is not None and comment.start >= first:
                self._attach_side(comment)
        gaps: dict[int, list[Comment]] = {}
        for comment in lines:
            gaps.setdefault(bisect_left(self._starts, comment.start), []).append(comment)
        for number in range(1, len(self._seen) + 1):
            self._attach_lines(number, gaps.get(number, []))

    def _attach_side(self, comment: Comment) -> None:
        number = bisect_left(self._starts, comment.start) - 1
        seen = self._seen[number]
        chain = [*seen.holders, seen.entry]
        while len(chain) > 1 and chain[-2].value.flow and chain[-2].value.end <= comment.start:
            chain.pop()
        self._note_open_flows(chain, comment.start)
        notes = self.notes_of(chain[-1])
        if notes.side:
            raise OddShape("two comments belong to one line")
        notes.side = f"{comment.gap or ' '}{comment.text}"

    def _attach_lines(self, number: int, comments: list[Comment]) -> None:
        """What stands between the entry before `number` and that entry."""
        previous = self._seen[number - 1]
        following = self._seen[number] if number < len(self._seen) else None
        start = previous.start
        above = self.tail if following is None else self.notes_of(following.entry).above
        for comment in comments:
            blank = [""] * self._has_blank(start, comment.start)
            start = comment.start + len(comment.text)
            target = self._ending_above(previous, following, comment)
            (above if target is None else self.notes_of(target).below).extend([*blank, comment.text])
        end = following.start if following is not None else len(self._text)
        if following is not None and self._has_blank(start, end):
            above.append("")

    def _ending_above(self, previous: _Seen, following: _Seen | None, comment: Comment) -> Entry | None:
        """The entry whose collection a comment ends; None where it belongs to what follows."""
        chain = [*previous.holders, previous.entry]
        self._note_open_flows(chain, comment.start)
        least = following.column if following is not None else 0
        open_now = {id(entry) for entry in following.holders} if following is not None else set()
        for entry in reversed(chain):
            value = entry.value
            if id(entry) in open_now:
                return None
            if value.kind not in ("mapping", "sequence") or not value.entries:
                continue
            if value.flow and value.end > comment.start:
                return entry
            # Beside dashes that stand under their key, a comment is the mapping's that holds the key.
            level = entry.key is not None and entry.key.column == value.column
            if not value.flow and value.column + level <= comment.column:
                return entry if comment.column > least else None
        return None

    def _note_open_flows(self, chain: list[Entry], at: int) -> None:
        self.inner.update(id(entry.value) for entry in chain if entry.value.flow and entry.value.end > at)

    def _has_blank(self, start: int, end: int) -> bool:
        """Whether a line between two places is empty; lines of content above `end` are skipped from its side."""
        lines = self._text[start:end].split("\n")
        empty = 0
        for line in reversed(lines[1:-1]):
            if line.strip():
                break
            empty += 1
        return empty > 0

    def _line_start(self, offset: int) -> int:
        return self._text.rfind("\n", 0, offset) + 1


def comments_of(text: str, root: Node, start: int = 0, end: int | None = None) -> Iterator[Comment]:
    """Every comment of a text without byte order mark, in order, or those between two line starts. A `#` inside a leaf
    is text."""
    at, last = start, len(text) if end is None else end
    for leaf in [*_leaf_nodes(root, start, last), None]:
        until = last if leaf is None else min(leaf.start, last)
        for found in _COMMENT.finditer(text, at, max(at, until)):
            line = text.rfind("\n", 0, found.start()) + 1
            before = text[line : found.start()]
            gap = before[len(before.rstrip()) :] if before.strip() else None
            yield Comment(found.start(), found[0].rstrip(), len(before), gap)
        at = until if leaf is None else max(at, leaf.end)


def _leaf_nodes(node: Node, start: int, end: int) -> Iterator[Node]:
    """The keys and values that are no collections, of the entries that reach into a span."""
    for entry in node.entries:
        if entry.end < start:
            continue
        if entry.start > end:
            return
        if entry.key is not None:
            yield entry.key
        if entry.value.kind == "scalar":
            yield entry.value
        else:
            yield from _leaf_nodes(entry.value, start, end)


def _mask_comments(text: str, comments: list[Comment]) -> str:
    parts, at = [], 0
    for comment in comments:
        parts += [text[at : comment.start], " " * len(comment.text)]
        at = comment.start + len(comment.text)
    return "".join([*parts, text[at:]])


def _walk_entries(node: Node, masked: str, holders: tuple[Entry, ...]) -> Iterator[_Seen]:
    for entry in node.entries:
        start, column = entry.start, node.column
        if entry.key is None and not node.flow:
            start = masked.rfind("-", 0, start)
        yield _Seen(start, column, entry, holders, node)
        yield from _walk_entries(entry.value, masked, (*holders, entry))


def _tidy_lines(lines: Iterator[str]) -> list[str]:
    """Without blank lines at the start, and never two of them together."""
    tidy: list[str] = []
    for line in lines:
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return tidy
