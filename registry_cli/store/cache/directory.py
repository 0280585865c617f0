"""The cache directory: its kinds of files, their names, and how they are written, listed and removed.

Nothing there is ever needed for a right answer. A file of the cache has a kind, so that `files` and `clear` know all
that llmreg has written there, and leave every other file alone.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path

from registry_cli.store.files.user_directories import cache_directory

_KEY = "[0-9a-f]*"  # what tells the files of a kind apart, as a pattern
_KEY_LENGTH = 16
_STRAY_AFTER = 3600  # seconds; a temporary file of a run that was killed


class CacheKind(Enum):
    """A kind of file: the directory inside the cache directory, and what its names begin and end with."""

    INDEX = ("", "index-", ".sqlite")
    PAST_INDEX = ("", "index-of-past-", ".sqlite")
    TIMELINE = ("", "history-", ".sqlite")
    FINDINGS = ("findings", "", ".json")
    SETTINGS = ("findings", "settings-", ".json")
    RECORDS = ("records", "", ".json")
    ANSWERS = ("answers", "", ".answer")

    def __init__(self, folder: str, prefix: str, suffix: str) -> None:
        self.folder = folder
        self.prefix = prefix
        self.suffix = suffix


class CacheDirectory:
    """The cache of one user, which may not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def cache_file(self, kind: CacheKind, identity: str) -> "CacheFile":
        """Return the file of a kind for what `identity` names, say the path of a catalog. It may not exist yet."""
        return CacheFile(self, kind, identity)

    def finished_files(self, kind: CacheKind) -> Iterator[Path]:
        """Yield the files of a kind, in no order."""
        yield from (self.path / kind.folder).glob(f"{kind.prefix}{_KEY}{kind.suffix}")

    def unfinished_files(self, kind: CacheKind) -> Iterator[Path]:
        """Yield the temporary files of runs that write this kind now, or that were killed."""
        yield from (self.path / kind.folder).glob(f".{kind.prefix}{_KEY}.tmp")

    def all_files(self) -> list[Path]:
        """Return all files that llmreg has written here, in no order."""
        paths = []
        for kind in CacheKind:
            paths += [*self.finished_files(kind), *self.unfinished_files(kind)]
        return [path for path in paths if path.is_file()]

    def file_sizes(self) -> dict[str, int]:
        """Return the size in bytes of each of these files, by its path inside the directory."""
        sizes = {}
        for path in self.all_files():
            with contextlib.suppress(FileNotFoundError):  # another run has just replaced or removed it
                sizes[str(path.relative_to(self.path))] = path.stat().st_size
        return dict(sorted(sizes.items()))

    def remove_all(self) -> int:
        """Remove these files, and directories that this leaves empty; return the number of files.

        Raises `OSError`.
        """
        paths = self.all_files()
        for path in paths:
            path.unlink(missing_ok=True)
        folders = {kind.folder for kind in CacheKind} - {""}
        for emptied in (*(self.path / folder for folder in folders), self.path):
            with contextlib.suppress(OSError):
                emptied.rmdir()
        return len(paths)

    def remove_oldest(self, kind: CacheKind, kept: int) -> None:
        """Remove all files of a kind but the `kept` ones that were used last."""
        with contextlib.suppress(OSError):
            newest_first = sorted(self.finished_files(kind), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in newest_first[kept:]:
                path.unlink()

    def remove_strays(self) -> None:
        """Remove what killed runs left unfinished."""
        for kind in CacheKind:
            for stray in self.unfinished_files(kind):
                with contextlib.suppress(OSError):
                    if time.time() - stray.lstat().st_mtime > _STRAY_AFTER:
                        stray.unlink()


class CacheFile:
    """One file of the cache, which may not exist yet."""

    def __init__(self, directory: CacheDirectory, kind: CacheKind, identity: str) -> None:
        key = hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()[:_KEY_LENGTH]
        self.directory = directory
        self.identity = identity
        self.path = directory.path / kind.folder / f"{kind.prefix}{key}{kind.suffix}"

    def write(self, fill: Callable[[Path], object]) -> None:
        """Make the file, or replace it, by what `fill` writes into the file whose path it is given.

        That file is new, empty, readable by the user alone, and of a name that cannot be known before. It is removed
        if `fill` raises. Raises `OSError`.
        """
        import tempfile  # noqa: PLC0415  # most runs write nothing

        path = self.path
        self.directory.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        self.directory.remove_strays()
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        os.close(descriptor)
        temporary = Path(made)
        try:
            fill(temporary)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def find_cache(environ: Mapping[str, str]) -> CacheDirectory | None:
    """Return the user's cache; None where the user has no home directory and names none in `LLMREG_CACHE`."""
    path = cache_directory(environ)
    return CacheDirectory(path) if path is not None else None


def find_cache_file(environ: Mapping[str, str], kind: CacheKind, identity: str) -> CacheFile | None:
    """Return a file of the user's cache, which may not exist yet; None where the user has no cache."""
    cache = find_cache(environ)
    return cache.cache_file(kind, identity) if cache is not None else None
