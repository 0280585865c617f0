"""A small catalog in a repository, and a program that must not run."""

import json
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg
from tests.support.history_repositories import repository, run
from tests.support.hostile_repositories import CATALOG, LISTED, SIGNED, Trap, plain_git

__all__ = ["repository", "run"]


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "trap")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog with three commits, the last of them signed, and a record."""
    top = tmp_path / "clone"
    models = top / "config" / "models"
    models.mkdir(parents=True)
    plain_git(top, "init", "--quiet", "--initial-branch=main")
    monkeypatch.chdir(top)
    listed = tmp_path / "listed.json"
    for window in (1000, 2000):
        (models / "acme.yml").write_text(CATALOG.format(window=window))
        listed.write_text(json.dumps(LISTED).replace('"context": 1', f'"context": {window}'))
        run_llmreg("sync", "acme", "--no-pr", "--quiet", "--from", f"models.dev={listed}")
        plain_git(top, "add", "--all")
        plain_git(top, "commit", "--quiet", "--message", f"window {window}")
    tree, parent = plain_git(top, "rev-parse", "HEAD^{tree}", "HEAD").split()
    signed = plain_git(
        top, "hash-object", "-w", "-t", "commit", "--stdin", stdin=SIGNED.format(tree=tree, parent=parent)
    )
    plain_git(top, "update-ref", "HEAD", signed)
    return top
