"""One model of the file, its record and upstream -> what changes, and what is left to a person.

| file against base     | upstream against base     | what happens                                   |
|-----------------------|---------------------------|------------------------------------------------|
| same                  | changed                   | applied, or held where the policy says so      |
| edited by a person    | same                      | kept, quietly                                  |
| edited                | changed to the same value | nothing; it is upstream's again                |
| edited                | changed otherwise         | conflict: the person's stays                   |
| deleted by a person   | anything                  | stays deleted                                  |
| edited or deleted     | accepted, field by field  | applied                                        |
| no base               | differs from the file     | listed, the file's stays                       |
| no base, not in file  | newly stated              | applied                                        |
| same                  | in another price list     | removed, for rates come from one source        |
| any                   | only in the record        | held, until the source answers (confirmation)  |
| any                   | contested by aggregators  | held, until one more source decides (freshness)|

A price list changes as one: while a price of it is a person's, or waits for one, the changes of all others are held.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import SETS, TEXT_FIELDS
from registry_cli.core.matching.items import DELETED, EDITED, OPEN, Decisions, Item, is_edit
from registry_cli.core.matching.policy import CURRENCY, currency_of, reason_to_hold
from registry_cli.core.merging.promises import PROMISE
from registry_cli.core.merging.schedules import superseded_hours
from registry_cli.core.merging.standing import is_release_after_entry
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.statements.facts import (
    CAPABILITY,
    Canonical,
    EntryView,
    Field,
    Fields,
    fields_of,
    group_of,
    with_value,
)
from registry_cli.yamledit.apply import equal_data

Body = Mapping[str, Any]
_STREAMING = f"{CAPABILITY}streaming"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one model of a file. `listed` are fields that the file did not have at the first contact, and
    that no person has decided about since. `reason_to_wait` tells by a field, upstream's value and its source why the
    value may not be applied (`Confirmation`)."""

    name: str
    body: Body
    base: Fields
    upstream: Upstream
    listed: frozenset[Field] = frozenset()
    reason_to_wait: Callable[[Field, Any, str], str | None] = lambda *_: None  # as if every source had answered


@dataclass(frozen=True, slots=True)
class Verdict:
    """`base` is what moves whatever becomes of `changes`, the edits to make; `items` is all the rest."""

    base: Fields
    changes: tuple[Item, ...]
    items: tuple[Item, ...]

    def apply_changes(self, body: Body, canonical: Canonical) -> Body:
        for item in self.changes:
            body = with_value(body, item.field, item.new, canonical)
        return body

    def next_base(self, upstream: Upstream) -> dict[Field, Any]:
        """The base once the changes are made."""
        base = dict(self.base)
        for item in self.changes:
            _move_base(base, item.field, upstream.fields)
        return base

    def undecided_fields(self) -> frozenset[Field]:
        """What is to be `listed` again."""
        return frozenset(item.field for item in self.items if item.status == "listed" and item.old is ABSENT)

    def hold_changes(self, reason: str, groups: Collection[str] = ()) -> "Verdict":
        """The same with no change made, or with none of the fields in `groups` (see `group_of`) where some of them
        change."""
        waiting = [item for item in self.changes if group_of(item.field) in groups] or self.changes
        held = tuple(replace(item, status="held", reason=reason) for item in waiting)
        return Verdict(self.base, tuple(item for item in self.changes if item not in waiting), self.items + held)


def merge_model(known: Known, decisions: Decisions, canonical: Canonical) -> Verdict:
    base = dict(known.base)
    local = EntryView(known.body, canonical)
    items: list[Item] = []
    told, implied = known.upstream.fields, known.upstream.implied
    for field in sorted(told):
        upstream = told[field]
        if field in implied and group_of(field) != "pricing":
            continue  # an inference fills a new entry; it is no word against a person's
        if field == "status" and _has_later_retirement(known, local):
            continue
        mine = local.value_of(field)
        if field == "release_date" and upstream == known.upstream.entered and is_release_after_entry(mine, upstream):
            reason = "the maker enters a model into its list before the release"
            items.append(Item(known.name, field, "kept", mine, upstream, known.upstream.sources[field], reason))
            continue
        agree = mine is not ABSENT and equal_data(mine, upstream)  # most of them, so it is asked first
        found = None if agree else (_merge_set if field in SETS else _merge_value)(known, field, upstream, mine)
        if found is not None:
            items.append(_hold_unconfirmed(known, found))
        elif not equal_data(base.get(field, ABSENT), upstream) and _is_confirmed(known, field):
            base[field] = upstream
    items += [_hold_unconfirmed(known, item) for item in _replaced_items(known, local)]
    items += (
        [_hold_unconfirmed(known, item) for item in _rejected_items(known, local)] if known.upstream.rejected else ()
    )
    items += _disproved_streaming(known, local, items)
    items += [_hold_unconfirmed(known, item) for item in _find_postponed_retirement(known, local)]
    if not items:
        return Verdict(base, (), ())
    items = [_apply_decisions(item, decisions, base, told) for item in _hold_split_prices(known, items, decisions)]
    changes = tuple(item for item in items if item.status == "applied")
    return Verdict(base, changes, tuple(item for item in items if item.status != "applied"))


def _merge_value(known: Known, field: Field, upstream: Any, local: Any) -> Item | None:
    """None where file and upstream agree."""
    base = known.base.get(field, ABSENT)
    if field.startswith(CAPABILITY) and local is ABSENT and (upstream is False or base is False):
        local = False  # a set lacks what it does not name
    if local is not ABSENT and equal_data(local, upstream):
        return None
    item = Item(known.name, field, "applied", local, upstream, known.upstream.sources[field])
    if base is ABSENT:
        return item if local is ABSENT and _is_news(known, field) else _list_item(item)
    if local is not ABSENT and equal_data(local, base):
        return item if _is_rejected(known, field, local) else _hold_suspicious(known, item)
    if local is ABSENT:
        return replace(item, status="kept", reason=DELETED)
    if equal_data(base, upstream):
        return replace(item, status="kept", reason=EDITED)
    return replace(item, status="conflict", reason="changed in the file and upstream")


def _merge_set(known: Known, field: Field, upstream: list[Any], local: Any) -> Item | None:
    """Sets merge by element, so a person's additions and deletions never stand against upstream's."""
    base = known.base.get(field, ABSENT)
    item = Item(known.name, field, "applied", local, upstream, known.upstream.sources[field])
    if isinstance(local, list) and {*local} == {*upstream}:
        return None
    if base is ABSENT:
        return item if local is ABSENT and _is_news(known, field) else _list_item(item)
    if not isinstance(local, list):
        return replace(item, status="kept", reason=DELETED)
    merged = [each for each in local if each in upstream or each not in base]
    merged += [each for each in upstream if each not in base and each not in local]
    if merged != local:
        return _hold_suspicious(known, replace(item, new=merged))
    return replace(item, status="kept", reason=EDITED) if {*base} == {*upstream} else None


def _replaced_items(known: Known, local: EntryView) -> list[Item]:
    """What was taken from one source and gives way to another, which now counts: prices that are not in its list, for
    rates of two sources are no price list, and a day of retirement that it promises not to retire the model by."""
    sources = known.upstream.sources
    teller = next((who for field, who in sources.items() if group_of(field) == "pricing"), "")
    gone = []
    for field in sorted(_replaced_fields(known)):
        is_price = group_of(field) == "pricing"
        by = teller if is_price else sources.get(PROMISE, "")
        reason = f"not in the price list of {by}" if is_price else f"{by} promises {PROMISE}"
        if (
            by
            and field in known.base
            and local.value_of(field) is not ABSENT
            and equal_data(local.value_of(field), known.base[field])
        ):
            gone.append(Item(known.name, field, "applied", local.value_of(field), ABSENT, by, reason))
    return gone


def _disproved_streaming(known: Known, local: EntryView, items: Sequence[Item]) -> list[Item]:
    """Streaming that only followed from a mode which a source now corrects: no source has ever stated it."""
    mode = next((item for item in items if item.field == "mode" and item.status == "applied"), None)
    is_inferred = _STREAMING not in known.upstream.fields and known.base.get(_STREAMING) is True
    if mode is None or not is_inferred or local.value_of(_STREAMING) is not True:
        return []
    return [replace(mode, field=_STREAMING, old=True, new=ABSENT, reason=f"followed from the mode {mode.old}")]


def _has_later_retirement(known: Known, local: EntryView) -> bool:
    """Whether upstream's `retired` follows from a day in whose place the file has a later one that stays."""
    told, day = known.upstream.fields, local.value_of("retirement_date")
    if (
        told["status"] != "retired"
        or not isinstance(day, str)
        or equal_data(day, known.base.get("retirement_date", ABSENT))
    ):
        return False
    return bool(day > told.get("retirement_date", day))


def _find_postponed_retirement(known: Known, local: EntryView) -> list[Item]:
    """The status `retired` that only followed from a day which its source has since put off."""
    told = known.upstream.fields
    is_implied = "status" not in told and known.base.get("status") == "retired" == local.value_of("status")
    day = told.get("retirement_date")
    if not is_implied or day is None:
        return []
    by = known.upstream.sources["retirement_date"]
    return [Item(known.name, "status", "applied", "retired", ABSENT, by, f"{by} states {day} now")]


def _replaced_fields(known: Known) -> frozenset[Field]:
    """The prices that are not in the list which counts: of other sources, and of hours that it had before."""
    return known.upstream.replaced | superseded_hours(known.base, known.upstream.fields)


def _rejected_items(known: Known, local: EntryView) -> list[Item]:
    """What sync once wrote, is stated still, and cannot be true: it goes, where no source states anything better."""
    return [
        Item(known.name, field, "applied", local.value_of(field), ABSENT, wrong.source, f"left out: {wrong.reason}")
        for field, wrong in sorted(known.upstream.rejected.items())
        if field not in known.upstream.fields and _is_rejected(known, field, local.value_of(field))
    ]


def _is_rejected(known: Known, field: Field, local: Any) -> bool:
    """Whether the file's value is one that sync wrote and that cannot be true."""
    wrong = known.upstream.rejected.get(field)
    if wrong is None or local is ABSENT:
        return False
    return equal_data(local, wrong.value) and equal_data(local, known.base.get(field, ABSENT))


def _is_news(known: Known, field: Field) -> bool:
    """Whether a fact that the file does not have may be added: at the first contact only where the file states nothing
    of the kind. Prices, and what else is more than a sum of its parts, are met first when a source first states any."""
    group = group_of(field)
    of_its_kind = known.base if field.startswith(CAPABILITY) else {group_of(each) for each in known.base} & {group}
    return field not in known.listed if of_its_kind else group not in known.body


def _list_item(item: Item) -> Item:
    return replace(item, status="listed", reason="differs from the file, which sync did not write")


def _hold_suspicious(known: Known, item: Item) -> Item:
    reason = known.upstream.contested.get(item.field)
    if reason is None and item.field not in known.upstream.confirmed:
        reason = reason_to_hold(item.field, item.old, item.new)
    return replace(item, status="held", reason=reason) if reason else item


def _is_confirmed(known: Known, field: Field) -> bool:
    return known.reason_to_wait(field, known.upstream.fields[field], known.upstream.sources[field]) is None


def _hold_unconfirmed(known: Known, item: Item) -> Item:
    """A change is made on the word of a source that answered in this run."""
    if item.status != "applied":
        return item
    upstream = known.upstream.fields.get(item.field, ABSENT)
    reason = known.reason_to_wait(item.field, upstream, item.source)
    return replace(item, status="held", reason=reason) if reason else item


def _hold_split_prices(known: Known, items: list[Item], decisions: Decisions) -> Iterator[Item]:
    """Half a price list is no price list: see `_reason_to_wait`."""
    priced = [item for item in items if group_of(item.field) == "pricing"]
    if not any(item.status == "applied" for item in priced):
        yield from items
        return
    reason = _reason_to_hold_prices(known, priced, lambda field: not decisions.accepts(known.name, field))
    without_kept = reason and _reason_to_hold_prices(
        known, priced, lambda field: not (decisions.accepts(known.name, field) or decisions.keeps(known.name, field))
    )
    for item in items:
        # Who keeps one price lets the others come; who keeps them all keeps the list.
        why = reason if decisions.keeps(item.model, item.field) else without_kept
        if why and item.status == "applied" and group_of(item.field) == "pricing":
            yield replace(item, status="held", reason=why)
        else:
            yield item


def _reason_to_hold_prices(known: Known, priced: list[Item], is_open: Callable[[Field], bool]) -> str:
    """Why the prices of a model change together or not at all: the currencies differ, one price waits for a person
    who has not decided, or one is a person's own, so that the whole would be a list that no source states.

    The currency alone may change: then upstream's prices are the file's, and their currency was misread before.
    """
    theirs = currency_of(known.upstream.fields)
    pricing = known.body.get("pricing")
    ours = (pricing or {"currency": theirs}).get("currency", "USD")
    if ours != theirs and any(item.field != CURRENCY for item in priced):
        return f"the file's prices are in {ours}, upstream's in {theirs}"
    waiting = next((item.field for item in priced if item.status in OPEN and is_open(item.field)), None)
    if waiting:
        return f"waits for {waiting}"
    own = next(filter(is_open, _own_prices(known, pricing or {})), None)
    return f"waits for a person: the file's {own} is not upstream's" if own else ""


def _own_prices(known: Known, pricing: Body) -> Iterator[Field]:
    """The prices of the file that would stay beside upstream's: a person's, and what upstream states in a way that
    cannot be true."""
    told, replaced = known.upstream.fields, _replaced_fields(known) | known.upstream.rejected.keys()
    written = fields_of({"pricing": {**pricing, "variants": pricing.get("variants") or ()}})
    for field, price in written.items():
        changes = (field in told or field in replaced) and equal_data(price, known.base.get(field, ABSENT))
        if field not in TEXT_FIELDS and not changes and not equal_data(price, told.get(field, ABSENT)):
            yield field


def _apply_decisions(item: Item, decisions: Decisions, base: dict[Field, Any], upstream: Fields) -> Item:
    if is_edit(item) and decisions.accepts_over_edit(item.model, item.field):
        return replace(item, status="applied", reason=f"accepted ({item.reason})")
    if item.status not in OPEN:
        return item
    if decisions.accepts(item.model, item.field):
        return replace(item, status="applied", reason=f"accepted ({item.reason})")
    if decisions.keeps(item.model, item.field):
        _move_base(base, item.field, upstream)
        return replace(item, status="kept", reason=f"dismissed ({item.reason})")
    return item


def _move_base(base: dict[Field, Any], field: Field, upstream: Fields) -> None:
    """Moves the base of a field to upstream's value, or away where upstream has none."""
    if field in upstream:
        base[field] = upstream[field]
    else:
        base.pop(field, None)
