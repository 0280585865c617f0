"""The algebra of `when`: whether two conditions can hold together, and whether one holds whenever another does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

When = Mapping[str, Any]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CN_HOLIDAY = "cn-holiday"
_MINUTES = 24 * 60
ALL_DAY = (1 << _MINUTES) - 1
_WEEK = (1 << len(WEEKDAYS)) - 1
_THRESHOLDS = frozenset({"input_tokens_above", "monthly_tokens_above"})


def prepared(when: When) -> When:
    """The same condition, quicker to compare often: `utc` as a set of minutes, `days` as one of kinds of day."""
    sets = {name: _SETS[name](when[name]) for name in _SETS.keys() & when.keys()}
    return {**when, **sets} if sets else when


def implies(narrow: When, wide: When) -> bool:
    """Whether `wide` holds whenever `narrow` does."""
    return all(name in narrow and _within(name, narrow[name], bound) for name, bound in wide.items())


def both(first: When, second: When) -> dict[str, Any] | None:
    """The condition that holds where both do (`utc` and `days` as sets, as in `prepared`); None where they never hold
    together."""
    joint = {**first, **second}
    for name in first.keys() & second.keys():
        joint[name] = _meet(name, first[name], second[name])
        if joint[name] is None:
            return None
    if "from" in joint and "until" in joint and joint["from"] > joint["until"]:
        return None
    return joint


def is_of_time(when: When) -> bool:
    """Whether a condition depends on the time of day or the day of the week."""
    return not _SETS.keys().isdisjoint(when)


def shown(when: When) -> str:
    """A condition as one would write it in a flow mapping."""
    return "{" + ", ".join(f"{name}: {_written(value)}" for name, value in when.items()) + "}"


def _written(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _within(name: str, narrow: Any, wide: Any) -> bool:
    if name in _THRESHOLDS or name == "from":
        return bool(narrow >= wide)
    if name == "until":
        return bool(narrow <= wide)
    if name in _SETS:
        return _SETS[name](narrow) & ~_SETS[name](wide) == 0
    return bool(narrow == wide)


def _meet(name: str, first: Any, second: Any) -> Any:
    if name in _THRESHOLDS or name == "from":
        return max(first, second)
    if name == "until":
        return min(first, second)
    if name in _SETS:
        return _SETS[name](first) & _SETS[name](second) or None
    return first if first == second else None


def minutes_of(ranges: Sequence[str] | int) -> int:
    """The minutes of the day that `["16:30-00:30"]` covers, as the bits of a number (which stands for itself)."""
    if isinstance(ranges, int):
        return ranges
    bits = 0
    for text in ranges:
        start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
        length = (end - start) % _MINUTES or _MINUTES
        span = ((1 << length) - 1) << start
        bits |= span | span >> _MINUTES
    return bits & ALL_DAY


def ranges_of(minutes: int) -> list[str]:
    """The ranges, none of them past midnight, that cover a set of minutes of the day: the inverse of `minutes_of`."""
    ranges, start = [], None
    for minute in range(_MINUTES + 1):
        covered = minute < _MINUTES and minutes >> minute & 1
        if covered and start is None:
            start = minute
        elif not covered and start is not None:
            ranges.append(f"{_time_at(start)}-{_time_at(minute % _MINUTES)}")
            start = None
    return ranges


def _time_at(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _kinds_of_day(days: Sequence[str] | int) -> int:
    """The kinds of day that `["sat", "cn-holiday"]` covers, as the bits of a number (which stands for itself): seven
    weekdays that are no holiday, and the same seven as holidays."""
    if isinstance(days, int):
        return days
    bits = 0
    for day in days:
        bits |= _WEEK << len(WEEKDAYS) if day == CN_HOLIDAY else (1 | 1 << len(WEEKDAYS)) << WEEKDAYS.index(day)
    return bits


_SETS: Mapping[str, Callable[[Any], int]] = {"utc": minutes_of, "days": _kinds_of_day}
