"""Writes a new YAML document that YAML 1.1 and 1.2 readers read alike.

A string is quoted unless its shape is beyond doubt, so that one short table of special words is enough. Nothing is
folded: a line is as long as its value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.yamledit.escapes import HIDDEN

Path = tuple[str | int, ...]

# Begins with a letter and holds no character that any reader gives a meaning to; single spaces within.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./()+@:-]*(?: [A-Za-z0-9_./()+@-][A-Za-z0-9_./()+@:-]*)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NEEDS_ESCAPE = re.compile(rf"[\x00-\x1f\x7f-\xa0\ufff0-\uffff]|{HIDDEN.pattern}")
_LAST_OF_FOUR_DIGITS = 0xFFFF
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LONGEST_FLOW = 110


def never(path: Path) -> bool:
    del path
    return False


@dataclass(frozen=True, slots=True)
class Style:
    """The layout of a text: the indent of a level, that of a sequence's dashes under their key, the preferred quote,
    which collections stand on one line (if they fit), and which entries follow a blank line."""

    step: str = "  "
    dash: str = ""
    quote: str = "'"
    flow: Callable[[Path], bool] = never
    parted: Callable[[Path], bool] = never


def emit(value: Mapping[str, Any], style: Style) -> str:
    """Return the document of a mapping; its values are mappings, sequences, str, int, Decimal, bool and None.

    Raises `TypeError` for a value of another type and `ValueError` for a number that is not finite.
    """
    lines: list[str] = []
    _LayoutWriter(lines, style).mapping(value, (), "")
    return "\n".join(lines) + "\n"


def entry_lines(key: str, value: Any, path: Path, indent: str, style: Style) -> list[str]:
    """Return the lines of one entry of a block mapping; `path` leads to its value."""
    lines: list[str] = []
    _LayoutWriter(lines, style).entry(f"{indent}{scalar(key, style.quote)}:", value, path, indent)
    return lines


def item_lines(value: Any, path: Path, indent: str, style: Style) -> list[str]:
    """Return the lines of one item of a block sequence; `indent` is that of its dashes."""
    lines: list[str] = []
    _LayoutWriter(lines, style).item(value, path, indent)
    return lines


def mapping_lines(value: Mapping[str, Any], path: Path, indent: str, style: Style) -> list[str]:
    """Return the lines of a block mapping with this indent, the first line without it."""
    lines: list[str] = []
    _LayoutWriter(lines, style).mapping(value, path, indent, "")
    return lines


class _LayoutWriter:
    def __init__(self, lines: list[str], style: Style) -> None:
        self._lines = lines
        self._style = style

    def mapping(self, value: Mapping[str, Any], path: Path, indent: str, first: str | None = None) -> None:
        """Write each entry on its own lines; `first` replaces the indent of the first one, as for a dash."""
        for number, (key, item) in enumerate(value.items()):
            path_to_item = (*path, key)
            if number and self._style.parted(path_to_item):
                self._lines.append("")
            start = indent if number or first is None else first
            self.entry(f"{start}{scalar(key, self._style.quote)}:", item, path_to_item, indent)

    def item(self, item: Any, path: Path, indent: str) -> None:
        if isinstance(item, Mapping) and item and not self._style.flow(path):
            self.mapping(item, path, f"{indent}  ", f"{indent}- ")
        else:  # a list in a list stands on one line
            self._lines.append(f"{indent}- {inline(item, self._style.quote)}")

    def entry(self, start: str, value: Any, path: Path, indent: str) -> None:
        quote = self._style.quote
        if not is_collection(value) or not value:
            self._lines.append(f"{start} {inline(value, quote)}")
            return
        if self._style.flow(path):
            line = f"{start} {inline(value, quote)}"
            if len(line) <= _LONGEST_FLOW:
                self._lines.append(line)
                return
        self._lines.append(start)
        if isinstance(value, Mapping):
            self.mapping(value, path, indent + self._style.step)
        else:
            for number, item in enumerate(value):
                self.item(item, (*path, number), indent + self._style.dash)


def inline(value: Any, quote: str = "'") -> str:
    """Return a value on one line, collections in flow style."""
    if isinstance(value, Mapping):
        entries = (f"{in_flow(key, quote)}: {in_flow(item, quote)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if is_collection(value):
        return "[" + ", ".join(in_flow(item, quote) for item in value) + "]"
    return scalar(value, quote)


def in_flow(value: Any, quote: str = "'") -> str:
    """Return a value as it stands in a flow collection, where old readers take a colon in a word for a separator."""
    if isinstance(value, str) and (":" in value or not _is_plain(value)):
        return quoted(value, quote)
    return inline(value, quote)


def scalar(value: Any, quote: str = "'") -> str:
    """Return a scalar as it stands in block style."""
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
            return value if _is_plain(value) else quoted(value, quote)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a YAML document")


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and ": " not in text
        and not text.endswith(":")
        and text.lower() not in _WORDS
    )


def quoted(text: str, quote: str = "'") -> str:
    """Return the text in these quotes, or in double ones if it needs escapes."""
    if quote == "'" and _NEEDS_ESCAPE.search(text) is None:
        return "'" + text.replace("'", "''") + "'"
    escaped = re.sub(r'[\\"]', lambda found: _ESCAPES[found[0]], text)
    return '"' + _NEEDS_ESCAPE.sub(lambda found: _escape(found[0]), escaped) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}")


def _number(value: Decimal) -> str:
    """Format a number without an exponent and with a point, as a price: 3.0, 0.075."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that YAML readers share")
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


def is_collection(value: Any) -> bool:
    return isinstance(value, (Mapping, Sequence)) and not isinstance(value, (str, bytes))
