"""The names of llmreg's own files in a catalog. Every command imports this module, so it must stay small."""

import os
from pathlib import Path

HIDDEN = ".llmreg-"  # what the names of journals and temporary files begin with
JOURNAL = f"{HIDDEN}journal"  # in a catalog's folder while a change of several files is unfinished
RECORDS = "upstream"  # the folder of records, the only other one that a change may reach
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


def changed_folders(root: Path) -> tuple[Path, Path]:
    """Return the directories that a change of the catalog may write to. `root` must be resolved."""
    return root, records_folder(root)


def has_hidden(root: Path) -> bool:
    """Whether a catalog's folder holds a journal or temporary files."""
    try:
        return any(name.startswith(HIDDEN) for name in os.listdir(root))  # noqa: PTH208  # texts, for speed
    except OSError:  # the reader of the directory reports why
        return False
