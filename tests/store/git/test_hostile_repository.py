"""Reading commands in a repository of a stranger's making: no program runs that its settings name."""

import os

import pytest

from registry_cli.api import Registry
from tests.support.cli import CliResult, run_llmreg
from tests.support.git_program import OLD, use_another_git
from tests.support.hostile_repositories import NOW, READING, plain_git, remove_object

NEED_THE_OBJECT = [command for command in READING if command[0] in ("history", "blame", "changelog", "restore")]
NEED_THE_OBJECT += [("query", "--at", "HEAD~2", "--no-cache"), ("validate", "--at", "HEAD~2")]


def outcomes(monkeypatch: pytest.MonkeyPatch) -> list[CliResult]:
    return [run_llmreg(*command) for command in READING]


def test_git_itself_runs_the_program(clone, trap):
    """Else the tests below could not fail."""
    trap.set_in(clone / ".git")
    for command in (("status",), ("log", "-p"), ("log", "-p", "--ext-diff"), ("checkout", "--", ".")):
        plain_git(clone, *command)
        assert trap.calls(), command
    remove_object(clone / ".git", plain_git(clone, "rev-parse", "HEAD~2:config/models/acme.yml"))
    plain_git(clone, "cat-file", "-p", "HEAD~2:config/models/acme.yml")
    assert trap.calls()


def test_no_program_that_settings_name_runs(clone, trap, monkeypatch):
    expected = outcomes(monkeypatch)
    assert [ran.code for ran in expected] == [0] * len(READING), [ran.err for ran in expected if ran.code]
    assert "2000" in expected[0].out
    trap.set_in(clone / ".git")
    for command, before in zip(READING, expected, strict=True):
        ran = run_llmreg(*command)
        assert (ran.code, NOW.sub("", ran.text)) == (before.code, NOW.sub("", before.text)), command
        assert trap.calls() == [], command


@pytest.mark.parametrize("git", [(), OLD], ids=["this git", "an old git"])
@pytest.mark.parametrize("url", ["ssh://example.org/x", "ext::{program}", "{clone}", "git://example.org/x", "evil::x"])
def test_an_object_that_is_missing_is_not_fetched(clone, trap, monkeypatch, git, url):
    folder = trap.program.parent
    (folder / "git-remote-evil").symlink_to(trap.program)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    if git:
        use_another_git(monkeypatch, folder / "bin", git)
    remove_object(clone / ".git", plain_git(clone, "rev-parse", "HEAD~2:config/models/acme.yml"))
    trap.set_in(clone / ".git", url.format(program=trap.program, clone=clone))
    for command in NEED_THE_OBJECT:
        ran = run_llmreg(*command)
        assert (ran.code, "git fetch --refetch --no-filter" in ran.err) == (5, True), (command, ran.err)
        assert trap.calls() == [], command


def test_python_runs_none_either(clone, trap):
    trap.set_in(clone / ".git")
    registry = Registry(clone / "config" / "models")
    assert registry.history("acme/m1")
    assert Registry(clone / "config" / "models", at="HEAD~2").list_all()
    assert trap.calls() == []
