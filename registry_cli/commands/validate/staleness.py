"""Finds models that no source confirmed lately, by the source records: for `validate --max-age`."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from registry_cli.core.checks.report import Outline, is_over
from registry_cli.core.checks.rules import stale
from registry_cli.core.checks.rules.base import Problem
from registry_cli.core.statements.record import Line
from registry_cli.core.statements.record_times import is_credible
from registry_cli.errors import UsageError
from registry_cli.store.catalog.records import read_record

_AGE = re.compile(r"([0-9]{1,5})([dw]?)")
_WEEK = 7


def parse_age(text: str) -> int:
    """Return the number of days in `90d`, `12w` or `90`. Raises `UsageError`."""
    match = _AGE.fullmatch(text)
    if match is None:
        raise UsageError(f"--max-age: {text!r} is not a number of days such as 90d, or of weeks such as 12w")
    return int(match[1]) * (_WEEK if match[2] == "w" else 1)


def stale_models(folder: Path, outline: Outline, on: str, max_age: int) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each model of a file that was last confirmed over `max_age` days before the ISO day `on`.

    Raises `FileError`.
    """
    record, data = read_record(folder, outline.provider)
    if data is None:
        yield stale.RULE.code, Problem((), "no source has ever been asked about this provider")
        return
    for model_id in outline.ids:
        if is_over(outline.outdated.get(model_id)):
            continue
        checked = _last_checked(record.get(model_id), on)
        if checked is None:
            message = "no source lists it"
        elif (age := (date.fromisoformat(on) - date.fromisoformat(checked[:10])).days) > max_age:
            message = f"last confirmed on {checked[:10]}, {age} days ago"
        else:
            continue
        yield stale.RULE.code, Problem((outline.key, model_id), message, of_key=True)


def _last_checked(line: Line | None, on: str) -> str | None:
    """Return when a source that still lists a model last confirmed it. Times after the end of the day do not count."""
    if line is None:
        return None
    times = (time for source, time in line.checked.items() if source not in line.gone)
    return max((time for time in times if is_credible(time, f"{on}T23:59:59Z")), default=None)
