"""Where a repository is found, and what its folders may be called."""

import os
import sys
from pathlib import Path

import pytest

from registry_cli.errors import GitError
from registry_cli.store.files.discovery import find_repository
from tests.support.cli import run_llmreg
from tests.support.hostile_repositories import plain_git

NAMES = [
    "new\nline",
    "ends in one\n",
    "with  spaces ",
    "-c",
    "--git-dir=elsewhere",
    "a:b",
    ":(top)x",
    "*[a]?",
    "größer",
    os.fsdecode(b"latin-1 \xe4\xff"),
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("place", ["above the repository", "in it"])
def test_names_of_folders(clone, tmp_path, monkeypatch, name, place):
    if sys.platform == "darwin" and not name.isprintable():
        pytest.skip("its file system takes no such name")
    expected = [run_llmreg(*command) for command in asked()]
    monkeypatch.chdir(tmp_path)
    if place == "in it":
        plain_git(clone, "mv", "config", f"./{name}")
        plain_git(clone, "commit", "--quiet", "--message", "moved")
        catalog = clone / name / "models"
    else:
        (tmp_path / name).mkdir()
        clone.rename(tmp_path / name / "clone")
        catalog = tmp_path / name / "clone" / "config" / "models"
    found = [run_llmreg(*command, "--catalog", str(catalog)) for command in asked()]
    if place == "above the repository":
        assert found == expected
    assert [(ran.code, bool(ran.out)) for ran in found] == [(0, True)] * len(found)
    assert "1000" in found[0].out
    ran = run_llmreg("set", "acme/m1", "context_window=5", "--commit", "--catalog", str(catalog))
    assert ran.code == 0, ran.err
    assert plain_git(catalog, "show", "--format=%s", "--name-only", "-z").startswith(
        "acme/m1: context_window 2000 -> 5"
    )
    assert plain_git(catalog, "status", "--porcelain") == ""


def asked() -> list[tuple[str, ...]]:
    return [("history", "acme/m1"), ("blame", "acme/m1"), ("explain", "acme/m1#context_window")]


def test_a_link_of_a_git_directory_is_followed(clone, tmp_path):
    (clone / ".git").rename(tmp_path / "elsewhere")
    (clone / ".git").symlink_to(tmp_path / "elsewhere")
    assert find_repository(clone / "config").git_dir == tmp_path / "elsewhere"


def test_linked_work_trees_share_a_directory(clone, tmp_path):
    plain_git(clone, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    found = find_repository(tmp_path / "tree" / "config" / "models")
    assert (found.top, found.common_dir) == (tmp_path / "tree", clone / ".git")
    assert found.git_dir == clone / ".git" / "worktrees" / "tree"
    assert found.prefix_of(tmp_path / "tree" / "config") == "config/"


def test_an_empty_git_directory_is_passed_by(clone):
    (clone / "config" / ".git").mkdir()
    assert find_repository(clone / "config" / "models").top == clone


@pytest.mark.parametrize("content", [b"", b"gitdir: ", b"gitdir:\n", b"elsewhere\n", b"gitdir: a\0b\n"])
def test_a_git_file_that_names_nothing_is_an_error(clone, content):
    (clone / "config" / ".git").write_bytes(content)
    with pytest.raises(GitError, match="does not name a git directory"):
        find_repository(clone / "config" / "models")


def test_a_git_file_that_leads_nowhere_is_an_error_of_git_s(clone, monkeypatch):
    (clone / "config" / ".git").write_text("gitdir: nowhere\n")
    ran = run_llmreg("history", "acme/m1")
    assert (ran.code, "not in a git repository" in ran.err) == (5, True)


def test_a_damaged_repository_gives_way_to_none_around_it(clone, monkeypatch):
    """git itself would go on searching, and answer from the outer one."""
    inner = clone / "config" / "models" / ".git"
    plain_git(clone / "config" / "models", "init", "--quiet")
    (inner / "HEAD").write_text("nonsense\n")
    assert Path(plain_git(clone / "config" / "models", "rev-parse", "--show-toplevel")) == clone
    ran = run_llmreg("history", "acme/m1")
    assert (ran.code, "not in a git repository" in ran.err) == (5, True)
