"""Find the keys of a list that its parser does not read: new fields of a provider's answer.

Watching costs time, so only some rows are watched: those of the first dozen shapes, and each row with a key that none
of these had. A key counts as read if the parser asks a watched row for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from registry_cli.sources.ignored_keys import is_ignored

_MOST_SHAPES = 12  # a key may be read of some kinds of models alone, so several rows that have it are watched
_MOST_KEYS = 100  # that are reported; an answer with more is not one of this source

Row = TypeVar("Row", bound=Mapping[str, Any])


class KeyWatch:
    """The keys of a list's rows, and those that its parser read. Keys of objects within a row are dotted paths."""

    def __init__(self) -> None:
        self._present: set[str] = set()
        self._read: set[str] = set()
        self._shapes: set[tuple[tuple[str, ...], ...]] = set()
        self._known: dict[str, set[str]] = {}  # the keys of watched rows, each with the keys of its objects

    def watch_row(self, row: Row) -> Row:
        """Return the row itself, or a copy that records which keys are read."""
        if not (self._is_new_shape(row) if len(self._shapes) < _MOST_SHAPES else self._has_new_key(row)):
            return row
        for name, value in row.items():
            self._known.setdefault(name, set()).update(value if value.__class__ is dict else ())
        return cast("Row", _WatchedRow(row, "", self._present, self._read))

    def _is_new_shape(self, row: Mapping[str, Any]) -> bool:
        shape = (tuple(row), *(tuple(value) for value in row.values() if value.__class__ is dict))
        count = len(self._shapes)
        self._shapes.add(shape)
        return len(self._shapes) > count

    def _has_new_key(self, row: Mapping[str, Any]) -> bool:
        known = self._known
        if not row.keys() <= known.keys():
            return True
        return any(value.__class__ is dict and not value.keys() <= known[name] for name, value in row.items())

    def find_unread(self, source: str) -> tuple[str, ...]:
        """The keys that were never read, without those that the source ignores. A key stands for all keys within it."""
        unread = self._present - self._read
        return tuple(sorted(path for path in unread if not is_ignored(source, path))[:_MOST_KEYS])


class _WatchedRow(dict[str, Any]):
    """An object of an answer that adds its keys to `present`, and each key that is read to `read`."""

    def __init__(self, row: Mapping[str, Any], prefix: str, present: set[str], read: set[str]) -> None:
        super().__init__(row)
        self._prefix, self._present, self._read = prefix, present, read
        present.update([f"{prefix}{key}" for key in row])

    def __getitem__(self, key: str) -> Any:
        self._read.add(f"{self._prefix}{key}")
        return self._watch_value(key, super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        self._read.add(f"{self._prefix}{key}")
        return self._watch_value(key, super().get(key, default))

    def __contains__(self, key: object) -> bool:
        self._read.add(f"{self._prefix}{key}")
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._read_all()
        return super().__iter__()

    def keys(self) -> Any:
        self._read_all()
        return super().keys()

    def values(self) -> Any:
        return [value for _, value in self.items()]

    def items(self) -> Any:
        self._read_all()
        return [(key, self._watch_value(key, value)) for key, value in super().items()]

    def __or__(self, more: Mapping[str, Any]) -> "_WatchedRow":  # type: ignore[override]
        """A copy with other values for some keys. No key counts as read."""
        copy = _WatchedRow({}, self._prefix, self._present, self._read)
        dict.update(copy, dict.items(self))
        dict.update(copy, more)
        return copy

    def _read_all(self) -> None:
        self._read.update([f"{self._prefix}{key}" for key in dict.keys(self)])

    def _watch_value(self, key: str, value: Any) -> Any:
        """The value; an object or a list of objects is watched too."""
        prefix = f"{self._prefix}{key}."
        if value.__class__ is dict:
            value = self._watch_object(prefix, value)
        elif value.__class__ is list and value and value[0].__class__ is dict:
            value = [self._watch_object(prefix, item) if item.__class__ is dict else item for item in value]
        return value

    def _watch_object(self, prefix: str, value: Mapping[str, Any]) -> "_WatchedRow":
        return _WatchedRow(value, prefix, self._present, self._read)
