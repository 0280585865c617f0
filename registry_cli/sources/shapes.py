"""The kinds of JSON values, asked for by name: a value of another kind than its place has says so."""

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


def read_text(key: str, value: Any) -> str:
    """A text, empty where the value is null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise OddValueError(key, value, "a text")
    return value
