"""Decisions that a branch's commit notes: each about one field, and only about what was said of it at that time."""

from collections.abc import Iterable, Mapping
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import OPEN, Item, is_edit, target_of
from registry_cli.core.matching.policy import FIRST_CONTACT
from registry_cli.core.proposals.commit_message import changes_fingerprint
from registry_cli.core.statements.facts import group_of
from registry_cli.yamledit.escapes import one_line

_DIGITS = 16  # of a fingerprint


def open_fields(items: Iterable[Item]) -> dict[str, str]:
    """The fields that a person may decide, such as `acme/large#context_window`, each with how a commit notes a decision
    about it: with the fingerprint of what upstream says, and of an edit that stays unless it is named. A price that
    waits is decided as part of its model's whole list."""
    waiting = [item for item in items if item.status in OPEN or is_edit(item)]
    together: dict[tuple[str, str], list[Item]] = {}
    for item in waiting:
        together.setdefault(_matter_of(item), []).append(item)
    of = {matter: _fingerprint_of(said) for matter, said in together.items()}
    targets = {target_of(item): of[_matter_of(item)] for item in waiting}
    return {target: f"{one_line(target)} of {said}" for target, said in targets.items()}


def lasting_decisions(noted: Iterable[str], waiting: Mapping[str, str]) -> list[str]:
    """The fields about which noted decisions still hold: upstream says of them what it said then."""
    known = {*noted}
    return [target for target, note in waiting.items() if note in known]


def _matter_of(item: Item) -> tuple[str, str]:
    if is_edit(item):
        return item.model, f"edit of {item.field}"
    group = group_of(item.field)
    return item.model, group if group == "pricing" else item.field


def _fingerprint_of(items: Iterable[Item]) -> str:
    said = [Item(each.model, each.field, "held", new=_statement_of(each)) for each in items]
    return changes_fingerprint(said)[:_DIGITS]


def _statement_of(item: Item) -> Any:
    """Upstream's value, beside an edit that of the file; for a list that is doubted as a whole its source and why,
    which for one that is met for the first time is the same however long its list has grown."""
    if is_edit(item):
        return ["edit", *(None if value is ABSENT else value for value in (item.old, item.new))]
    if item.new is not ABSENT or item.field != "models":
        return item.new
    return [item.source, FIRST_CONTACT if item.reason.startswith(FIRST_CONTACT) else item.reason]
