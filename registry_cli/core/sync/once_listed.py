"""The status of models that no source lists any more: `unlisted`, as long as no source says what became of them.

`llmreg import --past` writes it. A source that states how a model ended overwrites it like any value that sync wrote;
a source that lists the model again takes it away.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from registry_cli.core.query.columns import ABSENT
from registry_cli.core.sync.items import Item
from registry_cli.core.sync.lifecycle_sources import is_lifecycle_source
from registry_cli.core.sync.listening import DERIVED
from registry_cli.core.sync.record import Line
from registry_cli.core.sync.threeway import Verdict

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


def listed_again(
    verdict: Verdict, name: str, body: Mapping[str, Any], base: Mapping[str, Any], listing: Iterable[str]
) -> Verdict:
    """The verdict on a model, without the status `unlisted` that the file has from `import` where a source lists it
    today. `listing` are the sources that name it, the highest first."""
    by = next(filter(lists_models, listing), None)
    is_ours = body.get(_STATUS) == UNLISTED == base.get(_STATUS)
    if by is None or not is_ours or _touches(verdict, _STATUS):
        return verdict
    item = Item(name, _STATUS, "applied", UNLISTED, ABSENT, by, f"{by} lists it again")
    return Verdict(verdict.base, (*verdict.changes, item), verdict.items)


def _touches(verdict: Verdict, field: str) -> bool:
    changes: Collection[Item] = verdict.changes
    return any(item.field == field for item in changes)
