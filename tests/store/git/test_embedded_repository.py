"""A catalog directory that git would take for a bare repository, as ordinary files of a clone make one."""

import os
import shutil
from pathlib import Path

import pytest

from registry_cli.errors import GitError
from registry_cli.store.files.discovery import find_repository
from tests.support.cli import run_llmreg
from tests.support.hostile_repositories import CATALOG, READING, plain_git, remove_object

WRITING = (
    ("set", "acme/m1", "context_window=5", "--commit"),
    ("remove", "acme/m2", "--commit"),
    ("sync", "acme", "--commit", "--from", "models.dev=../listed.json"),
    ("sync", "acme", "--pr", "--from", "models.dev=../listed.json"),
)
WITHOUT_GIT = (
    ("query",),
    ("show", "acme/m1"),
    ("validate",),
    ("doctor", "acme"),
    ("fmt",),
    ("set", "acme/m1", "context_window=5"),
    ("sync", "acme", "--no-pr", "--from", "models.dev=../listed.json"),
)


@pytest.fixture
def embedded(clone: Path, trap) -> Path:
    """The clone, whose catalog directory is also a repository with another history and the trap's settings."""
    source = clone.parent / "source"
    source.mkdir()
    plain_git(source, "init", "--quiet")
    for window in (7, 8):
        (source / "acme.yml").write_text(CATALOG.format(window=window))
        plain_git(source, "add", "--all")
        plain_git(source, "commit", "--quiet", "--message", "hidden")
    remove_object(source / ".git", plain_git(source, "rev-parse", "HEAD~1:acme.yml"))
    trap.set_in(source / ".git")
    models = clone / "config" / "models"
    shutil.copytree(source / ".git", models, dirs_exist_ok=True)
    with (models / "config").open("a") as file:
        file.write("[core]\n    bare = false\n    worktree = .\n")
    assert "hidden" in plain_git(models, "log", "--no-show-signature", "--format=%s")  # what git makes of it
    trap.calls()
    return clone


def test_commands_that_need_git_refuse_it(embedded, trap, monkeypatch):
    for command in (*READING, *WRITING):
        needs_git = "--at" in command or command[0] in ("history", "blame", "changelog", "restore", "remove")
        needs_git = needs_git or bool({"--commit", "--pr", "--new-since"} & {*command}) or "changes" in command[-1]
        before = (embedded / "config" / "models" / "acme.yml").read_bytes()
        ran = run_llmreg(*command)
        assert ran.code == (5 if needs_git else 0), (command, ran.err)
        if needs_git:
            assert ran.err.count("\n") == 1
            assert "holds HEAD, objects and refs" in ran.err
        assert trap.calls() == [], command
        assert (embedded / "config" / "models" / "acme.yml").read_bytes() == before


def test_what_needs_no_git_works_and_starts_none(embedded, trap, monkeypatch, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(trap.program)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for command in WITHOUT_GIT:
        ran = run_llmreg(*command)
        assert ran.code == 0, (command, ran.err)
        assert trap.calls() == [], command


@pytest.mark.parametrize("folder", ["config", "config/models"])
@pytest.mark.parametrize("names", [("HEAD", "objects", "refs"), ("HEAD", "commondir")])
def test_any_folder_on_the_way_up(clone, folder, names):
    for name in names:
        (clone / folder / name).write_text("")
    with pytest.raises(GitError, match="HEAD"):
        find_repository(clone / "config" / "models")


@pytest.mark.parametrize("names", [("HEAD",), ("objects", "refs"), ("HEAD", "objects"), ("HEAD", "refs")])
def test_a_part_of_it_is_none(clone, names):
    for name in names:
        (clone / "config" / name).mkdir()
    assert find_repository(clone / "config" / "models").top == clone
