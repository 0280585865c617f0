"""A version that is read by what differs from another one is what reading all of it gives."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.history.flat_fields import flatten_history, restore_entry
from registry_cli.core.history.versions import Version, VersionReader
from registry_cli.errors import YamlError
from tests.support.random_histories import world

# What makes it hard to part a text into models at sight.
LINES = (
    "  new: {name: x}", "# c", "  # c", "    x: [1,", "    x: 'a", "  b: {name: x}", "foo: 1", "", "      k: 1", "\t",
    "  m1:", "    d: |", "  - a", "---", "...", "  ? a", "  'q': {name: 2}", "  &a z: {name: *a}", "    <<: *a",
    "  <<: {a: {name: b}}", "    aliases: &a [x]", "    endpoints: *a", "models:", "model_capabilities: {}", "    - a",
    "    description: R & D", "    metadata: {x: 1}", "updated_at: now", "    ", "  m2: null", "     odd: 1",
)  # fmt: skip


@given(st.integers(0, 2**32))
def test_what_differs_is_all_that_needs_reading(seed):
    chance = random.Random(seed)
    made = world(seed)
    reader = VersionReader(str)
    text = "provider: p\nmodels:\n" + "".join(
        f"  m{number}:\n    name: M\n    pricing:\n      input: {number}\n    capabilities:\n    - vision\n"
        for number in range(4)
    )
    for other in (text, *(each for moment in made.moments[:3] for each in moment.texts.values())):
        text = other.replace("\n", "\r\n") if chance.random() < 0.2 else other
        kept, like = text, None
        for _ in range(30):
            found = _read(reader, text, like)
            assert _told(found) == _told(_read(VersionReader(str), text, None))
            kept, like = (text, found) if found else (kept, like)
            text = _changed(chance, kept)


def test_only_the_model_with_another_price_is_read(monkeypatch):
    models = [f"  m{number}:\n    name: M\n    pricing: {{input: 1}}\n" for number in range(9)]
    reader = VersionReader(str)
    first = reader.read_version(("provider: p\nmodels:\n" + "".join(models)).encode())
    read = []

    def plain(_: object, part: str) -> dict:
        read.append(part)
        return {"m4": {"pricing": {"input": 2}}}

    monkeypatch.setattr("registry_cli.core.history.versions.PlainLines.read", plain)
    models[4] = models[4].replace("1", "2")
    second = reader.read_version(("provider: p\nmodels:\n" + "".join(models)).encode(), first)
    assert read == ["  m4:\n    name: M\n    pricing: {input: 2}\n"]
    assert second.models["m4"].leaves["pricing.input"] == 2
    assert second.models["m3"] is first.models["m3"]


@pytest.mark.parametrize(
    "body",
    [
        {"capabilities": ["vision", {"web_search": {"status": "beta"}}, {"audio": False}]},
        {"capabilities": []}, {"capabilities": None}, {"pricing": None}, {"pricing": {}},
        {"pricing": {"variants": [{"when": {"a": 1, "b": [1, 2]}, "input": 1}, {"when": {"b": "x"}}]}},
        {"pricing": {"variants": [{"input": 1}, {"when": {"a": 1}}]}}, {"pricing": {"variants": []}},
        {"pricing": {"per": {"page": 1}, "input": 2}}, {"metadata": {"a.b": {"c": 1}, "d": {}}},
        {"reasoning": {"budget_tokens": {"min": 1}, "effort": ["low"]}},
        {"modalities": {"input": []}, "aliases": ["x.y"]},
        {},
    ],
)  # fmt: skip
def test_an_entry_comes_back_from_its_fields(body):
    assert restore_entry(flatten_history(body, str)) == body


def _read(reader: VersionReader, text: str, like: Version | None) -> Version | None:
    try:
        return reader.read_version(text.encode(), like)
    except YamlError:
        return None


def _told(version: Version | None):
    if version is None:
        return None
    return version.head.leaves, [*version.models], {name: entry.leaves for name, entry in version.models.items()}


def _changed(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    at, what = chance.randrange(len(lines)), chance.random()
    if what < 0.25:
        lines[at] = lines[at].replace("2", "3").replace("1", "2")
    elif what < 0.5:
        lines.insert(at, chance.choice(LINES))
    elif what < 0.65:
        del lines[at]
    elif what < 0.8:
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    else:
        to = chance.randrange(len(lines))
        lines[to:to] = lines[at : at + chance.randrange(20)]
    return "\n".join(lines)
