"""`llmreg recover`: shows an unfinished change, then finishes or discards it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.validate.folders import display_path
from registry_cli.errors import FileError
from registry_cli.store.catalog.locate import find_catalog, require_overlay_folder
from registry_cli.store.files.durable import read_whole
from registry_cli.store.files.journal import JournalStep
from registry_cli.store.files.lock import Lock
from registry_cli.store.files.recovery import discard_unfinished, find_unfinished, finish_unfinished


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that finishing would change: its old and new text, None where there is no file."""

    shown: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class UnfinishedChange:
    """An unfinished change of a catalog; files have the names that messages use.

    `pending` are the files that finishing would change, `reached` those that have their new content already.
    `obstacle` explains why the change cannot be finished. `hidden` are the journal and temporary files, which
    discarding deletes; `foreign` are those of them that llmreg did not write on this machine.
    """

    pending: tuple[PendingFile, ...]
    reached: tuple[str, ...]
    obstacle: str | None
    hidden: tuple[str, ...]
    foreign: tuple[str, ...]


def find_root(catalog: Path | None, *, overlay: bool, cwd: Path, environ: Mapping[str, str]) -> Path:
    """Return the directory of the catalog, or of the user's own models. Raises `UsageError`."""
    if not overlay:
        return find_catalog(catalog, cwd=cwd, environ=environ).root
    return require_overlay_folder(environ)


def read_unfinished(root: Path, cwd: Path) -> UnfinishedChange | None:
    """Return the unfinished change of a catalog, None if there is none. Raises `FileError`."""
    found = find_unfinished(root)
    if not found.files:
        return None
    steps = found.journal.steps if found.journal else ()
    obstacles = ["its journal is damaged"] if steps is None else [_find_obstacle(step) for step in steps]
    obstacle = next(filter(None, obstacles), None if steps else "it has no journal")
    pending = [] if obstacle else [step for step in steps or () if step.current_stage() == "pending"]
    reached = [] if obstacle else [step for step in steps or () if step.current_stage() == "done"]
    return UnfinishedChange(
        tuple(_pending_file(step, cwd) for step in pending),
        tuple(_shown_path(step.path, cwd) for step in reached),
        obstacle,
        tuple(_shown_path(path, cwd) for path in found.files),
        tuple(_shown_path(path, cwd) for path in found.foreign),
    )


def finish_change(root: Path) -> int:
    """Finish the change, delete other leftovers, and return the number of its files.

    Raises `FileError`, `LockedError`, with nothing changed.
    """
    with Lock(root):
        finished = finish_unfinished(root)
        discard_unfinished(root)
    return len(finished)


def discard_change(root: Path) -> int:
    """Delete the journal and the temporary files and return their number. Raises `FileError`, `LockedError`."""
    with Lock(root):
        return len(discard_unfinished(root))


def _find_obstacle(step: JournalStep) -> str | None:
    try:
        return step.find_obstacle()
    except FileError as fault:  # discarding must stay possible
        return str(fault)


def _pending_file(step: JournalStep, cwd: Path) -> PendingFile:
    new = None if step.temporary is None else read_whole(step.temporary)
    return PendingFile(_shown_path(step.path, cwd), _decode_lossy(read_whole(step.path)), _decode_lossy(new))


def _decode_lossy(data: bytes | None) -> str | None:
    return None if data is None else data.decode(errors="replace")


def _shown_path(path: Path, cwd: Path) -> str:
    return display_path(path, Path(cwd).resolve())
