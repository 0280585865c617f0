"""The clock: the one place where llmreg asks what time and what day it is.

Callers import this module and not its functions (`clock.current_time()`), so that a test sets the time of the whole
program by replacing `registry_cli.clock.current_time`. Three things have clocks of their own: the ages of files,
which are compared with the file system's times; waits that servers ask for; and the view `catalog` of `llmreg sql`,
which asks SQLite for the day.
"""

from datetime import UTC, datetime


def current_time() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def current_day() -> str:
    """Return today in UTC as an ISO day, such as `2026-01-15`."""
    return current_time().date().isoformat()
