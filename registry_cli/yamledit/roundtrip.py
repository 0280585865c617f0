"""Edits unusual shapes (anchors, flow collections to be reflowed) through ruamel.yaml's round trip.

It is used for a text only if it returns the unchanged text byte for byte.
"""

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from registry_cli.yamledit.ops import Add, AddItem, Operation, Remove, Rename, Set

_WIDE = 100_000  # ruamel folds what is longer
_INDENTS = ((2, 2, 0), (2, 4, 2), (4, 4, 0), (4, 4, 2), (4, 6, 4))  # mapping, sequence, offset of the dash


def edited(text: str, operations: Sequence[Operation]) -> str | None:
    """Return the text after the operations; None if ruamel alters the unchanged text, or cannot make them."""
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    try:
        data = yaml.load(text)
        if not any(_dumped(yaml, data, indents) == text for indents in _INDENTS):
            return None
        for operation in operations:
            _make(data, operation)
        return _dumped(yaml, data)  # with the indents that returned the unchanged text
    except (YAMLError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        # ruamel raises these besides its own errors, for example for a comment in the head of a block scalar.
        return None


def _dumped(yaml: Any, data: Any, indents: tuple[int, int, int] | None = None) -> str:
    if indents is not None:
        yaml.indent(*indents)
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def _make(data: Any, operation: Operation) -> None:
    adds = isinstance(operation, Add | AddItem)
    for step in operation.path if adds else operation.path[:-1]:
        data = data[step]
    match operation:
        case Set(path, value):
            data[path[-1]] = value
        case Remove(path):
            del data[path[-1]]
        case Rename(path, key):
            data.insert(list(data).index(path[-1]), key, data.pop(path[-1]))
        case Add(key=key, value=value):
            data[key] = value
        case AddItem(value=value, index=index):
            data.insert(len(data) if index is None else index, value)
