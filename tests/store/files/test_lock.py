"""F3: one writer at a time."""

import fcntl
import os
import signal
import subprocess
import time

import pytest

from registry_cli.errors import FileError, LockedError
from registry_cli.store.files.lock import Lock
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from tests.support.faults.breakable_catalogs import files_under
from tests.support.faults.system_calls import in_child, start_child

OLD = b"provider: acme\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "acme.yml").write_bytes(OLD)
    return folder


def test_f3_two_runs_at_once(root):
    with Lock(root):
        with pytest.raises(LockedError, match="another run") as caught, Lock(root):
            pass
        assert in_child(lambda: Lock(root).__enter__()) == 1
    assert caught.value.exit_code == 75
    assert str(root) in caught.value.message
    with Lock(root):
        assert files_under(root) == {"acme.yml": OLD}  # no file is the lock


def test_a_writer_waits_for_another_one(root, tmp_path):
    def hold():
        with Lock(root):
            (tmp_path / "held").touch()
            time.sleep(0.5)
            (tmp_path / "held").unlink()

    holder = start_child(hold)
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    with lock_for_writing(root):
        assert not (tmp_path / "held").exists()
    assert os.waitpid(holder, 0)[1] == 0


def test_a_writer_does_not_wait_for_ever(root, monkeypatch):
    monkeypatch.setattr("registry_cli.store.files.transaction.WRITER_PATIENCE", 0.2)
    with Lock(root):
        start = time.monotonic()
        with pytest.raises(LockedError, match="another run"), lock_for_writing(root):
            pass
        assert time.monotonic() - start >= 0.2


def test_five_writers_at_once(root):
    """Each adds a line to what it reads: none is refused, and none is lost."""

    def add_line(number):
        with lock_for_writing(root):
            old = (root / "acme.yml").read_bytes()
            time.sleep(0.05)
            write_files(root, [FileChange(root / "acme.yml", old, old + b"# %d\n" % number)])

    children = [start_child(lambda number=number: add_line(number)) for number in range(5)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 5
    assert sorted((root / "acme.yml").read_bytes().splitlines()[1:]) == [b"# %d" % number for number in range(5)]


def test_f3_a_killed_holder_frees_it(root, tmp_path, monkeypatch):
    monkeypatch.setattr("registry_cli.store.files.transaction.WRITER_PATIENCE", 0.1)

    def hold():
        with Lock(root):
            (tmp_path / "held").touch()
            time.sleep(60)

    child = start_child(hold)
    while not (tmp_path / "held").exists():
        time.sleep(0.01)
    with pytest.raises(LockedError), lock_for_writing(root):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with lock_for_writing(root):
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
