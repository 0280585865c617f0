"""What sync itself does to a model that no source lists, and how it is undone when the model is listed again.

The record keeps who listed it no more, the day that was written and what stood there before, as long as the file has
it so: `{"by": "acme", "on": "2026-11-22", "was": {"status": "preview"}}`. That is what `--retire-missing` does; with
`"status": "deprecated"` it is what follows from the model's absence (`core.sync.absence`), which has no date.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import Item
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.sync.threeway import Verdict
from registry_cli.yamledit.apply import equal_data

_STATUS, _DATE = "status", "retirement_date"
Body = Mapping[str, Any]
Retirement = Mapping[str, Any]


def written_fields(retirement: Retirement) -> tuple[str, ...]:
    """Return the fields that sync wrote when it retired or deprecated a model; none where it did neither."""
    if not retirement:
        return ()
    return (_STATUS,) if retirement.get(_STATUS) == "deprecated" else (_STATUS, _DATE)


def retire_entry(body: Body, by: str, day: str) -> tuple[dict[str, Any], Retirement]:
    """The entry of a model that `by` lists no more, and what the record keeps. An earlier date stays."""
    stated = body.get(_DATE)
    on = stated if stated and stated <= day else day
    was = {field: body[field] for field in (_STATUS, _DATE) if field in body}
    return {**body, _STATUS: "retired", _DATE: on}, {"by": by, "on": on, "was": was}


def deprecate_entry(body: Body, by: str, day: str) -> tuple[dict[str, Any], Retirement]:
    """The entry of a model that the lists of `by` lack, the last on `day`, and what the record keeps."""
    was = {_STATUS: body[_STATUS]} if _STATUS in body else {}
    return {**body, _STATUS: "deprecated"}, {"by": by, "on": day, "was": was, _STATUS: "deprecated"}


def is_unedited(body: Body, retirement: Retirement) -> bool:
    """Whether the file still says what sync wrote, and no person edited it since."""
    if not retirement or body.get(_STATUS) != retirement.get(_STATUS, "retired"):
        return False
    return _DATE not in written_fields(retirement) or body.get(_DATE) == retirement["on"]


def undo_retirement(body: Body, retirement: Retirement) -> dict[str, Any]:
    """The entry as it was before."""
    written = written_fields(retirement)
    return {**{field: value for field, value in body.items() if field not in written}, **retirement["was"]}


def remove_lifecycle(upstream: Upstream, retirement: Retirement) -> Upstream:
    """What upstream says, but for the life of a model that is taken for gone."""
    written = written_fields(retirement)
    return replace(upstream, fields={name: value for name, value in upstream.fields.items() if name not in written})


def is_overtaken(upstream: Upstream, retirement: Retirement) -> bool:
    """Whether a source states itself what sync only concluded from a model's absence, or more."""
    return _DATE not in written_fields(retirement) and upstream.fields.get(_STATUS) in ("deprecated", "retired")


def undo_in_verdict(verdict: Verdict, name: str, body: Body, retirement: Retirement) -> Verdict:
    """The verdict on the entry as it was before, for the entry as it is now."""
    before, written = undo_retirement(body, retirement), written_fields(retirement)
    decided = {item.field for item in verdict.changes}
    by, why = retirement["by"], f"{retirement['by']} lists it again"
    back = (
        Item(name, field, "applied", body[field], before.get(field, ABSENT), by, why)
        for field in written
        if field not in decided and not equal_data(body[field], before.get(field, ABSENT))
    )
    again = (replace(item, old=body[item.field]) if item.field in written else item for item in verdict.changes)
    return replace(verdict, changes=(*back, *again))


def brings_back(verdict: Verdict) -> bool:
    """Whether the return is among the changes that are made; a rule may hold it."""
    return any(item.field == _STATUS for item in verdict.changes)
