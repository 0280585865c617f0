"""Where every node of a text begins and ends, for edits that splice.

libyaml's marks are exact for scalars and flow collections. The end of a block collection is the start of the next
token, past comments and blank lines, so the end of its last leaf is taken; a block scalar's runs into the blank
lines after it, which are given back. A node keeps its event and works things out when asked: of the thousands in a
file an edit looks at a few.
"""

from collections.abc import Container
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
_KINDS = {MappingStartEvent: "mapping", SequenceStartEvent: "sequence", ScalarEvent: "scalar", AliasEvent: "alias"}


class _Everything:
    def __contains__(self, path: object) -> bool:
        return True


EVERY_PATH = _Everything()


class Node:
    """A value or key: `text[start:end]`, without comments or blank lines around it.

    `kind` is `scalar`, `mapping`, `sequence` or `alias`. An empty value has an empty span right after its colon or
    dash.
    """

    __slots__ = ("_end", "_event", "entries")

    def __init__(self, event: Any) -> None:
        self._event = event
        self._end: int | None = None
        self.entries: list[Entry] = []

    @property
    def kind(self) -> str:
        return _KINDS[type(self._event)]

    @property
    def start(self) -> int:
        return self._event.start_mark.index  # type: ignore[no-any-return]

    @property
    def end(self) -> int:
        if self._end is not None:
            return self._end
        return self.entries[-1].end if self.entries else self._event.end_mark.index

    @property
    def column(self) -> int:
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


def compose(text: str, wanted: Container[Path] = EVERY_PATH) -> Node:
    """The tree of a text that `document.read` accepts and that begins without a byte order mark.

    Only collections whose path is `wanted` get their entries; the ancestors of a wanted one must be wanted too.
    """
    get_event: Any = CParser(text).get_event
    get_event()
    get_event()
    return _node(get_event(), (), get_event, text, wanted)


def _node(event: Any, path: Path, get_event: Any, text: str, wanted: Container[Path]) -> Node:
    """The node that begins with an event. It recurses as deep as texts nest, which `read` bounds."""
    node = Node(event)
    kind = type(event)
    if kind is ScalarEvent:
        if event.style in BLOCK_SCALARS:
            node._end = _content_end(event, text)  # noqa: SLF001  # as it is made
    elif kind is MappingStartEvent or kind is SequenceStartEvent:
        if path not in wanted:
            node._end = _skipped(event, get_event, text)  # noqa: SLF001  # as it is made
        elif kind is MappingStartEvent:
            while type(event := get_event()) is not MappingEndEvent:
                key = Node(event)
                value = _node(get_event(), (*path, key.value), get_event, text, wanted)
                node.entries.append(Entry(key, value))
        else:
            while type(event := get_event()) is not SequenceEndEvent:
                value = _node(event, (*path, len(node.entries)), get_event, text, wanted)
                node.entries.append(Entry(None, value))
        if node.flow and node._end is None:  # noqa: SLF001  # as it is made
            node._end = event.end_mark.index  # noqa: SLF001  # as it is made
    return node


def _skipped(event: Any, get_event: Any, text: str) -> int:
    """Passes over a collection; gives its end."""
    flows = [event.flow_style]
    last: Any = event
    while flows:
        event = get_event()
        kind = type(event)
        if kind is ScalarEvent or kind is AliasEvent:
            last = event
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            flows.append(event.flow_style)
        elif flows.pop():
            last = event
    if type(last) is ScalarEvent and last.style in BLOCK_SCALARS:
        return _content_end(last, text)
    return last.end_mark.index  # type: ignore[no-any-return]


def _content_end(event: Any, text: str) -> int:
    """A block scalar's end without the blank lines after it, unless it keeps them (`|+`)."""
    start, end = event.start_mark.index, event.end_mark.index
    body = text[start:end]
    if body.partition("\n")[0].partition("#")[0].rstrip().endswith("+"):
        return end  # type: ignore[no-any-return]
    return start + len(body.rstrip())  # type: ignore[no-any-return]
