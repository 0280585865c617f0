"""Commits that outlive the run which makes them.

Before the files of a commit are written, a note of it goes into the git directory, where no clone or pull request can
write. The note goes away with the commit, or with the files' old content. A run that is killed in between leaves it,
and the next run makes the commit: the note knows the files by the content that llmreg gave them.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from registry_cli.errors import GitError
from registry_cli.store.files.durable import make_folder, os_errors_as_faults, read_whole, sync_folder, write_beside
from registry_cli.store.files.journal import digest_of
from registry_cli.store.files.lock import WRITER_PATIENCE, Lock
from registry_cli.store.files.recovery import settle_catalog
from registry_cli.store.files.transaction import FileChange
from registry_cli.store.git.repository import Repository

_NAME = "pending-commit"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class _PendingFile:
    """`old` is the id of the content in HEAD, `new` the SHA-256 of what was written; None for no file."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class _PendingCommit:
    """Paths are below the top of the work tree. `catalog` is the catalog directory that the files belong to."""

    branch: str | None
    catalog: str
    message: str
    files: Mapping[str, _PendingFile]

    def paths_below(self, top: Path) -> list[Path]:
        return [top / path for path in self.files]


@contextlib.contextmanager
def lock_for_commit(repository: Repository) -> Iterator[str | None]:
    """Hold the right to commit here: one run of llmreg at a time. Gives the commit that a killed run had left to be
    made, by its short name; None where there was none.

    Raises `LockedError` where another run is committing for long, `GitError` in a hook of a commit, and where git
    refuses the commit that was left.
    """
    repository.check_no_hook()
    make_folder(repository.own_dir)
    with Lock(repository.own_dir, WRITER_PATIENCE):
        yield _finish_pending(repository)


def note_commit(repository: Repository, catalog: Path, changes: Sequence[FileChange], message: str) -> None:
    """Write down, durably, that these changes are going to be written and committed. Raises `FileError`, `GitError`."""
    paths = [repository.path_of(change.path) for change in changes]
    committed = repository.committed_ids(paths)
    new = (digest_of(change.new) for change in changes)
    files = {path: _PendingFile(committed.get(path), digest) for path, digest in zip(paths, new, strict=True)}
    pending = _PendingCommit(repository.current_branch(), repository.path_of(catalog), message, files)
    target = _note_of(repository)
    temporary = target.with_suffix(".tmp")
    with os_errors_as_faults(target):
        temporary.unlink(missing_ok=True)
        write_beside(target, temporary, json.dumps({"version": _VERSION, **asdict(pending)}, indent=1).encode())
        temporary.replace(target)
    sync_folder(target.parent)


def forget_commit(repository: Repository) -> None:
    """Take the note away: the commit was made, or is not to be made. Raises `FileError`."""
    with os_errors_as_faults(_note_of(repository)):
        _note_of(repository).unlink(missing_ok=True)


def _note_of(repository: Repository) -> Path:
    return repository.own_dir / _NAME


def _finish_pending(repository: Repository) -> str | None:
    """Make the commit that a note tells of, if the files are as its run left them. Else a person was there, and the
    note is forgotten."""
    content = read_whole(_note_of(repository))
    if content is None:
        return None
    pending = _parse_note(content)
    commit = None
    if pending is not None:
        settle_catalog(repository.top / pending.catalog)
        if _is_due(repository, pending):
            commit = _commit_pending(repository, pending)
        elif _lacks_index(repository, pending):
            repository.update_index(pending.paths_below(repository.top))
    forget_commit(repository)
    return commit


def _parse_note(content: bytes) -> _PendingCommit | None:
    """None for what `note_commit` never wrote."""
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        note = json.loads(content)
        files = {path: _PendingFile(**file) for path, file in note.pop("files").items()}
        paths = [PurePosixPath(path) for path in (note["catalog"], *files)]
        is_inside = not any(path.is_absolute() or ".." in path.parts for path in paths)
        if note.pop("version") == _VERSION and files and is_inside:
            return _PendingCommit(files=files, **note)
    return None


def _is_due(repository: Repository, pending: _PendingCommit) -> bool:
    """Whether HEAD has all files as they were, the work tree has them as llmreg wrote them, and the index has nothing
    else."""
    paths = [*pending.files]
    committed = repository.committed_ids(paths)
    return (
        repository.current_branch() == pending.branch
        and all(committed.get(path) == file.old for path, file in pending.files.items())
        and _has_new_content(repository, pending)
        and not any(state[0] not in " ?" and state[1] != " " for state, _ in repository.changed_files(paths))
    )


def _lacks_index(repository: Repository, pending: _PendingCommit) -> bool:
    """Whether the commit was made, and the index still has the files as they were before it."""
    index = repository.index_ids(pending.files)
    return (
        all(index.get(path) == file.old for path, file in pending.files.items())
        and _has_new_content(repository, pending)
        and repository.is_committed(pending.paths_below(repository.top))
    )


def _has_new_content(repository: Repository, pending: _PendingCommit) -> bool:
    return all(digest_of(read_whole(repository.top / path)) == file.new for path, file in pending.files.items())


def _commit_pending(repository: Repository, pending: _PendingCommit) -> str:
    repository.check_index_is_free()
    try:
        return repository.commit_files(pending.paths_below(repository.top), pending.message)
    except GitError as error:
        count = len(pending.files)
        files = "1 file" if count == 1 else f"{count} files"
        raise GitError(f"{error.message}\nAn interrupted run of llmreg has left {files} to be committed") from None
