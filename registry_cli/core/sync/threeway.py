"""One model of the file, its record and upstream -> what changes, and what is left to a person.

| file against base     | upstream against base     | what happens                                   |
|-----------------------|---------------------------|------------------------------------------------|
| same                  | changed                   | applied, or held where the policy says so      |
| edited by a person    | same                      | kept, quietly                                  |
| edited                | changed to the same value | nothing; it is upstream's again                |
| edited                | changed otherwise         | conflict: the person's stays                   |
| deleted by a person   | anything                  | stays deleted                                  |
| no base               | differs from the file     | listed, the file's stays                       |
| no base, not in file  | newly stated              | applied                                        |
| same                  | in another price list     | removed, for rates come from one source        |
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.core.columns import ABSENT
from registry_cli.core.sync.facts import CAPABILITY, SETS, Canonical, Field, Fields, Local, group_of, with_value
from registry_cli.core.sync.items import Decisions, Item
from registry_cli.core.sync.policy import currency_of, reason_to_hold
from registry_cli.core.sync.upstream import Upstream
from registry_cli.yamledit.apply import same

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one model of a file. `listed` are fields that the file did not have at the first contact, and
    that nobody decided about since."""

    name: str
    body: Body
    base: Fields
    upstream: Upstream
    listed: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`base` is what moves whatever becomes of `changes`, the edits to make; `items` is all the rest."""

    base: Fields
    changes: tuple[Item, ...]
    items: tuple[Item, ...]

    def body(self, body: Body, canonical: Canonical) -> Body:
        for item in self.changes:
            body = with_value(body, item.field, item.new, canonical)
        return body

    def taken(self, upstream: Upstream) -> dict[Field, Any]:
        """The base once the changes are made."""
        base = dict(self.base)
        for item in self.changes:
            _take(base, item.field, upstream.fields)
        return base

    def undecided(self) -> frozenset[Field]:
        """What is to be `listed` again."""
        return frozenset(item.field for item in self.items if item.status == "listed" and item.old is ABSENT)

    def held(self, reason: str) -> "Verdict":
        """The same with no change made."""
        held = tuple(replace(item, status="held", reason=reason) for item in self.changes)
        return Verdict(self.base, (), self.items + held)


def decide(known: Known, decisions: Decisions, canonical: Canonical) -> Verdict:
    base = dict(known.base)
    local = Local(known.body, canonical)
    items: list[Item] = []
    told, implied = known.upstream.fields, known.upstream.implied
    for field in sorted(told):
        upstream = told[field]
        if field in implied and group_of(field) != "pricing":
            continue  # an inference fills a new entry; it is no word against a person's
        mine = local.at(field)
        if mine is not ABSENT and same(mine, upstream):  # most of them, so it is asked first
            base[field] = upstream
            continue
        found = (_of_set if field in SETS else _of_value)(known, field, upstream, mine)
        if found is None:
            base[field] = upstream
        else:
            items.append(found)
    items += _replaced(known, local, items, decisions) if known.upstream.replaced else ()
    if not items:
        return Verdict(base, (), ())
    items = [_settled(item, decisions, base, told) for item in _as_one_list(known, items, decisions)]
    changes = tuple(item for item in items if item.status == "applied")
    return Verdict(base, changes, tuple(item for item in items if item.status != "applied"))


def _of_value(known: Known, field: Field, upstream: Any, local: Any) -> Item | None:
    """None where file and upstream agree."""
    base = known.base.get(field, ABSENT)
    if field.startswith(CAPABILITY) and local is ABSENT and (upstream is False or base is False):
        local = False  # a set lacks what it does not name
    if local is not ABSENT and same(local, upstream):
        return None
    item = Item(known.name, field, "applied", local, upstream, known.upstream.sources[field])
    if base is ABSENT:
        return item if local is ABSENT and _is_news(known, field) else _listed(item)
    if local is not ABSENT and same(local, base):
        return _unless_held(item)
    if local is ABSENT:
        return replace(item, status="kept", reason="deleted in the file")
    if same(base, upstream):
        return replace(item, status="kept", reason="edited in the file")
    return replace(item, status="conflict", reason="changed in the file and upstream")


def _of_set(known: Known, field: Field, upstream: list[Any], local: Any) -> Item | None:
    """Sets merge by element, so a person's additions and deletions never stand against upstream's."""
    base = known.base.get(field, ABSENT)
    item = Item(known.name, field, "applied", local, upstream, known.upstream.sources[field])
    if isinstance(local, list) and {*local} == {*upstream}:
        return None
    if base is ABSENT:
        return item if local is ABSENT and _is_news(known, field) else _listed(item)
    if not isinstance(local, list):
        return replace(item, status="kept", reason="deleted in the file")
    merged = [each for each in local if each in upstream or each not in base]
    merged += [each for each in upstream if each not in base and each not in local]
    if merged != local:
        return _unless_held(replace(item, new=merged))
    return replace(item, status="kept", reason="edited in the file") if {*base} == {*upstream} else None


def _replaced(known: Known, local: Local, items: list[Item], decisions: Decisions) -> list[Item]:
    """The prices that were taken from one source and are not in the list of another, which now counts: rates of two
    sources are no price list. They go when that list has come."""
    teller = next((who for field, who in known.upstream.sources.items() if group_of(field) == "pricing"), "")
    gone = [
        Item(known.name, field, "applied", local.at(field), ABSENT, teller, f"not in the price list of {teller}")
        for field in sorted(known.upstream.replaced if teller else ())
        if field in known.base and local.at(field) is not ABSENT and same(local.at(field), known.base[field])
    ]
    if not gone:
        return []
    waiting = [each for each in items if group_of(each.field) == "pricing" and each.status in ("conflict", "listed")]
    first = next((each for each in waiting if not decisions.accepts(each.model, each.field)), None)
    return [replace(each, status="held", reason=f"waits for {first.field}") for each in gone] if first else gone


def _is_news(known: Known, field: Field) -> bool:
    """Whether a fact that the file does not have may be added: at the first contact only where the file says nothing
    of the kind."""
    if not known.base:
        return group_of(field) not in known.body
    return field not in known.listed


def _listed(item: Item) -> Item:
    return replace(item, status="listed", reason="differs from the file, which sync did not write")


def _unless_held(item: Item) -> Item:
    reason = reason_to_hold(item.field, item.old, item.new)
    return replace(item, status="held", reason=reason) if reason else item


def _as_one_list(known: Known, items: list[Item], decisions: Decisions) -> Iterator[Item]:
    """Half a price list is no price list: where one price waits for a person, and where the currencies differ, all
    of them wait."""
    reason = ""
    theirs = currency_of(known.upstream.fields)
    ours = (known.body.get("pricing") or {"currency": theirs}).get("currency", "USD")
    priced = [item for item in items if group_of(item.field) == "pricing"]
    if priced and ours != theirs:
        reason = f"the file's prices are in {ours}, upstream's in {theirs}"
    waiting = [item for item in priced if item.status == "held" and not _is_decided(item, decisions)]
    if not reason and waiting:
        reason = f"waits for {waiting[0].field}"
    for item in items:
        if reason and item.status == "applied" and group_of(item.field) == "pricing":
            yield replace(item, status="held", reason=reason)
        else:
            yield item


def _is_decided(item: Item, decisions: Decisions) -> bool:
    return decisions.accepts(item.model, item.field) or decisions.keeps(item.model, item.field)


def _settled(item: Item, decisions: Decisions, base: dict[Field, Any], upstream: Fields) -> Item:
    if item.status not in ("held", "conflict", "listed"):
        return item
    if decisions.accepts(item.model, item.field):
        return replace(item, status="applied", reason=f"accepted ({item.reason})")
    if decisions.keeps(item.model, item.field):
        _take(base, item.field, upstream)
        return replace(item, status="kept", reason=f"dismissed ({item.reason})")
    return item


def _take(base: dict[Field, Any], field: Field, upstream: Fields) -> None:
    """Moves the base of a field to upstream's value, or away where upstream has none."""
    if field in upstream:
        base[field] = upstream[field]
    else:
        base.pop(field, None)
