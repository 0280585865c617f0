"""`apply(text, operations) -> text`: an edit changes the bytes it names and no others, or nothing at all.

The operations become splices at the offsets of the nodes they name. The new text is then read again and must hold
exactly the old data with the operations made; if it does not, nothing comes back but an error that names the operation.
Shapes that a splice cannot edit go through ruamel.yaml's round trip where that gives back the text byte for byte.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Document, Scalars, read_document
from registry_cli.yamledit.layout import match_nothing
from registry_cli.yamledit.ops import (
    Operation,
    OperationError,
    Path,
    RawScalar,
    Set,
    apply_to_data,
    owner_path,
    with_ancestors,
)
from registry_cli.yamledit.source import OddShape, SharedNode, SourceText, Splice
from registry_cli.yamledit.splices import plan_splices

_MARK = "\ufeff"
_NUMBERS = (int, Decimal)
_LINE_BREAK_ALONE = re.compile(r"\r(?!\n)")


def apply(
    text: str,
    operations: Sequence[Operation],
    *,
    flow: Callable[[Path], bool] = match_nothing,
    parted: Callable[[Path], bool] = match_nothing,
) -> str:
    """The text after the operations, whose paths are those of `text`; see `apply_verified`."""
    return apply_verified(text, operations, flow=flow, parted=parted).text


def apply_verified(
    text: str,
    operations: Sequence[Operation],
    *,
    flow: Callable[[Path], bool] = match_nothing,
    parted: Callable[[Path], bool] = match_nothing,
) -> Document:
    """The text after the operations as it was read to prove it.

    `flow` and `parted` are the taste for new entries where the text shows none (`layout.Style`). Raises `YamlError`
    for a text with faults and `OperationError` for an operation that cannot be made exactly.
    """
    scalars = Scalars()
    document = read_document(text, scalars, inside=with_ancestors(_group_by_owner(operations)))
    if document.faults:
        raise document.faults[0]
    expected = apply_to_data(document.value, operations)
    if equal_data(expected, document.value) and not any(_is_raw(operation) for operation in operations):
        return document
    edit = _Edit(document, scalars, SourceText(text.removeprefix(_MARK), document.events, flow, parted))
    try:
        return edit.apply_splices(operations, expected)
    except SharedNode:
        raise edit.explain_refusal(operations) from None
    except OddShape:
        new = _round_trip(text, operations)
    proof = edit.prove_text(new, expected) if new is not None else None
    if proof is None or not _stays_within(edit.source, proof.text, operations):
        raise edit.explain_refusal(operations)
    return proof


def _is_raw(operation: Operation) -> bool:
    return isinstance(operation, Set) and isinstance(operation.value, RawScalar)


def equal_data(one: Any, other: Any) -> bool:
    """Equal data: 1 and 1.0 are one number, True and 1 are not, and a mapping's order does not matter."""
    if isinstance(one, dict) and isinstance(other, dict):
        # Scalars read together are one object, which spares most of the calls.
        if one.keys() != other.keys():
            return False
        for key, item in one.items():
            its = other[key]
            if item is not its and not equal_data(item, its):
                return False
        return True
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal_data, one, other))
    kind, others = one.__class__, other.__class__
    return (kind is others or (kind in _NUMBERS and others in _NUMBERS)) and bool(one == other)


class _Edit:
    """The splices of one text, and their proof."""

    def __init__(self, document: Document, scalars: Scalars, source: SourceText) -> None:
        self._document = document
        self._scalars = scalars
        self.source = source

    def apply_splices(self, operations: Sequence[Operation], expected: Any) -> Document:
        """The text after the operations, read and found to hold what is expected. Raises `OddShape`."""
        if _LINE_BREAK_ALONE.search(self.source.text):
            raise OddShape("carriage returns alone end lines")
        # Where two additions meet, that to the inner collection comes first: the outer one goes on after it.
        inner_first = sorted(_group_by_owner(operations).items(), key=lambda pair: -len(pair[0]))
        made = [splice for owner, group in inner_first for splice in plan_splices(self.source, owner, group)]
        body, text = self.source.text, self._document.text
        new = text[: len(text) - len(body)] + _make_splices(body, made)
        proof = self.prove_text(new, expected)
        if proof is None:
            raise OddShape("the text would not hold exactly that change")
        return proof

    def prove_text(self, new: str, expected: Any) -> Document | None:
        """The whole of the new text, read; None where its data are not what is expected."""
        try:
            document = read_document(new, self._scalars)
        except YamlError:
            return None
        return document if not document.faults and equal_data(document.value, expected) else None

    def explain_refusal(self, operations: Sequence[Operation]) -> OperationError:
        """Names the operation that goes wrong after those before it, found by halving."""
        reasons: dict[int, OddShape] = {}

        def fails(last: int) -> bool:
            some = operations[: last + 1]
            try:
                self.apply_splices(some, apply_to_data(self._document.value, some))
            except OddShape as odd:
                reasons[last] = odd
            return last in reasons

        number = bisect_left(range(len(operations)), True, key=fails)
        return OperationError(f"cannot {operations[number]} exactly: {reasons[number]}; edit it by hand")


def _group_by_owner(operations: Sequence[Operation]) -> dict[Path, list[Operation]]:
    """The operations by the collection that each changes."""
    by_owner: dict[Path, list[Operation]] = {}
    for operation in operations:
        by_owner.setdefault(owner_path(operation), []).append(operation)
    return by_owner


def _make_splices(text: str, made: list[Splice]) -> str:
    """The text with the splices made. What is added amid lines that go stands in their place."""
    parts: list[str] = []
    at = 0
    goes = 0  # up to where the text only goes
    for start, end, new in sorted(made, key=lambda splice: (splice.start, splice.end)):
        if start < at and new and not (start == end and at == goes):
            raise OddShape("two operations meet in one place")
        parts += [text[at:start] if start > at else "", new]
        at = max(at, end)
        goes = at if start < end and not new else goes
    return "".join([*parts, text[at:]])


def _round_trip(text: str, operations: Sequence[Operation]) -> str | None:
    from registry_cli.yamledit import roundtrip  # noqa: PLC0415  # ruamel.yaml, for odd shapes only

    return roundtrip.edited(text, operations)


def _stays_within(source: SourceText, new: str, operations: Sequence[Operation]) -> bool:
    """Whether only lines of the named entries changed (of the collection, where something is added to it)."""
    from difflib import SequenceMatcher  # noqa: PLC0415  # for odd shapes only

    body = source.text
    named: set[int] = set()
    for operation in operations:
        node, way = source.find_node(operation.path)
        start, end = (way[-1].start, way[-1].end) if way else (node.start, node.end)
        first = body.count("\n", 0, start)
        named.update(range(first, first + body.count("\n", start, end) + 1))
    matcher = SequenceMatcher(None, body.splitlines(), new.removeprefix(_MARK).splitlines(), autojunk=False)
    return all(
        named.issuperset(range(start, end)) and (start < end or {start - 1, start} & named)
        for change, start, end, _, _ in matcher.get_opcodes()
        if change != "equal"
    )
