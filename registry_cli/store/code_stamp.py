"""What a cache was made by: a stamp that changes with the schema, the vocabulary and the code that reads and judges."""

import hashlib
import os

from registry_cli.store.bundled import bundled_data
from registry_cli.version import __version__

# Whole folders: no list of modules stays complete.
CODE = ("core", "core/edits", "core/rules", "core/sync", "store", "yamledit")
_DATA = ("provider.schema.json", "settings.schema.json", "capabilities.yml")


def code_stamp() -> str:
    """A digest of the version, the content of the data, and the size and time of each module."""
    digest = hashlib.sha256(__version__.encode())
    schema, package = bundled_data() / "schema", os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120  # see below
    for name in _DATA:
        digest.update((schema / name).read_bytes())
    for folder in CODE:
        with os.scandir(f"{package}/{folder}") as found:  # a Path a file takes as long as the look at it
            modules = sorted((file for file in found if file.name.endswith(".py")), key=lambda file: file.name)
        for file in modules:
            status = file.stat()
            digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
