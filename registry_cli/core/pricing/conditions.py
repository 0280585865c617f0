"""The algebra of `when`: whether two conditions can hold together, and whether one holds whenever another does."""

from collections.abc import Mapping
from typing import Any

When = Mapping[str, Any]

_MINUTES = 24 * 60
_THRESHOLDS = frozenset({"input_tokens_above", "monthly_tokens_above"})


def prepared(when: When) -> When:
    """The same condition, quicker to compare often: `utc` as a set of minutes."""
    return {**when, "utc": _minutes(when["utc"])} if "utc" in when else when


def implies(narrow: When, wide: When) -> bool:
    """Whether `wide` holds whenever `narrow` does."""
    return all(name in narrow and _within(name, narrow[name], bound) for name, bound in wide.items())


def both(first: When, second: When) -> dict[str, Any] | None:
    """The condition that holds where both do (`utc` as a set of minutes); None where they never hold together."""
    joint = {**first, **second}
    for name in first.keys() & second.keys():
        joint[name] = _meet(name, first[name], second[name])
        if joint[name] is None:
            return None
    if "from" in joint and "until" in joint and joint["from"] > joint["until"]:
        return None
    return joint


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
    if name == "days":
        return set(narrow) <= set(wide)
    if name == "utc":
        return _minutes(narrow) & ~_minutes(wide) == 0
    return bool(narrow == wide)


def _meet(name: str, first: Any, second: Any) -> Any:
    if name in _THRESHOLDS or name == "from":
        return max(first, second)
    if name == "until":
        return min(first, second)
    if name == "days":
        return [day for day in first if day in second] or None
    if name == "utc":
        return _minutes(first) & _minutes(second) or None
    return first if first == second else None


def _minutes(ranges: list[str] | int) -> int:
    """The minutes of the day that `["16:30-00:30"]` covers, as the bits of a number (which stands for itself)."""
    if isinstance(ranges, int):
        return ranges
    bits = 0
    for text in ranges:
        start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
        length = (end - start) % _MINUTES or _MINUTES
        span = ((1 << length) - 1) << start
        bits |= span | span >> _MINUTES
    return bits & ((1 << _MINUTES) - 1)
