"""Values -> the text of a new YAML document that YAML 1.1 and 1.2 readers read alike.

A string is quoted unless its shape is beyond doubt, so quoting depends on no table of special words but one.
Nothing is folded: a line is as long as its value.
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


def match_nothing(path: Path) -> bool:
    del path
    return False


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is laid out: the indent of a level, that of a sequence's dashes under their key, the quote that is
    preferred, which collections stand on one line (if they fit), and which entries follow a blank line."""

    step: str = "  "
    dash: str = ""
    quote: str = "'"
    flow: Callable[[Path], bool] = match_nothing
    parted: Callable[[Path], bool] = match_nothing


def emit_document(value: Mapping[str, Any], style: Style) -> str:
    """The document of a mapping; values are mappings, sequences, str, int, Decimal, bool and None.

    Raises `TypeError` for a value of another type and `ValueError` for a number that is not finite.
    """
    lines: list[str] = []
    _LayoutWriter(lines, style).write_mapping(value, (), "")
    return "\n".join(lines) + "\n"


def entry_lines(key: str, value: Any, path: Path, indent: str, style: Style) -> list[str]:
    """The lines of one entry of a block mapping, `path` leading to its value."""
    lines: list[str] = []
    _LayoutWriter(lines, style).write_entry(f"{indent}{format_scalar(key, style.quote)}:", value, path, indent)
    return lines


def item_lines(value: Any, path: Path, indent: str, style: Style, gap: str = " ") -> list[str]:
    """The lines of one item of a block sequence whose dashes are indented so; `gap` follows a dash."""
    lines: list[str] = []
    _LayoutWriter(lines, style).write_item(value, path, indent, gap)
    return lines


def mapping_lines(value: Mapping[str, Any], path: Path, indent: str, style: Style) -> list[str]:
    """The lines of a block mapping that is indented so, the first without the indent."""
    lines: list[str] = []
    _LayoutWriter(lines, style).write_mapping(value, path, indent, "")
    return lines


class _LayoutWriter:
    def __init__(self, lines: list[str], style: Style) -> None:
        self._lines = lines
        self._style = style

    def write_mapping(self, value: Mapping[str, Any], path: Path, indent: str, first: str | None = None) -> None:
        """Each entry on its own lines; `first` is the indent of the first one, where a dash stands before it."""
        for number, (key, item) in enumerate(value.items()):
            here = (*path, key)
            if number and self._style.parted(here):
                self._lines.append("")
            start = indent if number or first is None else first
            self.write_entry(f"{start}{format_scalar(key, self._style.quote)}:", item, here, indent)

    def write_item(self, item: Any, path: Path, indent: str, gap: str = " ") -> None:
        if isinstance(item, Mapping) and item and not self._style.flow(path):
            self.write_mapping(item, path, f"{indent} {gap}", f"{indent}-{gap}")
        else:  # a list in a list stands on one line
            self._lines.append(f"{indent}-{gap}{format_inline(item, self._style.quote)}")

    def write_entry(self, start: str, value: Any, path: Path, indent: str) -> None:
        quote = self._style.quote
        if not is_collection(value) or not value:
            self._lines.append(f"{start} {format_inline(value, quote)}")
            return
        if self._style.flow(path):
            line = f"{start} {format_inline(value, quote)}"
            if len(line) <= _LONGEST_FLOW:
                self._lines.append(line)
                return
        self._lines.append(start)
        if isinstance(value, Mapping):
            self.write_mapping(value, path, indent + self._style.step)
        else:
            for number, item in enumerate(value):
                self.write_item(item, (*path, number), indent + self._style.dash)


def format_inline(value: Any, quote: str = "'", *, all_quoted: bool = False) -> str:
    """A value on one line, collections in flow style. `all_quoted` puts every text in quotes, as JSON does."""
    if isinstance(value, Mapping):
        entries = []
        for key, item in value.items():
            name, text = (format_in_flow(part, quote, all_quoted=all_quoted) for part in (key, item))
            entries.append(f"{name}: {text}")
        return "{" + ", ".join(entries) + "}"
    if is_collection(value):
        return "[" + ", ".join(format_in_flow(item, quote, all_quoted=all_quoted) for item in value) + "]"
    return quote_text(value, quote) if all_quoted and isinstance(value, str) else format_scalar(value, quote)


def format_in_flow(value: Any, quote: str = "'", *, all_quoted: bool = False) -> str:
    """A value inside a flow collection, where old readers take a colon in a word for a separator."""
    if isinstance(value, str) and (all_quoted or ":" in value or not _is_plain(value)):
        return quote_text(value, quote)
    return format_inline(value, quote, all_quoted=all_quoted)


def format_scalar(value: Any, quote: str = "'") -> str:
    """A scalar as it stands in block style."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return _format_number(value)
        case str():
            return value if _is_plain(value) else quote_text(value, quote)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a YAML document")


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and ": " not in text
        and not text.endswith(":")
        and text.lower() not in _WORDS
    )


def quote_text(text: str, quote: str = "'") -> str:
    """Between this quote, or between double ones where the text needs escapes."""
    if quote == "'" and _NEEDS_ESCAPE.search(text) is None:
        return "'" + text.replace("'", "''") + "'"
    escaped = re.sub(r'[\\"]', lambda found: _ESCAPES[found[0]], text)
    return '"' + _NEEDS_ESCAPE.sub(lambda found: _escape_character(found[0]), escaped) + '"'


def _escape_character(character: str) -> str:
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else f"\\U{code:08x}")


def _format_number(value: Decimal) -> str:
    """Without an exponent, and with a point, so that a price reads as one: 3.0, 0.075."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that YAML readers share")
    text = format(value.normalize(), "f")
    return text if "." in text else f"{text}.0"


def is_collection(value: Any) -> bool:
    return isinstance(value, (Mapping, Sequence)) and not isinstance(value, (str, bytes))
