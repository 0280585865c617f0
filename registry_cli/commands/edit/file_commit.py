"""How `--commit` writes files and commits exactly these: written under the catalog's lock, committed without it.

Hooks of the commit may run llmreg (`llmreg fmt`), which takes the lock. If git or a hook refuses, or a signal ends the
run, the files get their old content back. For a run that is killed, see `store.git.pending_commit`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.validate.folders import hold_folder
from registry_cli.errors import FileError, GitError, LockedError
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.files.durable import read_whole
from registry_cli.store.files.transaction import FileChange, write_files
from registry_cli.store.git.pending_commit import forget_commit, note_commit
from registry_cli.store.git.repository import Repository


@dataclass(frozen=True, slots=True)
class WrittenChanges:
    """Changes of a catalog that are written and not committed yet."""

    root: Path
    changes: Sequence[FileChange]
    message: str

    @property
    def paths(self) -> list[Path]:
        return [change.path for change in self.changes]


def repository_of(root: Path, environ: Mapping[str, str]) -> Repository:
    """Return the repository of a catalog, which commits under the name that the settings give. Raises `GitError`."""
    bot = read_settings(root).commit
    return Repository(root, environ, (bot.name, bot.email))


def write_to_commit(repository: Repository, root: Path, changes: Sequence[FileChange], message: str) -> WrittenChanges:
    """Write the changes that `commit_written` commits. The files must be clean, and the catalog's lock held.

    Raises `FileError`, `ChangedError`, `GitError`; nothing is written then.
    """
    note_commit(repository, root, changes, message)
    try:
        write_files(root, changes)
    except BaseException:
        forget_commit(repository)
        raise
    return WrittenChanges(root, changes, message)


def commit_written(repository: Repository, written: WrittenChanges) -> str:
    """Commit the files and return the commit's short name. The catalog's lock must be free.

    Raises `GitError`, with the files as they were before they were written.
    """
    try:
        _check_unchanged(written.changes)
        commit = repository.commit_files(written.paths, written.message)
    except BaseException as error:
        if repository.is_committed(written.paths):  # before a signal came; the note stays for the index
            raise
        outcome = _undo_changes(written)
        forget_commit(repository)
        if isinstance(error, GitError):
            raise GitError(f"{error.message}\n{outcome}") from None
        raise
    forget_commit(repository)
    return commit


def _check_unchanged(changes: Sequence[FileChange]) -> None:
    """Raise `GitError` if a file changed after it was written: llmreg does not commit what a person saved."""
    for change in changes:
        if read_whole(change.path.resolve()) != change.new:
            raise GitError(f"{change.path}: changed before it was committed")


def _undo_changes(written: WrittenChanges) -> str:
    """Restore the old content of the files and return a message about the outcome."""
    try:
        with hold_folder(written.root, dry_run=False):
            write_files(written.root, [FileChange(change.path, change.new, change.old) for change in written.changes])
    except (FileError, LockedError) as error:
        return f"what was written could not be undone and stays in the work tree: {error}"
    return "nothing was committed; the files are as they were"
