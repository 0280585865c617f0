"""Variables that git sets for hooks, or that a shell has left over, lead no command elsewhere."""

import os
from pathlib import Path

import pytest

from registry_cli.store.git.process import git_environment
from tests.support.cli import CliResult, run_llmreg
from tests.support.hostile_repositories import NOW, READING, plain_git


def strange(other: Path, program: Path) -> dict[str, str]:
    """Each of these makes git answer otherwise, fail, or run a program."""
    git_dir = str(other / ".git")
    return {
        "GIT_DIR": git_dir,
        "GIT_WORK_TREE": str(other),
        "GIT_COMMON_DIR": git_dir,
        "GIT_INDEX_FILE": f"{git_dir}/index",
        "GIT_OBJECT_DIRECTORY": f"{git_dir}/objects",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": f"{git_dir}/objects",
        "GIT_QUARANTINE_PATH": f"{git_dir}/objects/incoming",
        "GIT_PREFIX": "nowhere/",
        "GIT_NAMESPACE": "elsewhere",
        "GIT_CEILING_DIRECTORIES": str(other.parent / "clone" / "config"),
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_ICASE_PATHSPECS": "1",
        "GIT_GRAFT_FILE": str(program),
        "GIT_SHALLOW_FILE": str(other / "shallow"),
        "GIT_REPLACE_REF_BASE": "refs/heads/",
        "GIT_CONFIG": str(other / "nothing"),
        "GIT_CONFIG_PARAMETERS": "'core.bare=true'",
        "GIT_EXTERNAL_DIFF": str(program),
        "GIT_PAGER": str(program),
        "GIT_EDITOR": str(program),
        "GIT_DIFF_OPTS": "--unified=9",
        "GIT_ATTR_SOURCE": "nothing",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_REFLOG_ACTION": "elsewhere",
        "GIT_PRINT_SHA1_ELLIPSIS": "yes",
        "GIT_NOTES_REF": "refs/notes/elsewhere",
    }


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Somebody's repository with a change in its index."""
    top = tmp_path / "other"
    top.mkdir()
    plain_git(top, "init", "--quiet", "--initial-branch=main")
    (top / "notes").write_text("one\n")
    plain_git(top, "add", "notes")
    plain_git(top, "commit", "--quiet", "--message", "theirs")
    (top / "notes").write_text("two\n")
    plain_git(top, "add", "notes")
    (top / "shallow").write_text("")
    return top


def state_of(top: Path) -> tuple[object, ...]:
    """The bytes of the index, what HEAD is, and which objects, refs and files there are."""
    files = sorted(str(path.relative_to(top)) for path in top.rglob("*"))
    return (top / ".git" / "index").read_bytes(), plain_git(top, "rev-parse", "HEAD"), files


@pytest.fixture
def ran_in_a_strange_environment(clone, other, trap, monkeypatch):
    """Runs llmreg with every one of the variables, and looks after the other repository."""
    before = state_of(other)

    def run(*arguments: str) -> CliResult:
        with monkeypatch.context() as patch:
            for name, value in strange(other, trap.program).items():
                patch.setenv(name, value)
            ran = run_llmreg(*arguments)
        assert state_of(other) == before, arguments
        assert trap.calls() == [], arguments
        return ran

    return run


def test_reading_commands_answer_as_without_them(clone, ran_in_a_strange_environment, monkeypatch):
    for command in READING:
        expected = run_llmreg(*command)
        ran = ran_in_a_strange_environment(*command)
        assert expected.code == 0
        assert (ran.code, NOW.sub("", ran.text)) == (0, NOW.sub("", expected.text)), command


@pytest.mark.parametrize(
    "command",
    [
        ("set", "acme/m1", "context_window=5", "--commit"),
        ("add", "acme/m3", "--commit"),
        ("rename", "acme/m1", "m9", "--commit"),
        ("restore", "acme/m1", "--to", "HEAD~2", "--commit"),
        ("sync", "acme", "--commit", "--from", "models.dev=../listed.json"),
        ("sync", "acme", "--commit", "--branch", "side", "--from", "models.dev=../listed.json"),
    ],
    ids=" ".join,
)
def test_commits_are_made_where_the_catalog_is(clone, ran_in_a_strange_environment, command):
    listed = clone.parent / "listed.json"
    listed.write_text(listed.read_text().replace("2000", "3000"))
    (clone / "mine").write_text("staged\n")
    plain_git(clone, "add", "mine")
    ran = ran_in_a_strange_environment(*command)
    assert ran.code == 0, ran.err
    branch = "side" if "side" in command else "main"
    assert plain_git(clone, "rev-list", "--count", branch) == "4"
    names = plain_git(clone, "show", "--name-only", "--format=", branch).split()
    assert set(names) <= {"config/models/acme.yml", "config/upstream/acme.jsonl"}
    assert plain_git(clone, "status", "--porcelain") == "A  mine"
    assert plain_git(clone, "reflog", "show", "-1", "--format=%gs", branch).startswith(("commit:", "llmreg sync"))


def test_a_pull_request_is_pushed_from_where_the_catalog_is(clone, ran_in_a_strange_environment, tmp_path):
    plain_git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    plain_git(clone, "remote", "add", "origin", str(tmp_path / "remote.git"))
    plain_git(clone, "push", "--quiet", "origin", "main")
    listed = clone.parent / "listed.json"
    listed.write_text(listed.read_text().replace("2000", "3000"))
    ran = ran_in_a_strange_environment("sync", "acme", "--pr", "--from", "models.dev=../listed.json")
    assert ran.code == 0, ran.err
    assert "3000" in plain_git(tmp_path / "remote.git", "show", "llmreg/sync-acme:config/models/acme.yml")
    assert plain_git(clone, "status", "--porcelain") == ""


def test_a_new_catalog_gets_a_repository_of_its_own(ran_in_a_strange_environment, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = ran_in_a_strange_environment("init", "new", "--provider", "openai")
    assert ran.code == 0, ran.err
    assert (tmp_path / "new" / ".git" / "HEAD").is_file()
    assert plain_git(tmp_path / "new", "rev-parse", "--show-object-format") == "sha1"


def test_what_users_set_is_kept(monkeypatch):
    users = {
        "GIT_SSH_COMMAND": "ssh -i key",
        "GIT_ASKPASS": "ask",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ann",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
        "GIT_SSL_CAINFO": "/ca.pem",
        "GIT_HTTP_PROXY_AUTHMETHOD": "basic",
        "GIT_TRACE": "2",
        "GIT_CONFIG_GLOBAL": "/home/ann/.gitconfig",
        "PATH": os.environ["PATH"],
        "SSH_AUTH_SOCK": "/run/agent",
    }
    assert users.items() <= git_environment(Path("/work"), {**users, "GIT_DIR": "/x"}).items()
    assert "GIT_DIR" not in git_environment(Path("/work"), {**users, "GIT_DIR": "/x"})
