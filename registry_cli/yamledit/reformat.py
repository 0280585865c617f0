"""A whole document laid out anew: keys in their order, one indent, one kind of quotes; its data and comments kept.

Numbers and block scalars stay as they are written, and single blank lines where people put them. The result is read
again: it must hold the same data and the same comments, and laying it out once more must change nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.comments import Attached, comments_of
from registry_cli.yamledit.document import Document, read_document
from registry_cli.yamledit.layout import format_in_flow, format_scalar
from registry_cli.yamledit.nodes import BLOCK_SCALARS, EVERYWHERE, Entry, Node, compose_tree
from registry_cli.yamledit.ops import OperationError, Path
from registry_cli.yamledit.source import OddShape, indent_of

_LONGEST_FLOW = 110
_QUOTE = "'"
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Taste:
    """The order of a mapping's keys, which collections stand on one line, which entries a blank line parts."""

    order: Callable[[Path], Sequence[str]]
    flow: Callable[[Path], bool]
    parted: Callable[[Path], bool]


def reformat_text(text: str, taste: Taste) -> str:
    """The text in this layout. Raises `YamlError` for a text with faults, `OperationError` for one that cannot be
    kept exactly."""
    document = read_document(text, inside=EVERYWHERE)
    if document.faults:
        raise document.faults[0]
    bare = text.removeprefix(_MARK)
    try:
        new, comments = _lay_out(bare, document, taste)
        if new == bare:
            return text
        again = read_document(new, inside=EVERYWHERE)
        kept = not again.faults and equal_data(again.value, document.value)
        once_more, others = _lay_out(new, again, taste)
    except OddShape as odd:
        raise OperationError(f"cannot be laid out exactly: {odd}") from None
    if not kept or sorted(comments) != sorted(others) or once_more != new:
        raise OperationError("cannot be laid out exactly: data or comments would not stay as they are")
    return text[: len(text) - len(bare)] + new


def _lay_out(text: str, document: Document, taste: Taste) -> tuple[str, list[str]]:
    """The new text of a document (`text` is its own, without a byte order mark), and the comments of the old one."""
    root = compose_tree(text, document.events)
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
    lines = [*attached.head, *writer.write_mapping(root, value, (), ""), *attached.tail]
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

    def write_mapping(
        self, node: Node, value: dict[str, Any], path: Path, indent: str, dash: str = ""
    ) -> Iterator[str]:
        """The lines of a mapping; `dash` stands before its first entry."""
        for number, entry in enumerate(self._order_entries(node, path)):
            key = entry.key.value if entry.key is not None else ""
            here = (*path, key)
            start = dash if dash and number == 0 else indent
            margin = indent[:-2] if start is dash else indent  # the comments of an item stand above its dash
            yield from self._lines_above(entry, margin, first=number == 0, parted=self._taste.parted(here))
            head = f"{start}{format_scalar(key, _QUOTE)}:"
            yield from self._write_entry(entry, head, value[key], here, indent)

    def _order_entries(self, node: Node, path: Path) -> list[Entry]:
        rank = {key: number for number, key in enumerate(self._taste.order(path))}
        return sorted(node.entries, key=lambda entry: rank.get(entry.key.value if entry.key else "", len(rank)))

    def _lines_above(self, entry: Entry, indent: str, *, first: bool, parted: bool) -> Iterator[str]:
        above = self._attached.notes_of(entry).above
        wanted = [""] if parted and above[:1] != [""] else []
        lines = [*wanted, *above]
        while first and lines and not lines[0]:
            lines = lines[1:]
        for number, line in enumerate(lines):
            if line or number == 0 or lines[number - 1]:
                yield f"{indent}{line}" if line else ""

    def _write_entry(self, entry: Entry, head: str, value: Any, path: Path, indent: str) -> Iterator[str]:
        notes, node = self._attached.notes_of(entry), entry.value
        one_line = self._fits_one_line(node, path) and not notes.below
        inline = self._format_inline(node, value) if one_line else None
        if inline is not None and (node.kind == "scalar" or not value or len(head) + 1 + len(inline) <= _LONGEST_FLOW):
            yield f"{head} {inline}{notes.side}"
        elif node.kind == "scalar":
            yield from self._write_block_scalar(node, head, indent)
        else:
            yield f"{head}{notes.side}"
            yield from self._write_collection(entry, value, path, indent)

    def _write_collection(self, entry: Entry, value: Any, path: Path, indent: str) -> Iterator[str]:
        node, below = entry.value, self._attached.notes_of(entry).below
        deeper = indent if node.kind == "sequence" else f"{indent}  "
        if node.kind == "mapping":
            yield from self.write_mapping(node, value, path, deeper)
        else:
            yield from self._write_sequence(node, value, path, deeper)
            deeper += "  "  # less would put it above the next key
        yield from (f"{deeper}{line}" if line else "" for line in below)

    def _write_sequence(self, node: Node, value: list[Any], path: Path, indent: str) -> Iterator[str]:
        for number, entry in enumerate(node.entries):
            yield from self._lines_above(entry, indent, first=number == 0, parted=False)
            item, here, inner = value[number], (*path, number), entry.value
            if inner.kind == "mapping" and item and not self._taste.flow(here):
                notes = self._attached.notes_of(entry)
                if notes.side:
                    yield f"{indent}{notes.side.strip()}"
                yield from self.write_mapping(inner, item, here, f"{indent}  ", f"{indent}- ")
                yield from (f"{indent}  {line}" if line else "" for line in notes.below)
            elif inner.style in BLOCK_SCALARS:
                yield from self._write_block_scalar(inner, f"{indent}-", indent)
            elif self._has_notes(inner):
                raise OddShape("a comment stands in a list in a list")
            else:
                yield f"{indent}- {self._format_inline(inner, item)}{self._attached.notes_of(entry).side}"

    def _fits_one_line(self, node: Node, path: Path) -> bool:
        if node.kind == "scalar":
            return node.style not in BLOCK_SCALARS
        return not node.entries or (self._taste.flow(path) and not self._has_notes(node) and not _has_blocks(node))

    def _has_notes(self, node: Node) -> bool:
        notes = [self._attached.notes_of(entry) for entry in node.entries]
        if id(node) in self._attached.inner or any(any(note.above) or note.side or note.below for note in notes):
            return True
        return any(self._has_notes(entry.value) for entry in node.entries)

    def _format_inline(self, node: Node, value: Any, *, flow: bool = False) -> str:
        """The node on one line; numbers as they were written."""
        if node.kind == "mapping":
            pairs = ((entry, entry.key.value) for entry in node.entries if entry.key is not None)
            texts = (
                f"{format_in_flow(key)}: {self._format_inline(entry.value, value[key], flow=True)}"
                for entry, key in pairs
            )
            return "{" + ", ".join(texts) + "}"
        if node.kind == "sequence":
            items = (self._format_inline(entry.value, value[at], flow=True) for at, entry in enumerate(node.entries))
            return "[" + ", ".join(items) + "]"
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return self._text[node.start : node.end]
        return format_in_flow(value, _QUOTE) if flow else format_scalar(value, _QUOTE)

    def _write_block_scalar(self, node: Node, head: str, indent: str) -> Iterator[str]:
        """A block scalar as it is written, but for its indent."""
        first, *body = self._text[node.start : node.end].replace("\r\n", "\n").split("\n")
        if any(character.isdigit() for character in first.partition("#")[0]):
            raise OddShape("a block scalar says how far it is indented")
        depth = min((indent_of(line) for line in body if line.strip()), default=0)
        yield f"{head} {first.rstrip()}"
        yield from (f"{indent}  {line[depth:]}" if line.strip() else "" for line in body)


def _has_blocks(node: Node) -> bool:
    return node.style in BLOCK_SCALARS or any(_has_blocks(entry.value) for entry in node.entries)
