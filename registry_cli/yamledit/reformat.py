"""Rewrites a whole document without changing its data: its layout, or only the quotes that it needs.

The layout has keys in order, one indent and one kind of quotes. Comments, numbers, block scalars and single blank
lines stay as written. The result is read again: it must hold the same data and comments, and laying it out once more
must change nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.yamledit.apply import same
from registry_cli.yamledit.comments import Attached, comments_of
from registry_cli.yamledit.document import Document, read
from registry_cli.yamledit.layout import in_flow, quoted, scalar
from registry_cli.yamledit.nodes import BLOCK_SCALARS, EVERYWHERE, Entry, Node, compose
from registry_cli.yamledit.ops import OperationError, Path
from registry_cli.yamledit.scalars import misread
from registry_cli.yamledit.source import OddShape, indent_of

_LONGEST_FLOW = 110
_QUOTE = "'"
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Taste:
    """The order of a mapping's keys, which collections stand on one line, and which entries follow a blank line."""

    order: Callable[[Path], Sequence[str]]
    flow: Callable[[Path], bool]
    parted: Callable[[Path], bool]


def reformat(text: str, taste: Taste) -> str:
    """Return the text in this layout. Raises `YamlError` for a text with faults, and `OperationError` if data or
    comments would change."""
    document = read(text, inside=EVERYWHERE)
    if document.faults:
        raise document.faults[0]
    bare = text.removeprefix(_MARK)
    try:
        new, comments = _laid_out(bare, document, taste)
        if new == bare:
            return text
        again = read(new, inside=EVERYWHERE)
        kept = not again.faults and same(again.value, document.value)
        once_more, others = _laid_out(new, again, taste)
    except OddShape as odd:
        raise OperationError(f"cannot be laid out exactly: {odd}") from None
    if not kept or sorted(comments) != sorted(others) or once_more != new:
        raise OperationError("cannot be laid out exactly: data or comments would not stay as they are")
    return text[: len(text) - len(bare)] + new


def requoted(text: str) -> str:
    """Return the text with quotes around plain scalars and keys that YAML 1.1 readers misread: `no`, `1:30`.

    Those behind an anchor stay as they are. The data stay the same.

    Raises `YamlError` for a text with faults, `OperationError` if the data would change.
    """
    document = read(text, inside=EVERYWHERE)
    if document.faults:
        raise document.faults[0]
    if not document.misread:
        return text
    bare = text.removeprefix(_MARK)
    new = bare
    for node in reversed(list(_misread(compose(bare, document.events)))):
        new = new[: node.start] + quoted(node.value) + new[node.end :]
    again = read(new)
    if again.faults or not same(again.value, document.value):
        raise OperationError("cannot be quoted exactly: the data would not stay as they are")
    return text[: len(text) - len(bare)] + new


def _misread(node: Node) -> Iterator[Node]:
    for entry in node.entries:
        for part in (entry.key, entry.value):
            if part is None or part.marked:
                continue
            if part.kind == "scalar" and part.style == "" and not part.empty and misread(part.value):
                yield part
            yield from _misread(part)


def _laid_out(text: str, document: Document, taste: Taste) -> tuple[str, list[str]]:
    """Return the new text of a document, and the comments of its own `text` (without a byte order mark)."""
    root = compose(text, document.events)
    value = document.value
    if not isinstance(value, dict) or not root.entries:
        raise OddShape("it is no mapping")
    _refuse_marks(root)
    attached = Attached(text, root)
    if any(line.startswith("...") for line in text[root.end :].splitlines()):
        raise OddShape("`...` ends the document")
    if root.flow and attached.head:
        raise OddShape("it is a flow mapping")
    writer = _ReformatWriter(text, attached, taste)
    lines = [*attached.head, *writer.mapping(root, value, (), ""), *attached.tail]
    newline = "\r\n" if "\r\n" in text.partition("\n")[0] + "\n" else "\n"
    comments = [comment.text for comment in comments_of(text, root)]
    return "".join(f"{line}{newline}" for line in lines), comments


def _refuse_marks(node: Node) -> None:
    for entry in node.entries:
        for part in (entry.key, entry.value):
            if part is not None and part.marked:
                raise OddShape("it has anchors, aliases or tags")
        _refuse_marks(entry.value)


class _ReformatWriter:
    def __init__(self, text: str, attached: Attached, taste: Taste) -> None:
        self._text = text
        self._attached = attached
        self._taste = taste

    def mapping(self, node: Node, value: dict[str, Any], path: Path, indent: str, dash: str = "") -> Iterator[str]:
        """Yield the lines of a mapping; `dash` stands before its first entry."""
        for number, entry in enumerate(self._ordered(node, path)):
            key = entry.key.value if entry.key is not None else ""
            entry_path = (*path, key)
            start = dash if dash and number == 0 else indent
            margin = indent[:-2] if start is dash else indent  # the comments of an item stand above its dash
            yield from self._above(entry, margin, first=number == 0, parted=self._taste.parted(entry_path))
            head = f"{start}{scalar(key, _QUOTE)}:"
            yield from self._entry(entry, head, value[key], entry_path, indent)

    def _ordered(self, node: Node, path: Path) -> list[Entry]:
        rank = {key: number for number, key in enumerate(self._taste.order(path))}
        return sorted(node.entries, key=lambda entry: rank.get(entry.key.value if entry.key else "", len(rank)))

    def _above(self, entry: Entry, indent: str, *, first: bool, parted: bool) -> Iterator[str]:
        above = self._attached.of(entry).above
        wanted = [""] if parted and above[:1] != [""] else []
        lines = [*wanted, *above]
        while first and lines and not lines[0]:
            lines = lines[1:]
        for number, line in enumerate(lines):
            if line or number == 0 or lines[number - 1]:
                yield f"{indent}{line}" if line else ""

    def _entry(self, entry: Entry, head: str, value: Any, path: Path, indent: str) -> Iterator[str]:
        notes, node = self._attached.of(entry), entry.value
        one_line = self._fits_one_line(node, path) and not notes.below
        inline = self._inline(node, value) if one_line else None
        if inline is not None and (node.kind == "scalar" or not value or len(head) + 1 + len(inline) <= _LONGEST_FLOW):
            yield f"{head} {inline}{notes.side}"
        elif node.kind == "scalar":
            yield from self._block_scalar(node, head, indent)
        else:
            yield f"{head}{notes.side}"
            yield from self._collection(entry, value, path, indent)

    def _collection(self, entry: Entry, value: Any, path: Path, indent: str) -> Iterator[str]:
        node, below = entry.value, self._attached.of(entry).below
        deeper = indent if node.kind == "sequence" else f"{indent}  "
        if node.kind == "mapping":
            yield from self.mapping(node, value, path, deeper)
        else:
            yield from self._sequence(node, value, path, deeper)
            deeper += "  "  # less would put it above the next key
        yield from (f"{deeper}{line}" if line else "" for line in below)

    def _sequence(self, node: Node, value: list[Any], path: Path, indent: str) -> Iterator[str]:
        for number, entry in enumerate(node.entries):
            yield from self._above(entry, indent, first=number == 0, parted=False)
            item, item_path, inner = value[number], (*path, number), entry.value
            if inner.kind == "mapping" and item and not self._taste.flow(item_path):
                notes = self._attached.of(entry)
                if notes.side:
                    yield f"{indent}{notes.side.strip()}"
                yield from self.mapping(inner, item, item_path, f"{indent}  ", f"{indent}- ")
                yield from (f"{indent}  {line}" if line else "" for line in notes.below)
            elif inner.style in BLOCK_SCALARS:
                yield from self._block_scalar(inner, f"{indent}-", indent)
            elif self._has_notes(inner):
                raise OddShape("a comment stands in a list in a list")
            else:
                yield f"{indent}- {self._inline(inner, item)}{self._attached.of(entry).side}"

    def _fits_one_line(self, node: Node, path: Path) -> bool:
        if node.kind == "scalar":
            return node.style not in BLOCK_SCALARS
        return not node.entries or (self._taste.flow(path) and not self._has_notes(node) and not _has_blocks(node))

    def _has_notes(self, node: Node) -> bool:
        notes = [self._attached.of(entry) for entry in node.entries]
        if id(node) in self._attached.inner or any(any(note.above) or note.side or note.below for note in notes):
            return True
        return any(self._has_notes(entry.value) for entry in node.entries)

    def _inline(self, node: Node, value: Any, *, flow: bool = False) -> str:
        """Return the node on one line, with numbers as written."""
        if node.kind == "mapping":
            pairs = ((entry, entry.key.value) for entry in node.entries if entry.key is not None)
            texts = (f"{in_flow(key)}: {self._inline(entry.value, value[key], flow=True)}" for entry, key in pairs)
            return "{" + ", ".join(texts) + "}"
        if node.kind == "sequence":
            items = (self._inline(entry.value, value[at], flow=True) for at, entry in enumerate(node.entries))
            return "[" + ", ".join(items) + "]"
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return self._text[node.start : node.end]
        return in_flow(value, _QUOTE) if flow else scalar(value, _QUOTE)

    def _block_scalar(self, node: Node, head: str, indent: str) -> Iterator[str]:
        """Yield the lines of a block scalar as written, except for the indent."""
        first, *body = self._text[node.start : node.end].replace("\r\n", "\n").split("\n")
        if any(character.isdigit() for character in first.partition("#")[0]):
            raise OddShape("a block scalar says how far it is indented")
        depth = min((indent_of(line) for line in body if line.strip()), default=0)
        yield f"{head} {first.rstrip()}"
        yield from (f"{indent}  {line[depth:]}" if line.strip() else "" for line in body)


def _has_blocks(node: Node) -> bool:
    return node.style in BLOCK_SCALARS or any(_has_blocks(entry.value) for entry in node.entries)
