"""The findings of each provider file, cached by the file's content.

There is one cache file per directory. It holds for the same code, schema, vocabulary and day.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_cli.core.checks.report import Examined, Mark, Outline
from registry_cli.store.cache.blobs import read_memo, write_memo
from registry_cli.store.cache.directory import CacheKind, find_cache_file
from registry_cli.store.cache.fingerprint import code_stamp
from registry_cli.store.catalog.locate import CatalogFile


class FindingsCache:
    """The findings of the provider files in `folder`, as of the ISO day `on`."""

    def __init__(self, folder: Path, on: str, environ: Mapping[str, str]) -> None:
        self._file = find_cache_file(environ, CacheKind.FINDINGS, str(folder.resolve()))
        self._key = f"{on} {code_stamp()}"

    def read_all(self) -> dict[str, Examined]:
        """Return the cached results, by `name_of`."""
        try:
            files = read_memo(self._file, self._key).get("files", {})
            return {name: examined_from_json(raw) for name, raw in files.items()}
        except (ValueError, TypeError, AttributeError):
            return {}

    def write_all(self, examined: Mapping[str, Examined]) -> None:
        write_memo(self._file, self._key, {"files": examined})


def cache_name(file: CatalogFile) -> str:
    """Return the key of a file's result: rules look at the name as well as at the content."""
    return f"{file.digest} {file.stem}"


def examined_from_json(raw: Any) -> Examined:
    """Build a result from its JSON."""
    marks, outline = raw
    return Examined([mark_from_json(mark) for mark in marks], Outline(*outline))


def mark_from_json(raw: Any) -> Mark:
    """Build a mark from its JSON."""
    mark = Mark(*raw)
    return mark._replace(pointer=tuple(mark.pointer))
