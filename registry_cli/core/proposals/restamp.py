"""Facts that an unmerged branch has already keep the times that they have there: a day that brings nothing new
changes nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.proposals.commit_message import STAMPS
from registry_cli.core.statements.record import Line, Record
from registry_cli.core.statements.statement_days import latest_day
from registry_cli.yamledit.apply import equal_data

Value = Mapping[str, Any]


def keep_times(earlier: Value, value: Value, today: Collection[str]) -> dict[str, Any]:
    """A provider file with the times of `today` as `earlier` has them, wherever that states the same facts."""
    result = {
        **_base_taken(_own_fields(earlier), _own_fields(value), today),
        **{key: value[key] for key in MODEL_KEYS if key in value},
    }
    for key in MODEL_KEYS:
        models, before = value.get(key), earlier.get(key)
        if isinstance(models, Mapping) and isinstance(before, Mapping):
            result[key] = {name: _base_taken(before.get(name), body, today) for name, body in models.items()}
    return {key: result[key] for key in value}


def keep_checks(earlier: Record, record: Record, today: Collection[str]) -> dict[str, Line]:
    """A record with the lines of `earlier` in place of those that say the same and were checked `today`; the others
    keep the days since when sources state what they stated there."""
    return {
        name: _keep_times_of_model(earlier[name], line, today) if name in earlier else line
        for name, line in record.items()
    }


def _keep_times_of_model(before: Line, line: Line, today: Collection[str]) -> Line:
    dated = _dated_as(before, line, today)
    was_checked = not {*today}.isdisjoint(line.checked.values())
    return before if was_checked and _retired_as(before, dated, today).states_same_as(before) else dated


def _dated_as(before: Line, line: Line, today: Collection[str]) -> Line:
    """What a source is found to state since today, it states since the day on the branch if it stated it there."""
    days = {moment[:10] for moment in today}
    since = dict(line.since)
    for source, found in line.since.items():
        is_new = not days.isdisjoint(map(latest_day, found.values()))
        if is_new and source in before.since and before.said.get(source) == line.said.get(source):
            since[source] = before.since[source]
    return line if since == line.since else replace(line, since=since, text=None)


def _retired_as(before: Line, line: Line, today: Collection[str]) -> Line:
    """A model that is retired today, as it was retired on the branch: its date there stays."""
    if before.retired and line.retired and line.retired["on"] in today:
        return replace(line, retired={**line.retired, "on": before.retired["on"]})
    return line


def _base_taken(before: Any, body: Any, today: Collection[str]) -> Any:
    if not isinstance(before, Mapping) or not isinstance(body, Mapping):
        return body
    moved = [key for key in (*STAMPS, "retirement_date") if body.get(key) in today and key in before]
    if not moved or not equal_data(_facts_without(body, moved), _facts_without(before, moved)):
        return body
    return {key: before[key] if key in moved else item for key, item in body.items()}


def _facts_without(body: Value, keys: Collection[str]) -> dict[str, Any]:
    return {key: item for key, item in body.items() if key not in keys}


def _own_fields(value: Value) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in MODEL_KEYS}
