"""Changing files of a catalog, all of them or none, through any crash.

A writer goes through `writing`, which takes the lock and finishes or clears what a dead run left, and then calls
`write_files` as often as it likes:

    with writing(root):
        text = ...                                   # read after the lock is held
        write_files(root, [Change(path, old, new)])

`root` is always the folder of provider files; a change may reach that folder, those with a provider's parts in it, and
`upstream` beside it. What readers do
meanwhile is in `recovery`.
"""

import contextlib
import hashlib
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry_cli.errors import ChangedError, FileError
from registry_cli.store.files import journal
from registry_cli.store.files.durable import make_folder, os_errors_as_faults, sync_folder, write_beside
from registry_cli.store.files.journal import Journal, JournalStep
from registry_cli.store.files.lock import WRITER_PATIENCE, Lock
from registry_cli.store.files.names import JOURNAL, changed_folders
from registry_cli.store.files.provenance import Provenance
from registry_cli.store.files.recovery import recover_catalog, resolve_root
from registry_cli.store.files.sizes import check_size

_WRITERS = 8  # files that are written at once
_INTERRUPTS = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGTERM})


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's content as it was read, and as it shall be: `old` None creates the file, `new` None deletes it."""

    path: Path
    old: bytes | None
    new: bytes | None


@contextlib.contextmanager
def lock_for_writing(root: Path) -> Iterator[tuple[Path, ...]]:
    """Hold the catalog's lock, with `recover` done: gives the files that it brought up to date. Waits for another
    writer, for a limited time.

    Raises `LockedError`, `FileError`.
    """
    with Lock(root, WRITER_PATIENCE):
        yield recover_catalog(root)


def write_files(root: Path, changes: Sequence[FileChange]) -> None:
    """Make the changes, all or none, durably. The catalog's lock must be held; folders are created.

    Each file is compared with its `old` just before the renames. An editor that saves in the instant between the
    comparison and its file's rename (microseconds; with many files, the time of those renames) still loses that save:
    no file system offers better. A link to a file of the catalog stays, and its target changes.

    A single file needs no journal. Several are written to temporary files, then named in a journal, which is noted as
    ours; the journal's rename is the commit (see `journal`). SIGINT, SIGTERM and SIGHUP wait from there until the files
    are in place.

    Raises `ChangedError` where a file is not what was read, and `FileError` for a content that no reader would take and
    where the disk refuses: nothing is written then. Should the disk refuse after the commit, the message says that the
    next run finishes the change.
    """
    for change in changes:
        if change.new is not None:
            check_size(change.path, change.new)
    root = resolve_root(root)
    provenance = Provenance(root)
    folders = changed_folders(root)
    steps = [(_plan_step(folders, change, provenance), change.new) for change in changes if change.old != change.new]
    if len({step.path for step, _ in steps}) < len(steps):
        raise FileError(str(root), "two changes of one file in one go")
    if not steps:
        return
    if journal.journal_exists(root):
        raise FileError(str(root / JOURNAL), "a change that is not finished; recover comes first")
    temporaries = [step.temporary for step, _ in steps if step.temporary is not None]
    try:
        _write_temporaries(steps)
        if len(steps) == 1:
            _replace_one(steps[0][0])
        else:
            temporaries.append(root / provenance.temporary_name())
            _replace_all(root, temporaries[-1], [step for step, _ in steps], provenance)
    except BaseException:
        _remove_temporaries(root, temporaries, provenance)
        raise


def _plan_step(folders: Sequence[Path], change: FileChange, provenance: Provenance) -> JournalStep:
    with os_errors_as_faults(change.path):
        is_link = change.path.is_symlink()
        path = Path(os.path.realpath(change.path))  # of a link to itself, `resolve` makes a RuntimeError
    if path.parent not in folders:
        what = "a symbolic link that leads out of the catalog" if is_link else "lies outside the catalog"
        raise FileError(str(change.path), what)
    if is_link and change.new is None:
        raise FileError(str(change.path), "a symbolic link; only a file is deleted")
    temporary = None if change.new is None else path.with_name(provenance.temporary_name())
    return JournalStep(path, temporary, journal.digest_of(change.old), journal.digest_of(change.new))


def _write_temporaries(steps: Sequence[tuple[JournalStep, bytes | None]]) -> None:
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


def _replace_one(step: JournalStep) -> None:
    _check_unchanged([step])
    step.replace_file()
    try:
        sync_folder(step.path.parent)
    except FileError as fault:
        message = f"{fault.message}; the new content is in place, but a power cut might undo it"
        raise FileError(str(step.path), message) from None


def _replace_all(root: Path, record: Path, steps: Sequence[JournalStep], provenance: Provenance) -> None:
    target, content = root / JOURNAL, journal.encode_journal(root, steps)
    named = Journal(hashlib.sha256(content).hexdigest(), tuple(steps), is_own=True)
    write_beside(target, record, content)
    for folder in {root: None} | {step.path.parent: None for step in steps}:
        sync_folder(folder)  # the journal must not outlive a power cut that its temporary files do not
    provenance.note_journal(named.digest)  # nor may it outlive the note
    _check_unchanged(steps)
    with _signals_blocked_meanwhile():
        _commit_journal(root, record, named)


def _commit_journal(root: Path, record: Path, named: Journal) -> None:
    with os_errors_as_faults(root / JOURNAL):
        record.replace(root / JOURNAL)
    try:
        sync_folder(root)
        stuck = journal.finish_steps(root, named)
    except FileError as fault:
        raise FileError(fault.path, f"{fault.message}; the next run finishes this change") from None
    if stuck:
        journal.remove_journal(root)
        raise _changed_error(stuck[0])


def _check_unchanged(steps: Sequence[JournalStep]) -> None:
    for step in steps:
        if step.current_stage() != "pending":
            raise _changed_error(step)


def _changed_error(step: JournalStep) -> ChangedError:
    return ChangedError(str(step.path), "changed since it was read; nothing was written")


def _remove_temporaries(root: Path, temporaries: Sequence[Path], provenance: Provenance) -> None:
    """Remove what a failed change left, unless a journal still needs it; what cannot be removed is swept later."""
    with contextlib.suppress(FileError):
        if journal.journal_exists(root):
            return
        for temporary in temporaries:
            with contextlib.suppress(OSError):
                temporary.unlink()
        provenance.sweep_notes()


@contextlib.contextmanager
def _signals_blocked_meanwhile() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
