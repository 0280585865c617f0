"""llmreg as somebody's git hook: their index, HEAD and commit stay theirs. And hooks that run llmreg in its commits."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg
from tests.support.hostile_repositories import CATALOG, plain_git

ACME = "config/models/acme.yml"
COMMANDS = {
    "validate": "validate",
    "query": "query --at HEAD~1",
    "history": "history acme/m1",
    "set": "set acme/m1 context_window=5 --commit",
    "sync": "sync acme --commit --from models.dev=../listed.json",
    "sync elsewhere": "sync acme --commit --branch side --from models.dev=../listed.json",
    "pull request": "sync acme --pr --from models.dev=../listed.json",
}
WAYS = {
    "staged": ("commit", "--quiet", "--message", "theirs"),
    "all": ("commit", "--quiet", "--all", "--message", "theirs"),
    "by path": ("commit", "--quiet", "--message", "theirs", "notes"),
    "amended": ("commit", "--quiet", "--amend", "--message", "theirs"),
}


def set_hook(git_dir: Path, name: str, script: str) -> None:
    hook = git_dir / "hooks" / name
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


def llmreg_in(folder: Path, command: str) -> str:
    """What a hook says to run llmreg once, and to note how that ended."""
    run = f"{sys.executable} -m registry_cli {command}"
    return f'[ -n "$INNER" ] && exit 0\nexport INNER=1\n{run} > {folder}/said 2>&1 < /dev/null\necho $? > {folder}/code'


@pytest.fixture
def theirs(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clone, with a remote, a file that is committed, changed and staged, and another that is changed only."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ann@example.org")
    for name in ("notes", "other"):
        (clone / name).write_text("one\n")
    plain_git(clone, "add", "--all")
    plain_git(clone, "commit", "--quiet", "--message", "notes")
    remote = clone.parent / "remote.git"
    plain_git(clone, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    plain_git(clone, "remote", "add", "origin", str(remote))
    plain_git(clone, "push", "--quiet", "origin", "main")
    listed = clone.parent / "listed.json"
    listed.write_text(listed.read_text().replace("2000", "3000"))
    (clone / "notes").write_text("two\n")
    plain_git(clone, "add", "notes")
    (clone / "other").write_text("two\n")
    return clone


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", ["set", "sync", "pull request"])
def test_their_commit_is_what_it_is_without_the_hook(theirs, command, way):
    check_commit(theirs, command, way, "pre-commit")


@pytest.mark.parametrize("hook", ["commit-msg", "post-commit"])
def test_so_it_is_in_other_hooks(theirs, hook):
    check_commit(theirs, "sync", "by path", hook)


@pytest.mark.parametrize("command", ["validate", "query", "history", "sync elsewhere"])
def test_so_it_is_with_other_commands(theirs, command):
    check_commit(theirs, command, "staged", "pre-commit")


def check_commit(top: Path, command: str, way: str, hook: str) -> None:
    head = plain_git(top, "rev-parse", "HEAD")
    plain_git(top, *WAYS[way])
    expected = state_of(top)
    plain_git(top, "reset", "--quiet", "--soft", head)
    plain_git(top, "restore", "--staged", "other")
    set_hook(top / ".git", hook, llmreg_in(top.parent, COMMANDS[command]))
    plain_git(top, *WAYS[way])
    code, said = (top.parent / "code").read_text().strip(), (top.parent / "said").read_text()
    assert state_of(top) == expected, said
    assert "Traceback" not in said
    if command in ("set", "sync"):
        assert (code, "in a hook" in said) == ("5", True), said
    elif command == "pull request" and way in ("all", "by path") and hook != "post-commit":
        assert (code, "index.lock exists" in said) == ("5", True), said
    else:
        assert code == "0", said


def state_of(top: Path) -> tuple[str, ...]:
    """What the last commit changed, its subject and tree, and what is changed and not committed."""
    return (
        plain_git(top, "show", "--name-status", "--format=%s %T %P", "HEAD"),
        plain_git(top, "status", "--porcelain"),
        plain_git(top, "diff"),
    )


@pytest.mark.parametrize("command", ["set", "sync", "pull request"])
def test_in_a_hook_of_another_repository_the_catalog_s_commit_is_made(theirs, tmp_path, command):
    plain_git(theirs, "commit", "--quiet", "--all", "--message", "all")
    outer = tmp_path / "outer"
    outer.mkdir()
    plain_git(outer, "init", "--quiet", "--initial-branch=main")
    (outer / "notes").write_text("one\n")
    plain_git(outer, "add", "notes")
    catalog = f"--catalog {theirs}/config/models"
    set_hook(outer / ".git", "pre-commit", llmreg_in(tmp_path, f"{COMMANDS[command]} {catalog}"))
    plain_git(outer, "commit", "--quiet", "--all", "--message", "theirs")
    assert (tmp_path / "code").read_text() == "0\n", (tmp_path / "said").read_text()
    assert plain_git(outer, "show", "--name-only", "--format=%s") == "theirs\n\nnotes"
    assert plain_git(outer, "status", "--porcelain") == ""
    assert plain_git(theirs, "status", "--porcelain") == ""
    branch = "origin/llmreg/sync-acme" if command == "pull request" else "main"
    plain_git(theirs, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert ACME in plain_git(theirs, "show", "--name-only", "--format=", branch).split()


def test_a_linked_work_tree_s_hook(theirs, tmp_path):
    """git sets GIT_DIR there, too."""
    plain_git(theirs, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "tree"))
    set_hook(theirs / ".git", "pre-commit", llmreg_in(tmp_path, COMMANDS["set"]))
    (tmp_path / "tree" / "notes").write_text("three\n")
    plain_git(tmp_path / "tree", "commit", "--quiet", "--all", "--message", "theirs")
    assert (tmp_path / "code").read_text() == "5\n"
    assert plain_git(tmp_path / "tree", "show", "--name-only", "--format=%s") == "theirs\n\nnotes"
    assert plain_git(tmp_path / "tree", "status", "--porcelain") == ""


def test_a_rebase_may_run_llmreg_between_its_commits(theirs):
    """That is no hook of a commit, and git expects new commits there."""
    plain_git(theirs, "commit", "--quiet", "--all", "--message", "theirs")
    run = f"{sys.executable} -m registry_cli set acme/m1 context_window=5 --commit"
    done = subprocess.run(["git", "rebase", "--quiet", "--exec", run, "HEAD~1"], cwd=theirs, check=False)
    assert done.returncode == 0
    subjects = plain_git(theirs, "log", "-2", "--format=%s").splitlines()
    assert subjects == ["acme/m1: context_window 2000 -> 5", "theirs"]


@pytest.mark.parametrize("command", ["set", "sync"])
def test_hooks_of_llmreg_s_commits_may_run_llmreg(theirs, monkeypatch, command):
    """`init` writes hooks that run `fmt` and `validate`."""
    python = f"{sys.executable} -m registry_cli"
    set_hook(theirs / ".git", "pre-commit", f"{python} fmt {ACME} && {python} validate {ACME}")
    ran = run_llmreg(*COMMANDS[command].split())
    assert ran.code == 0, ran.err
    assert ACME in plain_git(theirs, "show", "--name-only", "--format=").split()


def test_what_a_hook_changes_is_not_undone_over(theirs, monkeypatch):
    set_hook(theirs / ".git", "pre-commit", f"echo '# by the hook' >> {ACME}; exit 1")
    ran = run_llmreg(*COMMANDS["set"].split())
    assert (ran.code, "could not be undone and stays" in ran.err) == (5, True)
    assert (theirs / ACME).read_text() != CATALOG.format(window=2000)
