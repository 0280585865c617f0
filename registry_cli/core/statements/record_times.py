"""When sources confirmed what is recorded of them: ISO 8601 in UTC to the second, which sorts as text."""

import re
from datetime import datetime, timedelta
from functools import cache

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
# Clocks differ, and a time written by hand may be of another zone.
_SLACK = timedelta(days=1)


@cache
def is_moment(text: str) -> bool:
    """Whether a text is a time such as 2026-01-15T06:00:00Z."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_credible(moment: object, now: str) -> bool:
    """Whether a source can have answered at a moment: it is a time, and at most a day after `now`."""
    return isinstance(moment, str) and is_moment(moment) and moment <= latest_credible(now)


def newest_moment(text: str) -> str:
    """The latest of the times that stand in a text; empty where there is none."""
    return max(_MOMENT.findall(text), default="")


@cache
def latest_credible(now: str) -> str:
    return (datetime.fromisoformat(now) + _SLACK).strftime("%Y-%m-%dT%H:%M:%SZ")
