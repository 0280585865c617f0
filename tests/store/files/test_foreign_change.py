"""Journals and temporary files that llmreg did not write on this machine: what a clone or a pull request can bring."""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from registry_cli.store.files.names import JOURNAL
from registry_cli.store.files.provenance import Provenance
from registry_cli.store.files.recovery import find_unfinished
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from tests.support.cli import run_llmreg
from tests.support.faults.breakable_catalogs import files_under
from tests.support.faults.system_calls import disk, failing, healthy, in_child
from tests.support.paths import ROOT

OLD = "provider: acme\nmodels:\n  m1: {context_window: 1000, pricing: {input: 1, output: 2}}\n"
EVIL = OLD.replace("input: 1", "input: 0.0001") + "api: {base_url: 'https://evil.example/v1'}\n"
TEMPORARY = ".llmreg-8edcc26c-00112233445566778899.tmp"
WARNING = "not written by llmreg on this machine, and ignored; see it with `llmreg recover`\n"
READERS = [
    ["query"], ["show", "acme/m1"], ["validate"], ["providers"], ["sql", "select 1"], ["doctor", "acme"],
    ["export", "models.dev", "--to", "out"], ["cost", "acme/m1", "--input", "1"], ["explain", "acme/m1"],
    ["set", "acme/m1", "name=N", "--dry-run"], ["fmt", "--check"],
]  # fmt: skip
WRITERS = [
    ["set", "acme/m1", "context_window=5"], ["set", "acme/m1", "context_window=5", "--commit"], ["remove", "acme/m1"],
    ["fmt"], ["validate", "--fix"], ["sync", "acme", "--from", "models.dev=answer.json"],
]  # fmt: skip


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def journal_of(*files: dict[str, str | None]) -> str:
    return json.dumps({"version": 1, "files": files})


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A catalog in a repository, with nothing unfinished."""
    folder = tmp_path / "work" / "config" / "models"
    folder.mkdir(parents=True)
    (folder / "acme.yml").write_text(OLD)
    subprocess.run(["git", "init", "-q", str(tmp_path / "work")], check=True)
    (tmp_path / "work" / "answer.json").write_text(
        json.dumps({"acme": {"id": "acme", "name": "A", "models": {"m1": {"id": "m1", "name": "M1"}}}})
    )
    monkeypatch.chdir(tmp_path / "work")
    return folder


@pytest.fixture
def swapped(models):
    """A journal and the temporary file that it puts in the place of a provider file."""
    (models / TEMPORARY).write_text(EVIL)
    step = {"path": "acme.yml", "temporary": TEMPORARY, "old": digest(OLD), "new": digest(EVIL)}
    (models / JOURNAL).write_text(journal_of(step))
    return models


@pytest.fixture
def llmreg(monkeypatch):
    return run_llmreg


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_readers_warn_once_and_answer_from_the_files_as_they_are(swapped, llmreg, command):
    (swapped / JOURNAL).rename(swapped.parent / "journal")
    (swapped / TEMPORARY).rename(swapped.parent / "temporary")
    expected = llmreg(*command)
    (swapped.parent / "journal").rename(swapped / JOURNAL)
    (swapped.parent / "temporary").rename(swapped / TEMPORARY)
    before = files_under(swapped.parent)
    ran = llmreg(*command)
    assert ran.err.count("llmreg: warning:") == 1
    assert ran.err.startswith(f"llmreg: warning: config/models/{JOURNAL}: {WARNING}")
    if command == ["validate"]:
        assert ran.code == 1
    else:
        assert (ran.code, without_times(ran.out)) == (expected.code, without_times(expected.out))
    assert files_under(swapped.parent) == before


@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
@pytest.mark.parametrize("left", ["both", "journal", "temporary"])
def test_writers_refuse_and_name_the_command_that_decides(swapped, llmreg, command, left):
    if left != "both":
        (swapped / (TEMPORARY if left == "journal" else JOURNAL)).unlink()
    before = files_under(swapped.parent)
    ran = llmreg(*command)
    assert ran.code == 6
    assert "`llmreg recover --finish` or `--discard`" in ran.err
    assert files_under(swapped.parent) == before


def test_no_reader_deletes_through_a_link(models, llmreg, tmp_path):
    """A step that deletes, and a folder of records that lies elsewhere."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".bashrc").write_text("# default\n")
    (models.parent / "upstream").symlink_to(home)
    step = {"path": "../upstream/.bashrc", "temporary": None, "old": digest("# default\n"), "new": None}
    (models / JOURNAL).write_text(journal_of(step))
    for command in (*READERS, *WRITERS, ["recover"], ["recover", "--finish"], ["recover", "--discard"]):
        llmreg(*command)
        assert (home / ".bashrc").read_text() == "# default\n"
    assert not (models / JOURNAL).exists()  # discarded at last


@pytest.mark.parametrize("linked", ["upstream", "file", "temporary"])
def test_a_journal_of_ours_is_not_followed_through_a_link(models, tmp_path, llmreg, linked):
    """Its writer died, and then a checkout put a link in the way."""
    outside = tmp_path / "outside"
    outside.mkdir()
    record = models.parent / "upstream" / "acme.jsonl"
    changes = [FileChange(models / "acme.yml", OLD.encode(), EVIL.encode()), FileChange(record, None, b"{}\n")]
    assert in_child(lambda: commit_and_die(models, changes)) != 0
    step = next(step for step in find_unfinished(models).journal.steps if step.path.name == "acme.jsonl")
    if linked == "upstream":
        record.parent.rename(outside / "upstream")
        record.parent.symlink_to(outside / "upstream")
    elif linked == "file":
        (outside / "acme.jsonl").write_text("theirs\n")
        record.symlink_to(outside / "acme.jsonl")
    else:
        step.temporary.rename(outside / "temporary")
        step.temporary.symlink_to(outside / "temporary")
    before, theirs = files_under(models), files_under(outside)
    assert WARNING in llmreg("query").err
    assert llmreg("set", "acme/m1", "context_window=5").code == 6
    ran = llmreg("recover", "--finish")
    assert ran.code == 6
    assert "is a link, or no regular file" in ran.err
    assert files_under(models) == before
    assert files_under(outside) == theirs


def commit_and_die(root: Path, changes: list[FileChange]) -> None:
    """The journal is named, and nothing of it done."""

    def die(number, call, do):
        result = do()
        if call[0] == "replace" and call[1][1].name == JOURNAL:
            os._exit(9)
        return result

    with disk(die), lock_for_writing(root):
        write_files(root, changes)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "huge", "empty"])
def test_whatever_has_a_journals_name_stops_no_reader(models, llmreg, tmp_path, kind):
    path = models / JOURNAL
    if kind == "link":
        (tmp_path / "elsewhere").write_text("private")
        path.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as file:
            file.truncate(3_000_000_000 if kind == "huge" else 0)
    ran = llmreg("query", "--name", "*", "-f", "ids")
    assert (ran.code, ran.out) == (0, "acme/m1\n")
    assert ran.err == f"llmreg: warning: config/models/{JOURNAL}: {WARNING}"
    assert llmreg("set", "acme/m1", "context_window=5").code == 6
    if kind != "folder":
        assert llmreg("recover", "--discard").code == 0
        assert llmreg("set", "acme/m1", "context_window=5").code == 0


def test_a_journal_of_another_machine_is_not_ours(swapped, llmreg, monkeypatch):
    """Neither in its git directory nor in its state directory is there a note of it."""
    Provenance(swapped).note_journal(digest((swapped / JOURNAL).read_text()))
    (swapped.parents[1] / ".git" / "llmreg").rename(swapped.parents[2] / "notes of the other machine")
    assert WARNING in llmreg("query").err
    (swapped.parents[2] / "notes of the other machine").rename(swapped.parents[1] / ".git" / "llmreg")
    (swapped / "acme.yml").write_text(OLD)
    assert llmreg("show", "acme/m1#pricing.input").out == "0.0001\n"


# validate


def test_validate_reports_what_is_foreign(swapped, llmreg):
    (swapped.parent / "upstream").mkdir()
    (swapped.parent / "upstream" / TEMPORARY).write_text("x")
    ran = llmreg("validate")
    assert ran.code == 1
    places = [line.split(" ")[0:2] for line in ran.out.splitlines()]
    assert places == [
        [f"config/models/{TEMPORARY}:1:1", "unfinished-change"],
        [f"config/models/{JOURNAL}:1:1", "unfinished-change"],
        [f"config/upstream/{TEMPORARY}:1:1", "unfinished-change"],
    ]


def test_validate_of_a_pull_request_reports_what_it_commits(swapped, llmreg):
    """The change of acme.yml is in no diff; that a journal was committed is an error."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "add", "config/models/acme.yml"], check=True)
    subprocess.run([*git, "commit", "-qm", "base"], check=True)
    subprocess.run(["git", "add", "-f", "config"], check=True)
    subprocess.run([*git, "commit", "-qm", "fix typo"], check=True)
    subprocess.run(["git", "clone", "-q", ".", "../clone"], check=True)
    os.chdir("../clone")
    ran = llmreg("validate", "--new-since", "HEAD~1", "--strict")
    assert ran.code == 1
    assert f"config/models/{JOURNAL}:1:1 unfinished-change" in ran.out
    assert (Path("config/models") / "acme.yml").read_text() == OLD
    assert subprocess.run(["git", "status", "--porcelain"], capture_output=True, check=True).stdout == b""


def test_validate_says_nothing_of_a_writer_that_lives(models, llmreg):
    Provenance(models).temporary_name()
    (models / Provenance(models).temporary_name()).write_text("half")
    ran = llmreg("validate")
    assert (ran.code, ran.out) == (0, "")


# recover


def test_recover_shows_what_each_choice_does(swapped, llmreg):
    before = files_under(swapped.parent)
    ran = llmreg("recover")
    assert ran.code == 1
    assert "-  m1: {context_window: 1000, pricing: {input: 1, output: 2}}\n" in ran.out
    assert "+  m1: {context_window: 1000, pricing: {input: 0.0001, output: 2}}\n" in ran.out
    assert "+api: {base_url: 'https://evil.example/v1'}\n" in ran.out
    assert ran.out.endswith(f"config/models/{JOURNAL}\nconfig/models/{TEMPORARY}\n")
    assert f"config/models/{JOURNAL} and 1 more were not written by llmreg on this machine\n" in ran.err
    assert files_under(swapped.parent) == before


def test_recover_finish_makes_the_change(swapped, llmreg):
    (swapped / ".llmreg-more").write_text("")
    ran = llmreg("recover", "--finish")
    assert ran.code == 0
    assert "+api: {base_url: 'https://evil.example/v1'}\n" in ran.out
    assert files_under(swapped.parent) == {"models/acme.yml": EVIL.encode()}
    assert llmreg("recover") == type(ran)(0, "", "nothing is unfinished\n")
    assert llmreg("set", "acme/m1", "context_window=5").code == 0


def test_recover_discard_deletes_the_hidden_files_alone(swapped, llmreg):
    ran = llmreg("recover", "--discard")
    assert (ran.code, ran.out) == (0, f"config/models/{JOURNAL}\nconfig/models/{TEMPORARY}\n")
    assert files_under(swapped.parent) == {"models/acme.yml": OLD.encode()}
    assert llmreg("set", "acme/m1", "context_window=5").code == 0


def test_recover_tells_why_a_change_cannot_be_finished(swapped, llmreg):
    (swapped / "acme.yml").write_text(f"{OLD}# edited\n")
    ran = llmreg("recover")
    assert "--finish cannot make the change: acme.yml was edited since\n" in ran.err
    assert ran.out == f"config/models/{JOURNAL}\nconfig/models/{TEMPORARY}\n"
    ran = llmreg("recover", "--finish")
    assert (ran.code, (swapped / "acme.yml").read_text()) == (6, f"{OLD}# edited\n")


@pytest.mark.parametrize("kind", ["folder", "pipe", "huge"])
def test_what_cannot_be_finished_can_be_discarded(swapped, llmreg, kind):
    """Whatever has the name of the file that the journal would change."""
    path = swapped / "acme.yml"
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(3_000_000_000)
    assert llmreg("recover").code == 1
    assert llmreg("recover", "--finish").code == 6
    assert llmreg("recover", "--discard").code == 0
    assert [each.name for each in swapped.iterdir()] == ["acme.yml"]


def test_recover_takes_one_choice(swapped, llmreg):
    assert llmreg("recover", "--finish", "--discard").code == 2


def test_recover_of_ones_own_models(models, llmreg, tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setenv("LLMREG_OVERLAY", str(own))
    (own / JOURNAL).write_text("")
    assert WARNING in llmreg("query").err
    assert llmreg("recover").err == "nothing is unfinished\n"
    assert llmreg("recover", "--overlay", "--discard").code == 0
    assert not (own / JOURNAL).exists()


# Readers that may not write


@pytest.fixture
def unfinished(models):
    """A change of ours of which nothing is done yet: a model edited, a provider removed, another and a record new."""
    (models / "beta.yml").write_text(OLD.replace("acme", "beta"))
    line = '{"id":"m1","facts":{"models.dev":{"name":"M"}},"checked":{"models.dev":"2026-01-01T00:00:00Z"}}\n'
    changes = [
        FileChange(models / "acme.yml", OLD.encode(), OLD.replace("1000", "4000").encode()),
        FileChange(models / "beta.yml", (models / "beta.yml").read_bytes(), None),
        FileChange(models / "corp.yml", None, OLD.replace("acme", "corp").encode()),
        FileChange(models.parent / "upstream" / "acme.jsonl", None, line.encode()),
    ]
    assert in_child(lambda: commit_and_die(models, changes)) != 0
    return models


QUESTIONS = {
    "query --columns context_window": "4000\n1000\n",
    "query --columns context_window --no-cache": "4000\n1000\n",
    "query -f ids": "acme/m1\ncorp/m1\n",
    "validate": "",
    "explain acme/m1#name": "models.dev",
    "show corp/m1#context_window": "1000",
    "set acme/m1 context_window=5 --dry-run": "-  m1: {context_window: 4000,",
}


@pytest.mark.parametrize(("command", "answer"), QUESTIONS.items(), ids=QUESTIONS)
@pytest.mark.parametrize("cached", [False, True], ids=["", "with an older index"])
def test_a_reader_that_may_not_write_answers_as_if_the_change_were_finished(
    unfinished, llmreg, command, answer, cached
):  # fmt: skip
    if cached:
        hidden = {path: path.read_bytes() for path in unfinished.iterdir() if path.name.startswith(".llmreg-")}
        for path in hidden:
            path.unlink()
        assert "beta/m1" in llmreg("query").out
        for path, data in hidden.items():
            path.write_bytes(data)
    before = files_under(unfinished.parent)
    with disk(refusing(unfinished)):
        ran = llmreg(*command.split())
    assert files_under(unfinished.parent) == before
    assert ran.code == 0
    assert answer in ran.out
    again = llmreg(*command.split())  # of one who may write, and finishes it
    assert (again.code, without_times(again.out), again.err) == (0, without_times(ran.out), ran.err)
    assert files_under(unfinished.parent) != before


def without_times(text: str) -> str:
    return re.sub(r"T\d\d:\d\d:\d\dZ", "", text)


def refusing(root: Path):
    """The catalog lies on a read-only file system."""

    def fault(number, call, do):
        name, arguments = call
        inside = arguments and isinstance(arguments[0], str | Path) and Path(arguments[0]).is_relative_to(root.parent)
        writes = name in ("replace", "unlink", "mkdir") or (name == "open" and arguments[1] & (os.O_WRONLY | os.O_RDWR))
        return failing(number, 30)(number, call, do) if inside and writes else healthy(number, call, do)

    return fault


def test_the_example_of_the_documentation(models, llmreg):
    new = OLD.replace("input: 1", "input: 0.5")
    (models / TEMPORARY).write_text(new)
    step = {"path": "acme.yml", "temporary": TEMPORARY, "old": digest(OLD), "new": digest(new)}
    (models / JOURNAL).write_text(journal_of(step))
    page = (ROOT / "docs" / "editing.md").read_text()
    example = page.split("$ llmreg recover\n")[1].split("```")[0]
    ran = llmreg("recover")
    assert sorted(example.splitlines()) == sorted((ran.err + ran.out).splitlines())
    assert llmreg("query").err.splitlines()[0] in page
