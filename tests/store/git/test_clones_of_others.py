"""`import --past` on a clone of another repository: no program that its settings name runs; it stays as it is."""

from pathlib import Path

import pytest

from tests.support.cli import run_llmreg
from tests.support.models_dev_clones import LARGE, git, make_clone, path_of
from tests.support.random_catalogs import write_catalog


@pytest.mark.parametrize("kind", ["work tree", "bare"])
def test_no_program_that_settings_name_runs(tmp_path, trap, monkeypatch, kind):
    top = make_clone(
        tmp_path / "clone", [("2026-01-01", {"acme/old": LARGE, "acme/b": LARGE}), ("2026-03-01", {"acme/old": None})]
    )
    if kind == "bare":
        git(tmp_path, "clone", "--quiet", "--bare", str(top), "bare")
        top = tmp_path / "bare"
    git_dir = top / ".git" if kind == "work tree" else top
    root = write_catalog(tmp_path / "models", {"acme": {"models": {"b": {}}}})
    trap.set_in(git_dir)
    before = _files(git_dir)
    ran = run_llmreg("import", "--past", f"models.dev={top}", "--to", str(root))
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "added 1 models to 1 providers; 0 notes"), ran.err
    assert trap.calls() == []
    assert _files(git_dir) == before


def test_an_object_that_a_partial_clone_lacks_is_not_fetched(tmp_path, trap, monkeypatch):
    top = make_clone(
        tmp_path / "clone", [("2026-01-01", {"acme/old": LARGE, "acme/b": LARGE}), ("2026-03-01", {"acme/old": None})]
    )
    blob = git(top, "rev-parse", f"HEAD~1:{path_of('acme/old')}").strip()
    (top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    root = write_catalog(tmp_path / "models", {"acme": {"models": {"b": {}}}})
    trap.set_in(top / ".git")
    before = _files(root)
    ran = run_llmreg("import", "--past", f"models.dev={top}", "--to", str(root))
    assert (ran.code, "missing or damaged" in ran.err) == (5, True), ran.err
    assert (trap.calls(), _files(root)) == ([], before)


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
