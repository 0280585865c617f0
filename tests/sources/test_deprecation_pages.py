"""Makers' deprecation pages in Markdown, and the list of modeldeprecations.dev."""

import json
from dataclasses import replace

import pytest

from registry_cli.core.statements.lifecycle_sources import PLATFORMS, PUBLISHERS, lifecycle_sources
from registry_cli.errors import UpstreamError
from registry_cli.sources import deprecation_pages, modeldeprecations
from registry_cli.sources.base import Page
from registry_cli.sources.deprecation_pages import PAGES, parse_day
from registry_cli.sources.markdown_tables import Cell, read_tables
from registry_cli.sources.registry import find_source, find_source_for

OF = {page.provider: replace(page, least_rows=1) for page in PAGES}


def read(provider, text):
    """The facts of each model, and the notes."""
    seen = deprecation_pages.parse(OF[provider], [Page(text.encode())], provider)
    return {model.id: dict(model.facts) for model in seen.providers[0].models}, [note.value for note in seen.notes]


def test_tables_with_their_headings():
    text = """# Top

| not | a table

## First `x`

| A | B |
|---|---|
| `a` | *b* and `c` |

Prose.

| One |
| --- |
"""
    first, second = read_tables(text.encode(), "x")
    assert (first.heading, first.columns) == ("First x", ("A", "B"))
    assert first.rows == ((Cell("a", ("a",)), Cell("b and c", ("c",))),)
    assert (second.heading, second.columns, second.rows) == ("First x", ("One",), ())


def test_a_heading_says_when_models_were_deprecated():
    facts, notes = read(
        "openai",
        """
### 2026-06-11: Two models

| Shutdown date | Model / system | Recommended replacement |
| --- | --- | --- |
| Dec 11, 2026 | `m-2025-08-07` | `n` |
| 2026\u201108\u201126 | `m-pro` | `n` (`reasoning.mode: pro`) |
| 2024-01-04 | old | `a` or `b` |
| Nov 30, 2026 | Evals platform | |
| 2024-01-04 | /v1/answers | --- |
| soon | `other` | |
""",
    )
    assert facts == {
        "m-2025-08-07": {
            "deprecation_date": "2026-06-11",
            "retirement_date": "2026-12-11",
            "replacement": "n",
        },
        "m-pro": {"deprecation_date": "2026-06-11", "retirement_date": "2026-08-26", "replacement": "n"},
        "old": {"deprecation_date": "2026-06-11", "retirement_date": "2024-01-04", "replacement": "a"},
        "other": {"deprecation_date": "2026-06-11"},
    }
    assert notes == ["Evals platform", "/v1/answers", "soon"]


def test_states_and_promises():
    facts, notes = read(
        "anthropic",
        """
## Model status

| API model name | Current state | Deprecated | Tentative retirement date |
| --- | --- | --- | --- |
| new | Active | N/A | Not sooner than June 9, 2027 |
| going | Deprecated | April 14, 2026 | June 15, 2027 |
| gone | Retired | October 28, 2025 | February 19, 2026 |

### 2025-10-28: Gone

| Retirement date | Deprecated model | Recommended replacement |
| --- | --- | --- |
| February 19, 2026 | `gone` | `new` |
""",
    )
    assert facts == {
        "new": {"status": "active", "retirement_not_before": "2027-06-09"},
        "going": {"status": "deprecated", "deprecation_date": "2026-04-14", "retirement_date": "2027-06-15"},
        "gone": {
            "status": "retired",
            "deprecation_date": "2025-10-28",
            "retirement_date": "2026-02-19",
            "replacement": "new",
        },
    }
    assert notes == []


def test_a_day_of_retirement_settles_an_older_promise():
    facts, _ = read(
        "openai",
        """
### 2025-09-26: Old models

| Shutdown date | Model / system |
| --- | --- |
| 2026-03-26 | `m` |

### 2023-06-13: Older still

| Shutdown date | Legacy model | Recommended replacement |
| --- | --- | --- |
| at earliest 2024-06-13 | `m` | `n` |
""",
    )
    assert facts == {
        "m": {"deprecation_date": "2025-09-26", "retirement_date": "2026-03-26", "replacement": "n"},
    }


def test_american_dates():
    facts, _ = read(
        "groq",
        """
| Deprecated Model | Shutdown Date | Recommended Replacement Model ID |
| --- | --- | --- |
| v/m | 08/16/26 | v/a or v/b |
""",
    )
    assert facts == {"v/m": {"retirement_date": "2026-08-16", "replacement": "v/a"}}
    assert parse_day("08/16/26", OF["openai"].date_formats) is None


@pytest.mark.parametrize(
    ("cell", "replacement"),
    [
        ("a-1 b-2", "a-1"),
        ("a-1, b-2", "a-1"),
        ("ask us about v2", None),
        ("a-1 (soon)", None),
        ("", None),
    ],
)
def test_of_several_ids_the_first_replaces_the_model(cell, replacement):
    head = "| Model ID | Shutdown Date | Recommended Replacement Model ID |\n| --- | --- | --- |\n"
    facts, _ = read("groq", f"{head}| m-7b | 3/20/25 | {cell} |\n")
    assert facts["m-7b"].get("replacement") == replacement


@pytest.mark.parametrize(
    "text",
    [
        "| Model | Price |\n| --- | --- |\n| `m` | 5 |\n",
        "| Shutdown date | When |\n| --- | --- |\n| 2026-01-01 | now |\n",
        "A page of prose.",
        "<html><table><tr><td>m</td></tr></table></html>",
    ],
)
def test_a_page_that_has_changed_is_refused(text):
    with pytest.raises(UpstreamError, match="rows of models"):
        read("openai", text)


def test_too_few_rows_are_no_page():
    text = "| Shutdown date | Deprecated model |\n| --- | --- |\n| 2026-01-01 | `m` |\n"
    with pytest.raises(UpstreamError, match="1 rows of models where at least 50"):
        find_source("openai-deprecations").read_answers([Page(text.encode())], "openai")


def test_a_page_that_nobody_knows_is_not_asked_as_an_api():
    assert find_source_for("grok-deprecations", "https://api.acme.example/v1") is None
    assert find_source_for("groq-deprecations", "https://api.acme.example/v1").markdown


def test_pages_are_asked_for_as_markdown():
    source = find_source("anthropic-deprecations")
    assert source.markdown
    assert source.lifecycle


ROW = {
    "provider": "google",
    "model": "gemini-1",
    "name": "Gemini 1",
    "aliases": ["gemini-1-latest", "gemini-1"],
    "computed_status": "deprecated",
    "status": "active",
    "released_on": "2025-01-01",
    "deprecated_on": "2026-01-01",
    "shutdown_on": "2026-12-01",
    "replacements": [
        {"provider": "vertex", "model": "gemini-9", "recommended": True},
        {"provider": "google", "model": "gemini-2"},
        {"provider": "google", "model": "gemini-3", "recommended": True},
    ],
}


def deprecations(*rows):
    return modeldeprecations.parse(json.dumps({"models": rows}).encode())


def test_a_row_of_modeldeprecations():
    seen = deprecations(
        ROW, {"provider": "anthropic", "model": "c", "earliest_shutdown_on": "2027-06-09"}, {"model": 5}
    )
    gemini, anthropic = seen.providers
    assert (gemini.id, gemini.spelled) == ("gemini", "google")
    assert gemini.models[0].facts == {
        "name": "Gemini 1",
        "status": "deprecated",
        "aliases": ["gemini-1-latest"],
        "release_date": "2025-01-01",
        "deprecation_date": "2026-01-01",
        "retirement_date": "2026-12-01",
        "replacement": "gemini-3",
    }
    assert anthropic.models[0].facts == {"retirement_not_before": "2027-06-09"}
    assert [note.reason for note in seen.notes] == ["a row without a provider"]


def test_a_replacement_at_another_platform_is_none():
    row = {"provider": "bedrock", "model": "m", "replacements": [{"provider": "google", "model": "n"}, "x"]}
    assert deprecations(row).providers[0].models[0].facts == {}


def test_odd_values_end_their_own_row_or_field():
    rows = [{**ROW, key: odd} for key in ROW for odd in (None, 5, [], {}, [None], "x" * 300)]
    assert deprecations(*rows).model_count() <= len(rows)


@pytest.mark.parametrize("value", [[], {}, {"models": []}, {"models": {}}, 5])
def test_another_document_is_refused(value):
    with pytest.raises(UpstreamError, match="modeldeprecations"):
        modeldeprecations.parse(json.dumps(value).encode())


def test_a_provider_has_the_lifecycle_sources_that_know_it():
    assert deprecation_pages.SOURCES.keys() == PUBLISHERS
    for provider in PUBLISHERS | PLATFORMS.keys():
        named = lifecycle_sources(provider)
        assert named
        assert all(find_source(name).lifecycle for name in named)
    rows = [{"provider": theirs, "model": "m"} for theirs in PLATFORMS.values()]
    assert {each.id for each in deprecations(*rows).providers} == PLATFORMS.keys()
    assert lifecycle_sources("acme") == []
