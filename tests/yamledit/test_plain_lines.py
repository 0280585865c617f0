"""A text that is read line by line is what reading it as YAML gives; what is not plain is left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.yamledit.document import Scalars, load_value
from registry_cli.yamledit.plain_lines import PlainLines

PLAIN = (
    "a:",
    "b:",
    "c:",
    "a: 1",
    "b: x y",
    "c: '1'",
    "d: {e: [x]}",
    "f: [1]",
    "- g",
    "- a: 1",
    "- b:",
    "- [x]",
    "",
    "# c",
)
KEYS = (
    "a", "b", "c:d", "e:", "null", "12", "true", "x/y.z-1", "'q'", "<<", "a b", "?", "- a", "- b", "-  a", "#c", "&k a",
    "@k", "-", "- ", "k" * 1100, "1_0", "~", "",
)  # fmt: skip
VALUES = (
    "1", "0.5", "1e-06", "012", "0x1F", "no", "null", "~", "true", "text", "two words", "two  words", "a: b", "a:b",
    "a:", "a #b", "a#b", "#b", "it's", "'quoted'", "'it''s'", '"double"', '"a\\n"', '"a\\u0085"', "'a': b", "'open",
    "{a: [x, 'y']}", "{a: 1} # c", "{a: 1}: 2", "{a: 1", "[x, {b: 2}]", "[]", "{}", "[a]: 1", "[*x]", "{<<: {a: 1}}",
    "&x 1", "*x", "!!str 1", "|", ">-", "- x", "? x", "@x", "`x", "%x", "-1", "-", "...", "---", "a ", "\u00e9",
    "a\tb", "2026-01-01", "https://a.example/b?c=d&e=f", "a\r", "9" * 50, "{a: 1, a: 2}", "[" * 70 + "]" * 70,
    "a\x07", ",x", "=", "", " x", "'", '"', "''", "{", "}", "\u2028", "[a\u2028]", "x]", "~x", "$a", "(a", "1 # c",
)  # fmt: skip
HARD = ("  ", "-", "- - x", "more", "---", "...", "%YAML 1.2", "\t", "a:\r", "\ta: 1", "# \x07", "# \u00e9", "--- a: 1")


@given(st.integers(0, 2**32))
def test_plain_lines_are_what_yaml_says(seed):
    chance = random.Random(seed)
    for _ in range(50):
        text = _text(chance)
        found = PlainLines(Scalars()).read(text)
        if found is not None:
            assert repr(found) == repr(load_value(text))  # kinds of numbers and the order included


def _text(chance: random.Random) -> str:
    lines, indent = [], chance.choice([0, 2])
    for _ in range(chance.randint(1, 7)):
        what = chance.random()
        if what < 0.8:
            line = chance.choice(PLAIN)
        elif what < 0.97:
            key, value = chance.choice(KEYS), chance.choice(VALUES)
            line = chance.choice([f"{chance.choice('abcd')}: {value}", f"{key}: 1", f"{key}:", f"- {value}"])
        else:
            line = chance.choice(HARD)
        lines.append(" " * indent + line)
        opened = line.endswith(":") or line.startswith("- ")
        step = chance.choice([0, 2, 2, 2, -2] if opened else [0, 0, 0, -2, -2, -4]) if chance.random() < 0.95 else 1
        indent = max(indent + step, 0)
    return "\n".join(lines) + chance.choice(["", "\n", "\n\n"])


@pytest.mark.parametrize(
    "text",
    [
        "  m:\n    name: A model, of sorts (2)\n    url: https://a.example/x\n",
        "  m:1.5:\n    pricing:\n      input: 1e-06\n      variants:\n      - when: {a: b}\n        multiply: 1\n",
        "  m:\n    features:\n      - vision\n      - search:\n          status: beta\n\n    at: '2026-01-01'\n",
        "  m:\n    # why\n    x: [a, {b: 'c: d'}]\n    y:\n    z: \"w\"\n",
        "a:\nb:\n- c:\n  - d\n  e:\n- f\ng: 1\n",
    ],
)
def test_what_a_catalog_says_is_plain(text):
    assert PlainLines(Scalars()).read(text) == load_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: 012",
        "a: b: c",
        "true: 1",
        "a: |\n  b",
        "a: b\n  c: d",
        "a: &x 1",
        "a: 'b",
        "- a",
        "",
        "a: 1\r\n",
        "a: b\n  c",
    ],
)
def test_what_is_not_plain_is_left_alone(text):
    assert PlainLines(Scalars()).read(text) is None


def test_lines_that_recur_are_read_once(monkeypatch):
    lines, read = PlainLines(Scalars()), []
    monkeypatch.setattr(
        "registry_cli.yamledit.plain_lines.load_value", lambda text, _: read.append(text) or load_value(text)
    )
    for name in ("one", "two", "one"):
        assert lines.read(f"{name}:\n  x: {{y: 1}}\n") == {name: {"x": {"y": 1}}}
    assert read == ["{y: 1}"]
