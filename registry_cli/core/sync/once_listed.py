"""The status of models that no source lists any more: `unlisted`, as long as no source states how they ended.

`llmreg import --past` writes it, and `sync --retire-missing` where no aggregator lists a model any more. A source that
states how a model ended overwrites it like any value that sync wrote; a source that lists the model again takes it
away.
"""

from collections.abc import Iterable
from dataclasses import replace

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import Item
from registry_cli.core.matching.listening import DERIVED
from registry_cli.core.statements.lifecycle_sources import is_lifecycle_source
from registry_cli.core.statements.record import Line
from registry_cli.core.sync.threeway import Known, Verdict

UNLISTED = "unlisted"
_STATUS = "status"


def lists_models(source: str) -> bool:
    """Whether what a source names can be called, by its word."""
    return source != DERIVED and not is_lifecycle_source(source)


def is_only_of_lifecycle(line: Line) -> bool:
    """Whether the sources of a model tell its end and nothing else: none of them ever listed it."""
    sources = line.said.keys() - {DERIVED}
    return bool(sources) and not any(map(lists_models, sources))


def last_listed(line: Line) -> str | None:
    """The day on which a source that lists a model no more was last known to list it; None where that is not known."""
    return max((time for source, time in line.checked.items() if source in line.gone), default="")[:10] or None


def settle_status(verdict: Verdict, known: Known, listing: Iterable[str]) -> Verdict:
    """The verdict on a model, without the status `unlisted` that the file has from `import` where a source lists it
    today, or with another in its place where a date that a source states today implies one.

    `listing` are the sources that name the model, the highest first.
    """
    is_ours = known.body.get(_STATUS) == UNLISTED == known.base.get(_STATUS)
    if not is_ours or any(item.field == _STATUS for item in verdict.changes):
        return verdict
    # What a list said of the status while it still had the model is of no use any more.
    verdict = replace(verdict, items=tuple(item for item in verdict.items if item.field != _STATUS))
    new = known.upstream.fields.get(_STATUS, ABSENT)
    if new is ABSENT:
        by = next(filter(lists_models, listing), None)
        is_confirmed, reason = by is not None, f"{by} lists it again"
    else:
        by = known.upstream.sources[_STATUS]
        is_confirmed, reason = known.reason_to_wait(_STATUS, new, by) is None, ""
    if not is_confirmed:
        return verdict
    item = Item(known.name, _STATUS, "applied", UNLISTED, new, by or "", reason)
    return Verdict(verdict.base, (*verdict.changes, item), verdict.items)
