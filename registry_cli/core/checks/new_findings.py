"""Findings that a change brings: what edits, `sync` and `validate --new-since` compare."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from registry_cli.core.checks.findings import locate_message
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.text.pointer import Pointer
from registry_cli.yamledit.escapes import one_line

_F = TypeVar("_F")


class FindingIdentity(NamedTuple):
    """The parts that two findings share if they are the same one: the file, the rule, the field and the message."""

    file: str
    code: str
    field: tuple[str, ...]
    message: str


def identify_finding(
    file: str, code: str, pointer: Pointer, message: str, old_ids: Mapping[str, str] | None = None
) -> FindingIdentity:
    """Return the identity of a finding, which a change elsewhere in its file leaves alone.

    Lines move, and so do places in lists: neither counts, nor does the place that `message` begins with
    (`locate_message`). `old_ids` maps the new ID of a model to the one that it had before the change.
    """
    field = [step for step in pointer if isinstance(step, str)]
    if len(field) > 1 and field[0] in MODEL_KEYS and old_ids:
        field[1] = old_ids.get(field[1], field[1])
    return FindingIdentity(file, code, tuple(field), message.removeprefix(one_line(locate_message(pointer, ""))))


def new_findings(before: Iterable[_F], after: Iterable[_F], identity: Callable[[_F], Hashable]) -> list[_F]:
    """Return the findings of `after` that `before` lacks, in their order. Of two with one identity, each counts."""
    known = Counter(map(identity, before))
    new = []
    for finding in after:
        same = identity(finding)
        if known[same]:
            known[same] -= 1
        else:
            new.append(finding)
    return new
