"""Read a JSON value as the kind that its place should have.

The `read_*` functions raise `OddValueError` for another kind of value, which ends the row. The `*_or_empty` functions
treat another kind like a missing value: for fields whose shape differs from one version of an API to the next.
"""

from collections.abc import Mapping
from typing import Any


class OddValueError(Exception):
    """A value of another kind than its place has; `key` is the source's own word for the place."""

    def __init__(self, key: str, value: Any, expected: str) -> None:
        super().__init__(key)
        self.key = key
        self.value = value
        self.expected = expected


def read_object(key: str, value: Any) -> Mapping[str, Any]:
    """An object, empty where the value is null. Raises `OddValueError`, as all here do."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise OddValueError(key, value, "an object")
    return value


def read_list(key: str, value: Any) -> list[Any]:
    """A list, empty where the value is null."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise OddValueError(key, value, "a list")
    return value


def read_objects(key: str, value: Any) -> list[Mapping[str, Any]]:
    """A list of objects."""
    return [read_object(key, item) for item in read_list(key, value)]


def read_texts(key: str, value: Any) -> list[str]:
    """A list of texts."""
    return [read_text(key, item) for item in read_list(key, value)]


def object_or_empty(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_or_empty(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def read_text(key: str, value: Any) -> str:
    """A text, empty where the value is null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise OddValueError(key, value, "a text")
    return value
