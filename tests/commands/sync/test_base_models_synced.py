"""`base_model` by sync: filled from names, kept as a person has it, the same the next time."""

import json

import pytest

from tests.support.sync_workspace import SyncWorkspace

MAKER = "provider: openai\nmodels:\n  o3:\n    context_window: 200000\n"
HOST = "provider: acme\nmodels:\n  openai/o3:\n    name: o3\n  large:\n    name: Large\n"
BASE = "    base_model: openai/o3\n"


def answer(*models):
    listed = {name: {"limit": {"context": 200000}} for name in models}
    return json.dumps({"acme": {"name": "Acme", "env": [], "models": listed}})


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "config"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "openai.yml").write_text(MAKER)
    (folder / "models" / "acme.yml").write_text(HOST)
    syncing = SyncWorkspace(folder, monkeypatch)
    syncing.at("2026-11-22")
    return syncing


def test_known_models_and_new_ones_get_one(run):
    run.sync(answer("openai/o3", "large", "openai/o3:free"))
    text = run.file.read_text()
    assert text.count(BASE) == 2
    assert "base_model" not in text.partition("  large:")[2].partition("\n  ")[0]
    before = run.everything()
    run.at("2026-11-23")
    assert (run.sync(answer("openai/o3", "large", "openai/o3:free")), run.everything()) == ("", before)


def test_it_is_a_fact_like_others_for_explain(run):
    run.sync(answer("openai/o3", "large"))
    assert "base_model\tderived\topenai/o3" in run("explain", "acme/openai/o3#base_model")


@pytest.mark.parametrize("written", ["    base_model: acme/own\n", "    base_model: null\n", ""])
def test_what_a_person_makes_of_it_stays(run, written):
    run.sync(answer("openai/o3", "large"))
    edited = run.file.read_text().replace(BASE, written)
    run.file.write_text(edited)
    for day in ("2026-11-23", "2026-11-24"):
        run.at(day)
        run.sync(answer("openai/o3", "large"))
        assert (run.file.read_text(), run.code) == (edited, 0)


def test_one_that_was_there_before_is_listed(run):
    run.file.write_text(HOST.replace("    name: o3\n", "    name: o3\n    base_model: acme/own\n"))
    out = run.sync(answer("openai/o3", "large"))
    assert "listed\tacme/openai/o3\tbase_model\tacme/own\topenai/o3\tderived" in out
    assert "base_model: acme/own" in run.file.read_text()


def test_a_model_that_no_source_knows_gets_none(run):
    run.sync(answer("large"))
    assert "base_model" not in run.file.read_text()
