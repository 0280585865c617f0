"""`cache`: the files that llmreg keeps between runs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.core.query.table import Table
from registry_cli.errors import FileError, UsageError, describe_os_error
from registry_cli.store.cache.directory import CacheDirectory, find_cache


@dataclass(frozen=True, slots=True)
class Cleared:
    folder: Path
    files: int


def cache_info(environ: Mapping[str, str] = os.environ) -> tuple[Path, Table]:
    """Return the cache directory, and llmreg's files in it with their sizes in bytes. Raises `UsageError`."""
    cache = _find_cache(environ)
    return cache.path, Table(("file", "bytes"), [*cache.file_sizes().items()], frozenset({1}))


def cache_clear(environ: Mapping[str, str] = os.environ) -> Cleared:
    """Remove llmreg's files from the cache directory. Raises `FileError` where one cannot be removed, `UsageError`."""
    cache = _find_cache(environ)
    try:
        return Cleared(cache.path, cache.remove_all())
    except OSError as error:
        raise FileError(str(error.filename or cache.path), describe_os_error(error)) from None


def _find_cache(environ: Mapping[str, str]) -> CacheDirectory:
    cache = find_cache(environ)
    if cache is None:
        raise UsageError("no cache: you have no home directory; set LLMREG_CACHE")
    return cache
