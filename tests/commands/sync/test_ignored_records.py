"""Source records that git ignores: who is told, and how they get into a commit all the same."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg
from tests.support.history_repositories import git
from tests.support.sync_workspace import listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture


@pytest.fixture
def ignoring(run, monkeypatch):
    """A catalog in a repository that ignores *.jsonl; its working directory is the top."""
    top = run.folder.parent
    git(top, "init", "--quiet")
    (top / ".gitignore").write_text("*.jsonl\n")
    git(top, "add", ".gitignore", "config")
    git(top, "commit", "--quiet", "--message", "A catalog")
    monkeypatch.chdir(top)
    return run


def warnings(text):
    return [line for line in text.splitlines() if "git ignores" in line]


def follow(line, top):
    """Run what a warning says to run."""
    subprocess.run(shlex.split(line.rpartition("run: ")[2]), check=True, cwd=top, env=os.environ)


@pytest.mark.parametrize("where", [".gitignore", ".git/info/exclude"])
def test_sync_and_doctor_name_them_until_the_remedy_is_followed(ignoring, where):
    top = ignoring.folder.parent
    (top / ".gitignore").write_text("")
    (top / where).write_text("*.jsonl\n")
    (line,) = warnings(ignoring("doctor") + ignoring.err)
    assert line.endswith("after a sync, run: git add --force config/upstream")
    ignoring.sync(listed(context=210000))
    (line,) = warnings(ignoring.err)
    assert line == (
        "git ignores config/upstream/acme.jsonl, and a clone without its records syncs as if for the first time; "
        "to commit them, run: git add --force config/upstream/acme.jsonl"
    )
    assert ignoring.err.splitlines()[-1].startswith("wrote ")
    ignoring("doctor")
    assert warnings(ignoring.err) == [line]
    follow(line, top)
    assert "config/upstream/acme.jsonl" in git(top, "diff", "--cached", "--name-only")
    ignoring.sync(listed(context=220000))
    assert warnings(ignoring.err) == []
    ignoring("doctor")
    assert warnings(ignoring.err) == []


def test_the_remedy_holds_from_elsewhere(ignoring, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    ignoring.sync(listed(context=210000))
    (line,) = warnings(ignoring.err)
    follow(line, Path.cwd())
    assert "config/upstream/acme.jsonl" in git(ignoring.folder.parent, "diff", "--cached", "--name-only")


def test_commit_commits_them_without_a_word(ignoring):
    for context in (210000, 220000):
        ignoring.sync(listed(context=context), "--commit")
        assert (ignoring.code, warnings(ignoring.err)) == (0, [])
        assert "config/upstream/acme.jsonl" in git(ignoring.folder.parent, "show", "--name-only", "--format=").split()
        assert ignoring.err.splitlines()[-1].startswith("committed ")


@pytest.mark.parametrize("providers", [(), ("--provider", "anthropic")])
def test_init_tells_of_the_repository_that_it_is_in(tmp_path, monkeypatch, providers):
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("*.jsonl\n")
    monkeypatch.chdir(tmp_path)
    ran = run_llmreg("init", *providers)
    assert ran.code == 0, ran.err
    assert len(warnings(ran.err)) == 1
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / ".gitignore").write_text("")
    assert warnings(run_llmreg("init", *providers).err) == []


def test_without_git_nothing_is_said(run, monkeypatch):
    run.sync(listed(context=210000))
    assert warnings(run.err) == []
    git(run.folder.parent, "init", "--quiet")
    (run.folder.parent / ".gitignore").write_text("*.jsonl\n")
    monkeypatch.setenv("PATH", "/nowhere")
    run.sync(listed(context=220000))
    assert (run.code, warnings(run.err)) == (0, [])
