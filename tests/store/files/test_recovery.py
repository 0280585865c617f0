"""What the next writer, or a reader, makes of a change cut short; the moments of death are in test_crash.py."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from registry_cli.errors import CatalogWarning, FileError, LockedError
from registry_cli.store.cache.directory import CacheDirectory
from registry_cli.store.catalog import provider_files as provider_files_module
from registry_cli.store.catalog.locate import read_file
from registry_cli.store.files import journal
from registry_cli.store.files.lock import Lock
from registry_cli.store.files.names import JOURNAL
from registry_cli.store.files.provenance import Provenance
from registry_cli.store.files.recovery import (
    discard_unfinished,
    finish_unfinished,
    read_settled,
    recover_catalog,
    settle_catalog,
)
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from registry_cli.store.index.index import open_index
from tests.support.faults.breakable_catalogs import BEFORE, SCENARIOS, files_under, notes_under
from tests.support.faults.system_calls import disk, healthy, in_child, signalled

OLD, NEW = b"provider: acme\n", b"provider: acme\nname: Acme\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "acme.yml").write_bytes(OLD)
    return folder


def committed(folder: Path) -> Path:
    """A catalog whose writer was killed right after the commit: all of "several" is still to be put in place."""
    scenario = SCENARIOS["several"]
    with disk(healthy) as calls:
        scenario.write(scenario.build(folder / "healthy"))
    at = next(at for at, call in enumerate(calls) if call[0] == "replace" and call[1][1].name == JOURNAL)
    root = scenario.build(folder / "killed")
    assert in_child(lambda: scenario.write(root), signalled(at, signal.SIGKILL, "after")) == -signal.SIGKILL
    assert (root / JOURNAL).exists()
    return root


def test_a_committed_change_is_finished_and_named(tmp_path):
    root = committed(tmp_path)
    with lock_for_writing(root) as finished:
        assert [path.name for path in finished] == ["acme.yml", "borealis.yml", "cirrus.yml", "acme.jsonl"]
        assert files_under(root.parent) == SCENARIOS["several"].expected()
    with lock_for_writing(root) as finished:
        assert finished == ()


def test_a_catalog_may_move_before_its_change_is_finished(tmp_path):
    root = committed(tmp_path)
    moved = root.parent.rename(tmp_path / "moved") / "models"
    recover_catalog(moved)
    assert files_under(moved.parent) == SCENARIOS["several"].expected()


def test_a_change_before_recovery_is_refused(tmp_path):
    root = committed(tmp_path)
    before = files_under(root.parent)
    with pytest.raises(FileError, match="not finished"):
        write_files(root, [FileChange(root / "dune.yml", None, NEW)])
    assert files_under(root.parent) == before


def assert_stuck(root: Path, message: str) -> None:
    before = files_under(root.parent)
    for act in (recover_catalog, settle_catalog, finish_unfinished):
        with pytest.raises(FileError, match=message) as caught:
            act(root)
        assert caught.value.exit_code == 6
        assert caught.value.path == str(root / JOURNAL)
        assert files_under(root.parent) == before


def test_a_file_that_a_person_edited_before_recovery(tmp_path):
    root = committed(tmp_path)
    (root / "acme.yml").write_bytes(b"edited\n")
    assert_stuck(root, r"acme.yml was edited since; see it with `llmreg recover`")
    discard_unfinished(root)
    assert files_under(root.parent) == {**BEFORE, "models/acme.yml": b"edited\n"}
    assert notes_under(root.parent) == []


@pytest.mark.parametrize("content", [None, b"", b"provider: ac"])
def test_temporary_files_that_are_gone_or_damaged(tmp_path, content):
    root = committed(tmp_path)
    temporary = root / json.loads((root / JOURNAL).read_bytes())["files"][1]["temporary"]
    temporary.unlink()
    if content is not None:
        temporary.write_bytes(content)
    assert_stuck(root, r"the new content of borealis.yml is gone or damaged")


def assert_left_alone(root: Path, message: str = "not written by llmreg on this machine") -> None:
    """Readers warn and read on, writers refuse, and nothing is touched."""
    before = files_under(root.parent)
    with pytest.warns(CatalogWarning, match="and ignored"):
        settle_catalog(root)
    with pytest.warns(CatalogWarning, match="and ignored"):
        assert read_settled(root, lambda: files_under(root.parent)) == before
    with pytest.raises(FileError, match="`llmreg recover --finish` or `--discard`"):
        recover_catalog(root)
    with pytest.raises(FileError, match=message):
        finish_unfinished(root)
    assert files_under(root.parent) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"7", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"version": 1, "files": []}',
     b'{"version": 1, "files": 1}', b'{"version": 1, "files": [1]}', b'{"version": 1, "files": [{"path": "a.yml"}]}'],
)  # fmt: skip
@pytest.mark.parametrize("noted", [False, True])
def test_a_damaged_journal(tmp_path, content, noted):
    root = committed(tmp_path)
    (root / JOURNAL).write_bytes(content)
    if noted:
        Provenance(root).note_journal(journal.digest_of(content))
    assert_left_alone(root, "damaged, so it cannot be finished")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("path", "../acme.yml"), ("path", "../../acme.yml"), ("path", "/etc/passwd"), ("path", "../upstream/../a.yml"),
        ("path", "../upstream/"), ("path", ".."), ("path", ""), ("path", "a\0b"), ("path", 1), ("path", None),
        ("path", ".llmreg-journal"), ("temporary", "acme.yml"), ("temporary", "../x"), ("temporary", None),
        ("temporary", 1), ("old", "0"), ("old", 1), ("new", None), ("new", "F" * 64), ("new", 3.5), ("more", 1),
    ],
)  # fmt: skip
def test_a_journal_that_leads_elsewhere(tmp_path, key, value):
    """It would be refused even if it were ours."""
    root = committed(tmp_path)
    content = json.loads((root / JOURNAL).read_bytes())
    content["files"][0][key] = value
    data = json.dumps(content).encode()
    (root / JOURNAL).write_bytes(data)
    Provenance(root).note_journal(journal.digest_of(data))
    assert_left_alone(root, "damaged, so it cannot be finished")


def test_a_journal_of_a_later_version(tmp_path):
    root = committed(tmp_path)
    content = json.loads((root / JOURNAL).read_bytes())
    data = json.dumps({**content, "version": 2}).encode()
    (root / JOURNAL).write_bytes(data)
    Provenance(root).note_journal(journal.digest_of(data))
    assert_left_alone(root, "damaged, so it cannot be finished")


def test_nothing_but_this_catalogs_strays_is_swept(root):
    (root.parent / "other").mkdir()
    own, other = (Provenance(folder).temporary_name() for folder in (root, root.parent / "other"))
    upstream = root.parent / "upstream"
    upstream.mkdir()
    kept = [root / ".hidden", root / own[1:], root / ".acme.yml.swp", root.parent / own, upstream / other]
    for path in [*kept, root / own, upstream / own]:
        path.write_bytes(b"")
    (root / ".llmreg-folder").mkdir()
    recover_catalog(root)
    left = files_under(root.parent)
    assert left.keys() == {"models/acme.yml", *(str(path.relative_to(root.parent)) for path in kept)}
    assert (root / ".llmreg-folder").is_dir()


# Readers


def test_a_reader_finishes_what_a_dead_writer_committed(tmp_path):
    root = committed(tmp_path)
    assert read_settled(root, lambda: files_under(root.parent)) == SCENARIOS["several"].expected()


def test_a_reader_of_a_quiet_catalog_only_looks(root):
    with disk(healthy) as calls:
        settle_catalog(root)
    assert calls == []  # it lists the folder once


def test_a_reader_waits_for_a_live_writer(tmp_path, monkeypatch):
    root = committed(tmp_path)
    lock = Lock(root)
    lock.__enter__()

    def finish_meanwhile(seconds):
        recover_catalog(root)
        lock.__exit__(None, None, None)

    monkeypatch.setattr(time, "sleep", finish_meanwhile)
    settle_catalog(root)
    assert files_under(root.parent) == SCENARIOS["several"].expected()


def test_a_reader_does_not_wait_for_ever(tmp_path, monkeypatch):
    root = committed(tmp_path)
    monkeypatch.setattr("registry_cli.store.files.recovery._PATIENCE", 0.05)
    with Lock(root), pytest.raises(LockedError):
        settle_catalog(root)


def test_what_was_read_during_a_change_is_read_again(root):
    (root / "b.yml").write_bytes(OLD)
    reads = []

    def read():
        first = (root / "acme.yml").read_bytes()
        if not reads:
            write_files(root, [FileChange(root / name, OLD, NEW) for name in ("acme.yml", "b.yml")])
        reads.append((first, (root / "b.yml").read_bytes()))
        return reads[-1]

    assert read_settled(root, read) == (NEW, NEW)
    assert reads == [(OLD, NEW), (NEW, NEW)]


@pytest.mark.parametrize("cached", [["--no-cache"], []])
def test_no_command_shows_half_of_a_change(tmp_path, run, cached):
    """A writer of two files, killed between their renames: whoever reads next sees both as they became."""
    names = ("p1", "p2")
    old = {name: f"provider: {name}\nmodels: {{m: {{name: Old}}}}\n".encode() for name in names}
    new = {name: content.replace(b"Old", b"New") for name, content in old.items()}
    asked = ["query", "--columns", "name", *cached]
    for number, reader in enumerate((asked, ["show", "p2/m#name", *cached], ["validate", *cached], ["export", "json"])):
        run.root = tmp_path / str(number) / "models"
        run.root.mkdir(parents=True)
        for name, content in old.items():
            (run.root / f"{name}.yml").write_bytes(content)
        assert run(*asked) == "Old\nOld\n"
        changes = [FileChange(run.root / f"{name}.yml", old[name], new[name]) for name in names]
        Provenance(run.root).temporary_name()  # makes the key, so that both times have the same calls
        with disk(healthy) as calls, lock_for_writing(run.root):
            write_files(run.root, [FileChange(change.path, change.old, change.old + b"# x\n") for change in changes])
        for change in changes:
            change.path.write_bytes(change.old)
        at = [at for at, call in enumerate(calls) if call[0] == "replace" and call[1][1].name == "p1.yml"][-1]

        def write(root=run.root, changes=changes):
            with lock_for_writing(root):
                write_files(root, changes)

        assert in_child(write, signalled(at, signal.SIGKILL, "after")) == -signal.SIGKILL
        assert [(run.root / f"{name}.yml").read_bytes() for name in names] == [new["p1"], old["p2"]]
        run(*reader)
        assert run.code == 0
        assert [(run.root / f"{name}.yml").read_bytes() for name in names] == [new["p1"], new["p2"]]
        assert run(*asked) == "New\nNew\n"


@pytest.mark.parametrize("folder", [None, "cache"])
def test_an_index_is_never_made_from_half_of_a_change(root, tmp_path, monkeypatch, folder):
    """A change that begins and ends while the files are being read."""
    new = OLD + b"models: {m: {name: New}}\n"
    for name in ("acme.yml", "b.yml"):
        (root / name).write_bytes(OLD.replace(b"acme", name[:-4].encode()))
    read, reads = provider_files_module.read_catalog, []

    def slow(folder):
        files, faults = read(folder)
        if not reads:
            pairs = [(root / name, (root / name).read_bytes()) for name in ("acme.yml", "b.yml")]
            write_files(root, [FileChange(path, old, new.replace(b"acme", path.stem.encode())) for path, old in pairs])
            half = [read_file(root / "acme.yml"), *files[1:]]
        reads.append(folder)
        return (half, faults) if len(reads) == 1 else (files, faults)

    monkeypatch.setattr(provider_files_module, "read_catalog", slow)
    with open_index(root, None, CacheDirectory(tmp_path / folder) if folder else None) as index:
        assert index.fetch_rows("SELECT full_id FROM models ORDER BY 1") == [("acme/m",), ("b/m",)]
    assert len(reads) == 2


def test_a_fault_of_reading_is_the_readers(root):
    def read():
        raise FileError("acme.yml", "is bad")

    with pytest.raises(FileError, match="is bad"):
        read_settled(root, read)


def test_a_catalog_without_a_quiet_moment(root, monkeypatch):
    monkeypatch.setattr("registry_cli.store.files.recovery._PATIENCE", 0.05)
    with pytest.raises(LockedError, match="without a pause"):
        read_settled(root, lambda: (root / "acme.yml").write_bytes(os.urandom(8)))
