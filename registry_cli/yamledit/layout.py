"""Values -> the text of a new YAML document that YAML 1.1 and 1.2 readers read alike.

A string is quoted unless its shape is beyond doubt, so quoting depends on no table of special words but one.
Nothing is folded: a line is as long as its value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]

# Begins with a letter and holds no character that any reader gives a meaning to; single spaces within.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./()+@:-]*(?: [A-Za-z0-9_./()+@-][A-Za-z0-9_./()+@:-]*)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NEEDS_ESCAPE = re.compile("[\x00-\x1f\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST_FLOW = 110
_INDENT = "  "


def _never(path: Path) -> bool:
    del path
    return False


def emit(
    value: Mapping[str, Any],
    *,
    flow: Callable[[Path], bool] = _never,
    parted: Callable[[Path], bool] = _never,
) -> str:
    """The document of a mapping; values are mappings, sequences, str, int, Decimal, bool and None.

    `flow` says which collections stand on one line (if they fit), `parted` which entries follow a blank line.
    Raises `TypeError` for a value of another type and `ValueError` for a number that is not finite.
    """
    lines: list[str] = []
    _Writer(lines, flow, parted).mapping(value, (), "")
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, lines: list[str], flow: Callable[[Path], bool], parted: Callable[[Path], bool]) -> None:
        self._lines = lines
        self._flow = flow
        self._parted = parted

    def mapping(self, value: Mapping[str, Any], path: Path, indent: str, first: str | None = None) -> None:
        """Each entry on its own lines; `first` is the indent of the first one, where a dash stands before it."""
        for number, (key, item) in enumerate(value.items()):
            here = (*path, key)
            if number and self._parted(here):
                self._lines.append("")
            start = indent if number or first is None else first
            self._entry(f"{start}{scalar(key)}:", item, here, indent)

    def _sequence(self, value: Sequence[Any], path: Path, indent: str) -> None:
        for number, item in enumerate(value):
            here = (*path, number)
            if isinstance(item, Mapping) and item and not self._flow(here):
                self.mapping(item, here, indent + _INDENT, f"{indent}- ")
            else:
                self._entry(f"{indent}-", item, here, indent)

    def _entry(self, start: str, value: Any, path: Path, indent: str) -> None:
        if not _is_collection(value) or not value:
            self._lines.append(f"{start} {inline(value)}")
            return
        if self._flow(path):
            line = f"{start} {inline(value)}"
            if len(line) <= _LONGEST_FLOW:
                self._lines.append(line)
                return
        self._lines.append(start)
        if isinstance(value, Mapping):
            self.mapping(value, path, indent + _INDENT)
        else:
            self._sequence(value, path, indent)


def inline(value: Any) -> str:
    """A value on one line, collections in flow style."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_in_flow(key)}: {inline_item(item)}" for key, item in value.items()) + "}"
    if _is_collection(value):
        return "[" + ", ".join(inline_item(item) for item in value) + "]"
    return scalar(value)


def inline_item(value: Any) -> str:
    return inline(value) if _is_collection(value) else _in_flow(value)


def scalar(value: Any) -> str:
    """A scalar as it stands in block style."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return _number(value)
        case str():
            return value if _is_plain(value) else _quoted(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a YAML document")


def _in_flow(value: Any) -> str:
    """In flow style old readers take a colon in a word for a separator."""
    if isinstance(value, str) and (":" in value or not _is_plain(value)):
        return _quoted(value)
    return scalar(value)


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and ": " not in text
        and not text.endswith(":")
        and text.lower() not in _WORDS
    )


def _quoted(text: str) -> str:
    if _NEEDS_ESCAPE.search(text) is None:
        return "'" + text.replace("'", "''") + "'"
    escaped = re.sub(r'[\\"]', lambda found: _ESCAPES[found[0]], text)
    return '"' + _NEEDS_ESCAPE.sub(lambda found: _escape(found[0]), escaped) + '"'


def _escape(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _number(value: Decimal) -> str:
    """Without an exponent, and with a point, so that a price reads as one: 3.0, 0.075."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that YAML readers share")
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


def _is_collection(value: Any) -> bool:
    return isinstance(value, (Mapping, Sequence)) and not isinstance(value, str)
