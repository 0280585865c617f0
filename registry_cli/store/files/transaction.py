"""Changing files of a catalog, all of them or none, through any crash.

A writer goes through `writing`, which takes the lock and finishes or clears what a dead run left, and then calls
`write_files` as often as it likes:

    with writing(root):
        text = ...                                   # read after the lock is held
        write_files(root, [Change(path, old, new)])

`root` is always the folder of provider files; a change may reach that folder and `upstream` beside it. A reader needs
no lock: a file is never seen half. That files which changed together are seen together is what `read_settled` is for:
`store.provider_files` and `validate` read through it. An index that is fresh needs only `settle`: its content was read
so, and equals the files.
"""

import contextlib
import os
import signal
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from registry_cli.errors import ChangedError, FileError, LockedError
from registry_cli.store.files import journal
from registry_cli.store.files.durable import faults_of, make_folder, sync_folder, write_beside
from registry_cli.store.files.journal import Step
from registry_cli.store.files.lock import WRITER_PATIENCE, Lock
from registry_cli.store.files.sizes import check_size

_T = TypeVar("_T")
_HIDDEN = ".llmreg-"
_WRITERS = 8  # files that are written at once
_PATIENCE = 2.0  # seconds a reader waits for a writer; committing takes a few synced renames
_INTERRUPTS = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGTERM})


@dataclass(frozen=True, slots=True)
class Change:
    """A file's content as it was read, and as it shall be: `old` None creates the file, `new` None deletes it."""

    path: Path
    old: bytes | None
    new: bytes | None


@contextlib.contextmanager
def writing(root: Path) -> Iterator[tuple[Path, ...]]:
    """Hold the catalog's lock, with `recover` done: gives the files that it brought up to date. Waits for another
    writer, for a limited time.

    Raises `LockedError`, `FileError`.
    """
    with Lock(root, WRITER_PATIENCE):
        yield recover(root)


def write_files(root: Path, changes: Sequence[Change]) -> None:
    """Make the changes, all or none, durably. The catalog's lock must be held; folders are created.

    Each file is compared with its `old` just before the renames. An editor that saves in the instant between the
    comparison and its file's rename (microseconds; with many files, the time of those renames) still loses that save:
    no file system offers better. A link to a file of the catalog stays, and its target changes.

    A single file needs no journal. Several are written to temporary files, then named in a journal; the journal's
    rename is the commit (see `store.journal`). SIGINT, SIGTERM and SIGHUP wait from there until the files are in place.

    Raises `ChangedError` where a file is not what was read, and `FileError` for a content that no reader would take and
    where the disk refuses: nothing is written then. Should the disk refuse after the commit, the message says that the
    next run finishes the change.
    """
    for change in changes:
        if change.new is not None:
            check_size(change.path, change.new)
    root = _resolved(root)
    steps = [(_step(root, change), change.new) for change in changes if change.old != change.new]
    if len({step.path for step, _ in steps}) < len(steps):
        raise FileError(str(root), "two changes of one file in one go")
    if not steps:
        return
    if _names_journal(root):
        raise FileError(str(root / journal.NAME), "a change that is not finished; recover comes first")
    record = root / _temporary_name(root)
    try:
        _write_temporaries(steps)
        if len(steps) == 1:
            _replace_one(steps[0][0])
        else:
            _replace_all(root, record, [step for step, _ in steps])
    except BaseException:
        _withdraw(root, [record, *(step.temporary for step, _ in steps if step.temporary is not None)])
        raise


def recover(root: Path) -> tuple[Path, ...]:
    """Finish the change that a dead run had committed, and sweep the temporary files of one that it had not.

    The catalog's lock must be held. Gives the paths of the change that was finished. Another crash at any moment
    leaves a state that the next call handles alike. Raises `FileError`, with nothing touched, where the journal is
    damaged, its temporary files are gone, or a file holds neither its old nor its new content.
    """
    root = _resolved(root)
    steps = journal.read(root) or []
    if steps and (stuck := journal.finish(root, steps)):
        names = ", ".join(step.path.name for step in stuck)
        message = f"an unfinished change does not fit {names}; delete the journal when the files are as they should be"
        raise FileError(str(root / journal.NAME), message)
    prefix = journal.temporary_prefix(root)
    for folder in journal.folders(root):
        for entry in _entries(folder):
            if entry.name.startswith(prefix) and entry.is_file(follow_symlinks=False):
                with faults_of(Path(entry.path)):
                    Path(entry.path).unlink()
    return tuple(step.path for step in steps)


def settle(root: Path) -> None:
    """For readers: finish a change that a dead run had committed, or wait until a live one has.

    Where nothing is unfinished it costs one `lstat`. Raises `LockedError` where a writer takes too long, `FileError`
    as `recover` does or where this reader may not write.
    """
    deadline = time.monotonic() + _PATIENCE
    while _names_journal(root):
        try:
            with Lock(root):
                recover(root)
        except LockedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)


def read_settled(root: Path, read: Callable[[], _T]) -> _T:
    """What `read` gives, when no change was half in place while it read; it is called again where one was.

    Quiet means: the same files before and after, and no journal in between. Raises what `settle` and
    `read` raise, and `LockedError` where writers leave no quiet moment.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        settle(root)
        before = _versions(root)
        try:
            value = read()
        except FileError:
            if not _names_journal(root) and _versions(root) == before:
                raise
        else:
            if not _names_journal(root) and _versions(root) == before:
                return value
        if time.monotonic() > deadline:
            raise LockedError(f"{root}: its files change without a pause")


def _step(root: Path, change: Change) -> Step:
    with faults_of(change.path):
        is_link = change.path.is_symlink()
        path = Path(os.path.realpath(change.path))  # of a link to itself, `resolve` makes a RuntimeError
    if path.parent not in journal.folders(root):
        what = "a symbolic link that leads out of the catalog" if is_link else "lies outside the catalog"
        raise FileError(str(change.path), what)
    if is_link and change.new is None:
        raise FileError(str(change.path), "a symbolic link; only a file is deleted")
    temporary = None if change.new is None else path.with_name(_temporary_name(root))
    return Step(path, temporary, journal.digest_of(change.old), journal.digest_of(change.new))


def _write_temporaries(steps: Sequence[tuple[Step, bytes | None]]) -> None:
    """All of them are durable when this returns, and nobody writes any more when it raises. Many are written at once:
    what a disk does for one `fsync` it does for all that wait."""
    for folder in {step.path.parent: None for step, _ in steps}:
        make_folder(folder)
    writes = [(step.path, step.temporary, new) for step, new in steps if step.temporary is not None and new is not None]
    if len(writes) <= _WRITERS:
        for write in writes:
            write_beside(*write)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # most edits write one file

    with ThreadPoolExecutor(_WRITERS) as writers:
        for _ in writers.map(lambda write: write_beside(*write), writes):
            pass


def _temporary_name(root: Path) -> str:
    return f"{journal.temporary_prefix(root)}{os.urandom(8).hex()}.tmp"


def _replace_one(step: Step) -> None:
    _compare([step])
    step.take()
    try:
        sync_folder(step.path.parent)
    except FileError as fault:
        message = f"{fault.message}; the new content is in place, but a power cut might undo it"
        raise FileError(str(step.path), message) from None


def _replace_all(root: Path, record: Path, steps: Sequence[Step]) -> None:
    target = root / journal.NAME
    write_beside(target, record, journal.encode(root, steps))
    for folder in {root: None} | {step.path.parent: None for step in steps}:
        sync_folder(folder)  # the journal must not outlive a power cut that its temporary files do not
    _compare(steps)
    with _uninterrupted():
        with faults_of(target):
            record.replace(target)
        try:
            sync_folder(root)
            stuck = journal.finish(root, steps)
        except FileError as fault:
            raise FileError(fault.path, f"{fault.message}; the next run finishes this change") from None
        if stuck:
            journal.remove(root)
            raise _changed(stuck[0])


def _compare(steps: Sequence[Step]) -> None:
    for step in steps:
        if step.stage() != "pending":
            raise _changed(step)


def _changed(step: Step) -> ChangedError:
    return ChangedError(str(step.path), "changed since it was read; nothing was written")


def _withdraw(root: Path, temporaries: Sequence[Path]) -> None:
    """Remove what a failed change left, unless a journal still needs it; what cannot be removed is swept later."""
    with contextlib.suppress(FileError):
        if _names_journal(root):
            return
        for temporary in temporaries:
            with contextlib.suppress(OSError):
                temporary.unlink()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _resolved(root: Path) -> Path:
    with faults_of(root):
        return root.resolve(strict=True)


def _names_journal(root: Path) -> bool:
    with faults_of(root / journal.NAME):
        try:
            (root / journal.NAME).lstat()
        except FileNotFoundError:
            return False
        return True


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with faults_of(folder):
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except FileNotFoundError:  # a catalog without records
            return []


def _versions(root: Path) -> dict[str, tuple[int, int, int]]:
    """What tells apart the versions of every file in reach: a rename brings another inode."""
    versions = {}
    with contextlib.suppress(FileError):  # a folder that cannot be listed: `read` finds out
        for folder in journal.folders(_resolved(root)):
            for entry in _entries(folder):
                if not entry.name.startswith(_HIDDEN):
                    with contextlib.suppress(OSError):  # gone since, or a link to nothing: so is this
                        status = entry.stat()
                        if stat.S_ISREG(status.st_mode):
                            versions[entry.path] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return versions
