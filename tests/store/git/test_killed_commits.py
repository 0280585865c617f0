"""A `--commit` that is killed between writing its files and committing them: the next one makes up for it."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_cli.commands.edit import file_commit
from registry_cli.store.git.repository import Repository
from tests.support.cli import CliResult, run_llmreg
from tests.support.faults.system_calls import start_child
from tests.support.hostile_repositories import plain_git

ACME, RECORD = "config/models/acme.yml", "config/upstream/acme.jsonl"
FOUND = "what an interrupted sync had written"
POINTS = {
    "before the note": (file_commit, "note_commit", True),
    "before the files": (file_commit, "write_files", True),
    "after the files": (file_commit, "write_files", False),
    "before the commit": (Repository, "commit_files", True),
    "before the index": (Repository, "update_index", True),
    "after the commit": (Repository, "commit_files", False),
    "before the note goes": (file_commit, "forget_commit", True),
}


class Runs:
    """Runs of llmreg in one clone, some of which are killed."""

    def __init__(self, top: Path, patch: pytest.MonkeyPatch) -> None:
        self.top = top
        self._patch = patch
        self._listed = top.parent / "listed.json"

    def list_window(self, window: int, **models: object) -> None:
        answer = {"acme": {"id": "acme", "name": "Acme", "models": {
            "m1": {"id": "m1", "name": "M1", "limit": {"context": window}}, **models}}}  # fmt: skip
        self._listed.write_text(json.dumps(answer))

    def sync(self, *arguments: str) -> CliResult:
        return self.run("sync", "acme", "--commit", "--from", f"models.dev={self._listed}", *arguments)

    def run(self, *arguments: str) -> CliResult:
        return run_llmreg(*arguments)

    def kill_at(self, point: str, run: Callable[[], object]) -> None:
        """Start a run that kills itself there, as a power cut does."""
        place, name, is_before = POINTS[point]
        real = getattr(place, name)

        def killed(*arguments: object, **options: object) -> None:
            if not is_before:
                real(*arguments, **options)
            os.kill(os.getpid(), signal.SIGKILL)

        with self._patch.context() as patch:
            patch.setattr(place, name, killed)
            child = start_child(run)
            assert os.waitpid(child, 0)[1] == signal.SIGKILL

    def git(self, *arguments: str) -> str:
        return plain_git(self.top, *arguments)

    def subjects(self) -> list[str]:
        """Of the commits that are not the clone's own, the newest first."""
        return self.git("log", "--format=%s", "HEAD~3..HEAD").splitlines()[: int(self.count()) - 3]

    def count(self) -> str:
        return self.git("rev-list", "--count", "HEAD")


@pytest.fixture
def runs(clone, monkeypatch) -> Runs:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ann@example.org")
    made = Runs(clone, monkeypatch)
    made.list_window(3000)
    return made


def set_hook(runs: Runs, script: str) -> None:
    hook = runs.top / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


@pytest.mark.parametrize("point", POINTS)
def test_the_same_command_again_makes_the_commit(runs, point):
    (runs.top / "mine").write_text("staged\n")
    runs.git("add", "mine")
    runs.kill_at(point, runs.sync)
    ran = runs.sync()
    assert ran.code == 0, ran.err
    assert (FOUND in ran.err) == (point in ("after the files", "before the commit"))
    assert runs.count() == "4"
    assert runs.git("show", "--name-only", "--format=%s").split("\n") == ["acme: 1 other change", "", ACME, RECORD]
    assert "3000" in runs.git("show", f"HEAD:{ACME}")
    assert runs.git("status", "--porcelain") == "A  mine"
    assert "nothing to commit" in runs.sync().err


@pytest.mark.parametrize("point", ["after the files", "before the commit"])
def test_on_the_next_day_there_are_two_commits(runs, point):
    runs.kill_at(point, runs.sync)
    runs.list_window(4000)
    ran = runs.sync()
    assert (ran.code, FOUND in ran.err) == (0, True)
    assert runs.count() == "5"
    assert ["3000" in runs.git("show", f"{commit}:{ACME}") for commit in ("HEAD~1", "HEAD")] == [True, False]
    assert runs.git("status", "--porcelain") == ""


@pytest.mark.parametrize("is_known", [False, True])  # by the index, as a run that got further leaves it
def test_a_new_file(runs, is_known):
    runs.kill_at("before the commit", lambda: runs.run("add", "beta/b1", "--new-provider", "--commit"))
    assert runs.git("status", "--porcelain") == "?? config/models/beta.yml"
    if is_known:
        runs.git("add", "--intent-to-add", "config/models/beta.yml")
    assert runs.sync().code == 0
    assert runs.subjects() == ["acme: 1 other change", "beta/b1: added"]
    assert runs.git("show", "--name-only", "--format=", "HEAD~1") == "config/models/beta.yml"
    assert runs.git("status", "--porcelain") == ""


def test_a_change_of_several_files_that_had_just_begun(runs, monkeypatch):
    """The journal is there, and none of the files: readers put them in place, and the next run commits them."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr("registry_cli.store.files.journal.finish_steps", die)
        child = start_child(runs.sync)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert "2000" in (runs.top / ACME).read_text()
    ran = runs.sync()
    assert (ran.code, FOUND in ran.err) == (0, True)
    assert runs.git("show", "--name-only", "--format=").split() == [ACME, RECORD]
    assert runs.git("status", "--porcelain") == ""


def test_a_pull_in_between_does_not_matter(runs):
    runs.kill_at("before the commit", runs.sync)
    runs.git("commit", "--quiet", "--allow-empty", "--message", "somebody else's")
    ran = runs.sync()
    assert (ran.code, FOUND in ran.err) == (0, True)
    assert runs.git("status", "--porcelain") == ""


def test_what_was_finished_is_pushed(runs, tmp_path):
    runs.git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "remote.git"))
    runs.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    runs.git("push", "--quiet", "origin", "main")
    runs.kill_at("after the files", lambda: runs.sync("--push"))
    ran = runs.sync("--push")
    assert (ran.code, "pushed to origin/main" in ran.err) == (0, True)
    assert plain_git(tmp_path / "remote.git", "rev-parse", "main") == runs.git("rev-parse", "HEAD")


def edit(runs: Runs) -> None:
    with (runs.top / ACME).open("a") as file:
        file.write("# mine\n")


def edit_and_stage(runs: Runs) -> None:
    edit(runs)
    runs.git("add", ACME)


def stage_another_version(runs: Runs) -> None:
    text = (runs.top / ACME).read_text()
    edit_and_stage(runs)
    (runs.top / ACME).write_text(text)


def switch_branches(runs: Runs) -> None:
    runs.git("switch", "--quiet", "--create", "side")


def change_it_in_a_commit(runs: Runs) -> None:
    text = (runs.top / ACME).read_text()
    (runs.top / ACME).write_text("provider: acme\nmodels: {}\n")
    runs.git("commit", "--quiet", "--message", "emptied", ACME)
    (runs.top / ACME).write_text(text)


@pytest.mark.parametrize("what", [edit, edit_and_stage, stage_another_version, switch_branches, change_it_in_a_commit])
def test_a_person_s_changes_are_not_swept_in(runs, what):
    runs.kill_at("before the commit", runs.sync)
    what(runs)
    before = (runs.count(), (runs.top / ACME).read_bytes(), runs.git("status", "--porcelain"), runs.git("write-tree"))
    runs.list_window(4000)
    ran = runs.sync()
    assert (ran.code, "has changes that are not committed" in ran.err) == (5, True)
    after = (runs.count(), (runs.top / ACME).read_bytes(), runs.git("status", "--porcelain"), runs.git("write-tree"))
    assert after == before
    assert not (runs.top / ".git" / "llmreg" / "pending-commit").exists()


def test_a_person_commits_it(runs):
    runs.kill_at("before the commit", runs.sync)
    runs.git("commit", "--quiet", "--all", "--message", "by hand")
    ran = runs.sync()
    assert (ran.code, FOUND in ran.err, "nothing to commit" in ran.err) == (0, False, True)
    assert runs.count() == "4"


def test_a_hook_refuses_it(runs):
    runs.kill_at("before the commit", runs.sync)
    set_hook(runs, "echo 'not on Sundays' >&2; exit 1")
    ran = runs.sync()
    assert (ran.code, "not on Sundays" in ran.err, "left 2 files to be committed" in ran.err) == (5, True, True)
    set_hook(runs, "true")
    ran = runs.sync()
    assert (ran.code, FOUND in ran.err) == (0, True)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 2}', '{"version": 1, "files": {"../x": {}}}', "null"])
def test_a_note_that_llmreg_did_not_write(runs, content):
    (runs.top / ".git" / "llmreg").mkdir(exist_ok=True)
    (runs.top / ".git" / "llmreg" / "pending-commit").write_text(content)
    assert runs.sync().code == 0
    assert runs.count() == "4"


def test_an_edit_that_was_killed(runs):
    def change(value: int) -> CliResult:
        return runs.run("set", "acme/m1", f"max_output_tokens={value}", "--commit")

    runs.kill_at("before the commit", lambda: change(7))
    assert change(8).code == 0
    assert runs.subjects() == ["acme/m1: max_output_tokens 7 -> 8", "acme/m1: max_output_tokens (none) -> 7"]
    assert runs.git("status", "--porcelain") == ""


def test_a_commit_on_another_branch(runs):
    runs.git("branch", "prices")
    set_hook(runs, "kill -9 $(ps -o ppid= -p $PPID); exit 1")
    child = start_child(lambda: runs.sync("--branch", "prices"))
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    set_hook(runs, "true")
    ran = runs.sync("--branch", "prices")
    assert ran.code == 0, ran.err
    assert runs.git("rev-list", "--count", "main..prices") == "1"
    assert runs.git("status", "--porcelain") == ""


def test_a_person_commits_something_else_meanwhile(runs):
    set_hook(runs, "unset GIT_INDEX_FILE; git commit --quiet --no-verify --allow-empty --message theirs")
    ran = runs.sync()
    assert (ran.code, "nothing was committed; the files are as they were" in ran.err) == (5, True)
    assert runs.subjects() == ["theirs"]
    assert runs.git("status", "--porcelain") == ""
    set_hook(runs, "true")
    assert runs.sync().code == 0


def test_the_index_is_locked_when_the_commit_is_made(runs):
    lock = runs.top / ".git" / "index.lock"
    set_hook(runs, "touch .git/index.lock")
    ran = runs.sync()
    assert (ran.code, f"run: git reset -- {ACME} {RECORD}" in ran.err) == (5, True)
    assert runs.subjects() == ["acme: 1 other change"]
    lock.unlink()
    set_hook(runs, "true")
    assert "nothing to commit" in runs.sync().err
    assert runs.git("status", "--porcelain") == ""


def test_copies_of_the_index_that_were_left(runs):
    (runs.top / ".git" / "llmreg").mkdir(exist_ok=True)
    old, fresh = (runs.top / ".git" / "llmreg" / f"index-{name}" for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_text("")
    os.utime(old, (0, 0))
    assert runs.sync().code == 0
    assert (old.exists(), fresh.exists()) == (False, True)
    assert [path.name for path in (runs.top / ".git" / "llmreg").glob("index-*")] == ["index-fresh"]


def test_two_runs_that_commit_at_once(runs):
    """The second waits until the first has committed: it neither takes its note for a dead one's, nor its files for a
    person's."""
    set_hook(runs, "touch ../started; sleep 0.5")
    first = start_child(runs.sync)
    while not (runs.top.parent / "started").exists():
        assert os.waitpid(first, os.WNOHANG) == (0, 0)
    ran = runs.run("set", "acme/m1", "max_output_tokens=7", "--commit")
    assert os.waitpid(first, 0)[1] == 0
    assert ran.code == 0, ran.err
    assert runs.subjects() == ["acme/m1: max_output_tokens (none) -> 7", "acme: 1 other change"]
    assert runs.git("status", "--porcelain") == ""
    assert not (runs.top / ".git" / "llmreg" / "pending-commit").exists()
