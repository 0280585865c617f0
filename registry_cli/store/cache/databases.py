"""SQLite files of the cache, each with a checksum, so that a damaged file gives no wrong answer.

The CRC-32 of the database follows it in the file, where SQLite does not look. It finds accidental damage, costs a few
milliseconds for the largest index, and is checked whenever a file is opened.
"""

import sqlite3
import zlib
from pathlib import Path

_SIZE = 4  # bytes of the checksum
_RESIDUE = 0x2144DF1C  # the CRC-32 of anything that its own CRC-32 follows, least byte first
_CHUNK = 1 << 18  # one buffer for the whole file: fresh memory costs as much as the checksum


def open_database(path: Path) -> sqlite3.Connection | None:
    """Open a stored database for reading; None where there is none, or where it is damaged."""
    try:
        if not is_whole(path):
            return None
        # The file never changes, so SQLite needs no locks, no journal and no writable directory.
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except (OSError, sqlite3.Error):
        return None


def is_whole(path: Path) -> bool:
    """Whether a file is as `add_checksum` left it. Raises `OSError`."""
    return checksum_of(path) == _RESIDUE


def add_checksum(path: Path) -> None:
    """Append the checksum to a database that was written and closed. Raises `OSError`."""
    checksum = checksum_of(path)
    with path.open("ab") as file:
        file.write(checksum.to_bytes(_SIZE, "little"))


def remove_checksum(path: Path) -> None:
    """Turn a copy of a stored file into a plain database again. Raises `OSError`."""
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size - _SIZE)


def checksum_of(path: Path) -> int:
    """Return the CRC-32 of a file. Raises `OSError`."""
    checksum, buffer = 0, bytearray(_CHUNK)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            checksum = zlib.crc32(view[:size], checksum)
    return checksum
