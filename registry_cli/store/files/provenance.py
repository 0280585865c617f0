"""What llmreg wrote on this machine, told apart from what came with a clone or a pull request.

A journal and temporary files lie beside the files of a catalog, where anybody's commit can put others. So llmreg also
keeps notes where no commit can: in `llmreg/journals` of the work tree's git directory, else in the user's state
directory. A journal is noted by the SHA-256 of its content and not by its path, so that a catalog may move. The name of
a temporary file carries a seal, which takes the key that lies with the notes.
"""

import contextlib
import hashlib
import os
import re
import time
from functools import cached_property
from pathlib import Path

from registry_cli.errors import FileError, GitError
from registry_cli.store.files.discovery import find_repository
from registry_cli.store.files.durable import make_folder, read_whole, replace_file
from registry_cli.store.files.names import HIDDEN
from registry_cli.store.files.user_directories import state_directory

_NOTES = "journals"
_KEY = "key"
_KEY_SIZE = 32
_TEMPORARY = re.compile(rf"{re.escape(HIDDEN)}([0-9a-f]{{8}}-[0-9a-f]{{16}})-([0-9a-f]{{16}})\.tmp")
_STRAY_AFTER = 3600  # seconds
_STALE_AFTER = 30 * 24 * 3600  # seconds that the note of a catalog lasts that is no longer where it was


class Provenance:
    """The notes about one catalog, whose folder `root` is resolved. Writing raises `FileError`; reading never does."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def note_journal(self, digest: str) -> None:
        """Note, durably, that a journal with this SHA-256 is ours."""
        if self._writable_folder is None:
            message = "a change of several files is noted in the git directory or your state directory, and neither"
            raise FileError(str(self.root), f"{message} can be written to; nothing was written")
        make_folder(self._writable_folder)
        self.sweep_notes()
        replace_file(self._writable_folder / digest, os.fsencode(self.root))

    def has_noted(self, digest: str) -> bool:
        return any(os.path.isfile(folder / digest) for folder in self._note_folders)  # noqa: PTH113  # is_file may raise

    def forget_journal(self, digest: str) -> None:
        """Remove a note that has served. What cannot be removed is swept later."""
        for folder in self._note_folders:
            with contextlib.suppress(OSError):
                (folder / digest).unlink(missing_ok=True)

    def sweep_notes(self) -> None:
        """Remove the notes of this catalog, which has no journal, and what killed runs and vanished catalogs left.

        The catalog's lock must be held.
        """
        for folder in self._note_folders:
            with contextlib.suppress(OSError):
                for note in list(folder.iterdir()):
                    if note.name != _KEY and self._is_stale(note):
                        note.unlink(missing_ok=True)

    def _is_stale(self, note: Path) -> bool:
        age = time.time() - note.stat().st_mtime
        if note.name.startswith("."):  # unfinished
            return age > _STRAY_AFTER
        catalog = Path(os.fsdecode(note.read_bytes()))
        return catalog == self.root or (age > _STALE_AFTER and not catalog.is_dir())

    def temporary_name(self) -> str:
        """A new name for a temporary file. Without a place for the key, nobody will know it for ours."""
        label = f"{_label_of(self.root)}-{os.urandom(8).hex()}"
        return f"{HIDDEN}{label}-{_seal_of(self._own_key or os.urandom(_KEY_SIZE), label)}.tmp"

    def is_own_temporary(self, name: str) -> bool:
        """Whether a name was given to a temporary file on this machine, for this catalog or another."""
        match = _TEMPORARY.fullmatch(name)
        return match is not None and any(_seal_of(key, match[1]) == match[2] for key in self._keys)

    def is_of_another_catalog(self, name: str) -> bool:
        return self.is_own_temporary(name) and not name.startswith(f"{HIDDEN}{_label_of(self.root)}-")

    @cached_property
    def _note_folders(self) -> list[Path]:
        """Where notes may be, the first choice first."""
        git_dir = _git_dir_of(self.root)
        parents = (git_dir and git_dir / "llmreg", state_directory(os.environ))
        return [parent / _NOTES for parent in parents if parent is not None]

    @cached_property
    def _writable_folder(self) -> Path | None:
        return next((folder for folder in self._note_folders if _may_write(folder)), None)

    @cached_property
    def _keys(self) -> list[bytes]:
        keys = []
        for folder in self._note_folders:
            with contextlib.suppress(FileError):
                keys.append(read_whole(folder / _KEY, _KEY_SIZE) or b"")
        return [key for key in keys if len(key) == _KEY_SIZE]

    @cached_property
    def _own_key(self) -> bytes | None:
        if self._writable_folder is None:
            return None
        path = self._writable_folder / _KEY
        if len(read_whole(path, _KEY_SIZE) or b"") != _KEY_SIZE:
            make_folder(path.parent)
            replace_file(path, os.urandom(_KEY_SIZE))
        return read_whole(path, _KEY_SIZE)  # of another run, perhaps, that made one at the same time


def _label_of(root: Path) -> str:
    """What the temporary files of a catalog have in their names: another catalog may share the folder of records."""
    return hashlib.sha256(root.name.encode(errors="surrogateescape")).hexdigest()[:8]


def _seal_of(key: bytes, label: str) -> str:
    return hashlib.blake2s(label.encode(), key=key, digest_size=8).hexdigest()


def _git_dir_of(root: Path) -> Path | None:
    """The git directory of a catalog's work tree, if it belongs to whom the catalog belongs to."""
    try:
        found = find_repository(root)
        return found.git_dir if found and found.git_dir.stat().st_uid == root.stat().st_uid else None
    except (GitError, OSError):
        return None


def _may_write(folder: Path) -> bool:
    """Also of a folder that is still to be made."""
    while not os.path.exists(folder) and folder != folder.parent:  # noqa: PTH110  # `Path.exists` may raise
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)
