"""The git program whatever a person has set, and whatever pipes the system grants."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from registry_cli.store.git import process as git_program
from registry_cli.store.git.history import open_past
from registry_cli.store.git.process import GitProgram
from registry_cli.store.git.record_history import versions_of_line
from registry_cli.store.timeline.timeline import open_timeline
from tests.support.history_repositories import Repository, git

HOSTILE = """\
[color]
    ui = always
[core]
    quotePath = true
    attributesFile = {attributes}
[diff]
    relative = true
    renames = copies
    renameLimit = 1
    noprefix = true
    external = false
    orderFile = {absent}
    mnemonicPrefix = true
[diff "odd"]
    textconv = false
    command = false
[format]
    pretty = oneline
[i18n]
    logOutputEncoding = UTF-16
[log]
    showRoot = false
    diffMerges = off
    showSignature = true
    mailmap = true
    follow = true
    abbrevCommit = true
    decorate = full
    date = relative
[mailmap]
    file = {mailmap}
"""
BROKEN = "provider: größer\nmodels: [\n"
MODELS = """\
provider: acme
models:
  one:
    context_window: {window}
    pricing: {{input: 3}}
  two:
    name: Zwölf
    pricing: {{input: 4}}
"""
COMMANDS = (
    ("history", "one"),
    ("history", "one", "--all-parents"),
    ("history", "one", "--no-cache"),
    ("blame", "two"),
    ("changelog", "..HEAD"),
    ("changelog", "..HEAD", "--format", "atom"),
    ("query", "--at", "2026-01-03", "--format", "json"),
    ("sql", "select * from changes"),
)


@pytest.fixture
def winding(repository: Repository) -> Repository:
    """A history with a root, a merge and a folder that moved."""
    repository.commit("2026-01-02", "Anfang: größer", {"acme.yml": MODELS.format(window=1), "größer.yml": BROKEN})
    repository.git("mv", "config/models", "models")
    repository.commit("2026-01-03", "Moved")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.models = repository.top / "models"
    repository.commit("2026-01-04", "Side", {"acme.yml": MODELS.format(window=2)})
    repository.git("checkout", "--quiet", "main")
    repository.commit("2026-01-05", "Line", {"b.yml": "provider: b\nmodels: {}\n"})
    repository.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side", day="2026-01-06")
    shutil.rmtree(repository.top / "config", ignore_errors=True)
    (repository.top / "config").mkdir()
    repository.git("mv", "models", "config/models")
    repository.models = repository.top / "config" / "models"
    repository.commit("2026-01-07", "Back", {"größer.yml": None})
    return repository


def settle(folder: Path) -> None:
    """Makes every setting that could change what git tells a hostile one."""
    (folder / "attributes").write_text("* diff=odd\n*.jsonl -diff\n")
    (folder / "mailmap").write_text("Somebody Else <else@example.org> <ann@example.org>\n")
    named = {"attributes": folder / "attributes", "mailmap": folder / "mailmap", "absent": folder / "absent"}
    path = Path(os.environ["GIT_CONFIG_GLOBAL"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HOSTILE.format(**named))


def test_a_persons_settings_change_nothing(winding, run, tmp_path, monkeypatch):
    expected = [run(*command) for command in COMMANDS]
    assert [done.code for done in expected] == [0] * len(COMMANDS)
    assert "Merge" in expected[0].out
    settle(tmp_path)
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "another cache"))
    assert [run(*command) for command in COMMANDS] == expected


def test_they_change_nothing_of_a_records_history(repository, tmp_path):
    record = repository.top / "config" / "upstream" / "acme.jsonl"
    record.parent.mkdir()
    for day, price in (("2026-01-02", 1), ("2026-01-03", 2)):
        record.write_text(f'{{"id":"one","state":{{"a":{{"pricing.input":{price}}}}}}}\n')
        repository.commit(day, day)
    expected = versions_of_line(record, "one", os.environ)
    assert len(expected) == 2
    settle(tmp_path)
    assert versions_of_line(record, "one", os.environ) == expected


def test_where_no_wide_pipes_are_granted(repository, monkeypatch):
    """A user's pipes are narrow where there are many of them: whatever is expected, nobody waits for ever."""
    fcntl = pytest.importorskip("fcntl")
    if not hasattr(fcntl, "F_SETPIPE_SZ"):
        pytest.skip("pipes have the one size here")
    repository.commit("2026-01-02", "Files", {f"{number}.txt": f"{number}" * 2000 for number in range(500)})
    ids = [line.split()[2] for line in git(repository.top, "ls-tree", "HEAD:config/models").splitlines()]
    narrow = 4096
    monkeypatch.setattr(git_program, "widen_pipe", lambda pipe: fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, narrow))
    with GitProgram(repository.top, os.environ, only_reads=True).object_reader(10_000) as objects:
        timer = subprocess.Popen(["sh", "-c", f"sleep 30; kill {objects._process.pid}"], start_new_session=True)
        objects.expect(ids)
        found = [objects.get(each) for each in [*ids[1:], ids[0]]]
        os.killpg(timer.pid, 15)
        timer.wait()
    assert sorted(map(len, filter(None, found))) == sorted(len(f"{number}" * 2000) for number in range(500))


def test_a_pipe_that_may_not_be_widened_stays_as_it_is(winding, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refused(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(fcntl, "fcntl", refused)
    with open_timeline(open_past(winding.models, os.environ), None) as timeline:
        assert len(timeline.list_commits()) == 5


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_git_starts_leaves_no_git_behind(repository, monkeypatch, by):
    """It may come before anybody has the process to end it."""

    def interrupted(number: int, _: object) -> None:
        raise InterruptedError(number)

    started: list[subprocess.Popen[bytes]] = []
    start = GitProgram._start_git

    def start_and_signal(*arguments, **options):
        started.append(start(*arguments, **options))
        signal.raise_signal(by)
        return started[0]

    monkeypatch.setattr(GitProgram, "_start_git", start_and_signal)
    before = signal.signal(by, interrupted)
    try:
        with pytest.raises(InterruptedError):
            GitProgram(repository.top, os.environ).run_git("-c", "alias.wait=!sleep 30", "wait")
    finally:
        signal.signal(by, before)
    assert started[0].returncode is not None
