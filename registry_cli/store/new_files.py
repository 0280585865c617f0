"""Creating files that must not exist yet: whole or not at all, and never in the place of another."""

import os
from pathlib import Path

from registry_cli.store.files import faults_of, write_beside

STRAY_SUFFIX = ".llmreg-new"  # never matches *.yml, so that a stray is no provider file


def write_new(path: Path, data: bytes) -> bool:
    """Create the file with these bytes, durably; False, with nothing changed, where the name is taken.

    Raises `FileError`. The content is complete before the name appears; `sync_folder` makes the name durable too.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{STRAY_SUFFIX}")
    try:
        write_beside(path, temporary, data)
        with faults_of(path):
            try:
                path.hardlink_to(temporary)  # unlike a rename it never replaces a file
            except FileExistsError:
                return False
    finally:
        with faults_of(path):
            temporary.unlink(missing_ok=True)
    return True
