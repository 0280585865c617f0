"""What PyYAML, libyaml and ruamel.yaml read in a text, beside what we read."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from ruamel.yaml import YAML

_MERGE = {"<": [("tag:yaml.org,2002:merge", re.compile("^<<$"))]}


class _PureLoader(yaml.SafeLoader):
    """Reads every scalar as its text; merges mappings."""

    yaml_implicit_resolvers = _MERGE  # type: ignore[assignment]  # PyYAML's own are of this shape


class _LibyamlLoader(yaml.CSafeLoader):
    """The same with libyaml's parser."""

    yaml_implicit_resolvers = _MERGE


def assert_read_alike(text: str, expected: Any) -> None:
    """All three read the expected data; ruamel.yaml, which makes values of its own of scalars, its collections."""
    bare = text.removeprefix("\ufeff")
    for loader in (_PureLoader, _LibyamlLoader):
        assert _is_read_as(yaml.load(bare, loader), expected), loader  # noqa: S506  # builds texts only
    assert _has_shape(YAML(typ="safe", pure=True).load(bare), expected)


def _is_read_as(read: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        is_mapping = isinstance(read, dict) and read.keys() == expected.keys()
        return is_mapping and all(_is_read_as(read[key], item) for key, item in expected.items())
    if isinstance(expected, list):
        return isinstance(read, list) and len(read) == len(expected) and all(map(_is_read_as, read, expected))
    if isinstance(expected, str):
        return bool(read == expected)
    if expected is None or isinstance(expected, bool):
        written = "" if read is None else str(read).lower()
        return written in (("", "~", "null") if expected is None else (str(expected).lower(),))
    try:
        return Decimal(str(read)) == expected
    except InvalidOperation:
        return False


def _has_shape(read: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        is_mapping = isinstance(read, dict) and len(read) == len(expected)
        return is_mapping and all(key not in read or _has_shape(read[key], item) for key, item in expected.items())
    if isinstance(expected, list):
        return isinstance(read, list) and len(read) == len(expected) and all(map(_has_shape, read, expected))
    return not isinstance(read, dict | list)
