"""Explains syntax errors of JSON in plainer words than the parser's."""

import json
from typing import NamedTuple

from registry_cli.core.text.exact_json import NumberError

_DIGITS = 4_300  # of an integer that Python reads
_WORDS = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Expecting ':' delimiter": "a colon is missing after a key",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Illegal trailing comma before end of object": "a comma stands before a closing bracket",
    "Illegal trailing comma before end of array": "a comma stands before a closing bracket",
    "Unterminated string starting at": "a text has no closing quote",
    "Invalid control character at": "a text holds a line break or another control character",
    "Invalid \\escape": "an escape that JSON does not have",
    "Invalid \\uXXXX escape": "an escape \\u without four hexadecimal digits",
    "Extra data": "something follows the end",
    "Unexpected UTF-8 BOM (decode using utf-8-sig)": "a byte order mark stands in it",
}


class JsonFault(NamedTuple):
    """An error and its place, if the parser has one; line and column count from 1."""

    words: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.words if self.line is None else f"{self.words} (line {self.line}, column {self.column})"


def describe_json_fault(error: ValueError | RecursionError) -> JsonFault:
    """Return the description of an error of `json.loads`."""
    if isinstance(error, RecursionError):
        return JsonFault("nested too deep")
    if isinstance(error, NumberError):
        return JsonFault(str(error))
    if not isinstance(error, json.JSONDecodeError):
        return JsonFault(f"a number of more than {_DIGITS:,} digits")
    return JsonFault(_WORDS.get(error.msg, error.msg), error.lineno, error.colno)
