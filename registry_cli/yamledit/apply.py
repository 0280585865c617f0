"""`apply(text, operations) -> text`: an edit changes the bytes it names and no others, or nothing at all.

The operations become splices at the offsets of the nodes they name. The new text is then read again and must hold
exactly the old data with the operations made; otherwise an error names the operation that failed. Shapes that a
splice cannot edit go through ruamel.yaml's round trip, if that returns the unchanged text byte for byte.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Document, Scalars, read
from registry_cli.yamledit.layout import never
from registry_cli.yamledit.ops import Operation, OperationError, Path, RawScalar, Set, ancestors, applied, owner
from registry_cli.yamledit.source import OddShape, SharedNode, SourceText, Splice
from registry_cli.yamledit.splices import splices

_MARK = "\ufeff"
_NUMBERS = (int, Decimal)
_LINE_BREAK_ALONE = re.compile(r"\r(?!\n)")


def apply(
    text: str,
    operations: Sequence[Operation],
    *,
    flow: Callable[[Path], bool] = never,
    parted: Callable[[Path], bool] = never,
) -> str:
    """Return the text after the operations, whose paths are those of `text`; see `proven`."""
    return proven(text, operations, flow=flow, parted=parted).text


def proven(
    text: str,
    operations: Sequence[Operation],
    *,
    flow: Callable[[Path], bool] = never,
    parted: Callable[[Path], bool] = never,
) -> Document:
    """Return the document after the operations, which was read back to prove that it holds the expected data.

    `flow` and `parted` decide the layout of new entries where the text has no example (`layout.Style`). Raises
    `YamlError` for a text with faults and `OperationError` for an operation that cannot be made exactly.
    """
    scalars = Scalars()
    document = read(text, scalars, inside=ancestors(_owners(operations)))
    if document.faults:
        raise document.faults[0]
    expected = applied(document.value, operations)
    if same(expected, document.value) and not any(_is_written(operation) for operation in operations):
        return document
    edit = _Edit(document, scalars, SourceText(text.removeprefix(_MARK), document.events, flow, parted))
    try:
        return edit.spliced(operations, expected)
    except SharedNode:
        raise edit.refusal(operations) from None
    except OddShape:
        new = _round_trip(text, operations)
    proof = edit.proof(new, expected) if new is not None else None
    if proof is None or not _stays_within(edit.source, proof.text, operations):
        raise edit.refusal(operations)
    return proof


def _is_written(operation: Operation) -> bool:
    return isinstance(operation, Set) and isinstance(operation.value, RawScalar)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal data: 1 equals 1.0 but not True, and a mapping's order does not matter."""
    if isinstance(one, dict) and isinstance(other, dict):
        # Equal scalars of texts read together are one object: `is` avoids most of the calls.
        if one.keys() != other.keys():
            return False
        for key, item in one.items():
            counterpart = other[key]
            if item is not counterpart and not same(item, counterpart):
                return False
        return True
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    kind, others = one.__class__, other.__class__
    return (kind is others or (kind in _NUMBERS and others in _NUMBERS)) and bool(one == other)


class _Edit:
    """An edit of one text: makes its splices and proves the result."""

    def __init__(self, document: Document, scalars: Scalars, source: SourceText) -> None:
        self._document = document
        self._scalars = scalars
        self.source = source

    def spliced(self, operations: Sequence[Operation], expected: Any) -> Document:
        """Return the document after the operations if it holds the expected data. Raises `OddShape`."""
        if _LINE_BREAK_ALONE.search(self.source.text):
            raise OddShape("carriage returns alone end lines")
        # Where two additions meet, that to the inner collection comes first: the outer one goes on after it.
        inner_first = sorted(_owners(operations).items(), key=lambda pair: -len(pair[0]))
        made = [splice for owner, group in inner_first for splice in splices(self.source, owner, group)]
        body, text = self.source.text, self._document.text
        new = text[: len(text) - len(body)] + _cut(body, made)
        proof = self.proof(new, expected)
        if proof is None:
            raise OddShape("the text would not hold exactly that change")
        return proof

    def proof(self, new: str, expected: Any) -> Document | None:
        """Return the new text as a document, None if its data are not the expected ones."""
        try:
            document = read(new, self._scalars)
        except YamlError:
            return None
        return document if not document.faults and same(document.value, expected) else None

    def refusal(self, operations: Sequence[Operation]) -> OperationError:
        """Return an error that names the first operation that fails; it is found by bisection."""
        reasons: dict[int, OddShape] = {}

        def fails(last: int) -> bool:
            some = operations[: last + 1]
            try:
                self.spliced(some, applied(self._document.value, some))
            except OddShape as odd:
                reasons[last] = odd
            return last in reasons

        number = bisect_left(range(len(operations)), True, key=fails)
        return OperationError(f"cannot {operations[number]} exactly: {reasons[number]}; edit it by hand")


def _owners(operations: Sequence[Operation]) -> dict[Path, list[Operation]]:
    """Return the operations by the path of the collection that each changes."""
    by_owner: dict[Path, list[Operation]] = {}
    for operation in operations:
        by_owner.setdefault(owner(operation), []).append(operation)
    return by_owner


def _cut(text: str, made: list[Splice]) -> str:
    """Return the text with the splices made. Lines added within removed lines take their place."""
    parts: list[str] = []
    at = 0
    removed_to = 0  # the end of the last splice that only removes
    for start, end, new in sorted(made, key=lambda splice: (splice.start, splice.end)):
        if start < at and new and not (start == end and at == removed_to):
            raise OddShape("two operations meet in one place")
        parts += [text[at:start] if start > at else "", new]
        at = max(at, end)
        removed_to = at if start < end and not new else removed_to
    return "".join([*parts, text[at:]])


def _round_trip(text: str, operations: Sequence[Operation]) -> str | None:
    from registry_cli.yamledit import roundtrip  # noqa: PLC0415  # ruamel.yaml, for odd shapes only

    return roundtrip.edited(text, operations)


def _stays_within(source: SourceText, new: str, operations: Sequence[Operation]) -> bool:
    """Return whether only lines of the named entries changed (for additions: of the collection)."""
    from difflib import SequenceMatcher  # noqa: PLC0415  # for odd shapes only

    body = source.text
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
