"""The conditions of a price (`when`): one type, and one algebra for comparing and combining them.

The functions accept any mapping: the `when` of a provider file, a `When`, or the result of `prepared`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CN_HOLIDAY = "cn-holiday"
DATES = frozenset({"from", "until"})
_MINUTES = 24 * 60
_MIDNIGHT = 1 | 1 << (_MINUTES - 1)  # the first and the last minute of a day
ALL_DAY = (1 << _MINUTES) - 1
_WEEK = (1 << len(WEEKDAYS)) - 1
_THRESHOLDS = frozenset({"input_tokens_above", "monthly_tokens_above"})


class When(Mapping[str, Any]):
    """A condition that can be a key: immutable, sorted by name, with lists as tuples. `left | right` has the conditions
    of both; the right one decides about a name that both have."""

    __slots__ = ("_values",)

    def __init__(self, **values: Any) -> None:
        self._values = {
            name: tuple(value) if isinstance(value, list) else value for name, value in sorted(values.items())
        }

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return self._values == (other._values if isinstance(other, When) else other)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"When(**{self._values})"

    def __or__(self, other: "When") -> "When":
        return When(**{**self._values, **other._values})

    def without(self, *names: str) -> "When":
        """The same condition but for these names."""
        return When(**{name: value for name, value in self._values.items() if name not in names})

    def to_mapping(self) -> dict[str, Any]:
        """The `when` of a provider file."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self._values.items()}


ALWAYS = When()


def prepare_condition(when: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the condition for many comparisons: `utc` as a set of minutes, `days` as a set of kinds of day."""
    sets = {name: _SETS[name](when[name]) for name in _SETS.keys() & when.keys()}
    return {**when, **sets} if sets else when


def implies(narrow: Mapping[str, Any], wide: Mapping[str, Any]) -> bool:
    """Return whether `wide` holds whenever `narrow` does."""
    return all(name in narrow and _is_within(name, narrow[name], bound) for name, bound in wide.items())


def intersect_conditions(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any] | None:
    """The condition under which both hold; None where they never hold together. Where they differ in `utc` or `days`,
    it has these as sets, as in `prepared`; `joint_condition` writes them out."""
    joint = {**first, **second}
    for name in first.keys() & second.keys():
        joint[name] = _intersect_values(name, first[name], second[name])
        if joint[name] is None:
            return None
    if "from" in joint and "until" in joint and joint["from"] > joint["until"]:
        return None
    return joint


def joint_condition(first: Mapping[str, Any], second: Mapping[str, Any]) -> When | None:
    """The condition under which both hold, as a provider file states it; None where they never hold together, or where
    no `utc` and `days` say when they do."""
    joint = intersect_conditions(first, second)
    if joint is None:
        return None
    utc, days = joint.get("utc"), joint.get("days")
    if isinstance(utc, int):
        if "days" in joint and utc & _MIDNIGHT == _MIDNIGHT:
            return None  # hours past midnight belong to the day on which they begin, which a set does not tell
        joint["utc"] = tuple(ranges_of(utc))
    if isinstance(days, int):
        names = _names_of_days(days)
        if names is None:
            return None
        joint["days"] = names
    return When(**joint)


def is_of_time(when: Mapping[str, Any]) -> bool:
    """Return whether a condition depends on the time of day or the day of the week."""
    return not _SETS.keys().isdisjoint(when)


def format_condition(when: Mapping[str, Any]) -> str:
    """Return a condition as a YAML flow mapping, such as `{service_tier: batch}`."""
    return "{" + ", ".join(f"{name}: {_format_value(value)}" for name, value in when.items()) + "}"


def _format_value(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list | tuple) else str(value)


def _is_within(name: str, narrow: Any, wide: Any) -> bool:
    if name in _THRESHOLDS or name == "from":
        return bool(narrow >= wide)
    if name == "until":
        return bool(narrow <= wide)
    if name in _SETS:
        return _SETS[name](narrow) & ~_SETS[name](wide) == 0
    return bool(narrow == wide)


def _intersect_values(name: str, first: Any, second: Any) -> Any:
    if first == second:
        return first
    if name in _THRESHOLDS or name == "from":
        return max(first, second)
    if name == "until":
        return min(first, second)
    if name in _SETS:
        return _SETS[name](first) & _SETS[name](second) or None
    return None


def minutes_of(ranges: Sequence[str] | int) -> int:
    """Return the minutes of the day that `["16:30-00:30"]` covers, as the bits of an integer.

    An integer is such a set already and is returned unchanged.
    """
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
    """Return the ranges that cover a set of minutes of the day: the inverse of `minutes_of`. None passes midnight."""
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
    """Return the kinds of day that `["sat", "cn-holiday"]` covers, as the bits of an integer.

    The low seven bits are weekdays that are no holiday, the next seven the same weekdays as holidays. An integer is
    such a set already and is returned unchanged.
    """
    if isinstance(days, int):
        return days
    bits = 0
    for day in days:
        bits |= _WEEK << len(WEEKDAYS) if day == CN_HOLIDAY else (1 | 1 << len(WEEKDAYS)) << WEEKDAYS.index(day)
    return bits


def _names_of_days(kinds: int) -> tuple[str, ...] | None:
    """The days that cover these kinds of day: the inverse of `_kinds_of_day`; None where no days do, such as for
    holidays on Saturdays alone."""
    working, holidays = kinds & _WEEK, kinds >> len(WEEKDAYS)
    names = tuple(day for place, day in enumerate(WEEKDAYS) if working >> place & 1)
    if holidays == working:
        return names
    return (*names, CN_HOLIDAY) if holidays == _WEEK else None


_SETS: Mapping[str, Callable[[Any], int]] = {"utc": minutes_of, "days": _kinds_of_day}
NUMBERS_AND_TIMES = DATES | _THRESHOLDS | _SETS.keys()  # every other condition is a word that a call has or has not
