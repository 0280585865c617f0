"""The journal of a change of several files: what makes them all or none.

It is one JSON file, hidden in the catalog's folder. The rename that gives it its name commits the change: before, the
new contents lie in temporary files that nobody reads; after, whoever holds the lock renames those into place, however
often it takes. Each file is known by the SHA-256 of its old and of its new content, so a step is done, pending, or
neither: then a person was there, and nothing is touched.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.errors import FileError
from registry_cli.store.files.durable import faults_of, read_whole, sync_folder

NAME = ".llmreg-journal"  # in a catalog's folder while a change of several files is unfinished
RECORDS = "upstream"  # the one folder beside the catalog's that a change may reach
_VERSION = 1
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Step:
    """One file's change. A digest is None where the file is absent, `temporary` where it is to be deleted."""

    path: Path
    temporary: Path | None
    old: str | None
    new: str | None

    def stage(self) -> str | None:
        """`done`, `pending`, or None where the file holds neither content. Raises `FileError`."""
        return {self.new: "done", self.old: "pending"}.get(digest_of(read_whole(self.path)))

    def is_prepared(self) -> bool:
        """Whether the temporary file, where one is needed, holds the new content. Raises `FileError`."""
        return self.temporary is None or digest_of(read_whole(self.temporary)) == self.new

    def take(self) -> None:
        """Put the new content in place. Raises `FileError`."""
        with faults_of(self.path):
            if self.temporary is None:
                self.path.unlink()
            else:
                self.temporary.replace(self.path)


def digest_of(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def folders(root: Path) -> tuple[Path, Path]:
    """The folders that a change of the catalog may reach, and where it leaves temporary files. `root` is resolved."""
    return root, root.parent / RECORDS


def temporary_prefix(root: Path) -> str:
    """How the temporary files of this catalog begin: another catalog may share the folder of records."""
    return f".llmreg-{hashlib.sha256(root.name.encode(errors='surrogateescape')).hexdigest()[:8]}-"


def encode(root: Path, steps: Sequence[Step]) -> bytes:
    """Steps as a journal's bytes; paths are relative to the catalog, which may move."""
    files = [
        {
            "path": step.path.name if step.path.parent == root else f"../{RECORDS}/{step.path.name}",
            "temporary": step.temporary and step.temporary.name,
            "old": step.old,
            "new": step.new,
        }
        for step in steps
    ]
    return json.dumps({"version": _VERSION, "files": files}, indent=1).encode()


def read(root: Path) -> list[Step] | None:
    """The steps of the catalog's journal, None where there is none. Raises `FileError` for one that is damaged."""
    content = read_whole(root / NAME)
    if content is None:
        return None
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        journal = json.loads(content)
        if journal["version"] == _VERSION and journal["files"]:
            return [_step(root, **file) for file in journal["files"]]
    raise FileError(
        str(root / NAME),
        "an unfinished change, but its journal is damaged; delete it when the files are as they should be",
    )


def finish(root: Path, steps: Sequence[Step]) -> list[Step]:
    """Do what is pending, remove the journal, and return the steps that stopped it: then nothing was touched.

    Raises `FileError` where the disk refuses; the journal then stays for the next attempt.
    """
    stages = [step.stage() for step in steps]
    stuck = [
        step
        for step, stage in zip(steps, stages, strict=True)
        if stage is None or (stage == "pending" and not step.is_prepared())
    ]
    if stuck:
        return stuck
    for step, stage in zip(steps, stages, strict=True):
        if stage == "pending":
            step.take()
    for folder in {step.path.parent: None for step in steps}:
        sync_folder(folder)
    remove(root)
    return []


def remove(root: Path) -> None:
    """Take the journal away, durably. Raises `FileError`."""
    with faults_of(root / NAME):
        (root / NAME).unlink()
    sync_folder(root)


def _step(root: Path, *, path: str, temporary: str | None, old: str | None, new: str | None) -> Step:
    """Raises `ValueError` or `TypeError` for what `encode` never wrote: a journal must not lead anywhere else."""
    folder, name = root, path
    if path.startswith(f"../{RECORDS}/"):
        folder, name = root.parent / RECORDS, path.removeprefix(f"../{RECORDS}/")
    prefix = temporary_prefix(root)
    digests: tuple[Any, ...] = (old, new)
    sound = (
        _is_name(name)
        and (temporary is None or (_is_name(temporary) and temporary.startswith(prefix)))
        and (temporary is None) == (new is None)
        and all(digest is None or _DIGEST.fullmatch(digest) for digest in digests)
        and old != new
    )
    if not sound:
        raise ValueError
    return Step(folder / name, folder / temporary if temporary else None, old, new)


def _is_name(text: str) -> bool:
    return text not in {"", ".", ".."} and "/" not in text and "\0" not in text
