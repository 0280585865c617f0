"""`apply(text, operations) -> text`: an edit changes the bytes it names and no others, or nothing at all.

The operations become splices at the offsets of the nodes they name. The new text is then read again and must hold
exactly the old data with the operations made, and the old comments but for those of removed entries; if it does not,
nothing comes back but an error that names the operation. Where aliases or merges share what changes, it is written out
first (`splicing/unshare.py`). Shapes that a splice cannot edit go through ruamel.yaml's round trip where that gives
back the text byte for byte.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Document, Scalars, read_document
from registry_cli.yamledit.layout import match_nothing
from registry_cli.yamledit.nodes import EVERYWHERE
from registry_cli.yamledit.ops import (
    Add,
    AddItem,
    Operation,
    OperationError,
    Path,
    RawScalar,
    Remove,
    Set,
    apply_to_data,
    dotted_path,
    owner_path,
    with_ancestors,
)
from registry_cli.yamledit.source import OddShape, SharedNode, SourceText, apply_splices
from registry_cli.yamledit.splicing.comment_proof import expected_comments, has_comments, keeps_comments
from registry_cli.yamledit.splicing.splices import plan_splices

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
    replaced = [operation.path for operation in operations if _looks_inside(operation)]
    document = read_document(text, scalars, inside=with_ancestors([*_group_by_owner(operations), *replaced]))
    if document.faults:
        raise document.faults[0]
    expected = apply_to_data(document.value, operations)
    if equal_data(expected, document.value) and not any(_is_raw(operation) for operation in operations):
        return document
    edit = _Edit(document, scalars, SourceText(text.removeprefix(_MARK), document.events, flow, parted))
    try:
        return edit.made(operations, expected)
    except SharedNode:
        raise edit.explain_refusal(operations) from None
    except OddShape:
        new = _round_trip(text, operations)
    proof = edit.prove_text(new, expected) if new is not None else None
    if proof is None or not _is_careful(edit.source, proof.text, operations):
        raise edit.explain_refusal(operations)
    return proof


def _looks_inside(operation: Operation) -> bool:
    """Whether the comments in the collection at the path of an operation matter."""
    return isinstance(operation, Set) or (isinstance(operation, Remove) and operation.keeps_comments)


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

    def made(self, operations: Sequence[Operation], expected: Any) -> Document:
        """The text after the operations, read and found to hold what is expected. Raises `OddShape`."""
        try:
            return self.apply_splices(operations, expected)
        except OddShape:
            has_shared = "<<" in self.source.text or "*" in self.source.text
            private = self._private(operations) if has_shared else None
            if private is None:
                raise
        return private.apply_splices(operations, expected)

    def apply_splices(self, operations: Sequence[Operation], expected: Any) -> Document:
        """The text after the operations by splices alone. An operation that is reached through an alias or a merge is
        left out: where another makes the same change at the anchor, that is all there is to do. Raises `OddShape`."""
        if _LINE_BREAK_ALONE.search(self.source.text):
            raise OddShape("carriage returns alone end lines")
        shared = [reason for reason in map(self._sharing, operations) if reason is not None]
        own = [operation for operation in operations if self._sharing(operation) is None] if shared else operations
        # Where two additions meet, that to the inner collection comes first: the outer one goes on after it.
        inner_first = sorted(_group_by_owner(own).items(), key=lambda pair: -len(pair[0]))
        made = [splice for path, group in inner_first for splice in plan_splices(self.source, path, group)]
        body, text = self.source.text, self._document.text
        new = text[: len(text) - len(body)] + apply_splices(body, made)
        proof = self.prove_text(new, expected)
        if proof is None:
            raise shared[0] if shared else OddShape("the text would not hold exactly that change")
        if not keeps_comments(self._document, new, own, made):
            raise OddShape("a comment would be lost or come to another entry")
        return proof

    def _sharing(self, operation: Operation) -> SharedNode | None:
        """Why an operation would change what an alias or a merge shares."""
        try:
            node, _ = self.source.find_node(owner_path(operation))
            if node.kind == "alias":
                return SharedNode(f"{dotted_path(owner_path(operation))} is an alias")
            if not isinstance(operation, Add | AddItem) and self.source.index_of(node, operation.path[-1]) is None:
                return SharedNode(f"{dotted_path(operation.path)} comes from a << merge")
        except SharedNode as reason:
            return reason
        return None

    def _private(self, operations: Sequence[Operation]) -> "_Edit | None":
        """The edit of a text of the same data, in which the operations touch nothing that is shared."""
        from registry_cli.yamledit.splicing.unshare import make_private  # noqa: PLC0415  # for aliases only

        mark = self._document.text[: len(self._document.text) - len(self.source.text)]
        opened = make_private(
            self._read_same(self._document.text), operations, lambda text: self._read_same(mark + text)
        )
        return None if opened is None else _Edit(opened[0], self._scalars, opened[1])

    def _read_same(self, text: str) -> tuple[Document, SourceText]:
        """A text of the same data, open everywhere. Raises `OddShape`."""
        try:
            document = read_document(text, self._scalars, inside=EVERYWHERE)
        except YamlError as fault:
            raise OddShape(f"a shared value cannot be written out: {fault}") from None
        if document.faults or not equal_data(document.value, self._document.value):
            raise OddShape("a shared value cannot be written out exactly")
        return document, self.source.replaced(text.removeprefix(_MARK), document.events)

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
                self.made(some, apply_to_data(self._document.value, some))
            except OddShape as odd:
                reasons[last] = odd
            return last in reasons

        number = bisect_left(range(len(operations)), True, key=fails)
        refused = operations[number]
        return OperationError(f"cannot {refused} exactly: {reasons[number]}; edit it by hand", refused.path)


def _group_by_owner(operations: Sequence[Operation]) -> dict[Path, list[Operation]]:
    """The operations by the collection that each changes."""
    by_owner: dict[Path, list[Operation]] = {}
    for operation in operations:
        by_owner.setdefault(owner_path(operation), []).append(operation)
    return by_owner


def _round_trip(text: str, operations: Sequence[Operation]) -> str | None:
    from registry_cli.yamledit import roundtrip  # noqa: PLC0415  # ruamel.yaml, for odd shapes only

    return roundtrip.edited(text, operations)


def _is_careful(source: SourceText, new: str, operations: Sequence[Operation]) -> bool:
    """Whether a text that was not spliced differs in lines of the named entries alone, and keeps the comments."""
    try:
        within = _stays_within(source, new, operations)
        return within and has_comments(new.removeprefix(_MARK), expected_comments(source.text, operations))
    except OddShape:
        return False


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
