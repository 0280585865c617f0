"""A text to be edited: its nodes, its lines, and the style it is written in."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from registry_cli.yamledit.layout import Path as LayoutPath
from registry_cli.yamledit.layout import Style
from registry_cli.yamledit.nodes import Entry, Node, compose_tree
from registry_cli.yamledit.ops import Path, dotted_path

T = TypeVar("T")


class OddShape(Exception):  # noqa: N818  # a reason to try another way, not a failure
    """A place that a splice cannot edit exactly; the message says why."""


class SharedNode(OddShape):
    """A place that several entries share through an alias or a `<<` merge: there is no exact edit of one of them."""


class Splice(NamedTuple):
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """The text with the splices made. What is added amid lines that go stands in their place."""
    parts: list[str] = []
    at = 0
    goes = 0  # up to where the text only goes
    for start, end, new in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if start < at and new and not (start == end and at == goes):
            raise OddShape("two operations meet in one place")
        parts += [text[at:start] if start > at else "", new]
        at = max(at, end)
        goes = at if start < end and not new else goes
    return "".join([*parts, text[at:]])


class SourceText:
    """A text that `document.read_document` accepts, its byte order mark taken off, seen by offsets; `events` are those
    that it kept, of the collections that can be looked into."""

    def __init__(
        self,
        text: str,
        events: Sequence[Any],
        flow: Callable[[LayoutPath], bool],
        parted: Callable[[LayoutPath], bool],
    ) -> None:
        self.text = text
        self.root = compose_tree(text, events)
        self._flow = flow
        self._parted = parted
        self._steps: dict[int, dict[str, int]] = {}

    def replaced(self, text: str, events: Sequence[Any]) -> "SourceText":
        """Another text of the same taste."""
        return SourceText(text, events, self._flow, self._parted)

    @cached_property
    def style(self) -> Style:
        """What the text itself does most; it costs a look at every node, which a changed number does not need."""
        return _detect_style(compose_tree(self.text), self._flow, self._parted)

    def find_node(self, path: Path) -> tuple[Node, list[Entry]]:
        """The node at a path, and the entries on the way to it."""
        node, way = self.root, []
        for depth, step in enumerate(path):
            if node.kind == "alias":
                raise SharedNode(f"{dotted_path(path[:depth])} is an alias")
            index = self.index_of(node, step)
            if index is None:
                raise SharedNode(f"{dotted_path(path[: depth + 1])} comes from a << merge")
            way.append(node.entries[index])
            node = node.entries[index].value
        return node, way

    def index_of(self, node: Node, step: str | int) -> int | None:
        """Where in a collection the entry of a key or an index stands."""
        if isinstance(step, int):
            return step if step < len(node.entries) else None
        if id(node) not in self._steps:
            self._steps[id(node)] = {
                entry.key.value: number for number, entry in enumerate(node.entries) if entry.key is not None
            }
        return self._steps[id(node)].get(step)

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def text_before(self, offset: int) -> str:
        """What stands before an offset on its line."""
        return self.text[self.line_start(offset) : offset]

    def content_end(self, offset: int) -> int:
        """The end of the line that holds `offset`, before its line break."""
        end = self.text.find("\n", offset)
        if end < 0:
            return len(self.text)
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def next_line(self, offset: int) -> int:
        """The start of the line after the one that holds `offset` (the end of the text after the last)."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def line_after(self, end: int) -> int:
        """The start of the first line after content that ends at `end`."""
        return end if end and self.text[end - 1] == "\n" else self.next_line(end)

    def newline_at(self, offset: int) -> str:
        """The line break in use just before an offset."""
        before = self.text.rfind("\n", 0, offset)
        at = before if before >= 0 else self.text.find("\n")
        return "\r\n" if at > 0 and self.text[at - 1] == "\r" else "\n"

    def lines_above(self, start: int) -> Iterator[tuple[int, str]]:
        """Start and content of each line above the one that starts at `start`, upward."""
        while start:
            end, start = start, self.line_start(start - 1)
            yield start, self.text[start:end].rstrip("\r\n")

    def lines_from(self, start: int) -> Iterator[tuple[int, str]]:
        """End and content of each line from the one that starts at `start`, downward."""
        while start < len(self.text):
            begin, start = start, self.next_line(start)
            yield start, self.text[begin:start].rstrip("\r\n")

    def colon_end(self, entry: Entry) -> int:
        """The offset just after the colon of a mapping's entry."""
        if entry.key is None:
            raise OddShape("an item of a sequence has no colon")
        gap = self.text[entry.key.end : max(entry.value.start, entry.key.end)]
        if ":" not in gap:
            if entry.value.empty and self.text[entry.value.start - 1 : entry.value.start] == ":":
                return entry.value.start
            raise OddShape(f"{entry.key.value} has no colon of its own")
        return entry.key.end + gap.index(":") + 1


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _detect_style(root: Node, flow: Callable[[LayoutPath], bool], parted: Callable[[LayoutPath], bool]) -> Style:
    """What the text itself does most; where it shows nothing, the caller's taste (and two spaces)."""
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    quotes: Counter[str] = Counter()
    flows: dict[str, Counter[bool]] = {}
    pending = [root]
    while pending:
        node = pending.pop()
        for entry in node.entries:
            value = entry.value
            pending.append(value)
            if value.style in ("'", '"'):
                quotes[value.style] += 1
            if entry.key is None or not value.entries:
                continue
            flows.setdefault(entry.key.value, Counter())[value.flow] += 1
            if not value.flow and not node.flow:
                (steps if value.kind == "mapping" else dashes)[value.column - node.column] += 1

    def flow_here(path: LayoutPath) -> bool:
        seen = flows.get(str(path[-1]))
        return flow(path) if seen is None else seen[True] > seen[False]

    step = _most_common(steps, 2)
    return Style(" " * step, " " * _most_common(dashes, 0), _most_common(quotes, "'"), flow_here, parted)


def _most_common(counted: Counter[T], otherwise: T) -> T:
    return counted.most_common(1)[0][0] if counted else otherwise
