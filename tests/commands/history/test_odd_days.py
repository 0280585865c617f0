"""Days and times at the ends of the calendar."""

import subprocess

import pytest

from tests.support.history_repositories import Repository

FILE = "provider: acme\nmodels:\n  one: {context_window: 1}\n"


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1960-01-01", "1969-12-31", "1970-01-01", "1970-01-02", "1972-06-01", "1990-01-01"]
)
def test_a_day_before_every_commit_is_refused(repository: Repository, run, day):
    repository.commit("2026-01-02", "Begin", {"acme.yml": FILE})
    done = run("query", "--at", day, "--count")
    assert (done.code, done.out) == (2, "")
    assert f"no commit by the end of {day}" in done.err


@pytest.mark.parametrize(
    ("day", "models"), [("2026-01-02", "1"), ("2026-01-03", "2"), ("2100-01-01", "2"), ("9999-12-31", "2")]
)
def test_a_day_is_whole(repository: Repository, run, day, models):
    repository.commit("2026-01-02", "Begin", {"acme.yml": FILE})
    repository.commit("2026-01-03", "Two", {"acme.yml": f"{FILE}  two: {{}}\n"})
    assert run("query", "--at", day, "--count").out == f"{models}\n"


@pytest.mark.parametrize("seconds", ["253402300800", "99999999999999", "18446744073709551614"])
def test_a_commit_from_beyond_the_calendar(repository: Repository, run, seconds):
    repository.commit("2026-01-02", "Begin", {"acme.yml": FILE})
    _rewrite(repository, f"{seconds} +0000".encode())
    told = [run("history", "one"), run("blame", "one"), run("changelog", "..HEAD", "--format", "atom")]
    told += [run("query", "--at", "HEAD", "--count"), run("sql", "select date from changes limit 1")]
    assert [done.code for done in told] == [0] * 5
    assert told[0].out.startswith("9999-12-31\t")


def test_a_commit_without_a_time(repository: Repository, run):
    repository.commit("2026-01-02", "Begin", {"acme.yml": FILE})
    _rewrite(repository, b"")
    assert run("history", "one").out.startswith("1970-01-01\t")


def _rewrite(repository: Repository, time: bytes) -> None:
    """Gives the last commit another time of its committer, of which git itself would make no commit."""
    lines = subprocess.check_output(["git", "-C", repository.top, "cat-file", "commit", "HEAD"]).split(b"\n")
    lines = [b"committer Ann <ann@example.org> " + time if line.startswith(b"committer") else line for line in lines]
    write = ["git", "-C", repository.top, "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    made = subprocess.run(write, input=b"\n".join(lines), capture_output=True, check=True).stdout.decode().strip()
    repository.git("update-ref", "HEAD", made)
