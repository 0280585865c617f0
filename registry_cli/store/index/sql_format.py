"""SQLite's `printf` and `format` within bounds.

`printf('%.*c', 900000000, 'x')` repeats a character one by one, which takes a quarter of a minute that no limit of
SQLite's counts, and a result that is too long is NULL instead of an error.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from math import isfinite
from typing import Any

_NAMES = ("printf", "format")  # the same function
_MOST_REPEATED = 100_000  # a width or a precision; nobody reads a wider column
_CONVERSION = re.compile(r"%[-+ 0#,!]*(?P<width>\*|[0-9]+)?(?:\.(?P<precision>\*|[0-9]+))?l*(?P<kind>.)", re.DOTALL)
_NUMBER = re.compile(r"\s*[-+]?[0-9]+")
_DIGITS = 20


class BoundedFormat:
    """Stands in for both functions as long as a connection lives; `fault` is why the last call was refused."""

    def __init__(self, connection: sqlite3.Connection, longest: int) -> None:
        self.fault = ""
        self._longest = longest
        for name in _NAMES:
            connection.create_function(name, -1, self._format, deterministic=True)

    def _format(self, *arguments: Any) -> Any:
        if not arguments or arguments[0] is None:
            return None
        if max(_list_repetitions(str(arguments[0]), arguments[1:]), default=0) > _MOST_REPEATED:
            self._refuse(f"a width or precision above {_MOST_REPEATED:,}")
        places = ", ".join("?" * len(arguments))
        with closing(sqlite3.connect(":memory:")) as sqlite:  # whose functions are its own
            sqlite.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self._longest)
            value = sqlite.execute(f"SELECT printf({places})", arguments).fetchone()[0]
        if value is None:
            self._refuse(f"a text of more than {self._longest // 1_000_000} MB")
        return value

    def _refuse(self, fault: str) -> None:
        self.fault = fault
        raise ValueError(fault)  # SQLite shows no text of ours; `fault` keeps it


def _list_repetitions(text: str, arguments: tuple[Any, ...]) -> Iterator[int]:
    """Yield the widths and precisions of a format, stated or taken from the arguments by a `*`."""
    unused = iter(arguments)
    for found in _CONVERSION.finditer(text):
        for stated in found.group("width", "precision"):
            if stated:
                yield abs(_to_integer(next(unused, 0) if stated == "*" else stated))
        if found["kind"] != "%":
            next(unused, None)


def _to_integer(value: Any) -> int:
    """Return the number as which SQLite reads a value."""
    if isinstance(value, float):
        return int(value) if isfinite(value) else _MOST_REPEATED + 1
    digits = _NUMBER.match(str(value))
    return int(digits[0][:_DIGITS]) if digits else 0
