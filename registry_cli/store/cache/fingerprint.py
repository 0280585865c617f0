"""The stamp of cached results: it changes with the schema, the vocabulary and the code that reads and checks."""

import hashlib
import os
from collections.abc import Iterator

from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.version import __version__

# Whole packages, because no list of modules stays complete.
CODE = ("core", "store", "yamledit")
_DATA = ("provider.schema.json", "settings.schema.json", "capabilities.yml")


def code_stamp() -> str:
    """Return a digest of the version, the content of the data files, and the size and time of each module."""
    digest = hashlib.sha256(__version__.encode())
    schema, package = bundled_data() / "schema", os.path.abspath(f"{__file__}/../../..")  # noqa: PTH100  # see below
    for name in _DATA:
        digest.update((schema / name).read_bytes())
    for folder in CODE:
        for path, status in _list_modules(f"{package}/{folder}"):
            digest.update(f"{path.removeprefix(package)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _list_modules(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the path and status of each Python file in a directory and those below it, in the order of their paths."""
    with os.scandir(folder) as found:  # making a Path for each file takes as long as its status
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(".py"):
            yield entry.path, entry.stat()
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _list_modules(entry.path)
