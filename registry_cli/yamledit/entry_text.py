"""The text of one entry of a mapping: taken from a document, and put back into a later version of it.

An entry is put back between the neighbours that it had. Where only the entry itself went since, the text is what it
was, to the byte: comments, blank lines and style.
"""

from typing import NamedTuple

from registry_cli.errors import YamlError
from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.document import read_document
from registry_cli.yamledit.layout import match_nothing
from registry_cli.yamledit.nodes import Entry, Node
from registry_cli.yamledit.ops import OperationError, Path, Remove, with_ancestors
from registry_cli.yamledit.source import OddShape, SourceText
from registry_cli.yamledit.splicing.splices import entry_span


class EntryText(NamedTuple):
    """An entry as it stood in a text.

    `lines` has no line break at its end. `above` and `below` are what stood between it and its neighbours, beginning
    with a line break; `left` is what stands there once the entry is removed. `earlier` and `later` are the keys before
    and after it, in the order of the text.
    """

    lines: str
    above: str
    below: str
    left: str
    column: int
    earlier: tuple[str, ...]
    later: tuple[str, ...]


def take_entry(text: str, path: Path) -> EntryText | None:
    """The entry at a path; None where its lines cannot be told from those of others."""
    *parent, key = path
    try:
        source, mapping, _ = _open_mapping(text, tuple(parent))
        keys = _keys_of(mapping)
        place = keys.index(str(key))
        head, tail = entry_span(source, tuple(parent), place)
        start, end = _gap(source, tuple(parent), place - 1, place + 1)
        left = _gap_text(apply(text, [Remove(path)]), tuple(parent), place - 1, place)
    except (OddShape, OperationError, YamlError, ValueError):
        return None
    last = source.text.rfind("\n", head, tail) if source.text[:tail].endswith("\n") else tail
    last -= source.text[last - 1 : last] == "\r"
    return EntryText(
        lines=source.text[head:last],
        above=source.text[start:head],
        below=source.text[last:end],
        left=left,
        column=mapping.column,
        earlier=tuple(keys[:place]),
        later=tuple(keys[place + 1 :]),
    )


def put_entry(text: str, parent: Path, entry: EntryText) -> str | None:
    """The text with the entry among the entries at `parent`; None where they are in another style.

    The caller has to compare the data of the new text with what it should hold.
    """
    try:
        source, mapping, key = _open_mapping(text, parent)
        if not mapping.entries:
            return _put_alone(text, source, key, entry, _gap(source, parent, -1, 0))
        if mapping.column != entry.column:
            return None
        keys = _keys_of(mapping)
        place = _place_of(entry, keys)
        start, end = _gap(source, parent, place - 1, place)
    except (OddShape, YamlError):
        return None
    gap = source.text[start:end]
    newline = source.newline_at(start)
    if _lines_alike(gap, entry.left) and keys[place - 1 : place] == list(entry.earlier[-1:]):
        new = entry.above + entry.lines + entry.below
    elif place == 0:
        new = gap + entry.lines + _blank_lines(entry.below)
    else:
        new = _blank_lines(entry.above) + entry.lines + (gap or "\n")
    new = new.replace("\r\n", "\n").replace("\n", newline)
    mark = text[: len(text) - len(source.text)]
    return mark + source.text[:start] + new + source.text[end:]


def _put_alone(text: str, source: SourceText, key: Entry, entry: EntryText, gap: tuple[int, int]) -> str | None:
    """The text with the entry in place of `{}`; `gap` is what stands below that, comments that stayed for one."""
    colon, value_end = source.colon_end(key), key.value.end
    start, end = gap
    if source.text[colon:value_end].strip() not in ("", "{}"):
        return None
    was_alone = not entry.earlier and not entry.later
    if was_alone and _lines_alike(source.text[start:end], entry.left):
        new = entry.above + entry.lines + entry.below
    else:
        new, end = "\n" + entry.lines, start
    new = (source.text[value_end:start] + new).replace("\r\n", "\n").replace("\n", source.newline_at(colon))
    mark = text[: len(text) - len(source.text)]
    return mark + source.text[:colon] + new + source.text[end:]


def _open_mapping(text: str, path: Path) -> tuple[SourceText, Node, Entry]:
    """A text, the mapping at a path in it, and the entry whose value that is. Raises `OddShape`, `YamlError`."""
    document = read_document(text, inside=with_ancestors([path]))
    if document.faults:
        raise document.faults[0]
    source = SourceText(text.removeprefix("\ufeff"), document.events, match_nothing, match_nothing)
    node, way = source.find_node(path)
    if node.kind != "mapping" and not node.empty:
        raise OddShape("it is no mapping")
    if node.entries and node.flow:
        raise OddShape("its entries share a line")
    return source, node, way[-1]


def _keys_of(mapping: Node) -> list[str]:
    return [str(entry.key.value) for entry in mapping.entries if entry.key is not None]


def _place_of(entry: EntryText, keys: list[str]) -> int:
    """Before which of the keys the entry goes: after the nearest one that stood before it."""
    for key in reversed(entry.earlier):
        if key in keys:
            return keys.index(key) + 1
    return min((keys.index(key) for key in entry.later if key in keys), default=len(keys))


def _gap(source: SourceText, parent: Path, before: int, after: int) -> tuple[int, int]:
    """From the end of the last line of one entry to the first line of another; from the key of the mapping and up to
    what follows it, where there is none."""
    mapping, way = source.find_node(parent)
    if before >= 0:
        start = entry_span(source, parent, before)[1]
        start -= start > 0 and source.text[start - 1] == "\n"
        start -= start > 0 and source.text[start - 1 : start + 1] == "\r\n"
    else:
        start = source.content_end(source.colon_end(way[-1]))
    if after < len(mapping.entries):
        return start, entry_span(source, parent, after)[0]
    holder, _ = source.find_node(parent[:-1])
    following = (source.index_of(holder, parent[-1]) or 0) + 1
    last = following >= len(holder.entries)
    return start, len(source.text) if last else entry_span(source, parent[:-1], following)[0]


def _gap_text(text: str, parent: Path, before: int, after: int) -> str:
    source, _, _ = _open_mapping(text, parent)
    start, end = _gap(source, parent, before, after)
    return source.text[start:end]


def _lines_alike(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")


def _blank_lines(gap: str) -> str:
    """A gap without its comments."""
    return "\n" * max(gap.count("\n") - sum(bool(line.strip()) for line in gap.split("\n")[1:-1]), 1)
