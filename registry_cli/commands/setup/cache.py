"""`cache`: the files that llmreg keeps between runs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.core.query.table import Table
from registry_cli.errors import FileError, describe_os_error
from registry_cli.store.cache.files import clear, own_files
from registry_cli.store.cache.paths import cache_folder


@dataclass(frozen=True, slots=True)
class Cleared:
    folder: Path
    files: int


def cache_info(environ: Mapping[str, str] = os.environ) -> tuple[Path, Table]:
    """The cache folder and llmreg's files in it with their sizes in bytes."""
    folder = cache_folder(environ)
    rows = sorted((str(path.relative_to(folder)), path.stat().st_size) for path in own_files(folder))
    return folder, Table(("file", "bytes"), rows, frozenset({1}))


def cache_clear(environ: Mapping[str, str] = os.environ) -> Cleared:
    """Remove llmreg's files from the cache. Raises `FileError` for a file that cannot be removed."""
    folder = cache_folder(environ)
    try:
        return Cleared(folder, clear(folder))
    except OSError as error:
        raise FileError(str(error.filename or folder), describe_os_error(error)) from None
