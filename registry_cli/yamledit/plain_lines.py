"""Reads the plainest YAML line by line: block mappings and lists with every value on the line of its key.

Nearly all of a catalog has this form, in lines that recur from model to model and from version to version: each
distinct line is parsed once. `document.load_value` reads all other texts, and it alone explains what is wrong with one.
"""

import re
from typing import Any, NamedTuple

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Scalars, load_value
from registry_cli.yamledit.scalars import ScalarFault

_KEY = r"[A-Za-z0-9_][A-Za-z0-9_./@-]{0,99}(?::[A-Za-z0-9_./@-]{1,99}){0,9}"
_LINE = re.compile(rf"( *)(- )?(?:({_KEY}):(?: |$))?(.*)")
_NOTHING = re.compile(r" *(?:#[ -~]*)?")
_PLAIN = re.compile(r"[A-Za-z0-9_./$(~][!-9;-~]*(?:(?::(?=[!-~])| (?=[!\"$-~]))[!-9;-~]*)*")
_QUOTED = re.compile(r"'[ -&(-~]*'|\"[ !#-\[\]-~]*\"")
_MOST_LINES = 50_000  # in the memo; a long history has more
_MOST_LEVELS = 16
_OPEN: Any = object()  # stands for the value of a key whose value is on the lines below


class _Line(NamedTuple):
    """A parsed line. `place` is twice the columns before it, plus one for an item of a list, so that it grows with
    depth. `key` is None for an item that is not a mapping."""

    place: int
    key: str | None
    value: Any


class PlainLines:
    """Reads texts; `scalars` is the memo that `document.read_document` uses too."""

    def __init__(self, scalars: Scalars) -> None:
        self._scalars = scalars
        self._known: dict[str, _Line | None] = {}

    def read(self, text: str) -> dict[str, Any] | None:  # noqa: C901, PLR0912  # the one hot loop, as in `document`
        """Return the value of a block mapping, as `document.load_value` does; None if it is not plain or has a fault.

        The values of equal lines are one object.
        """
        if len(self._known) > _MOST_LINES:
            self._known.clear()
        known = self._known
        top: dict[str, Any] = {}
        container: Any = top
        current = -1
        above: list[tuple[Any, int]] = []  # the containers around this one, and their places
        waiting: str | None = ""  # the last key, where its value has not begun
        for written in text.split("\n"):
            try:
                line = known[written]
            except KeyError:
                line = known[written] = None if _NOTHING.fullmatch(written) else self._parse_line(written)
            if line is None:
                continue
            place, key, value = line
            if place > current:
                if waiting is None or len(above) == _MOST_LEVELS:
                    return None
                above.append((container, current))
                inner: Any = [] if place & 1 else {}
                container[waiting] = inner
                container = inner
                current = place
            elif place < current:
                if place < 0:
                    return None
                while place < current:
                    container, current = above.pop()
                if place != current:
                    return None
            if key is None:
                container.append(value)
                waiting = None
                continue
            if place & 1:  # the item's own keys begin two columns after its dash
                above.append((container, current))
                container.append({})
                container, current = container[-1], place + 3
            if key in container:
                return None
            waiting = key if value is _OPEN else None
            container[key] = None if value is _OPEN else value
        value = top.get("")
        return value if isinstance(value, dict) else None

    def _parse_line(self, text: str) -> _Line:
        matched = _LINE.fullmatch(text)
        if matched is None:
            return _OTHER
        spaces, dash, key, written = matched.groups()
        try:
            if key is None and not (dash and written):
                return _OTHER
            if key is not None and self._scalars[key].__class__ is not str:
                return _OTHER
            return _Line(2 * len(spaces) + (dash is not None), key, self._parse_value(written) if written else _OPEN)
        except (ScalarFault, YamlError):
            return _OTHER

    def _parse_value(self, written: str) -> Any:
        if _PLAIN.fullmatch(written):
            return self._scalars[written]
        if _QUOTED.fullmatch(written):
            return written[1:-1]
        if written[0] not in "[{" or written.count("[") + written.count("{") > _MOST_LEVELS:
            raise YamlError("yaml-syntax", "not plain at sight")
        return load_value(written, self._scalars)


_OTHER = _Line(-2, None, None)
