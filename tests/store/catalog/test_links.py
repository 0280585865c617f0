"""No link of a cloned catalog leads a reading or a writing out of it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg

PRIVATE = "a line of the user's own"
PROVIDER = "provider: acme\nmodels:\n  m1: {context_window: 1000, pricing: {input: 1, output: 2}}\n"
RECORD = json.dumps(
    {"id": "m1", "facts": {"models.dev": {"name": PRIVATE}}, "checked": {"models.dev": "2026-01-01T00:00:00Z"}}
)


@pytest.fixture
def home(tmp_path):
    """What lies outside of the catalog."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_text(f"{PRIVATE}\n")
    (folder / "acme.jsonl").write_text(RECORD)
    return folder


@pytest.fixture
def work(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    (folder / "config" / "models").mkdir(parents=True)
    (folder / "config" / "models" / "acme.yml").write_text(PROVIDER)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def llmreg(monkeypatch):
    return run_llmreg


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", [["validate"], ["sync", "acme", "--commit"], ["init", "--workflows"]], ids=" ".join)
def test_settings_are_not_read_through_a_link(work, home, llmreg, command):
    (work / "config" / "llmreg.yml").symlink_to(home / "secret")
    before = contents(home)
    ran = llmreg(*command)
    assert ran.code == (1 if command == ["validate"] else 6)
    assert "llmreg.yml" in ran.text
    assert "a symbolic link that leads out of the catalog" in ran.text
    assert PRIVATE not in ran.text
    assert contents(home) == before


def test_settings_may_be_a_link_beside_them(work, llmreg):
    (work / "config" / "shared.yml").write_text("validate: {strict: true}\n")
    (work / "config" / "llmreg.yml").symlink_to("shared.yml")
    assert llmreg("validate").code == 0


@pytest.mark.parametrize(
    "command",
    [["explain", "acme/m1"], ["audit"], ["diff", "acme"], ["validate"], ["validate", "--max-age", "9d"]],
    ids=" ".join,
)
def test_records_are_not_read_through_a_linked_folder(work, home, llmreg, command):
    (work / "config" / "upstream").symlink_to(home)
    ran = llmreg(*command)
    assert ran.code in (1, 6)
    assert "config/upstream" in ran.text
    assert "a symbolic link" in ran.text
    assert PRIVATE not in ran.text


@pytest.mark.parametrize("command", [["explain", "acme/m1"], ["validate"]], ids=" ".join)
def test_a_record_is_not_read_through_a_link(work, home, llmreg, command):
    (work / "config" / "upstream").mkdir()
    (work / "config" / "upstream" / "acme.jsonl").symlink_to(home / "acme.jsonl")
    ran = llmreg(*command)
    assert ran.code in (1, 6)
    assert "a symbolic link" in ran.text
    assert PRIVATE not in ran.text


@pytest.mark.parametrize("linked", [".github", ".github/workflows"])
@pytest.mark.parametrize("there", [False, True], ids=["new", "renewed"])
def test_workflows_are_not_written_through_a_link(work, home, llmreg, linked, there):
    if there:
        assert llmreg("init", "--workflows").code == 0
        (work / linked).rename(home / "moved")
        for path in (home / "moved").rglob("*.yml"):
            path.write_text(f"{path.read_text()}# changed\n")
    else:
        (work / linked).parent.mkdir(exist_ok=True)
        (home / "moved").mkdir()
    (work / linked).symlink_to(home / "moved")
    before = contents(home)
    ran = llmreg("init", "--workflows")
    assert ran.code == 6
    assert f"{linked}: a symbolic link" in ran.err
    assert contents(home) == before


def test_workflows_are_not_written_to_another_folder_of_the_repository(work, llmreg):
    """GitHub follows no link there either."""
    (work / "ci").mkdir()
    (work / ".github").symlink_to("ci")
    assert llmreg("init", "--workflows").code == 6
    assert not list((work / "ci").iterdir())


def test_a_new_catalog_is_not_written_through_a_link(tmp_path, home, llmreg):
    new = tmp_path / "new"
    new.mkdir()
    (new / ".github").symlink_to(home)
    before = contents(home)
    assert llmreg("init", str(new)).code == 6
    assert contents(home) == before


@pytest.mark.parametrize("linked", ["config", "config/models"])
@pytest.mark.parametrize("command", [["query"], ["validate"], ["set", "acme/m1", "context_window=5"]], ids=" ".join)
def test_a_catalog_that_is_found_is_no_link_elsewhere(home, monkeypatch, llmreg, linked, command):
    """Whoever names a catalog may name a link; one that merely lies there leads nowhere else."""
    theirs = home / "theirs" if linked == "config/models" else home / "theirs" / "models"
    theirs.mkdir(parents=True)
    (theirs / "acme.yml").write_text(PROVIDER)
    clone = home.with_name("clone")
    (clone / linked).parent.mkdir(parents=True)
    (clone / linked).symlink_to(home / "theirs")
    monkeypatch.chdir(clone)
    before = contents(home)
    ran = llmreg(*command)
    assert ran.code == 2
    assert "is a symbolic link out of" in ran.err
    assert contents(home) == before
    assert llmreg("query", "--catalog", "config/models", "--name", "*", "-f", "ids").out == "acme/m1\n"


def test_a_catalog_that_is_found_may_be_a_link_within_its_repository(work, monkeypatch, llmreg):
    (work / "data").mkdir()
    (work / "config").rename(work / "data" / "config")
    (work / "config").symlink_to("data/config")
    assert llmreg("query", "--name", "*", "-f", "ids").out == "acme/m1\n"


@pytest.mark.parametrize("kind", ["a link to nothing", "a loop of links", "a file"])
@pytest.mark.parametrize("command", [["query"], ["validate"], ["validate", "--new-since", "HEAD"]], ids=" ".join)
def test_the_bundled_catalog_does_not_stand_in_for_one_that_is_no_folder(work, llmreg, kind, command):
    """Else a change that puts a link to nothing in a catalog's place would pass the check of pull requests."""
    place = work / "config" / "models"
    place.rename(work / "elsewhere")
    if kind == "a file":
        place.write_text(PROVIDER)
    else:
        place.symlink_to("../nothing" if kind == "a link to nothing" else "models")
    ran = llmreg(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "config/models is not a folder, or a symbolic link to nothing" in ran.err
