"""Quotes the plain scalars that YAML 1.1 readers misread: `no`, `1:30`, `2026-01-15`."""

from collections.abc import Iterator

from registry_cli.yamledit.apply import same
from registry_cli.yamledit.document import read
from registry_cli.yamledit.layout import quoted
from registry_cli.yamledit.nodes import EVERYWHERE, Node, compose
from registry_cli.yamledit.ops import OperationError
from registry_cli.yamledit.scalars import misread


def requoted(text: str) -> str:
    """Return the text with such scalars and keys in quotes, except behind anchors. The data stay the same.

    Raises `YamlError` for a text with faults, `OperationError` if the data would change.
    """
    document = read(text, inside=EVERYWHERE)
    if document.faults:
        raise document.faults[0]
    if not document.misread:
        return text
    bare = text.removeprefix("\ufeff")
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
