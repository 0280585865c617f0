"""The names of llmreg's own files in a catalog. Every command imports this module, so it must stay small."""

import os
from pathlib import Path

HIDDEN = ".llmreg-"  # what the names of journals and temporary files begin with
JOURNAL = f"{HIDDEN}journal"  # in a catalog's folder while a change of several files is unfinished
RECORDS = "upstream"  # the folder of records beside the catalog's, the only other one that a change may reach


def folders(root: Path) -> tuple[Path, Path]:
    """Return the directories that a change of the catalog may write to. `root` must be resolved."""
    return root, root.parent / RECORDS


def has_hidden(root: Path) -> bool:
    """Whether a catalog's folder holds a journal or temporary files."""
    try:
        return any(name.startswith(HIDDEN) for name in os.listdir(root))  # noqa: PTH208  # texts, for speed
    except OSError:  # the reader of the directory reports why
        return False
