"""Where every node of a text begins and ends, for edits that splice.

libyaml's marks are exact for scalars and flow collections. The end of a block collection is the start of the next
token, past comments and blank lines, so the end of its last leaf is taken; a block scalar's runs into the blank
lines after it, which are given back.
"""

from dataclasses import dataclass, field
from typing import Any

from yaml._yaml import CParser
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

BLOCK_SCALARS = ("|", ">")


@dataclass(slots=True)
class Node:
    """A value or key: `text[start:end]`, without comments or blank lines around it.

    `kind` is `scalar`, `mapping`, `sequence` or `alias`. `style` is a scalar's (`""` plain, `'`, `"`, `|`, `>`).
    `marked` says that an anchor or a tag stands before it, inside the span. An empty value has an empty span right
    after its colon or dash.
    """

    kind: str
    start: int
    end: int
    column: int
    style: str = ""
    flow: bool = False
    marked: bool = False
    value: str = ""
    entries: list["Entry"] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return self.start == self.end


@dataclass(slots=True)
class Entry:
    """One entry of a mapping, or an item of a sequence (whose `key` is None)."""

    key: Node | None
    value: Node

    @property
    def start(self) -> int:
        return self.value.start if self.key is None else self.key.start

    @property
    def end(self) -> int:
        return self.value.end if self.key is None else max(self.key.end, self.value.end)


def compose(text: str) -> Node:
    """The tree of a text that `document.read` accepts, offsets counted in it (a byte order mark included)."""
    shift = len(text) - len(text.removeprefix("\ufeff"))
    get_event: Any = CParser(text[shift:]).get_event
    get_event()
    get_event()
    stack: list[tuple[Node, Node | None]] = []
    key: Node | None = None
    while True:
        event = get_event()
        kind = type(event)
        if kind is ScalarEvent or kind is AliasEvent:
            node = _leaf(event, text, shift)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append((_opened(event, shift), key))
            key = None
            continue
        else:
            node, key = stack.pop()
            if node.flow:
                node.end = event.end_mark.index + shift
            elif node.entries:
                node.end = node.entries[-1].end
        if not stack:
            return node
        parent = stack[-1][0]
        if parent.kind == "sequence":
            parent.entries.append(Entry(None, node))
        elif key is None:
            key = node
        else:
            parent.entries.append(Entry(key, node))
            key = None


def _opened(event: Any, shift: int) -> Node:
    start = event.start_mark
    kind = "mapping" if type(event) is MappingStartEvent else "sequence"
    marked = event.anchor is not None or event.tag is not None
    end = event.end_mark.index + shift
    return Node(kind, start.index + shift, end, start.column, flow=bool(event.flow_style), marked=marked)


def _leaf(event: Any, text: str, shift: int) -> Node:
    start, end = event.start_mark.index + shift, event.end_mark.index + shift
    column = event.start_mark.column
    if type(event) is AliasEvent:
        return Node("alias", start, end, column, marked=True)
    marked = event.anchor is not None or event.tag is not None
    if event.style in BLOCK_SCALARS and not text[start:end].partition("\n")[0].rstrip().endswith("+"):
        end = start + len(text[start:end].rstrip())
    return Node("scalar", start, end, column, event.style or "", marked=marked, value=event.value)
