"""Runs in a row with changes that come and go, and two at once."""

import os
import random
import subprocess
import sys
import threading

import pytest

from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed


def worlds(seed: int, days: int):
    """What the source says each day: often what it said the day before, or at the beginning."""
    chance = random.Random(seed)
    price, models = 3.0, {}
    for _ in range(days):
        turn = chance.random()
        if turn < 0.25:
            price = chance.choice([2.0, 2.5, 3.0, 3.5])
        elif turn < 0.4:
            models = {**models, f"m{chance.randrange(6)}": {"name": "M", "limit": {"context": 5000}}}
        elif turn < 0.5:
            price, models = 3.0, {}
        yield listed(price, **models)


def runs(workspace: PullRequestWorkspace, days: int) -> dict[str, int]:
    """Runs on each of the days and checks what holds after every one; gives how often what happened."""
    counted = {"pushes": 0, "opened": 0, "closed": 0, "quiet": 0}
    before, last = None, ""
    for number, answer in enumerate(worlds(7, days)):
        workspace.at(f"2027-{1 + number // 28:02}-{1 + number % 28:02}")
        tip, opened = workspace.tip(), workspace.github.open()
        texts = [(each["number"], each["title"], each["body"]) for each in opened]
        workspace.github.asked.clear()
        ran = workspace.sync(answer, "--pr")
        assert ran.code == 0, ran.text
        now = workspace.github.open()
        assert len(now) <= 1
        assert bool(now) == bool(workspace.tip())
        branches = workspace.remote("for-each-ref", "--format=%(refname:short)", "refs/heads").split()
        assert set(branches) <= {"main", BRANCH}
        if answer == before:
            assert (workspace.tip(), workspace.github.writes) == (tip, []), ran.text
            counted["quiet"] += 1
        if workspace.tip() not in (tip, ""):
            assert workspace.remote("rev-list", "--count", f"main..{BRANCH}") == "1"
            assert workspace.remote("diff", "--name-only", "main", BRANCH)
            counted["pushes"] += 1
        if any(method == "PATCH" for method, _, _ in workspace.github.writes) and now:
            assert texts != [(each["number"], each["title"], each["body"]) for each in now], last
        counted["opened"] += len(now) > len(opened)
        counted["closed"] += len(now) < len(opened)
        before, last = answer, ran.text
    return counted


def test_twenty_runs_in_a_row(settled):
    counted = runs(settled, 20)
    assert min(counted.values()) > 0, counted


@pytest.mark.slow
def test_two_hundred_runs_in_a_row(settled):
    counted = runs(settled, 200)
    print(counted)
    assert min(counted.values()) > 5, counted


def test_two_runs_at_once_end_in_one_pull_request(settled):
    settled.sync(listed(2.5), "--check")  # which writes the answer to a file
    path = settled.folder / "models.dev.json"
    command = [sys.executable, "-m", "registry_cli", "sync", "acme", "--pr", "--from", f"models.dev={path}"]
    meeting = threading.Barrier(2, timeout=60)

    def meet(method, where, _content):
        if (method, where) == ("GET", "/pulls") and not settled.github.pulls[1:]:
            with_lock = settled.github._lock
            with_lock.release()
            try:
                meeting.wait()
            except threading.BrokenBarrierError:
                pass
            finally:
                with_lock.acquire()

    settled.github.interfere = meet
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ) for _ in range(2)]
    said = [process.communicate(timeout=120)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(settled.github.open()) == 1
    assert len(settled.github.pulls) == 2
    assert settled.remote("rev-list", "--count", f"main..{BRANCH}") == "1"
