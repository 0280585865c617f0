"""What becomes of a model of the file that its sources list no more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from registry_cli.core.checks.report import is_over, state_on
from registry_cli.core.query.columns import ABSENT
from registry_cli.core.sync.absence import OwnList, is_confirmed, reason_for_absence
from registry_cli.core.sync.items import Item, Wishes
from registry_cli.core.sync.record import Line
from registry_cli.core.sync.retiring import deprecated, is_own, retired, undone
from registry_cli.yamledit.apply import same

_STATUS = "status"
_ALIVE = (ABSENT, "active", "preview")
Body = Mapping[str, Any]


class Delisting(NamedTuple):
    """The entry and its line as they should be, and what to say of it."""

    body: Body
    line: Line
    item: Item | None = None


def settle_delisted(
    name: str, body: Body, line: Line, *, gone_from: str | None, own: OwnList | None, wishes: Wishes
) -> Delisting:
    """Settle a model that `gone_from` listed before and does not today, or that the provider's own list never named.

    With `--retire-missing` the former is retired. Both are deprecated once a later list confirms it
    (`core.sync.absence`).
    """
    state = state_on(body, wishes.day)
    if is_over(state):
        return Delisting(body, line)
    by_sync = is_own(body, line.retired)
    if gone_from and wishes.retire_missing:
        return _retire(name, undone(body, line.retired) if by_sync else body, line, gone_from, wishes.day)
    if own and is_confirmed(line.absent, own) and _may_change(body, line):
        return _deprecate(name, body, line, own)
    if by_sync:
        return Delisting(body, line)
    if gone_from:
        return Delisting(body, line, _missing(name, gone_from, _reason_for_gone(gone_from)))
    is_news = own and line.absent and not state
    return Delisting(body, line, _missing(name, own.source, reason_for_absence(own)) if own and is_news else None)


def _retire(name: str, body: Body, line: Line, gone_from: str, day: str) -> Delisting:
    after, retirement = retired(body, gone_from, day)
    item = Item(name, _STATUS, "retired", ABSENT, "retired", gone_from, _reason_for_gone(gone_from))
    return Delisting(after, replace(line, retired=retirement), item)


def _deprecate(name: str, body: Body, line: Line, own: OwnList) -> Delisting:
    old = body.get(_STATUS, ABSENT)
    after, retirement = deprecated(body, own.source, own.day)
    item = Item(name, _STATUS, "applied", old, "deprecated", own.source, reason_for_absence(own))
    return Delisting(after, replace(line, retired=retirement), item)


def _missing(name: str, source: str, reason: str) -> Item:
    return Item(name, "", "missing", source=source, reason=reason)


def _reason_for_gone(source: str) -> str:
    return f"{source} lists it no more"


def _may_change(body: Body, line: Line) -> bool:
    """Whether the status is none that a person wrote, and does not say already that the model ends."""
    written, taken = body.get(_STATUS, ABSENT), line.base.get(_STATUS, ABSENT)
    return written in _ALIVE and (written is taken or same(written, taken))
