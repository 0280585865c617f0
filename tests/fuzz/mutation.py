"""Mutations that know the shape of a document: JSON by its leaves and branches, text by its lines and tokens."""

import ast
import functools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

PACKAGE = ROOT / "registry_cli"
LONGEST = 20_000  # bytes of an input: what is wrong with a long one is wrong with a short one
ODD_VALUES = (
    None, True, False, 0, -1, 1, 2, 0.1, 1e308, -0.0, 10**30, 9_007_199_254_740_993, "", " ", "0", "-1", "1e5", "nan",
    "1e400", "free", "x" * 300, "../../x", "\x1b[31m", "\u202ex", "\u200b", "\ud800", "##[error]x", "2026-13-45",
    "2026-01-15", "2026-01-15T00:00:00Z", "0001-01-01", "javascript:alert(1)", "https://a.example/", [], {}, [[]],
    [None], [1, "a"], {"a": None}, {"": {}}, {"id": "a"}, {"input": "free"},
)  # fmt: skip
TOKENS = (
    *"\t\n\r:-?#&*!|>'\"%@`{}[],~=<>\0\x1b\x85\ufeff\u2028\u202eé中",
    *("  ", "\r\n", "---\n", "...\n", "%YAML 1.1\n---\n", "<<: *a\n", "&a ", "*a", "!!str ", "!!python/none "),
    *("null", ".nan", "1e400", "012", "0o17", "1_000", "1:30", "2024-01-01", "9" * 5000, "- " * 100, "[" * 99, "? "),
)


@functools.cache
def known_words() -> tuple[str, ...]:
    """The short texts in the code that reads outside data: the keys and values that it looks for."""
    folders = ("sources", "core/pricing", "core/sync", "core/catalog", "core/checks", "yamledit")
    files = sorted(path for folder in folders for path in (PACKAGE / folder).rglob("*.py"))
    texts = {text for path in files for text in _texts(path) if 0 < len(text) <= 30 and " " not in text}
    return tuple(sorted(texts))


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def mutate_json(data: bytes, rng: random.Random) -> bytes:
    """The document with one to four places changed; other bytes where the text is no JSON."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return mutate_text(data, rng)
    if rng.random() < 0.05:  # also what is no JSON any more
        return mutate_text(data, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        value = _changed(value, rng)
    return json.dumps(value).encode()


def mutate_lines(data: bytes, rng: random.Random) -> bytes:
    """The JSON lines with one of them changed, doubled or taken out; one JSON document as `mutate_json` does."""
    lines = data.splitlines()
    if len(lines) < 2 or not lines[0].startswith(b"{"):
        return mutate_json(data, rng)
    at, how = rng.randrange(len(lines)), rng.random()
    if how < 0.1:
        del lines[at]
    elif how < 0.2:
        lines.append(lines[at])
    else:
        lines[at] = mutate_json(lines[at], rng)
    return b"\n".join(lines)


def _changed(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict) and value and rng.random() > 0.1:
        return _changed_mapping(value, rng)
    if isinstance(value, list) and value and rng.random() > 0.2:
        return _changed_list(value, rng)
    if isinstance(value, str) and rng.random() < 0.3:
        return rng.choice(known_words())
    return rng.choice(ODD_VALUES)


def _changed_mapping(value: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    key, copy, how = rng.choice(list(value)), dict(value), rng.random()
    if how < 0.08:
        del copy[key]
    elif how < 0.2:
        copy[rng.choice(known_words())] = rng.choice((copy[key], rng.choice(ODD_VALUES), 7))
    elif how < 0.25:
        copy[rng.choice(("", "\u202ex", key + " ", key.upper()))] = copy[key]
    else:
        copy[key] = _changed(copy[key], rng)
    return copy


def _changed_list(value: list[Any], rng: random.Random) -> list[Any]:
    at, how = rng.randrange(len(value)), rng.random()
    if how < 0.1:
        return [*value[:at], *value[at + 1 :]]
    if how < 0.2:
        return [*value, value[at]]
    return [*value[:at], _changed(value[at], rng), *value[at + 1 :]]


def mutate_text(data: bytes, rng: random.Random) -> bytes:
    """The text with a few tokens put in, taken out or doubled."""
    text = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at, kind = rng.randrange(len(text) + 1), rng.randrange(6)
        if kind == 0:
            text[at:at] = rng.choice(TOKENS).encode("utf-8", "surrogatepass")
        elif kind == 1:
            text[at:at] = rng.choice(known_words()).encode("utf-8", "surrogatepass")
        elif kind == 2:
            del text[at : at + rng.choice((1, 2, 10, 100))]
        elif kind == 3 and at < len(text):
            text[at] = rng.randrange(256)
        elif kind == 4:
            text[at:at] = text[at : at + rng.randint(1, 200)] * rng.randint(1, 3)
        else:
            text = text.replace(b"  ", rng.choice((b" ", b"    ", b"\t")), rng.randint(1, 5))
    return bytes(text[:LONGEST])
