"""Models of a file that the provider's own complete list does not name.

Such a list is evidence that a model has ended where it is younger than every source that still names the model: lists
of many providers keep the rows of what is gone. The first list is reported, and the record keeps its day:
`{"by": "acme", "since": "2026-08-02"}`. A complete list of a later day confirms it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.core.checks.report import is_over, state_on
from registry_cli.core.matching.listening import DERIVED, Heard
from registry_cli.core.statements.record import Line

Absence = Mapping[str, str]
_POINTED_TO = re.compile(r"-(?:latest|\d{4}-\d\d-\d\d|\d{8}|\d{6}|\d{4})$")


@dataclass(frozen=True, slots=True)
class OwnList:
    """A complete list of the provider itself: its source, its ISO day, and the models of the file that it names. A
    recorded list whose day is not known is not `dated`: it may be the same list as the last one."""

    source: str
    day: str
    names: frozenset[str]
    dated: bool


def find_own_list(
    answers: Iterable[Heard],
    named: Mapping[str, Collection[str]],
    doubted: Collection[str],
    models: Mapping[str, Mapping[str, Any]],
    day: str,
) -> OwnList | None:
    """The list that can tell what has ended: it is complete, nothing makes it doubtful, and it names at least half of
    the file's models that have not ended. `named` are the models that each source names, by our ids; `day` is today."""
    for answer in answers:
        if not answer.complete or answer.source in doubted:
            continue
        names = _add_pointers(named[answer.source], answer, models)
        alive = [name for name, body in models.items() if not is_over(state_on(body, day))]
        if len(names.intersection(alive)) * 2 >= len(alive):
            return OwnList(answer.source, answer.checked_at[:10], names, answer.dated)
    return None


def last_days_heard(answers: Iterable[Heard], lines: Iterable[Line]) -> dict[str, str]:
    """The last day, in ISO, on which each source is known to have answered about the provider."""
    moments = [(source, moment) for line in lines for source, moment in line.checked.items()]
    moments += [(answer.source, answer.checked_at) for answer in answers]
    days: dict[str, str] = {}
    for source, moment in moments:
        days[source] = max(days.get(source, ""), moment[:10])
    return days


def update_absence(line: Line, own: OwnList, days: Mapping[str, str], lifecycle: Collection[str]) -> Absence:
    """What the record is to keep of a model's absence from its provider's list; empty where nothing is to be."""
    if line.id in own.names:
        return {}
    if line.absent.get("by") == own.source and line.retired:
        return line.absent  # what sync concluded from it stands until the model is listed again
    listing = line.said.keys() - {DERIVED, *lifecycle}
    if not listing:
        return {}  # an entry of a person's own
    naming = [source for source in _sources_naming(line, lifecycle) if source != own.source]
    if any(days.get(source, "") >= own.day for source in naming):
        return {}
    return line.absent if line.absent.get("by") == own.source else {"by": own.source, "since": own.day}


def update_absent_lines(
    lines: Mapping[str, Line],
    models: Collection[str],
    own: OwnList,
    days: Mapping[str, str],
    lifecycle: Collection[str],
) -> dict[str, Line]:
    """The lines of the file's `models` of which the provider's own list tells something new."""
    changed = {}
    for name in lines.keys() & {*models}:
        absence = update_absence(lines[name], own, days, lifecycle)
        if absence != lines[name].absent:
            changed[name] = replace(lines[name], absent=absence)
    return changed


def is_confirmed(absence: Absence, own: OwnList) -> bool:
    """Whether a list is another one than that which first lacked the model: of a later day."""
    return absence.get("by") == own.source and own.dated and absence["since"] < own.day


def reason_for_absence(own: OwnList) -> str:
    return f"not in {own.source}'s own list of {own.day}, and no source of that day or later names it"


def _sources_naming(line: Line, lifecycle: Collection[str]) -> list[str]:
    """The sources that still name a model as one that can be called."""
    sources = line.listed_by - {DERIVED}
    return sorted(each for each in sources if each not in lifecycle or line.said[each].get("status") == "active")


def _add_pointers(named: Collection[str], answer: Heard, models: Mapping[str, Any]) -> frozenset[str]:
    """The models named, and those that are another name for one: a list of dated models has no undated names."""
    listed = {*named, *(model.id for model in answer.models)}
    aliases: set[str] = set()
    for model in answer.models:
        aliases.update(_texts_in(model.facts.get("aliases")))
    bases = {_POINTED_TO.sub("", name) for name in listed}
    pointers = {name for name in models if name in aliases or name in bases or _is_latest_of(name, bases)}
    return frozenset(pointers.union(named))


def _is_latest_of(name: str, bases: Collection[str]) -> bool:
    return name.endswith("-latest") and name.removesuffix("-latest") in bases


def _texts_in(value: Any) -> Sequence[str]:
    return value if isinstance(value, list) else ()
