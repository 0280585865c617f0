"""History where a provider is split, and where other YAML lies beside the catalog."""

import json

import pytest

from tests.support.history_repositories import Repository, run

__all__ = ["run"]

OWN = "provider: acme\nmodels:\n  small: {context_window: 1000}\n"
BROKEN = "a: [b\n"


@pytest.fixture(params=["config/models", "."], ids=["in a directory", "at the top"])
def place(request, tmp_path, monkeypatch):
    made = Repository(tmp_path / "work", request.param) if request.param != "." else _at_the_top(tmp_path / "work")
    monkeypatch.chdir(made.top)
    monkeypatch.setenv("LLMREG_CATALOG", str(made.models))
    return made


def _at_the_top(top):
    made = Repository(top, "unused")
    made.models.rmdir()
    made.models = top
    return made


def write(place, name, text):
    path = place.models / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_other_yaml_in_directories_is_not_the_catalogs(place, run):
    write(place, "docs/site.yml", BROKEN)
    place.commit("2026-01-01", "docs")
    place.commit("2026-01-02", "acme", {"acme.yml": OWN})
    write(place, "docs/site.yml", "provider: docs\nmodels: {x: {}}\n")
    place.commit("2026-01-03", "docs again")
    ran = run("history", "acme/small", "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    assert [(each["kind"], each["date"][:10]) for each in json.loads(ran.out)["changes"]] == [("added", "2026-01-02")]
    ran = run("changelog", "HEAD~2..HEAD", "-f", "json")
    assert "docs" not in ran.out.partition('"changes"')[2]


def test_parts_count_as_soon_as_their_provider_has_its_own_file(place, run):
    write(place, "acme/large.yml", "models:\n  large: {context_window: 5}\n")
    place.commit("2026-01-01", "a part alone")
    place.commit("2026-01-02", "acme", {"acme.yml": OWN})
    write(place, "acme/large.yml", "models:\n  large: {context_window: 6}\n")
    place.commit("2026-01-03", "larger")
    write(place, "acme/large.yml", BROKEN)
    place.commit("2026-01-04", "broken")
    write(place, "acme/large.yml", "models:\n  large: {context_window: 7}\n")
    place.commit("2026-01-05", "mended")
    ran = run("history", "acme/large#context_window", "-f", "json")
    assert ran.code == 0, ran.err
    found = [(each["kind"], each.get("new"), each["date"][8:10]) for each in json.loads(ran.out)["changes"]]
    assert sorted(found, key=lambda each: each[2])[-2:] == [("changed", 6, "03"), ("changed", 7, "05")]
    assert "acme/large.yml could not be read" in ran.err
    assert run("query", "--at", "2026-01-01").code != 0
    assert "acme/large" in run("query", "--at", "2026-01-02").out
