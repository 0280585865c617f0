"""Finds errors in the text of a record, line by line."""

from collections.abc import Iterator
from typing import NamedTuple

from registry_cli.core.statements.record import parse_record
from registry_cli.core.statements.record_times import is_credible, is_moment
from registry_cli.errors import EntryError

UNREADABLE, FUTURE = "record", "record-future"


class RecordFault(NamedTuple):
    """`line` counts from 1; `code` is that of a rule."""

    line: int
    code: str
    message: str


def record_faults(text: str, now: str) -> Iterator[RecordFault]:
    """The lines that sync did not write so, and the times that are still to come at the moment `now`."""
    met: set[str] = set()
    for number, row in enumerate(text.splitlines(), 1):
        try:
            lines = parse_record(row, "")
        except EntryError as fault:
            yield RecordFault(number, UNREADABLE, fault.message)
            continue
        for line in lines.values():  # one, or none of an empty row
            if line.id in met:
                yield RecordFault(number, UNREADABLE, f"a second line for {line.id!a}; restore it from git")
            met.add(line.id)
            for source, moment in line.checked.items():
                if not is_moment(str(moment)):  # which a hand may have made anything
                    message = f"checked: {moment!a} of {source} is no time such as 2026-01-15T06:00:00Z"
                    yield RecordFault(number, UNREADABLE, message)
                elif not is_credible(moment, now):
                    message = f"{line.id}: checked: {moment} of {source} is still to come; sync ignores it"
                    yield RecordFault(number, FUTURE, message)
