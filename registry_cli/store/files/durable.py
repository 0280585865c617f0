"""The steps of a durable write. To change a catalog use `store.files.transaction`, which orders them.

Durable means `fsync`. On macOS that hands the bytes to the drive, which may write them later.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from registry_cli.errors import FileError, ReadOnlyError, describe_os_error
from registry_cli.store.files.sizes import MAX_RECORD_SIZE

_NOT_PERMITTED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextlib.contextmanager
def os_errors_as_faults(path: Path) -> Iterator[None]:
    """Turn an `OSError` in the body into a `FileError` that names this path."""
    try:
        yield
    except OSError as error:
        kind = ReadOnlyError if error.errno in _NOT_PERMITTED else FileError
        raise kind(str(path), describe_os_error(error)) from None


def read_whole(path: Path, at_most: int = MAX_RECORD_SIZE) -> bytes | None:
    """Return the bytes of a regular file, None where nothing has this name. A symbolic link is not followed.

    Raises `FileError`, also for a larger file.
    """
    with os_errors_as_faults(path):
        try:
            # O_NONBLOCK: opening a pipe would wait for its other end.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise FileError(str(path), "not a regular file")
            if status.st_size > at_most:
                raise FileError(str(path), f"{status.st_size / 1e6:,.0f} MB; at most {at_most / 1e6:.0f} MB are read")
            chunks = []
            while chunk := os.read(descriptor, 1 << 20):
                chunks.append(chunk)
            return b"".join(chunks)
        finally:
            os.close(descriptor)


def write_beside(target: Path, temporary: Path, data: bytes) -> None:
    """Create `temporary` with these bytes, durably, and with the mode and, where permitted, the owner of `target`.

    Where there is no target yet the umask decides. Raises `FileError` that names the target; `temporary` may then
    exist, incomplete.
    """
    with os_errors_as_faults(target):
        try:
            like = target.lstat()
        except FileNotFoundError:
            like = None
        if like is not None:
            _check_writable(target, like)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, 0o666 if like is None else 0o600)
        try:
            _write_all(descriptor, data)
            if like is not None:
                _copy_owner_and_mode(descriptor, like)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Make a file of llmreg's own hold these bytes, durably; a reader sees the old ones or the new ones.

    The file is no link and in no catalog. Raises `FileError`.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    with os_errors_as_faults(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        try:
            try:
                _write_all(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Create the folder and those above it, durably. Raises `FileError`."""
    with os_errors_as_faults(folder):
        if folder.is_dir():
            return
        try:
            folder.mkdir(exist_ok=True)
        except FileNotFoundError:
            make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def check_no_link(folder: Path, name: Path) -> None:
    """Raise `FileError` where a folder on the way from `folder` to the file `name` below it is a symbolic link."""
    for parent in name.parents:
        if (folder / parent).is_symlink() and parent != Path():
            raise FileError(str(folder / parent), "a symbolic link; nothing is read or written through it")


def sync_folder(folder: Path) -> None:
    """Make the names in this folder durable. Raises `FileError`."""
    with os_errors_as_faults(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:  # this file system has no such notion
                raise
        finally:
            os.close(descriptor)


def _check_writable(target: Path, status: os.stat_result) -> None:
    """A rename would not ask for the file's mode. Raises `FileError` or `OSError`."""
    if not stat.S_ISREG(status.st_mode):
        raise FileError(str(target), "not a regular file")
    os.close(os.open(target, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copy_owner_and_mode(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        try:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        except PermissionError:
            with contextlib.suppress(PermissionError):  # the group alone, where the user is in it
                os.fchown(descriptor, -1, like.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
