"""Small facts as sources spell them: names and dates."""

from datetime import date
from typing import Any

EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max", "default"})  # the schema's
_MONTH = len("2026-01")
_YEAR = len("2026")


def one_line(text: Any) -> str:
    """The text with its white space made single spaces."""
    return " ".join(str(text).split())


def is_date(text: Any, *, whole: bool) -> bool:
    """Whether this is a day that exists, or, unless it must be `whole`, a month or a year."""
    value = str(text)
    if not whole and len(value) in {_YEAR, _MONTH}:
        value += "-01-01"[len(value) - _YEAR :]
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
