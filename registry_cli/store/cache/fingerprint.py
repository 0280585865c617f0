"""What a cache was made by: a stamp that changes with the schema, the vocabulary and the code that reads and judges."""

import hashlib
import os
from collections.abc import Iterator

from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.version import __version__

# Whole folders: no list of modules stays complete.
CODE = ("core", "store", "yamledit")
_DATA = ("provider.schema.json", "settings.schema.json", "capabilities.yml")


def code_stamp() -> str:
    """A digest of the version, the content of the data, and the size and time of each module."""
    digest = hashlib.sha256(__version__.encode())
    schema, package = bundled_data() / "schema", os.path.abspath(f"{__file__}/../../..")  # noqa: PTH100  # see below
    for name in _DATA:
        digest.update((schema / name).read_bytes())
    for folder in CODE:
        for path, status in _modules(f"{package}/{folder}"):
            digest.update(f"{path.removeprefix(package)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _modules(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """The path and status of each Python file in a folder and the folders below it, in the order of their paths."""
    with os.scandir(folder) as found:  # a Path a file takes as long as the look at it
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(".py"):
            yield entry.path, entry.stat()
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _modules(entry.path)
