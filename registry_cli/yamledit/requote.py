"""Quotes around what YAML 1.1 readers misread: `no`, `1:30`, `2026-01-15`."""

from collections.abc import Iterator

from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.document import read_document
from registry_cli.yamledit.layout import quote_text
from registry_cli.yamledit.nodes import EVERYWHERE, Node, compose_tree
from registry_cli.yamledit.ops import OperationError
from registry_cli.yamledit.scalars import is_misread


def requoted(text: str) -> str:
    """The text with such scalars, keys included, between quotes; one behind a tag stays. The data are the same.

    Raises `YamlError` for a text with faults, `OperationError` where it cannot be done.
    """
    document = read_document(text, inside=EVERYWHERE)
    if document.faults:
        raise document.faults[0]
    if not document.misread:
        return text
    bare = text.removeprefix("\ufeff")
    new = bare
    for node in reversed(list(_misread(compose_tree(bare, document.events)))):
        new = new[: node.content_start] + quote_text(node.value) + new[node.end :]
    again = read_document(new)
    if again.faults or not equal_data(again.value, document.value):
        raise OperationError("cannot be quoted exactly: the data would not stay as they are")
    return text[: len(text) - len(bare)] + new


def _misread(node: Node) -> Iterator[Node]:
    for entry in node.entries:
        for part in (entry.key, entry.value):
            if part is None or part.kind == "alias" or part.tagged:
                continue
            if part.kind == "scalar" and part.style == "" and not part.empty and is_misread(part.value):
                yield part
            yield from _misread(part)
