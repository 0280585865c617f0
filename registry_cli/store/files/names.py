"""The names of a catalog's files, and of llmreg's own ones there. Every command imports this, so it must stay small."""

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

from registry_cli.core.format.layers import is_layered

SUFFIXES = (".yml", ".yaml")  # of provider files

HIDDEN = ".llmreg-"  # what the names of journals and temporary files begin with
JOURNAL = f"{HIDDEN}journal"  # in a catalog's folder while a change of several files is unfinished
RECORDS = "upstream"  # the folder of records
OWN_FOLDER = ".llmreg"


def companion_folder(root: Path) -> Path:
    """Where the settings and the records of a catalog lie: beside its folder, which is `config` of `config/models`; in
    `.llmreg` below it, where the folder is the top of a repository: nothing beside that is the repository's.

    `root` is resolved.
    """
    own = root / OWN_FOLDER
    return own if os.path.isdir(own) or os.path.lexists(root / ".git") else root.parent  # noqa: PTH112  # never raises


def catalog_beside(companion: Path) -> Path:
    """The folder of the catalog whose settings and records lie in a folder."""
    return companion.parent if companion.name == OWN_FOLDER else companion / "models"


def records_folder(root: Path) -> Path:
    """The folder of a catalog's records. `root` is resolved."""
    return companion_folder(root) / RECORDS


class FolderNames(NamedTuple):
    """What a catalog directory holds: provider files, directories with parts of them, and links in place of these."""

    files: list[str]
    part_folders: list[str]
    linked_folders: list[str]


def scan_folder(root: Path) -> FolderNames:
    """Return the names in a catalog directory, sorted. Raises `OSError`.

    Parts of `openrouter.yml` lie in `openrouter` beside it. Any other directory is not the catalog's.
    """
    with os.scandir(root) as scanned:
        entries = [entry for entry in scanned if entry.name[0] != "."]
    files = sorted(entry.name for entry in entries if entry.name.endswith(SUFFIXES))
    stems = {name.rpartition(".")[0] for name in files}
    split = [entry for entry in entries if entry.name in stems and not is_layered(entry.name)]
    folders = sorted(entry.name for entry in split if entry.is_dir(follow_symlinks=False))
    links = sorted(entry.name for entry in split if entry.is_symlink() and entry.is_dir())
    return FolderNames(files, folders, links)


def is_part_folder(folder: Path) -> bool:
    """Return whether a directory holds parts of a provider's file."""
    with contextlib.suppress(OSError):
        return folder.name in scan_folder(folder.parent).part_folders
    return False


def changed_folders(root: Path) -> tuple[Path, ...]:
    """Return the directories that a change of the catalog may write to. `root` must be resolved."""
    parts: list[str] = []
    with contextlib.suppress(OSError):  # the reader of the directory reports why
        parts = scan_folder(root).part_folders
    return root, records_folder(root), *(root / name for name in parts)


def has_hidden(root: Path) -> bool:
    """Whether a catalog's folder holds a journal or temporary files."""
    try:
        return any(name.startswith(HIDDEN) for name in os.listdir(root))  # noqa: PTH208  # texts, for speed
    except OSError:  # the reader of the directory reports why
        return False
