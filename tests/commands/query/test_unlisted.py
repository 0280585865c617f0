"""Models that no source lists any more: hidden like retired ones, and found by name."""

import csv

import pytest

from registry_cli.api import Registry
from registry_cli.api_types import DeprecatedModelWarning
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.history.changes import ADDED, ModelChange
from registry_cli.core.history.summary import summarize_changes
from registry_cli.core.statements.record import Line, format_record
from tests.support.cli import run_llmreg
from tests.support.random_catalogs import write_catalog

DAY = "2026-11-30"
PRICED = {"context_window": 1000, "pricing": {"input": 1, "output": 2}}
CATALOG = {
    "acme": {
        "default_model": "gone",
        "models": {
            "here": {**PRICED, "replacement": "gone"},
            "gone": {**PRICED, "status": "unlisted"},
            "bare": {"status": "unlisted"},
            "ended": {"status": "unlisted", "retirement_date": "2026-01-05"},
            "leaving": {"status": "unlisted", "deprecation_date": "2026-01-05"},
        },
    }
}


@pytest.fixture
def ask(tmp_path, monkeypatch):
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    root = write_catalog(tmp_path / "config" / "models", CATALOG)
    line = Line("gone", {"models.dev": {}}, {}, {"models.dev": "2026-03-01T12:00:00Z"}, gone=frozenset({"models.dev"}))
    (tmp_path / "config" / "upstream").mkdir()
    (tmp_path / "config" / "upstream" / "acme.jsonl").write_text(format_record({"gone": line}))

    def asked(*arguments):
        return run_llmreg(*arguments, "--catalog", str(root))

    asked.root = root
    return asked


def names(ran):
    return [line.split("\t")[0].removeprefix("acme/") for line in ran.out.splitlines()]


def test_a_query_hides_it_unless_it_is_asked_for(ask):
    assert names(ask("query", "--on", DAY)) == ["here"]
    assert names(ask("query", "--on", DAY, "--status", "unlisted", "--sort", "id")) == ["bare", "gone"]
    assert len(names(ask("query", "--on", DAY, "--deprecated"))) == 5
    assert names(ask("query", "--on", DAY, "--status", "retired")) == ["ended"]
    assert names(ask("query", "--on", DAY, "--status", "deprecated")) == ["leaving"]


def test_its_name_finds_it_with_the_day_since_which_it_is_not_listed(ask):
    since = "no longer listed by any source since 2026-03-01"
    assert since in ask("show", "acme/gone").out
    assert f"acme/gone: {since}" in ask("cost", "acme/gone", "--input", "1k").err
    bare = ask("show", "acme/bare").out
    assert "no longer listed by any source\n" in bare
    ask.root.parent.joinpath("upstream", "acme.jsonl").write_text("broken")
    assert "no longer listed by any source\n" in ask("show", "acme/gone").out


def test_the_api_warns_of_it(ask):
    with pytest.warns(DeprecatedModelWarning, match="acme/gone is no longer listed by any source"):
        assert Registry(ask.root).get_info("acme/gone").status == "unlisted"


def test_exports_leave_it_out_and_count_it(ask, tmp_path):
    done = ask("export", "csv", "--on", DAY, "--to", str(tmp_path / "out.csv"))
    assert [row["id"] for row in csv.DictReader((tmp_path / "out.csv").read_text().splitlines())] == ["here"]
    assert "4 deprecated, unlisted or retired left out (--deprecated)" in done.err
    for form in ("models.dev", "genai-prices", "litellm", "openai"):
        assert ask("export", form, "--on", DAY, "--deprecated", "--to", str(tmp_path / form)).code == 0


def test_deprecations_list_it_last_and_fail_a_check(ask):
    listed = names(ask("deprecations", "--on", DAY))
    assert listed[-2:] == ["bare", "gone"]
    checked = ask("deprecations", "acme/gone", "--on", DAY, "--exit-code")
    assert (checked.code, checked.out.split("\t")[:2]) == (1, ["acme/gone", "unlisted"])


def test_validate_wants_no_facts_of_it_and_warns_of_pointing_to_it(ask):
    done = ask("validate", "--on", DAY)
    assert sorted({line.split()[1] for line in done.out.splitlines() if ": " not in line.split()[0]}) == [
        "default-model-outdated", "replacement-outdated",
    ], done.out  # fmt: skip
    assert "is unlisted" in done.out


def test_it_is_never_stale(ask):
    done = ask("validate", "--max-age", "30d", "--on", DAY)
    stale = [line for line in done.out.splitlines() if " stale " in line]
    assert ["here" in line or "leaving" in line for line in stale] == [True] * len(stale)
    assert stale


def test_the_changelog_tells_it_apart_from_new_models():
    added = [ModelChange("acme", name, ADDED, "", ABSENT, body) for name, body in CATALOG["acme"]["models"].items()]
    kinds = {news.model: news.kind for news in summarize_changes(added) if not news.field}
    assert kinds == {
        "acme/here": "new",
        **dict.fromkeys(("acme/gone", "acme/bare", "acme/ended", "acme/leaving"), "unlisted"),
    }
