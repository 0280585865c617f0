"""Writing files so that a reader sees the whole of one or none of it."""

import contextlib
import os
import tempfile
from pathlib import Path

from registry_cli.errors import FileError

STRAY_SUFFIX = ".llmreg-tmp"  # never matches *.yml, so that a stray is no provider file
_NEW_FILE_MODE = 0o666


def write_new(path: Path, data: bytes) -> bool:
    """Create the file with these bytes, durably; False, with nothing changed, where the path exists already.

    Raises `FileError` where the folder cannot be written to. The content is complete before the name appears.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(suffix=STRAY_SUFFIX, prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor, not a path
                file.write(data)
                file.flush()
                os.fchmod(descriptor, _NEW_FILE_MODE & ~_umask())
                os.fsync(descriptor)
            os.link(temporary, path)  # unlike a rename it never replaces a file
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)  # noqa: PTH108  # mkstemp speaks str
    except FileExistsError:
        return False
    except OSError as error:
        raise FileError(str(path), error.strerror or str(error)) from None
    return True


def sync_folder(folder: Path) -> None:
    """Make the names written in this folder durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
