"""Markdown of every command: whatever a catalog or a source wrote is inert where GitHub would act on it."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.render.markdown_cells import inert_cell, inert_text
from tests.support.random_catalogs import write_catalog
from tests.support.small_catalog import QuestionRunner
from tests.support.sync_workspace import listed, run  # noqa: F401  # a fixture

ACTIVE = (
    "@team", "hi @acme/owners", "Closes #1", "acme/cat#1", "GH-12", "gh-7", "https://evil.example/?x=1",
    "www.evil.example", "<img src=x onerror=y>", "&lt;b&gt;", "[x](javascript:y)", "![x](//evil)", "`tick`", "``",
    "a|b", "*bold*", "_it_", "~~no~~", "# head", "- item", "1. one", "$x$ and $y$", ":tada:", "a@b.example", "-->",
    "<!-- x", "\\", "\\|", "9f8e7d6c5b4a", "[^1]", "> quote", "***", "http://x", "ftp://x", "{{x}}", "!1",
)  # fmt: skip
PLAIN = (
    "gpt-4o", "acme/large-2", "GPT 4o (mini)", "vision, function_calling", "max_output_tokens", "0.15", "1048576",
    "+25 %", "-1", "derived from mode: embedding", "the user's messages", "input $/1M", "2026-01-15", "v1.5", "-", "",
    "5 of 9; 3 more",
)  # fmt: skip
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ACTS = re.compile(r"[@`\\\[\]<>&*~{}]|#\d|(?i:gh-)\d|://|www\.|:\w+:|\b_|_\b|\$[^|]*\$|\b(?=\d*[a-f])[0-9a-f]{7,}\b")


def outside_of_code(line: str) -> str:
    return _SPAN.sub("", line)


@pytest.mark.parametrize("text", ACTIVE)
def test_what_would_act_stands_in_a_code_span(text):
    assert inert_text(text) != text
    assert not _ACTS.search(outside_of_code(inert_text(text)))


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_stay_as_they_are(text):
    assert inert_text(text) == text


@given(st.text(max_size=30) | st.lists(st.sampled_from([*ACTIVE, *PLAIN[:4], " "]), max_size=4).map("".join))
def test_no_text_acts(text):
    shown = inert_cell(text)
    assert "\n" not in shown
    assert not _ACTS.search(outside_of_code(shown)), shown
    assert "|" not in shown


@pytest.fixture
def odd(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    models = {name: {"name": name, "family": name, "base_model": name} for name in ACTIVE if "#" not in name}
    return QuestionRunner(write_catalog(tmp_path / "catalog", {"acme": {"name": "@team", "models": models}}))


@pytest.mark.parametrize(
    "arguments",
    [["query", "-f", "markdown", "--columns", "id,name,family"], ["providers", "-f", "markdown"],
     ["export", "markdown"],
     ["compare", "acme/@team", "acme/a|b", "-f", "markdown"], ["show", "acme/@team", "-f", "markdown"],
     ["sql", "select name, family from models", "-f", "markdown"]],
    ids=" ".join,
)  # fmt: skip
def test_no_command_writes_what_acts(odd, arguments):
    text = odd(*arguments)
    assert odd.code == 0, odd.err
    assert "@team" in text
    for line in text.splitlines():
        assert not re.search(r"[@\[\]<>&]|://|www\.|GH-\d", outside_of_code(line)), line


def test_reports_of_a_sync_and_changelogs(run):  # noqa: F811
    limit = {"context": 5}
    answer = listed(**{name: {"name": name, "limit": limit} for name in ACTIVE})
    bad = run.folder / "litellm.json"
    bad.write_text(
        json.dumps({"@team": {"litellm_provider": "acme", "mode": "<b>"}, "acme/@x": {"litellm_provider": 5}})
    )
    report = run.folder / "r.md"
    run.sync(answer, "--from", f"litellm={bad}", "--report", str(report))
    text = report.read_text()
    assert "`@team`" in text or "`acme/@team`" in text
    for line in text.splitlines():
        assert not re.search(r"[@\[\]<>&]|://|www\.|GH-\d", outside_of_code(line)), line
