"""What a change of files keeps, refuses and leaves alone; the crashes are in test_crash.py."""

import errno
import os
import stat
from pathlib import Path

import pytest

from registry_cli.errors import ChangedError, FileError
from registry_cli.store.files import transaction
from registry_cli.store.files.names import JOURNAL
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from tests.support.faults.breakable_catalogs import files_under
from tests.support.faults.system_calls import disk

OLD, NEW = b"provider: acme\n", b"provider: acme\nname: Acme\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "acme.yml").write_bytes(OLD)
    return folder


# Changes


def test_files_are_edited_created_and_deleted_together(root):
    (root / "cirrus.yml").write_bytes(OLD)
    changes = [
        FileChange(root / "acme.yml", OLD, NEW),
        FileChange(root / "dune.yml", None, NEW),
        FileChange(root / "cirrus.yml", OLD, None),
        FileChange(root.parent / "upstream" / "acme.jsonl", None, b"{}\n"),
    ]
    write_files(root, changes)
    assert files_under(root.parent) == {
        "models/acme.yml": NEW,
        "models/dune.yml": NEW,
        "upstream/acme.jsonl": b"{}\n",
    }


def test_many_files_are_written_at_once_and_all_are_durable_before_the_journal(root, monkeypatch):
    changes = [FileChange(root / f"p{number:02}.yml", None, NEW + b"# %d" % number) for number in range(40)]
    synced, named, fsync, write_beside = [], [], os.fsync, transaction.write_beside

    def noted(descriptor):
        fsync(descriptor)
        synced.append(os.fstat(descriptor).st_ino)

    def watched(target, temporary, data):
        if target.name == JOURNAL:
            named.extend(synced)
        write_beside(target, temporary, data)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(transaction, "write_beside", watched)
    write_files(root, changes)
    assert files_under(root) == {"acme.yml": OLD, **{change.path.name: change.new for change in changes}}
    assert {*named} >= {change.path.stat().st_ino for change in changes}


def test_of_many_files_none_is_written_where_one_cannot_be(root, monkeypatch):
    write_beside = transaction.write_beside

    def full(target, temporary, data):
        write_beside(target, temporary, data)
        if target.name == "p17.yml":
            raise FileError(str(target), "No space left on device")

    monkeypatch.setattr(transaction, "write_beside", full)
    with pytest.raises(FileError, match="No space left"):
        write_files(root, [FileChange(root / f"p{number:02}.yml", None, NEW) for number in range(40)])
    assert files_under(root.parent) == {"models/acme.yml": OLD}


@pytest.mark.parametrize("others", [0, 1])
def test_a_change_that_changes_nothing_touches_nothing(root, others):
    before = root.stat().st_mtime_ns, (root / "acme.yml").stat()
    write_files(root, [FileChange(root / "acme.yml", OLD, OLD)] + others * [FileChange(root / "no.yml", None, None)])
    assert (root.stat().st_mtime_ns, (root / "acme.yml").stat()) == before


def test_a_catalog_may_be_named_from_here(root, monkeypatch):
    monkeypatch.chdir(root.parent)
    write_files(
        Path("models"), [FileChange(Path("models/acme.yml"), OLD, NEW), FileChange(Path("models/b.yml"), None, NEW)]
    )
    assert files_under(root) == {"acme.yml": NEW, "b.yml": NEW}


def test_a_name_that_is_no_utf_8(root):
    path = root / os.fsdecode(b"caf\xe9.yml")
    try:
        path.write_bytes(OLD)
    except OSError:
        pytest.skip("this file system wants UTF-8")
    write_files(root, [FileChange(path, OLD, NEW), FileChange(root / "acme.yml", OLD, NEW)])
    assert path.read_bytes() == NEW


def test_the_kernel_takes_few_bytes_at_a_time(root, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    write_files(root, [FileChange(root / "acme.yml", OLD, NEW * 50)])
    assert (root / "acme.yml").read_bytes() == NEW * 50


@pytest.mark.parametrize("others", [(), ("b.yml",)])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_f4_the_mode_is_kept(root, mode, others):
    (root / "acme.yml").chmod(mode)
    write_files(
        root, [FileChange(root / "acme.yml", OLD, NEW), *(FileChange(root / name, None, NEW) for name in others)]
    )
    assert stat.S_IMODE((root / "acme.yml").stat().st_mode) == mode


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_f4_the_umask_decides_over_a_new_file(root, umask):
    before = os.umask(umask)
    try:
        write_files(root, [FileChange(root / "b.yml", None, NEW)])
    finally:
        os.umask(before)
    assert stat.S_IMODE((root / "b.yml").stat().st_mode) == 0o666 & ~umask


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_f4_the_owner_is_kept(root):
    os.chown(root / "acme.yml", 12345, 23456)
    write_files(root, [FileChange(root / "acme.yml", OLD, NEW)])
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
    write_files(root, [FileChange(root / "acme.yml", OLD, NEW)])
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
            write_files(root, [FileChange(root / "acme.yml", OLD, NEW)])
        assert files_under(root) == {"acme.yml": OLD}
    finally:
        path.chmod(0o755)


REFUSALS = {
    errno.EACCES: "Permission denied",
    errno.EROFS: "Read-only file system",
    errno.ENOSPC: "No space left on device",
    errno.EDQUOT: "Disk quota exceeded",
    errno.ENAMETOOLONG: "File name too long",
    errno.ELOOP: "a symbolic link that is not followed, or links that lead in a circle",
}


@pytest.mark.parametrize(("code", "message"), REFUSALS.items(), ids=errno.errorcode.get)
@pytest.mark.parametrize("creating", [False, True], ids=["the file itself", "the file beside it"])
def test_f1_what_may_not_be_written_is_named_and_stays(root, code, message, creating):
    """A rename would not ask the file's mode, so the file itself is opened for writing, too; root is never refused."""

    def refuse(number, call, do):
        name, arguments = call
        is_in_catalog = name == "open" and Path(arguments[0]).parent == root
        if is_in_catalog and arguments[1] & os.O_WRONLY and bool(arguments[1] & os.O_CREAT) == creating:
            raise OSError(code, os.strerror(code))
        return do()

    with disk(refuse), pytest.raises(FileError) as caught:
        write_files(root, [FileChange(root / "acme.yml", OLD, NEW)])
    assert (caught.value.path, caught.value.message) == (str(root / "acme.yml"), message)
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
    changes = [FileChange(root / f"{number}.yml", None, NEW) for number in range(others)]
    with pytest.raises(ChangedError, match="changed since it was read; nothing was written") as caught:
        write_files(root, [*changes, FileChange(path, old, new)])
    assert caught.value.exit_code == 6
    assert caught.value.path == str(path)
    assert files_under(root.parent) == before


def test_f5_a_file_that_changes_during_the_commit(root):
    """The last look comes after the commit, right before the renames; then the commit is taken back."""
    (root / "b.yml").write_bytes(OLD)

    def editor(number, call, do):
        result = do()
        if call[0] == "replace" and call[1][1].name == JOURNAL:
            (root / "b.yml").write_bytes(b"saved by an editor\n")
        return result

    with disk(editor), pytest.raises(ChangedError):
        write_files(root, [FileChange(root / "acme.yml", OLD, NEW), FileChange(root / "b.yml", OLD, NEW)])
    assert files_under(root.parent) == {"models/acme.yml": OLD, "models/b.yml": b"saved by an editor\n"}


# Where a change may reach


@pytest.mark.parametrize("others", [0, 1])
def test_a_link_within_the_catalog_stays(root, others):
    (root / "link.yml").symlink_to("acme.yml")
    write_files(root, [FileChange(root / "link.yml", OLD, NEW)] + others * [FileChange(root / "b.yml", None, NEW)])
    assert (root / "link.yml").is_symlink()
    assert (root / "acme.yml").read_bytes() == NEW


@pytest.mark.parametrize(
    "target", ["../outside.yml", "../other/acme.yml", "nothing/acme.yml", "link.yml", "/etc/passwd"]
)
def test_y19_a_link_that_leaves_the_catalog(root, target):
    (root / "link.yml").symlink_to(target)
    (root.parent / "outside.yml").write_bytes(OLD)
    with pytest.raises(FileError):
        write_files(root, [FileChange(root / "link.yml", OLD, NEW)])
    assert files_under(root.parent) == {"models/acme.yml": OLD, "outside.yml": OLD}


def test_a_link_is_not_deleted(root):
    (root / "link.yml").symlink_to("acme.yml")
    with pytest.raises(FileError, match="a symbolic link"):
        write_files(root, [FileChange(root / "link.yml", OLD, None)])
    assert (root / "link.yml").read_bytes() == OLD


@pytest.mark.parametrize("path", ["../acme.yml", "../../acme.yml", "sub/acme.yml", "../other/acme.yml", "/acme.yml"])
def test_f6_a_path_outside_of_the_catalog(root, path):
    with pytest.raises(FileError, match="outside the catalog"):
        write_files(root, [FileChange(root / "acme.yml", OLD, NEW), FileChange(root / path, None, NEW)])
    assert files_under(root.parent) == {"models/acme.yml": OLD}


def test_records_that_lie_elsewhere(root):
    (root.parent / "elsewhere").mkdir()
    (root.parent / "upstream").symlink_to("elsewhere")
    with pytest.raises(FileError, match="outside the catalog"):
        write_files(root, [FileChange(root.parent / "upstream" / "acme.jsonl", None, b"{}\n")])


def test_one_file_by_two_names(root):
    (root / "link.yml").symlink_to("acme.yml")
    with pytest.raises(FileError, match="two changes of one file"):
        write_files(root, [FileChange(root / "link.yml", OLD, NEW), FileChange(root / "acme.yml", OLD, NEW + NEW)])
    assert files_under(root) == {"acme.yml": OLD}


@pytest.mark.parametrize("others", [0, 1])
def test_what_is_no_regular_file(root, others):
    os.mkfifo(root / "pipe.yml")
    (root / "folder.yml").mkdir()
    for name in ("pipe.yml", "folder.yml"):
        with pytest.raises(FileError, match="not a regular file"):
            write_files(root, [FileChange(root / name, OLD, NEW)] + others * [FileChange(root / "b.yml", None, NEW)])
    assert sorted(path.name for path in root.iterdir()) == ["acme.yml", "folder.yml", "pipe.yml"]


def test_a_catalog_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="No such file"), lock_for_writing(tmp_path / "models"):
        pass
    with pytest.raises(FileError, match="No such file"):
        write_files(tmp_path / "models", [FileChange(tmp_path / "models" / "acme.yml", None, NEW)])
