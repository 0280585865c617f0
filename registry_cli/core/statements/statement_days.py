"""On which day a source first stated its present price list, and each of its limits.

A day never moves because the same is stated again: it is that of the answer in which a change first appeared, or the
source's own day where it names one. What a source already stated when it was first heard may be older than that answer:
`<=2026-07-02` says that it is of that day or an earlier one.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from registry_cli.core.format.fields import TOKEN_LIMITS
from registry_cli.core.statements.facts import Field, Fields, group_of
from registry_cli.yamledit.apply import equal_data

PRICES = "pricing"
_DATED = frozenset({PRICES, *TOKEN_LIMITS})
_OR_EARLIER = "<="
_DAY = re.compile(rf"(?:{_OR_EARLIER})?(\d{{4}}-\d\d-\d\d)", re.ASCII)

Days = Mapping[str, str]  # by what is dated, `pricing` or a limit: an ISO day, perhaps with `<=` before it


def date_statements(
    before: Fields, now: Fields, known: Days, *, checked: str, answered: str, own: str, is_first: bool
) -> Days:
    """The days of what a source states `now`, which stated `before` on the `known` days.

    `checked` is the day of its last confirmation that is recorded, `answered` that of the answer, and `own` the day
    that the source itself names for its price list; each may be empty. `is_first` where it is the source's first answer
    about the provider.
    """
    if known and before == now and not own:
        return known  # nothing is stated differently, as on most days
    days = {}
    for group in sorted({group_of(field) for field in now} & _DATED):
        if group == PRICES and own:
            days[group] = min(own, answered)
        elif _is_unchanged(_of(group, before), _of(group, now)):
            days[group] = known.get(group) or _OR_EARLIER + (checked or answered)
        else:
            days[group] = _OR_EARLIER + answered if is_first else answered
    return days


def is_exact(day: str) -> bool:
    """Whether a statement is known to be no older than its day."""
    return not day.startswith(_OR_EARLIER)


def latest_day(day: str) -> str:
    """The ISO day on which something was stated at the latest."""
    return day.removeprefix(_OR_EARLIER)


def describe_day(day: str) -> str:
    """A day in words, empty where it is not known."""
    return day if is_exact(day) else f"{latest_day(day)} or earlier"


def pack_days(days: Days) -> str | dict[str, str]:
    """The days as a record holds them: one where all are the same."""
    distinct = {*days.values()}
    return distinct.pop() if len(distinct) == 1 else dict(sorted(days.items()))


def unpack_days(packed: Any, fields: Fields) -> dict[str, str]:
    """The inverse of `pack_days` for a source that states `fields`. Raises `ValueError` or `TypeError` for no days."""
    stated = {group_of(field) for field in fields} & _DATED
    days = dict.fromkeys(sorted(stated), packed) if isinstance(packed, str) else dict(packed)
    for group, day in days.items():
        found = _DAY.fullmatch(day)
        if group not in _DATED or not found:
            raise ValueError(day)
        date.fromisoformat(found[1])
    return days


def _of(group: str, fields: Fields) -> dict[Field, Any]:
    return {field: value for field, value in fields.items() if group_of(field) == group}


def _is_unchanged(before: Fields, now: Fields) -> bool:
    """Whether nothing that was stated is stated differently now. A price more or less makes no other price list: a
    newer llmreg may read more of the same answer."""
    shared = before.keys() & now.keys()
    return bool(shared) and all(equal_data(before[field], now[field]) for field in shared)
