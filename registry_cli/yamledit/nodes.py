"""Where every node of a text begins and ends, for edits that splice.

libyaml's marks are exact for scalars and flow collections. The end of a block collection is the start of the next
token, past comments and blank lines, so the end of its last leaf is taken; a block scalar's runs into the blank
lines after it, which are given back. Nodes are made from the parser's events when somebody looks at them: of the
thousands in a file an edit needs a few.
"""

import re
from collections.abc import Container, Sequence
from typing import Any

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from registry_cli.yamledit.ops import Path

BLOCK_SCALARS = ("|", ">")
# An anchor and a tag, in either order, and the space behind them on their line.
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+(?![#\s])|(?=[\s,\[\]{}]|\Z)))+")
_INDENT = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_ENDS = (MappingEndEvent, SequenceEndEvent)
_KINDS = {MappingStartEvent: "mapping", SequenceStartEvent: "sequence", ScalarEvent: "scalar", AliasEvent: "alias"}


class _Everything(Container[Path]):
    def __contains__(self, path: object) -> bool:
        return True


EVERYWHERE = _Everything()


class Node:
    """A value or key: `text[start:end]`, without comments or blank lines around it.

    `kind` is `scalar`, `mapping`, `sequence` or `alias`. An empty value has an empty span right after its colon or
    dash.
    """

    __slots__ = ("_at", "_entries", "_event", "_tape")

    def __init__(self, tape: "_Tape", at: int) -> None:
        self._tape = tape
        self._at = at
        self._event = tape.events[at]
        self._entries: list[Entry] | None = None

    @property
    def entries(self) -> "list[Entry]":
        """Those of a collection; the same objects every time."""
        if self._entries is None:
            self._entries = self._tape.read_entries(self._at)
        return self._entries

    @property
    def kind(self) -> str:
        return _KINDS[type(self._event)]

    @property
    def start(self) -> int:
        return self._event.start_mark.index  # type: ignore[no-any-return]

    @property
    def end(self) -> int:
        return self._tape.find_end(self._at)

    @property
    def content_start(self) -> int:
        """Where the value itself begins, after an anchor or a tag."""
        start = self.start
        if not self.marked or self.kind == "alias":
            return start
        found = _PROPERTIES.match(self._tape.text, start)
        return min(found.end() if found else start, max(self.end, start))

    @property
    def column(self) -> int:
        """That of its first character; for a block collection behind an anchor, that of its first key or dash."""
        if self.marked and not self.flow and self.kind in ("mapping", "sequence"):
            start = self.content_start
            found = _INDENT.match(self._tape.text, start)
            start = found.end() if found else start
            return start - (self._tape.text.rfind("\n", 0, start) + 1)
        return self._event.start_mark.column  # type: ignore[no-any-return]

    @property
    def style(self) -> str:
        """A scalar's: `""` for plain, `'`, `"`, `|` or `>`."""
        return getattr(self._event, "style", "") or ""

    @property
    def flow(self) -> bool:
        return bool(getattr(self._event, "flow_style", False))

    @property
    def marked(self) -> bool:
        """Whether an anchor or a tag stands before it, inside the span; an alias is marked, too."""
        return self._event.anchor is not None or getattr(self._event, "tag", None) is not None

    @property
    def anchor(self) -> str | None:
        """The name of the anchor before it, or of an alias."""
        return self._event.anchor  # type: ignore[no-any-return]

    @property
    def tagged(self) -> bool:
        return getattr(self._event, "tag", None) is not None

    @property
    def value(self) -> str:
        """A scalar's text, without quotes."""
        return getattr(self._event, "value", "")

    @property
    def empty(self) -> bool:
        return self.start == self.end


class Entry:
    """One entry of a mapping, or an item of a sequence (whose `key` is None)."""

    __slots__ = ("key", "value")

    def __init__(self, key: Node | None, value: Node) -> None:
        self.key = key
        self.value = value

    @property
    def start(self) -> int:
        return self.value.start if self.key is None else self.key.start

    @property
    def end(self) -> int:
        return self.value.end if self.key is None else max(self.key.end, self.value.end)


class _Tape:
    """The events that `document.read_document` keeps of a text, and for each that opens a collection the place of the
    one that closes it. Between these stands, for a collection not to be looked into, its last leaf alone."""

    __slots__ = ("_closing", "events", "text")

    def __init__(self, text: str, events: Sequence[Any]) -> None:
        self.text = text
        self.events = events
        self._closing: dict[int, int] = {}
        opened: list[int] = []
        for at, event in enumerate(events):
            kind = type(event)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                opened.append(at)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._closing[opened.pop()] = at

    def find_end(self, at: int) -> int:
        at = self._closing.get(at, at)
        event = self.events[at]
        while type(event) in _ENDS and event.start_mark.index == event.end_mark.index:  # no bracket: a block's
            at -= 1
            event = self.events[at]
        if type(event) is ScalarEvent and event.style in BLOCK_SCALARS:
            return _content_end(event, self.text)
        return event.end_mark.index  # type: ignore[no-any-return]

    def read_entries(self, at: int) -> list[Entry]:
        """The entries of the collection that opens at `at`."""
        found: list[Entry] = []
        end = self._closing.get(at, at)
        has_keys = type(self.events[at]) is MappingStartEvent
        at += 1
        while at < end:
            key = Node(self, at) if has_keys else None
            at += has_keys  # a key is one event: `document.read_document` refuses others
            found.append(Entry(key, Node(self, at)))
            at = self._closing.get(at, at) + 1
        return found


def compose_tree(text: str, events: Sequence[Any] = ()) -> Node:
    """The tree of a text that `document.read_document` accepts and that begins without a byte order mark.

    `events` are those that `read` kept: entries may be asked for of the collections that they were kept of. Without
    them the text is parsed again, for all.
    """
    return Node(_Tape(text, events or [*iter(CParser(text).get_event, None)][2:-2]), 0)


def _content_end(event: Any, text: str) -> int:
    """A block scalar's end without the blank lines after it, unless it keeps them (`|+`), and without its last line
    break."""
    start, end = event.start_mark.index, event.end_mark.index
    body = text[start:end]
    if body.partition("\n")[0].partition("#")[0].rstrip().endswith("+"):
        return end - (body.endswith("\n") + body.endswith("\r\n"))  # type: ignore[no-any-return]
    return start + len(body.rstrip())  # type: ignore[no-any-return]
