"""Where llmreg notes what it wrote on this machine, and what it takes for its own."""

import os
import subprocess
import time

import pytest

from registry_cli.errors import FileError
from registry_cli.store.files.provenance import Provenance
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from tests.support.faults.breakable_catalogs import notes_under

DIGEST = "0" * 64


@pytest.fixture
def state(tmp_path, monkeypatch):
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


def catalog(folder):
    (folder / "config" / "models").mkdir(parents=True)
    return folder / "config" / "models"


def git(*arguments, at):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always", *arguments]
    subprocess.run(command, cwd=at, check=True)


def test_notes_lie_in_the_git_directory_of_the_work_tree(tmp_path, state):
    root = catalog(tmp_path / "work")
    git("init", "-q", at=tmp_path / "work")
    Provenance(root).note_journal(DIGEST)
    assert (tmp_path / "work" / ".git" / "llmreg" / "journals" / DIGEST).is_file()
    assert not state.exists()
    status = subprocess.run(["git", "status", "--porcelain", "-uall"], cwd=root, capture_output=True, check=True)
    assert status.stdout == b""


def test_a_linked_work_tree_has_notes_of_its_own(tmp_path, state):
    root = catalog(tmp_path / "work")
    git("init", "-q", at=root)
    (root / "acme.yml").write_text("provider: acme\n")
    git("add", ".", at=root)
    git("commit", "-qm", "begin", at=root)
    git("worktree", "add", "-q", str(tmp_path / "linked"), at=root)
    there = next((tmp_path / "linked").rglob("acme.yml")).parent
    Provenance(there).note_journal(DIGEST)
    assert notes_under(root / ".git" / "worktrees") == [DIGEST]
    assert Provenance(there).has_noted(DIGEST)
    assert not Provenance(root).has_noted(DIGEST)
    git("worktree", "remove", "--force", str(tmp_path / "linked"), at=root)
    assert notes_under(root / ".git") == []


def test_a_submodule_has_notes_of_its_own(tmp_path, state):
    inner, outer = tmp_path / "inner", tmp_path / "outer"
    for folder in (inner, outer):
        (catalog(folder) / "acme.yml").write_text("provider: acme\n")
        git("init", "-q", at=folder)
        git("add", ".", at=folder)
        git("commit", "-qm", "begin", at=folder)
    git("submodule", "--quiet", "add", str(inner), "sub", at=outer)
    root = outer / "sub" / "config" / "models"
    Provenance(root).note_journal(DIGEST)
    assert notes_under(outer / ".git" / "modules" / "sub") == [DIGEST]
    assert not Provenance(outer / "config" / "models").has_noted(DIGEST)


def test_without_a_repository_notes_lie_in_the_state_directory(tmp_path, state):
    root = catalog(tmp_path / "work")
    Provenance(root).note_journal(DIGEST)
    assert (state / "llmreg" / "journals" / DIGEST).is_file()


@pytest.mark.parametrize("value", ["", "relative/state"])
def test_the_state_directory_is_that_of_the_user_unless_a_whole_path_is_given(tmp_path, monkeypatch, value):
    monkeypatch.setenv("XDG_STATE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    Provenance(catalog(tmp_path / "work")).note_journal(DIGEST)
    assert (tmp_path / "home" / ".local" / "state" / "llmreg" / "journals" / DIGEST).is_file()


def test_a_git_directory_that_may_not_be_written_to(tmp_path, state, monkeypatch):
    """As in a sandbox: the notes lie in the state directory, and are found there."""
    root = catalog(tmp_path / "work")
    git("init", "-q", at=tmp_path / "work")
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: ".git" not in str(path) and access(path, mode))
    Provenance(root).note_journal(DIGEST)
    assert notes_under(state) == [DIGEST]
    assert Provenance(root).has_noted(DIGEST)


def test_no_place_for_notes(tmp_path, state, monkeypatch):
    """One file can be written, for that takes no journal; several cannot."""
    root = catalog(tmp_path / "work")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    write_files(root, [FileChange(root / "a.yml", None, b"a")])
    with pytest.raises(FileError, match="neither can be written to; nothing was written"):
        write_files(root, [FileChange(root / "b.yml", None, b"b"), FileChange(root / "c.yml", None, b"c")])
    assert [path.name for path in root.iterdir()] == ["a.yml"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives directories away")
def test_a_git_directory_of_somebody_else(tmp_path, state):
    """A `.git` in a folder that all may write to, such as /tmp, is not the user's."""
    root = catalog(tmp_path / "work")
    git("init", "-q", at=tmp_path / "work")
    Provenance(root).note_journal(DIGEST)
    os.chown(tmp_path / "work" / ".git", 12345, 12345)
    assert not Provenance(root).has_noted(DIGEST)
    Provenance(root).note_journal(DIGEST)
    assert notes_under(state) == [DIGEST]


@pytest.mark.parametrize("content", ["", "gitdir: nowhere\n", "nonsense"])
def test_a_git_file_that_leads_nowhere(tmp_path, state, content):
    root = catalog(tmp_path / "work")
    (tmp_path / "work" / ".git").write_text(content)
    Provenance(root).note_journal(DIGEST)
    assert notes_under(state) == [DIGEST]


def test_temporary_files_are_known_by_the_key_of_this_machine(tmp_path, state, monkeypatch):
    root = catalog(tmp_path / "work")
    name = Provenance(root).temporary_name()
    assert Provenance(root).is_own_temporary(name)
    assert (state / "llmreg" / "journals" / "key").stat().st_size == 32
    for other in (name.replace(".tmp", ".yml"), name[1:], f"{name[:-5]}{'0' if name[-5] != '0' else '1'}.tmp", ""):
        assert not Provenance(root).is_own_temporary(other)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    assert not Provenance(root).is_own_temporary(name)
    Provenance(root).temporary_name()
    assert not Provenance(root).is_own_temporary(name)


@pytest.mark.parametrize("size", [0, 31])
def test_a_key_that_was_cut_short_is_made_anew(tmp_path, state, size):
    root = catalog(tmp_path / "work")
    Provenance(root).temporary_name()
    key = state / "llmreg" / "journals" / "key"
    key.write_bytes(key.read_bytes()[:size])
    assert Provenance(root).is_own_temporary(Provenance(root).temporary_name())


def test_notes_do_not_pile_up(tmp_path, state):
    """Of this catalog all go; of others those that are old and lead nowhere."""
    root, other = catalog(tmp_path / "work"), catalog(tmp_path / "other")
    Provenance(root).temporary_name()
    notes = state / "llmreg" / "journals"
    contents = {"1": other, "2": tmp_path / "gone", "3": tmp_path / "gone too", "4": root, "5": root}
    for digit, content in contents.items():
        (notes / (digit * 64)).write_text(str(content))
    (notes / ".unfinished.tmp").write_text("")
    for name in ("1" * 64, "3" * 64, "4" * 64, ".unfinished.tmp"):
        os.utime(notes / name, (time.time() - 40 * 24 * 3600,) * 2)
    changes = [FileChange(root / f"{name}.yml", None, b"provider: x\n") for name in "ab"]
    with lock_for_writing(root):
        write_files(root, changes)
    assert sorted(path.name for path in notes.iterdir()) == ["1" * 64, "2" * 64, "key"]
