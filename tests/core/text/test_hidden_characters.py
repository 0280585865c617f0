"""Characters that cannot be seen: escaped on every screen, reported in ids and names, never taken from a source."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.render.text import cell_text
from registry_cli.sources.base import Page
from registry_cli.sources.registry import find_source
from registry_cli.sources.rows import Rows
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.escapes import HIDDEN, UNSAFE, escape_text, hidden_character, one_line
from registry_cli.yamledit.layout import Style, emit_document
from tests.support.findings import findings_in
from tests.support.sync_workspace import listed, run  # noqa: F401  # a fixture

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
FORMAT = [character for character in EVERY if unicodedata.category(character) == "Cf"]
DRAWN_AS_NOTHING = [
    *("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u2800", "\u3164", "\uffa0", "\U0001d159"),
    *("\U000e0001", "\U000e0041", "\U000e007f", "\U000e0100", "x\ufe0f", "4\ufe0f"),
]


@pytest.mark.parametrize("show", [escape_text, one_line, cell_text])
def test_every_format_character_is_shown_as_an_escape(show):
    assert len(FORMAT) > 150
    for character in FORMAT:
        assert show(f"a{character}b") == f"a{character.encode('unicode_escape').decode()}b"
    for text in DRAWN_AS_NOTHING:
        assert show(f"{text}b").isascii()


@pytest.mark.parametrize("text", ["", "gpt-4o", "Ünï", "模型", "❤\ufe0f", "☎\ufe0e", "👍🏽", "naïve café", "a\u00a0b"])
def test_what_can_be_seen_stays(text):
    assert cell_text(text) == text
    assert hidden_character(text) is None


def test_whatever_a_file_is_refused_for_is_hidden():
    assert all(HIDDEN.search(character) for character in EVERY if UNSAFE.search(character))


@given(st.text(st.sampled_from([*FORMAT, "\u2800", "\U000e0100", "a", "4", " ", "\U0001f44d", "\ufe0f"]), max_size=6))
def test_no_text_keeps_one(text):
    assert not HIDDEN.search(cell_text(text))
    assert not HIDDEN.search(one_line(text))


@pytest.mark.parametrize("text", ["a\u200bb", "\U000e0041\U000e0042", "x\ufe0f", "a\u3164"])
def test_they_are_written_as_escapes_and_read_back(text):
    written = emit_document({"models": {text: {"name": text}}}, Style())
    assert written.isascii()
    assert load_value(written) == {"models": {text: {"name": text}}}


@pytest.mark.parametrize("text", ["a\u200bb", "\U000e0041\U000e0042", "m\xad1", "m1\u2060", "4\ufe0f", "\u2800"])
def test_ids_aliases_and_names_are_reported(tmp_path, text):
    places = {
        f'provider: acme\nname: "{_yaml(text)}"\nmodels: {{}}\n': (2, "the name holds U+"),
        f'provider: acme\nmodels:\n  "{_yaml(text)}": {{}}\n': (3, "the id holds U+"),
        f'provider: acme\nmodels:\n  m:\n    name: "{_yaml(text)}"\n': (4, "the name holds U+"),
        f'provider: acme\nmodels:\n  m:\n    aliases: [x, "{_yaml(text)}"]\n': (4, "the alias holds U+"),
    }
    for file, (line, message) in places.items():
        (found,) = findings_in(tmp_path, {"acme.yml": file})
        assert (found.code, found.severity, found.line) == ("hidden-character", "error", line)
        assert message in found.message
        assert found.message.isascii()


def test_a_description_may_hold_one(tmp_path):
    text = 'provider: acme\nmodels:\n  m: {description: "family: \\U0001F468\\u200D\\U0001F469"}\n'
    assert findings_in(tmp_path, {"acme.yml": text}) == []


@pytest.mark.parametrize("source", ["openai", "models.dev", "litellm"])
def test_no_source_gives_such_an_id_or_name(source):
    for text in ("a\u200bb", "\U000e0041\U000e0042", "a\u00adb", "a\u2800"):
        bodies = {
            "openai": {"data": [{"id": text}, {"id": "m"}]},
            "models.dev": {"acme": {"models": {text: {"name": "X"}, "m": {"name": text}}}},
            "litellm": {f"acme/{text}": {"litellm_provider": "acme"}, "acme/m": {"litellm_provider": "acme"}},
        }
        seen = find_source(source).read_answers([Page(json.dumps(bodies[source]).encode())], "openai")
        assert [model.id for _, model in seen.models()] == ["m"]
        assert all("name" not in model.facts for _, model in seen.models())
        assert any("cannot be seen" in note.reason for note in seen.notes)
        assert all(note.value.isascii() for note in seen.notes)


def test_a_name_is_left_out_and_noted():
    rows = Rows("x", "acme", "m")
    assert rows.read_line("name", "a\u200bb") is None
    assert [(note.field, note.value) for note in rows.notes] == [("name", "'a\\u200bb'")]


def test_sync_takes_no_look_alike(run):  # noqa: F811
    before = run.file.read_text()
    run.sync(listed(**{"large\u200b": {"name": "L", "limit": {"context": 5}}}))
    assert "large\\u200b" not in run.file.read_text() + before
    assert "large\u200b" not in run.file.read_text()


def test_an_edit_that_brings_one_is_refused(run):  # noqa: F811
    before = run.file.read_text()
    run("set", "acme/large", "name=a\u2800b")
    assert run.code == 1
    assert "hidden-character" in run.err
    assert run.err.isascii()
    assert run.file.read_text() == before


def test_commands_show_escapes(run):  # noqa: F811
    name = "m1\\u200b"
    run.file.write_text(f'provider: acme\ndefault_model: "{name}"\nmodels:\n  "{name}": {{name: "{name}"}}\n')
    for arguments in (["query"], ["query", "-f", "ids"], ["query", "-f", "markdown"], ["default", "acme"],
                      ["show", "acme/m1\u200b"], ["show", "acme/m1\u200b#name"], ["export", "markdown"], ["fmt"],
                      ["validate"], ["query", "-f", "table"], ["sql", "select name from models"]):  # fmt: skip
        said = run(*arguments) + run.err
        assert "\u200b" not in said, arguments
        assert "\\u200b" in said or arguments == ["fmt"], arguments


def _yaml(text):
    return "".join(f"\\U{ord(character):08x}" for character in text)
