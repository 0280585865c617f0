"""What lies in the cache folder, and how to be rid of it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

# The only names that llmreg gives to files of its cache, finished or not.
_OWN = ("index-*.sqlite", ".index-*.tmp", "findings/*.json", "findings/*.tmp", "answers/*.answer", "answers/*.tmp")


def own_files(folder: Path) -> Iterator[Path]:
    """llmreg's own files in a cache folder, in no order; other people's files are not its business."""
    for pattern in _OWN:
        yield from (path for path in folder.glob(pattern) if path.is_file())


def clear(folder: Path) -> int:
    """Removes them, and folders that this leaves empty; says how many there were. Raises `OSError`."""
    number = 0
    for path in list(own_files(folder)):
        path.unlink(missing_ok=True)
        number += 1
    for emptied in (folder / "findings", folder / "answers", folder):
        with contextlib.suppress(OSError):
            emptied.rmdir()
    return number
