"""`apply(text, operations) -> text`: an edit changes the bytes it names and no others, or nothing at all.

The operations become splices at the offsets of the nodes they name. The new text is then read again and must hold
exactly the old data with the operations made; if it does not, nothing comes back but an error that names the operation.
Shapes that a splice cannot edit go through ruamel.yaml's round trip where that gives back the text byte for byte.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Scalars, read
from registry_cli.yamledit.layout import never
from registry_cli.yamledit.ops import Operation, OperationError, Path, Set, Written, applied, owner
from registry_cli.yamledit.source import OddShape, Shared, Source, Splice
from registry_cli.yamledit.splices import splices

_MARK = "\ufeff"


def apply(
    text: str,
    operations: Sequence[Operation],
    *,
    flow: Callable[[Path], bool] = never,
    parted: Callable[[Path], bool] = never,
) -> str:
    """The text after the operations, whose paths are those of `text`.

    `flow` and `parted` are the taste for new entries where the text shows none (`layout.Style`). Raises `YamlError`
    for a text with faults and `OperationError` for an operation that cannot be made exactly.
    """
    scalars = Scalars()
    document = read(text, scalars)
    if document.faults:
        raise document.faults[0]
    expected = applied(document.value, operations)
    if same(expected, document.value) and not any(_is_written(operation) for operation in operations):
        return text
    try:
        new = _spliced(text, operations, flow, parted)
        if _holds(new, expected, scalars):
            return new
        reason = "the text would not hold exactly that change"
    except Shared as shared:
        raise _refusal(text, operations, str(shared)) from None
    except OddShape as odd:
        reason = str(odd)
    return _round_trip(text, operations, expected, reason)


def _is_written(operation: Operation) -> bool:
    return isinstance(operation, Set) and isinstance(operation.value, Written)


def same(one: Any, other: Any) -> bool:
    """Equal data: 1 and 1.0 are one number, True and 1 are not, and a mapping's order does not matter."""
    if isinstance(one, dict) and isinstance(other, dict):
        # Scalars read together are one object, which spares most of the calls.
        return one.keys() == other.keys() and all(
            item is other[key] or same(item, other[key]) for key, item in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other
    return type(one) is type(other) and one == other


def _spliced(
    text: str,
    operations: Sequence[Operation],
    flow: Callable[[Path], bool],
    parted: Callable[[Path], bool],
) -> str:
    by_owner = _owners(operations)
    body = text.removeprefix(_MARK)
    source = Source(body, by_owner, flow, parted)
    # Where two additions meet, that to the inner collection comes first: the outer one goes on after it.
    inner_first = sorted(by_owner.items(), key=lambda pair: -len(pair[0]))
    made = [splice for owner, group in inner_first for splice in splices(source, owner, group)]
    return text[: len(text) - len(body)] + _cut(body, made)


def _owners(operations: Sequence[Operation]) -> dict[Path, list[Operation]]:
    """The operations by the collection that each changes."""
    by_owner: dict[Path, list[Operation]] = {}
    for operation in operations:
        by_owner.setdefault(owner(operation), []).append(operation)
    return by_owner


def _cut(text: str, made: list[Splice]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(made, key=lambda splice: (splice.start, splice.end)):
        if start < at and new:
            raise OddShape("two operations meet in one place")
        parts += [text[at:start] if start > at else "", new]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _holds(text: str, expected: Any, scalars: Scalars | None = None) -> bool:
    try:
        document = read(text, scalars)
    except YamlError:
        return False
    return not document.faults and same(document.value, expected)


def _round_trip(text: str, operations: Sequence[Operation], expected: Any, reason: str) -> str:
    from registry_cli.yamledit.roundtrip import edited  # noqa: PLC0415  # ruamel.yaml, for odd shapes only

    new = edited(text, operations)
    if new is not None and _holds(new, expected) and _stays_within(text, new, operations):
        return new
    raise _refusal(text, operations, reason)


def _stays_within(text: str, new: str, operations: Sequence[Operation]) -> bool:
    """Whether only lines of the named entries changed (of the collection, where something is added to it)."""
    from difflib import SequenceMatcher  # noqa: PLC0415  # for odd shapes only

    body = text.removeprefix(_MARK)
    source = Source(body, _owners(operations), never, never)
    named: set[int] = set()
    for operation in operations:
        node, way = source.find(operation.path)
        start, end = (way[-1].start, way[-1].end) if way else (node.start, node.end)
        first = body.count("\n", 0, start)
        named.update(range(first, first + body.count("\n", start, end) + 1))
    matcher = SequenceMatcher(None, body.splitlines(), new.removeprefix(_MARK).splitlines(), autojunk=False)
    return all(
        named.issuperset(range(start, end)) and (start < end or {start - 1, start} & named)
        for change, start, end, _, _ in matcher.get_opcodes()
        if change != "equal"
    )


def _refusal(text: str, operations: Sequence[Operation], reason: str) -> OperationError:
    return OperationError(f"cannot {_culprit(text, operations)} exactly: {reason}; edit it by hand")


def _culprit(text: str, operations: Sequence[Operation]) -> Operation:
    """The first operation that cannot be made even alone, else the first."""
    if len(operations) > 1:
        for operation in operations:
            try:
                apply(text, [operation])
            except OperationError:
                return operation
    return operations[0]
