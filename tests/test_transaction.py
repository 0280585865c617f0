"""What a change of files keeps, refuses and leaves alone; the crashes are in test_crash.py."""

import json
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from registry_cli.errors import ChangedError, FileError, LockedError
from registry_cli.store import journal
from registry_cli.store.lock import Lock
from registry_cli.store.transaction import Change, read_settled, recover, settle, write_files, writing
from tests.faults.catalogs import BEFORE, SCENARIOS, files_under
from tests.faults.layer import disk, healthy, in_child, signalled, start_child

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
    at = next(at for at, call in enumerate(calls) if call[0] == "replace" and call[1][1].name == journal.NAME)
    root = scenario.build(folder / "killed")
    assert in_child(lambda: scenario.write(root), signalled(at, signal.SIGKILL, "after")) == -signal.SIGKILL
    assert (root / journal.NAME).exists()
    return root


# Changes


def test_files_are_edited_created_and_deleted_together(root):
    (root / "cirrus.yml").write_bytes(OLD)
    changes = [
        Change(root / "acme.yml", OLD, NEW),
        Change(root / "dune.yml", None, NEW),
        Change(root / "cirrus.yml", OLD, None),
        Change(root.parent / "upstream" / "acme.jsonl", None, b"{}\n"),
    ]
    write_files(root, changes)
    assert files_under(root.parent) == {
        "models/acme.yml": NEW,
        "models/dune.yml": NEW,
        "upstream/acme.jsonl": b"{}\n",
    }


@pytest.mark.parametrize("others", [0, 1])
def test_a_change_that_changes_nothing_touches_nothing(root, others):
    before = root.stat().st_mtime_ns, (root / "acme.yml").stat()
    write_files(root, [Change(root / "acme.yml", OLD, OLD)] + others * [Change(root / "no.yml", None, None)])
    assert (root.stat().st_mtime_ns, (root / "acme.yml").stat()) == before


def test_a_catalog_may_be_named_from_here(root, monkeypatch):
    monkeypatch.chdir(root.parent)
    write_files(Path("models"), [Change(Path("models/acme.yml"), OLD, NEW), Change(Path("models/b.yml"), None, NEW)])
    assert files_under(root) == {"acme.yml": NEW, "b.yml": NEW}


def test_a_name_that_is_no_utf_8(root):
    path = root / os.fsdecode(b"caf\xe9.yml")
    try:
        path.write_bytes(OLD)
    except OSError:
        pytest.skip("this file system wants UTF-8")
    write_files(root, [Change(path, OLD, NEW), Change(root / "acme.yml", OLD, NEW)])
    assert path.read_bytes() == NEW


def test_the_kernel_takes_few_bytes_at_a_time(root, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    write_files(root, [Change(root / "acme.yml", OLD, NEW * 50)])
    assert (root / "acme.yml").read_bytes() == NEW * 50


@pytest.mark.parametrize("others", [(), ("b.yml",)])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_f4_the_mode_is_kept(root, mode, others):
    (root / "acme.yml").chmod(mode)
    write_files(root, [Change(root / "acme.yml", OLD, NEW), *(Change(root / name, None, NEW) for name in others)])
    assert stat.S_IMODE((root / "acme.yml").stat().st_mode) == mode


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_f4_the_umask_decides_over_a_new_file(root, umask):
    before = os.umask(umask)
    try:
        write_files(root, [Change(root / "b.yml", None, NEW)])
    finally:
        os.umask(before)
    assert stat.S_IMODE((root / "b.yml").stat().st_mode) == 0o666 & ~umask


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_f4_the_owner_is_kept(root):
    os.chown(root / "acme.yml", 12345, 23456)
    write_files(root, [Change(root / "acme.yml", OLD, NEW)])
    status = (root / "acme.yml").stat()
    assert (status.st_uid, status.st_gid) == (12345, 23456)


@pytest.mark.parametrize("group_too", [True, False])
def test_f4_an_owner_that_may_not_be_kept(root, group_too, monkeypatch):
    """Somebody else's file in a shared folder: the group is kept where the user is in it."""
    asked = []

    def fchown(descriptor, user, group):
        asked.append((user, group))
        if user != -1 or not group_too:
            raise PermissionError(1, "Operation not permitted")

    lstat = os.stat
    monkeypatch.setattr(os, "fchown", fchown)
    monkeypatch.setattr(os, "stat", lambda path, **options: given_away(lstat(path, **options)))
    write_files(root, [Change(root / "acme.yml", OLD, NEW)])
    assert (root / "acme.yml").read_bytes() == NEW
    assert asked == [(4711, 4712), (-1, 4712)]


def given_away(status: os.stat_result) -> os.stat_result:
    return os.stat_result((*status[:4], 4711, 4712, *status[6:]))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
@pytest.mark.parametrize("locked", ["models", "models/acme.yml"])
def test_f1_what_is_read_only_stays(root, locked):
    path = root.parent / locked
    path.chmod(path.stat().st_mode & ~0o222)
    try:
        with pytest.raises(FileError, match="Permission denied"):
            write_files(root, [Change(root / "acme.yml", OLD, NEW)])
        assert files_under(root) == {"acme.yml": OLD}
    finally:
        path.chmod(0o755)


def test_f1_a_read_only_file_is_not_replaced(root, monkeypatch):
    """A rename would not ask the file's mode; also for root, who is never refused."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(FileError, match="Permission denied"):
        write_files(root, [Change(root / "acme.yml", OLD, NEW)])
    assert files_under(root) == {"acme.yml": OLD}


# Changed meanwhile


@pytest.mark.parametrize(
    ("old", "new", "now"),
    [(OLD, NEW, b"edited\n"), (OLD, NEW, None), (OLD, NEW, NEW), (None, NEW, b"there\n"), (OLD, None, b"edited\n")],
)
@pytest.mark.parametrize("others", [0, 2])
def test_f5_a_file_that_changed_since_it_was_read(root, old, new, now, others):
    path = root / "acme.yml"
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    before = files_under(root.parent)
    changes = [Change(root / f"{number}.yml", None, NEW) for number in range(others)]
    with pytest.raises(ChangedError, match="changed since it was read; nothing was written") as caught:
        write_files(root, [*changes, Change(path, old, new)])
    assert caught.value.exit_code == 6
    assert caught.value.path == str(path)
    assert files_under(root.parent) == before


def test_f5_a_file_that_changes_during_the_commit(root):
    """The last look comes after the commit, right before the renames; then the commit is taken back."""
    (root / "b.yml").write_bytes(OLD)

    def editor(number, call, do):
        result = do()
        if call[0] == "replace" and call[1][1].name == journal.NAME:
            (root / "b.yml").write_bytes(b"saved by an editor\n")
        return result

    with disk(editor), pytest.raises(ChangedError):
        write_files(root, [Change(root / "acme.yml", OLD, NEW), Change(root / "b.yml", OLD, NEW)])
    assert files_under(root.parent) == {"models/acme.yml": OLD, "models/b.yml": b"saved by an editor\n"}


# Where a change may reach


@pytest.mark.parametrize("others", [0, 1])
def test_a_link_within_the_catalog_stays(root, others):
    (root / "link.yml").symlink_to("acme.yml")
    write_files(root, [Change(root / "link.yml", OLD, NEW)] + others * [Change(root / "b.yml", None, NEW)])
    assert (root / "link.yml").is_symlink()
    assert (root / "acme.yml").read_bytes() == NEW


@pytest.mark.parametrize(
    "target", ["../outside.yml", "../other/acme.yml", "nothing/acme.yml", "link.yml", "/etc/passwd"]
)
def test_y19_a_link_that_leaves_the_catalog(root, target):
    (root / "link.yml").symlink_to(target)
    (root.parent / "outside.yml").write_bytes(OLD)
    with pytest.raises(FileError):
        write_files(root, [Change(root / "link.yml", OLD, NEW)])
    assert files_under(root.parent) == {"models/acme.yml": OLD, "outside.yml": OLD}


def test_a_link_is_not_deleted(root):
    (root / "link.yml").symlink_to("acme.yml")
    with pytest.raises(FileError, match="a symbolic link"):
        write_files(root, [Change(root / "link.yml", OLD, None)])
    assert (root / "link.yml").read_bytes() == OLD


@pytest.mark.parametrize("path", ["../acme.yml", "../../acme.yml", "sub/acme.yml", "../other/acme.yml", "/acme.yml"])
def test_f6_a_path_outside_of_the_catalog(root, path):
    with pytest.raises(FileError, match="outside the catalog"):
        write_files(root, [Change(root / "acme.yml", OLD, NEW), Change(root / path, None, NEW)])
    assert files_under(root.parent) == {"models/acme.yml": OLD}


def test_records_that_lie_elsewhere(root):
    (root.parent / "elsewhere").mkdir()
    (root.parent / "upstream").symlink_to("elsewhere")
    with pytest.raises(FileError, match="outside the catalog"):
        write_files(root, [Change(root.parent / "upstream" / "acme.jsonl", None, b"{}\n")])


def test_one_file_by_two_names(root):
    (root / "link.yml").symlink_to("acme.yml")
    with pytest.raises(FileError, match="two changes of one file"):
        write_files(root, [Change(root / "link.yml", OLD, NEW), Change(root / "acme.yml", OLD, NEW + NEW)])
    assert files_under(root) == {"acme.yml": OLD}


@pytest.mark.parametrize("others", [0, 1])
def test_what_is_no_regular_file(root, others):
    os.mkfifo(root / "pipe.yml")
    (root / "folder.yml").mkdir()
    for name in ("pipe.yml", "folder.yml"):
        with pytest.raises(FileError, match="not a regular file"):
            write_files(root, [Change(root / name, OLD, NEW)] + others * [Change(root / "b.yml", None, NEW)])
    assert sorted(path.name for path in root.iterdir()) == ["acme.yml", "folder.yml", "pipe.yml"]


def test_a_catalog_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="No such file"), writing(tmp_path / "models"):
        pass
    with pytest.raises(FileError, match="No such file"):
        write_files(tmp_path / "models", [Change(tmp_path / "models" / "acme.yml", None, NEW)])


# Recovery


def test_a_committed_change_is_finished_and_named(tmp_path):
    root = committed(tmp_path)
    with writing(root) as finished:
        assert [path.name for path in finished] == ["acme.yml", "borealis.yml", "cirrus.yml", "acme.jsonl"]
        assert files_under(root.parent) == SCENARIOS["several"].expected()
    with writing(root) as finished:
        assert finished == ()


def test_a_catalog_may_move_before_its_change_is_finished(tmp_path):
    root = committed(tmp_path)
    moved = root.parent.rename(tmp_path / "moved") / "models"
    recover(moved)
    assert files_under(moved.parent) == SCENARIOS["several"].expected()


def test_a_change_before_recovery_is_refused(tmp_path):
    root = committed(tmp_path)
    before = files_under(root.parent)
    with pytest.raises(FileError, match="not finished"):
        write_files(root, [Change(root / "dune.yml", None, NEW)])
    assert files_under(root.parent) == before


def assert_stuck(root: Path, message: str) -> None:
    before = files_under(root.parent)
    for act in (recover, settle):
        with pytest.raises(FileError, match=message) as caught:
            act(root)
        assert caught.value.exit_code == 6
        assert caught.value.path == str(root / journal.NAME)
        assert files_under(root.parent) == before


def test_a_file_that_a_person_edited_before_recovery(tmp_path):
    root = committed(tmp_path)
    (root / "acme.yml").write_bytes(b"edited\n")
    assert_stuck(root, r"does not fit acme.yml; delete the journal")
    (root / journal.NAME).unlink()  # as the message says
    recover(root)
    assert files_under(root.parent) == {**BEFORE, "models/acme.yml": b"edited\n"}


@pytest.mark.parametrize("content", [None, b"", b"provider: ac"])
def test_temporary_files_that_are_gone_or_damaged(tmp_path, content):
    root = committed(tmp_path)
    temporary = root / json.loads((root / journal.NAME).read_bytes())["files"][1]["temporary"]
    temporary.unlink()
    if content is not None:
        temporary.write_bytes(content)
    assert_stuck(root, r"does not fit borealis.yml")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"7", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"version": 1, "files": []}',
     b'{"version": 1, "files": 1}', b'{"version": 1, "files": [1]}', b'{"version": 1, "files": [{"path": "a.yml"}]}'],
)  # fmt: skip
def test_a_damaged_journal(tmp_path, content):
    root = committed(tmp_path)
    (root / journal.NAME).write_bytes(content)
    assert_stuck(root, "journal is damaged")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("path", "../acme.yml"), ("path", "../../acme.yml"), ("path", "/etc/passwd"), ("path", "../upstream/../a.yml"),
        ("path", "../upstream/"), ("path", ".."), ("path", ""), ("path", "a\0b"), ("path", 1), ("path", None),
        ("temporary", "acme.yml"), ("temporary", "../x"), ("temporary", None), ("temporary", 1),
        ("old", "0"), ("old", 1), ("new", None), ("new", "F" * 64), ("new", 3.5), ("more", 1),
    ],
)  # fmt: skip
def test_a_journal_that_leads_elsewhere(tmp_path, key, value):
    root = committed(tmp_path)
    content = json.loads((root / journal.NAME).read_bytes())
    content["files"][0][key] = value
    (root / journal.NAME).write_text(json.dumps(content))
    assert_stuck(root, "journal is damaged")


def test_a_journal_of_a_later_version(tmp_path):
    root = committed(tmp_path)
    content = json.loads((root / journal.NAME).read_bytes())
    (root / journal.NAME).write_text(json.dumps({**content, "version": 2}))
    assert_stuck(root, "journal is damaged")


def test_nothing_but_this_catalogs_strays_is_swept(root):
    own, other = (journal.temporary_prefix(folder) for folder in (root, root.parent / "other"))
    (root.parent / "upstream").mkdir()
    kept = [
        *(root / name for name in (".hidden", ".llmreg-notes", f"{own}x.yml"[1:], ".acme.yml.swp", f"{other}a.tmp")),
        root.parent / f"{own}a.tmp",
        root.parent / "upstream" / f"{other}a.tmp",
    ]
    for path in [*kept, root / f"{own}a.tmp", root.parent / "upstream" / f"{own}b.tmp"]:
        path.write_bytes(b"")
    (root / f"{own}folder").mkdir()
    (root / f"{own}link").symlink_to("acme.yml")
    recover(root)
    left = files_under(root.parent)
    assert left.keys() == {"models/acme.yml", *(str(path.relative_to(root.parent)) for path in kept)}
    assert (root / f"{own}folder").is_dir()
    assert (root / f"{own}link").is_symlink()


# Readers


def test_a_reader_finishes_what_a_dead_writer_committed(tmp_path):
    root = committed(tmp_path)
    assert read_settled(root, lambda: files_under(root.parent)) == SCENARIOS["several"].expected()


def test_a_reader_of_a_quiet_catalog_only_looks(root):
    with disk(healthy) as calls:
        settle(root)
    assert [name for name, _ in calls] in (["lstat"], ["stat"])


def test_a_reader_waits_for_a_live_writer(tmp_path, monkeypatch):
    root = committed(tmp_path)
    lock = Lock(root)
    lock.__enter__()

    def finish_meanwhile(seconds):
        recover(root)
        lock.__exit__(None, None, None)

    monkeypatch.setattr(time, "sleep", finish_meanwhile)
    settle(root)
    assert files_under(root.parent) == SCENARIOS["several"].expected()


def test_a_reader_does_not_wait_for_ever(tmp_path, monkeypatch):
    root = committed(tmp_path)
    monkeypatch.setattr("registry_cli.store.transaction._PATIENCE", 0.05)
    with Lock(root), pytest.raises(LockedError):
        settle(root)


def test_what_was_read_during_a_change_is_read_again(root):
    (root / "b.yml").write_bytes(OLD)
    reads = []

    def read():
        first = (root / "acme.yml").read_bytes()
        if not reads:
            write_files(root, [Change(root / name, OLD, NEW) for name in ("acme.yml", "b.yml")])
        reads.append((first, (root / "b.yml").read_bytes()))
        return reads[-1]

    assert read_settled(root, read) == (NEW, NEW)
    assert reads == [(OLD, NEW), (NEW, NEW)]


def test_a_fault_of_reading_is_the_readers(root):
    def read():
        raise FileError("acme.yml", "is bad")

    with pytest.raises(FileError, match="is bad"):
        read_settled(root, read)


def test_a_catalog_without_a_quiet_moment(root, monkeypatch):
    monkeypatch.setattr("registry_cli.store.transaction._PATIENCE", 0.05)
    with pytest.raises(LockedError, match="without a pause"):
        read_settled(root, lambda: (root / "acme.yml").write_bytes(os.urandom(8)))


# The lock


def test_f3_two_runs_at_once(root):
    with Lock(root):
        with pytest.raises(LockedError, match="another run") as caught, Lock(root):
            pass
        assert in_child(lambda: Lock(root).__enter__()) == 1
    assert caught.value.exit_code == 75
    assert str(root) in caught.value.message
    with Lock(root):
        assert files_under(root) == {"acme.yml": OLD}  # no file is the lock


def test_f3_a_killed_holder_frees_it(root, tmp_path):
    def hold():
        with Lock(root):
            (tmp_path / "held").touch()
            time.sleep(60)

    child = start_child(hold)
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    with pytest.raises(LockedError), writing(root):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with writing(root):
        pass


def test_f3_a_program_that_the_holder_starts_does_not_hold_it(root):
    with Lock(root):
        program = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with Lock(root):
            pass
    finally:
        program.kill()
        program.wait()


def test_f3_a_folder_that_is_replaced_before_it_is_locked(root, monkeypatch):
    import fcntl  # noqa: PLC0415  # to replace its function

    flock = fcntl.flock

    def replaced(descriptor, operation):
        monkeypatch.setattr(fcntl, "flock", flock)
        root.rename(root.parent / "gone")
        root.mkdir()
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", replaced)
    with Lock(root), pytest.raises(LockedError), Lock(root):
        pass


def test_f3_a_catalog_that_cannot_be_locked(root):
    for path in (root / "acme.yml", root / "missing"):
        with pytest.raises(FileError) as caught, Lock(path):
            pass
        assert caught.value.path == str(path)


def test_an_error_inside_frees_the_lock(root):
    with pytest.raises(ZeroDivisionError), Lock(root):
        raise ZeroDivisionError
    with Lock(root):
        pass
