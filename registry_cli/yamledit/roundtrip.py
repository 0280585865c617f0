"""Odd shapes (anchors, flow collections to be reflowed) through ruamel.yaml's round trip.

It is trusted with a text only if it gives that text back byte for byte when nothing is changed.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from registry_cli.yamledit.layout import format_scalar, is_collection
from registry_cli.yamledit.ops import Add, AddItem, Operation, RawScalar, Remove, Rename, Set

_WIDE = 100_000  # ruamel folds what is longer
_INDENTS = ((2, 2, 0), (2, 4, 2), (4, 4, 0), (4, 4, 2), (4, 6, 4))  # mapping, sequence, offset of the dash


def edited(text: str, operations: Sequence[Operation]) -> str | None:
    """The text after the operations; None where ruamel does not give it back unchanged, or cannot make them."""
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    try:
        data = yaml.load(text)
        if not any(_dumped(yaml, data, indents) == text for indents in _INDENTS):
            return None
        for operation in operations:
            _make(data, operation)
        return _dumped(yaml, data)  # with the indents that gave the text back
    except (
        YAMLError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ):
        # Beside errors of its own it trips over some texts: a comment in the head of a block scalar, for one.
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
        case Set(path, RawScalar(value=value)) | Set(path, value):
            data[path[-1]] = _quoted(value)
        case Remove(path):
            del data[path[-1]]
        case Rename(path, key):
            data.insert(list(data).index(path[-1]), _quoted(key), data.pop(path[-1]))
        case Add(key=key, value=value):
            data.insert(_place(list(data), operation), _quoted(key), _quoted(value))
        case AddItem(value=value, index=index):
            data.insert(len(data) if index is None else index, _quoted(value))


def _place(keys: Sequence[str], operation: Add) -> int:
    """After the last of the keys that stand before the new one in its order."""
    before = set(operation.order[: operation.order.index(operation.key)]) if operation.key in operation.order else set()
    return max((place for place, key in enumerate(keys, 1) if key in before), default=0 if before else len(keys))


def _quoted(value: Any) -> Any:
    """A value whose texts stand in quotes where a YAML 1.1 reader would misread them."""
    if isinstance(value, str):
        return value if format_scalar(value) == value else SingleQuotedScalarString(value)
    if isinstance(value, Mapping):
        return {_quoted(key): _quoted(item) for key, item in value.items()}
    if is_collection(value):
        return [_quoted(item) for item in value]
    return value
