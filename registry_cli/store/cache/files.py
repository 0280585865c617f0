"""What lies in the cache folder, how it gets there, and how to be rid of it."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# The only names that llmreg gives to files of its cache, finished or not.
_FOLDERS = ("findings", "records", "answers")
_TEMPORARY = (".index-*.tmp", ".history-*.tmp", *(f"{folder}/*.tmp" for folder in _FOLDERS))
_OWN = (
    "index-*.sqlite", "history-*.sqlite", "findings/*.json", "records/*.json", "answers/*.answer", *_TEMPORARY,
)  # fmt: skip
_STRAY_AFTER = 3600  # seconds; a temporary file of a run that was killed


def write_atomically(folder: Path, name: str, write: Callable[[Path], object]) -> None:
    """Makes the file `name` of a cache folder, or replaces it, by what `write` puts into the file it is given.

    That file is new, empty, the user's alone and of a name that nobody can know before. Nothing is left of it when
    `write` raises. Sweeps those of killed runs, too. Raises `OSError`.
    """
    import tempfile  # noqa: PLC0415  # most runs write nothing

    path = folder / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    _sweep(folder)
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(descriptor)
    temporary = Path(made)
    try:
        write(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sweep(folder: Path) -> None:
    for pattern in _TEMPORARY:
        for stray in folder.glob(pattern):
            with contextlib.suppress(OSError):
                if time.time() - stray.lstat().st_mtime > _STRAY_AFTER:
                    stray.unlink()


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
    for emptied in (*(folder / name for name in _FOLDERS), folder):
        with contextlib.suppress(OSError):
            emptied.rmdir()
    return number
