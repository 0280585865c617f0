"""The plainest YAML, read line by line: block mappings and lists whose every value stands on the line of its key.

Nearly all of a catalog is written so, in lines that recur from model to model and from version to version; each is
understood once. Whatever is not plain at sight is left to `document.load`, which alone says what is wrong with a text.
"""

import re
from typing import Any, NamedTuple

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Scalars, load
from registry_cli.yamledit.scalars import ScalarFault

_KEY = r"[A-Za-z0-9_](?:[A-Za-z0-9_./@-]|:(?=[A-Za-z0-9_./@-])){0,200}"
_LINE = re.compile(rf"( *)(- )?(?:({_KEY}):(?: |$))?(.*)")
_NOTHING = re.compile(r" *(?:#[ -~]*)?")
_PLAIN = re.compile(r"[A-Za-z0-9_./$(~](?:[!-9;-~]|:(?=[!-~])| (?=[!\"$-~]))*")
_QUOTED = re.compile(r"'[ -&(-~]*'|\"[ !#-\[\]-~]*\"")
_MOST_LINES = 50_000  # remembered; a long history has more
_MOST_LEVELS = 16
_OPEN: Any = object()  # stands for the value of a key whose value is on the lines below


class _Line(NamedTuple):
    """`key` is None for an item of a list that is no mapping. An item's own keys begin two columns after its dash."""

    indent: int
    is_item: bool
    key: str | None
    value: Any


class PlainLines:
    """Reads texts; `scalars` are those of the reader of all others."""

    def __init__(self, scalars: Scalars) -> None:
        self._scalars = scalars
        self._known: dict[str, _Line | None] = {}

    def read(self, text: str) -> dict[str, Any] | None:  # noqa: C901, PLR0912  # the one hot loop, as in `document`
        """What `document.load` makes of a block mapping, None where it is not plain (or not right). Values of lines
        that recur are the same objects."""
        if len(self._known) > _MOST_LINES:
            self._known.clear()
        known = self._known
        root: dict[str, Any] = {}
        container: Any = None
        indent = 0
        above: list[tuple[Any, int]] = []  # the containers around this one
        waiting: Any = None  # the key of it whose value has not begun
        for text_line in text.split("\n"):
            try:
                line = known[text_line]
            except KeyError:
                line = known[text_line] = None if _NOTHING.fullmatch(text_line) else self._line(text_line)
            if line is None:
                continue
            at, is_item, key, value = line
            if at < 0:
                return None
            if waiting is not None:
                if at > indent or (is_item and at == indent):
                    if len(above) == _MOST_LEVELS:
                        return None
                    above.append((container, indent))
                    fresh: Any = [] if is_item else {}
                    container[waiting] = fresh
                    container, indent = fresh, at
                waiting = None
            elif container is None:
                container, indent = root, at
            while at < indent or (at == indent and not is_item and container.__class__ is list):
                if not above:
                    return None
                container, indent = above.pop()
            if at != indent or is_item is not (container.__class__ is list):
                return None
            if is_item:
                if key is None:
                    container.append(value)
                    continue
                item: dict[str, Any] = {}
                container.append(item)
                above.append((container, indent))
                container, indent = item, at + 2
            if key in container:
                return None
            if value is _OPEN:
                waiting = key
                value = None
            container[key] = value
        return root or None

    def _line(self, text: str) -> _Line:
        matched = _LINE.fullmatch(text)
        if matched is None:
            return _OTHER
        spaces, dash, key, written = matched.groups()
        try:
            if key is None and not (dash and written):
                return _OTHER
            if key is not None and self._scalars[key].__class__ is not str:
                return _OTHER
            return _Line(len(spaces), dash is not None, key, self._value(written) if written else _OPEN)
        except (ScalarFault, YamlError):
            return _OTHER

    def _value(self, written: str) -> Any:
        if _PLAIN.fullmatch(written):
            return self._scalars[written]
        if _QUOTED.fullmatch(written):
            return written[1:-1]
        if written[0] not in "[{" or written.count("[") + written.count("{") > _MOST_LEVELS:
            raise YamlError("yaml-syntax", "not plain at sight")
        return load(written, self._scalars)


_OTHER = _Line(-1, False, None, None)
