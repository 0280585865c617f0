"""The journal of a change of several files: what makes them all or none.

It is one JSON file, hidden in the catalog's folder. The rename that gives it its name commits the change: before, the
new contents lie in temporary files that nobody reads; after, whoever holds the lock renames those into place, however
often it takes. Each file is known by the SHA-256 of its old and of its new content, so a step is done, pending, or
neither: then a person was there, and nothing is touched.

Only a journal that llmreg noted on this machine (`provenance`) and that touches nothing but regular files of the
catalog is acted on. Any other is left alone: anybody's commit can put one there.
"""

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.store.files.durable import os_errors_as_faults, read_whole, sync_folder
from registry_cli.store.files.names import HIDDEN, JOURNAL, changed_folders, records_folder
from registry_cli.store.files.provenance import Provenance

_VERSION = 1
_MAX_SIZE = 10_000_000  # bytes of a journal: 30,000 files
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class JournalStep:
    """One file's change. A digest is None where the file is absent, `temporary` where it is to be deleted."""

    path: Path
    temporary: Path | None
    old: str | None
    new: str | None

    def current_stage(self) -> str | None:
        """`done`, `pending`, or None where the file holds neither content. Raises `FileError`."""
        return {self.new: "done", self.old: "pending"}.get(digest_of(read_whole(self.path)))

    def is_prepared(self) -> bool:
        """Whether the temporary file, where one is needed, holds the new content. Raises `FileError`."""
        return self.temporary is None or digest_of(read_whole(self.temporary)) == self.new

    def find_obstacle(self) -> str | None:
        """Why this step can neither be done nor count as done, None where it can. Raises `FileError`."""
        if self.meets_a_link():
            return f"{self.path.name}, its folder or its new content is a link, or no regular file"
        stage = self.current_stage()
        if stage is None:
            return f"{self.path.name} was edited since"
        if stage == "pending" and not self.is_prepared():
            return f"the new content of {self.path.name} is gone or damaged"
        return None

    def replace_file(self) -> None:
        """Put the new content in place. Raises `FileError`."""
        with os_errors_as_faults(self.path):
            if self.temporary is None:
                self.path.unlink()
            else:
                self.temporary.replace(self.path)

    def meets_a_link(self) -> bool:
        """Whether anything that this step would touch is there, but is no regular file in a folder."""
        paths = [self.path] if self.temporary is None else [self.path, self.temporary]
        return _is_of_other_kind(self.path.parent, stat.S_IFDIR) or any(
            _is_of_other_kind(path, stat.S_IFREG) for path in paths
        )


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it lies in a catalog. `steps` is None where it is damaged; `is_own` says whether to act on it."""

    digest: str
    steps: tuple[JournalStep, ...] | None
    is_own: bool


def digest_of(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def encode_journal(root: Path, steps: Sequence[JournalStep]) -> bytes:
    """Steps as a journal's bytes; paths are relative to the catalog, which may move."""
    files = [
        {
            "path": _named_path(root, step.path),
            "temporary": step.temporary and step.temporary.name,
            "old": step.old,
            "new": step.new,
        }
        for step in steps
    ]
    return json.dumps({"version": _VERSION, "files": files}, indent=1).encode()


def journal_exists(root: Path) -> bool:
    """Whether anything has a journal's name. Raises `FileError` where that cannot be told."""
    with os_errors_as_faults(root / JOURNAL):
        try:
            (root / JOURNAL).lstat()
        except FileNotFoundError:
            return False
        return True


def read_journal(root: Path) -> Journal | None:
    """The catalog's journal, None where there is none. Raises `FileError` where the disk refuses."""
    path = root / JOURNAL
    with os_errors_as_faults(path):
        try:
            status = path.lstat()
        except FileNotFoundError:
            return None
    is_readable = stat.S_ISREG(status.st_mode) and status.st_size <= _MAX_SIZE
    content = read_whole(path) if is_readable else b""
    if content is None:
        return None
    digest = hashlib.sha256(content).hexdigest()
    steps = _parse_steps(root, content)
    is_noted = steps is not None and Provenance(root).has_noted(digest)
    if not is_noted and not _is_unchanged(path, status):
        return read_journal(root)  # a writer that lives has finished it meanwhile, and then removed its note
    return Journal(digest, steps, is_own=is_noted and not any(step.meets_a_link() for step in steps or ()))


def finish_steps(root: Path, journal: Journal) -> list[JournalStep]:
    """Do what is pending, remove the journal, and return the steps that stopped it: then nothing was touched.

    Raises `FileError` where the disk refuses; the journal then stays for the next attempt.
    """
    steps = journal.steps or ()
    linked = [step for step in steps if step.meets_a_link()]
    if linked:
        return linked
    stages = [step.current_stage() for step in steps]
    stuck = [
        step
        for step, stage in zip(steps, stages, strict=True)
        if stage is None or (stage == "pending" and not step.is_prepared())
    ]
    if stuck:
        return stuck
    for step, stage in zip(steps, stages, strict=True):
        if stage == "pending":
            step.replace_file()
    for folder in {step.path.parent: None for step in steps}:
        sync_folder(folder)
    remove_journal(root)
    Provenance(root).forget_journal(journal.digest)
    return []


def remove_journal(root: Path) -> None:
    """Take the journal away, durably. Raises `FileError`."""
    with os_errors_as_faults(root / JOURNAL):
        (root / JOURNAL).unlink()
    sync_folder(root)


def _is_unchanged(path: Path, status: os.stat_result) -> bool:
    with os_errors_as_faults(path):
        try:
            return os.path.samestat(path.lstat(), status)
        except FileNotFoundError:
            return False


def _is_of_other_kind(path: Path, kind: int) -> bool:
    with os_errors_as_faults(path):
        try:
            return stat.S_IFMT(path.lstat().st_mode) != kind
        except FileNotFoundError:
            return False


def _parse_steps(root: Path, content: bytes) -> tuple[JournalStep, ...] | None:
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        value = json.loads(content)
        if value["version"] == _VERSION and value["files"]:
            return tuple(_parse_step(root, **file) for file in value["files"])
    return None


def _parse_step(root: Path, *, path: str, temporary: str | None, old: str | None, new: str | None) -> JournalStep:
    """Raises `ValueError` or `TypeError` for what `encode` never wrote: a journal must not lead anywhere else."""
    folder, name = root, path
    if path.startswith(_records_path(root)):
        folder, name = records_folder(root), path.removeprefix(_records_path(root))
    elif "/" in path:
        part, _, name = path.partition("/")
        folder = root / part
        if not _is_name(part) or folder not in changed_folders(root):
            raise ValueError
    digests: tuple[Any, ...] = (old, new)
    sound = (
        _is_name(name)
        and not name.startswith(HIDDEN)
        and (temporary is None or (_is_name(temporary) and temporary.startswith(HIDDEN)))
        and (temporary is None) == (new is None)
        and all(digest is None or _DIGEST.fullmatch(digest) for digest in digests)
        and old != new
    )
    if not sound:
        raise ValueError
    return JournalStep(folder / name, folder / temporary if temporary else None, old, new)


def _named_path(root: Path, path: Path) -> str:
    """A file's path as journals name it: relative to the catalog."""
    if path.parent == records_folder(root):
        return f"{_records_path(root)}{path.name}"
    return path.relative_to(root).as_posix()


def _records_path(root: Path) -> str:
    """The folder of records as journals name it."""
    return f"{os.path.relpath(records_folder(root), root)}/".replace(os.sep, "/")


def _is_name(text: str) -> bool:
    return text not in {"", ".", ".."} and "/" not in text and "\0" not in text
