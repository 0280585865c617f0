"""What becomes of a model of the file that its sources list no more."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from registry_cli.core.checks.report import is_over, state_on
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import Item, Wishes
from registry_cli.core.matching.listening import Heard
from registry_cli.core.statements.record import Line
from registry_cli.core.sync.absence import OwnList, is_confirmed, reason_for_absence
from registry_cli.core.sync.once_listed import UNLISTED, lists_models
from registry_cli.core.sync.retiring import deprecate_entry, is_unedited, retire_entry, undo_retirement
from registry_cli.yamledit.apply import equal_data

_STATUS = "status"
_ALIVE = (ABSENT, "active", "preview")
Body = Mapping[str, Any]


class Delisting(NamedTuple):
    """The entry and its line as they should be, and what to say of it."""

    body: Body
    line: Line
    item: Item | None = None


def find_delisting(answers: Iterable[Heard], line: Line) -> Heard | None:
    """The highest list that knew a model and does not name it today, if it counts: the list of an aggregator only where
    no other list names the model."""
    lists = [each for each in answers if not each.lifecycle]
    speaker = next((each for each in lists if each.source in line.said), None)
    if speaker is None or speaker.source not in line.gone:
        return None
    naming = {source for source in line.listed_by if lists_models(source)}
    return speaker if speaker.is_provider_list or not naming.intersection(each.source for each in lists) else None


def settle_delisted(
    name: str, body: Body, line: Line, *, by: Heard | None, own: OwnList | None, wishes: Wishes
) -> Delisting:
    """Settle a model that the list `by` named before and does not today, or that the provider's own list never named.

    With `--retire-missing` the former is retired where the provider does not list it any more, and unlisted where no
    aggregator does. Both are deprecated once a later list of the provider confirms it (`core.sync.absence`).
    """
    state = state_on(body, wishes.day)
    if is_over(state):
        return Delisting(body, line)
    by_sync = is_unedited(body, line.retired)
    if by and wishes.retire_missing:
        return _end_model(name, undo_retirement(body, line.retired) if by_sync else body, line, by, wishes.day)
    if own and is_confirmed(line.absent, own) and _may_change(body, line):
        return _deprecate_model(name, body, line, own)
    is_news = own and line.absent and not state
    if by_sync or not (by or is_news):
        return Delisting(body, line)
    if by:
        return Delisting(body, line, _missing_item(name, by.source, _reason_for_gone(by.source)))
    return Delisting(body, line, _missing_item(name, own.source, reason_for_absence(own)) if own else None)


def _end_model(name: str, body: Body, line: Line, by: Heard, day: str) -> Delisting:
    if by.is_provider_list:
        return _retire_model(name, body, line, by.source, day)
    return _unlist_model(name, body, line, by.source) if _may_change(body, line) else Delisting(body, line)


def _retire_model(name: str, body: Body, line: Line, gone_from: str, day: str) -> Delisting:
    after, retirement = retire_entry(body, gone_from, day)
    item = Item(name, _STATUS, "retired", ABSENT, "retired", gone_from, _reason_for_gone(gone_from))
    return Delisting(after, replace(line, retired=retirement), item)


def _unlist_model(name: str, body: Body, line: Line, gone_from: str) -> Delisting:
    """The entry as `import --past` adds those that no list names (`core.sync.once_listed`)."""
    item = Item(name, _STATUS, "applied", body.get(_STATUS, ABSENT), UNLISTED, gone_from, _reason_for_gone(gone_from))
    return Delisting(
        {**body, _STATUS: UNLISTED}, replace(line, base={**line.base, _STATUS: UNLISTED}, retired={}), item
    )


def _deprecate_model(name: str, body: Body, line: Line, own: OwnList) -> Delisting:
    old = body.get(_STATUS, ABSENT)
    after, retirement = deprecate_entry(body, own.source, own.day)
    item = Item(name, _STATUS, "applied", old, "deprecated", own.source, reason_for_absence(own))
    return Delisting(after, replace(line, retired=retirement), item)


def _missing_item(name: str, source: str, reason: str) -> Item:
    return Item(name, "", "missing", source=source, reason=reason)


def _reason_for_gone(source: str) -> str:
    return f"{source} lists it no more"


def _may_change(body: Body, line: Line) -> bool:
    """Whether the status is none that a person wrote, and does not say already that the model ends."""
    written, taken = body.get(_STATUS, ABSENT), line.base.get(_STATUS, ABSENT)
    return written in _ALIVE and (written is taken or equal_data(written, taken))
