"""What is wrong with the text of a record, line by line."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from registry_cli.core.sync.record import parse
from registry_cli.errors import EntryError

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def record_faults(text: str) -> Iterator[tuple[int, str]]:
    """The number of each line that sync did not write so, from 1, and what is wrong with it."""
    met: set[str] = set()
    for number, row in enumerate(text.splitlines(), 1):
        try:
            lines = parse(row, "")
        except EntryError as fault:
            yield number, fault.message
            continue
        for line in lines.values():  # one, or none of an empty row
            if line.id in met:
                yield number, f"a second line for {line.id!a}; restore it from git"
            met.add(line.id)
            for source, moment in line.checked.items():
                if not _is_moment(str(moment)):  # which a hand may have made anything
                    yield number, f"checked: {moment!a} of {source} is no time such as 2026-01-15T06:00:00Z"


@cache
def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
