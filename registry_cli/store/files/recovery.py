"""Handles a change that a run of llmreg left unfinished, for the next writer and for readers.

A reader needs no lock, because a file is replaced as a whole. To see files that changed together as they were before
or after the change, `store.catalog.provider_files` and `validate` read through `read_settled`. A fresh index needs
only `settle`: its content was read that way, and equals the files.

Files that llmreg did not write on this machine (`provenance`) are left alone: readers warn once and read on, writers
refuse, and the user decides with `llmreg recover`.
"""

import os
import stat
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from registry_cli.errors import CatalogWarning, FileError, LockedError, ReadOnlyError
from registry_cli.store.files import journal
from registry_cli.store.files.durable import os_errors_as_faults, sync_folder
from registry_cli.store.files.journal import Journal
from registry_cli.store.files.lock import Lock
from registry_cli.store.files.names import HIDDEN, JOURNAL, changed_folders, has_hidden
from registry_cli.store.files.provenance import Provenance

_T = TypeVar("_T")
Version = tuple[int, int, int]  # inode, time and size of a file
_PATIENCE = 2.0  # seconds a reader waits for a writer; committing takes a few synced renames
_FOREIGN = "not written by llmreg on this machine"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An unfinished change. `files` are the journal, if there is one, and the temporary files; `foreign` are those of
    them that llmreg did not write on this machine."""

    journal: Journal | None
    files: tuple[Path, ...]
    foreign: tuple[Path, ...]


def find_unfinished(root: Path) -> Unfinished:
    """Look at a catalog and change nothing. Raises `FileError`."""
    root = resolve_root(root)
    provenance = Provenance(root)
    found, files = journal.read_journal(root), _hidden_files(root, provenance)
    foreign = [path for path in files if path.name != JOURNAL and not provenance.is_own_temporary(path.name)]
    if found is not None and not found.is_own:
        foreign.insert(0, root / JOURNAL)
    return Unfinished(found, tuple(files), tuple(foreign))


def recover_catalog(root: Path) -> tuple[Path, ...]:
    """Finish the change that a dead run had committed, and sweep the temporary files of one that it had not.

    The catalog's lock must be held. Gives the paths of the change that was finished. Another crash at any moment
    leaves a state that the next call handles alike. Raises `FileError`, with nothing touched, where the journal or a
    temporary file is not ours, temporary files are gone, or a file holds neither its old nor its new content.
    """
    root = resolve_root(root)
    found = find_unfinished(root)
    if not found.files:
        return ()
    if found.foreign:
        message = f"{_FOREIGN}; see it with `llmreg recover`, then choose `llmreg recover --finish` or `--discard`"
        raise FileError(str(found.foreign[0]), message)
    finished = _finish_journal(root, found.journal) if found.journal else ()
    discard_unfinished(root)
    return finished


def finish_unfinished(root: Path) -> tuple[Path, ...]:
    """Finish a change, whoever wrote its journal; gives its paths. The catalog's lock must be held.

    Raises `FileError`, with nothing touched, where that cannot be done.
    """
    root = resolve_root(root)
    found = journal.read_journal(root)
    if found is None:
        return ()
    if found.steps is None:
        raise FileError(str(root / JOURNAL), "damaged, so it cannot be finished; `llmreg recover --discard` deletes it")
    return _finish_journal(root, found)


def discard_unfinished(root: Path) -> tuple[Path, ...]:
    """Delete the journal and the temporary files, whoever wrote them; gives their paths. The lock must be held.

    Files that the change had already reached stay as they are. Raises `FileError`.
    """
    root = resolve_root(root)
    provenance = Provenance(root)
    files = _hidden_files(root, provenance)
    for path in files:
        with os_errors_as_faults(path):
            path.unlink()
        if path.name == JOURNAL:
            sync_folder(root)  # it must not outlive what it names
    provenance.sweep_notes()
    return tuple(files)


def settle_catalog(root: Path) -> Version | None:
    """For readers: finish a change that a dead run had committed, or wait until a live one has.

    Gives the version of a journal that stays: one that is not ours, of which it warns, or one that this reader may not
    finish; `new_contents` says where to read then. Where nothing is unfinished it costs a look at the folder. Raises
    `LockedError` where a writer takes too long, `FileError` where a change of ours cannot be finished.
    """
    if not has_hidden(root):
        return None
    deadline, left = time.monotonic() + _PATIENCE, None
    while left is None and journal.journal_exists(root):
        try:
            with Lock(root):
                left = _finish_own_journal(resolve_root(root))
        except LockedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
    if foreign := find_unfinished(root).foreign:
        message = f"{_FOREIGN}, and ignored; see it with `llmreg recover`"
        warnings.warn(CatalogWarning(str(foreign[0]), message), stacklevel=1)
    return left


def new_contents(root: Path) -> Mapping[Path, Path | None]:
    """Where the new contents of an unfinished change lie, None for a file to be deleted; by the files' real paths.

    Empty where nothing is unfinished, as it is after `settle` for a reader who may write.
    """
    if not journal.journal_exists(root):
        return {}
    found = journal.read_journal(resolve_root(root))
    if found is None or not found.is_own:
        return {}
    return {step.path: step.temporary for step in found.steps or () if step.current_stage() == "pending"}


def read_settled(root: Path, read: Callable[[], _T]) -> _T:
    """Return what `read` does, and call it again if a change was made while it read.

    No change was made if the files are the same before and after, and there is no journal but one that stays. Raises
    what `settle` and `read` raise, and `LockedError` where the files keep changing.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        left = settle_catalog(root)
        before = _file_versions(root)
        is_quiet = before.get(str(root / JOURNAL)) == left
        try:
            value = read()
        except FileError:
            if is_quiet and _file_versions(root) == before:
                raise
        else:
            if is_quiet and _file_versions(root) == before:
                return value
        if time.monotonic() > deadline:
            raise LockedError(f"{root}: its files change without a pause")


def resolve_root(root: Path) -> Path:
    """Return the real path. Raises `FileError` for a directory that does not exist."""
    with os_errors_as_faults(root):
        return root.resolve(strict=True)


def _finish_journal(root: Path, found: Journal) -> tuple[Path, ...]:
    if stuck := journal.finish_steps(root, found):
        message = f"this change cannot be finished: {stuck[0].find_obstacle()}; see it with `llmreg recover`"
        raise FileError(str(root / JOURNAL), message)
    return tuple(step.path for step in found.steps or ())


def _finish_own_journal(root: Path) -> Version | None:
    """Finish a change of ours; return the version of the journal if it stays."""
    found = journal.read_journal(root)
    if found is not None and found.is_own:
        with suppress(ReadOnlyError):
            _finish_journal(root, found)
    with suppress(OSError):
        return _version_of(os.lstat(root / JOURNAL))
    return None


def _hidden_files(root: Path, provenance: Provenance) -> list[Path]:
    """Return the journal and the temporary files, without those of another catalog with the same records directory."""
    hidden = [root / JOURNAL] if journal.journal_exists(root) else []
    for folder in changed_folders(root):
        for entry in _folder_entries(folder):
            is_of_another = folder != root and provenance.is_of_another_catalog(entry.name)
            is_temporary = entry.name.startswith(HIDDEN) and not entry.is_dir(follow_symlinks=False)
            if is_temporary and not is_of_another and folder / entry.name not in hidden:
                hidden.append(folder / entry.name)
    return hidden


def _folder_entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the entries of a directory; empty for a link and for no directory."""
    with os_errors_as_faults(folder):
        try:
            if folder.is_symlink():
                return []
            with os.scandir(folder) as entries:
                return list(entries)
        except FileNotFoundError:  # a catalog without records
            return []


def _file_versions(root: Path) -> dict[str, Version]:
    """Return the version of the journal and of every file that a change may write. A rename brings another inode."""
    versions = {}
    with suppress(FileError):  # a folder that cannot be listed: `read` finds out
        for folder in changed_folders(resolve_root(root)):
            for entry in _folder_entries(folder):
                with suppress(OSError):  # gone since, or a link to nothing: so is this
                    if entry.name == JOURNAL:
                        versions[str(root / JOURNAL)] = _version_of(entry.stat(follow_symlinks=False))
                    elif not entry.name.startswith(HIDDEN) and stat.S_ISREG(entry.stat().st_mode):
                        versions[entry.path] = _version_of(entry.stat())
    return versions


def _version_of(status: os.stat_result) -> Version:
    return status.st_ino, status.st_mtime_ns, status.st_size
