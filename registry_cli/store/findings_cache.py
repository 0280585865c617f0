"""What examining each file of a folder came to, remembered by the file's content.

One file a folder in the user's cache. It is only ever believed when its checksum holds and it was made by the same
code, schema and vocabulary for the same day; whatever is wrong with it, the answer is the same, only later.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_cli.core.examined import Examined, Mark, Outline
from registry_cli.store.cache import cache_folder
from registry_cli.store.cache_files import write_atomically
from registry_cli.store.catalog_files import CatalogFile
from registry_cli.store.code_stamp import code_stamp


class FindingsCache:
    """`folder` is the folder of YAML whose files are remembered, `on` the day they are judged by."""

    def __init__(self, folder: Path, on: str, environ: Mapping[str, str]) -> None:
        name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
        self._folder, self._name = cache_folder(environ), f"findings/{name}.json"
        self._key = f"{on} {code_stamp()}"

    def read(self) -> dict[str, Examined]:
        """Everything remembered, by `name_of`."""
        try:
            checksum, _, body = (self._folder / self._name).read_bytes().partition(b"\n")
            if checksum != _checksum(body):
                return {}
            stored = json.loads(body)
            return {name: revived(raw) for name, raw in stored["files"].items()} if stored["key"] == self._key else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def write(self, examined: Mapping[str, Examined]) -> None:
        body = json.dumps({"key": self._key, "files": examined}, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            whole = _checksum(body) + b"\n" + body
            write_atomically(self._folder, self._name, lambda temporary: temporary.write_bytes(whole))


def name_of(file: CatalogFile) -> str:
    """Under what a file is remembered: rules look at its name as well as at its content."""
    return f"{file.digest} {file.stem}"


def revived(raw: Any) -> Examined:
    """From what JSON makes of it."""
    marks, outline = raw
    return Examined([Mark(*mark)._replace(pointer=tuple(mark[-1])) for mark in marks], Outline(*outline))


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
