"""Reads files that the user names on the command line, within bounds and without waiting for a pipe."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from registry_cli.errors import FileError
from registry_cli.store.files.durable import os_errors_as_faults

STANDARD_INPUT = Path("-")
MAX_LIST_SIZE = 16 << 20  # bytes of a recorded answer or of another program's list; the largest has 5 MB
MAX_LOG_SIZE = 64_000_000  # bytes of a log of calls that is one JSON document, and of one line of any other
_KINDS = {stat.S_IFDIR: "a directory", stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def read_user_file(path: Path, *, at_most: int) -> bytes:
    """Return the bytes of a regular file, or of standard input for `-`. Symbolic links are followed.

    Raises `FileError` for a directory, a pipe or a device, and for more bytes than `at_most`.
    """
    with open_user_file(path) as file, os_errors_as_faults(path):
        data = file.read(at_most + 1)
    if len(data) > at_most:
        raise FileError(str(path), f"larger than {at_most >> 20:,} MiB")
    return data


def read_user_lines(path: Path, *, longest: int) -> Iterator[bytes]:
    """Yield the lines of such a file without their line breaks, each of at most `longest` bytes.

    Raises `FileError` as `read_user_file` does, for a longer line with its number.
    """
    with open_user_file(path) as file, os_errors_as_faults(path):
        number = 0
        while line := file.readline(longest + 2):
            number += 1
            line = line.removesuffix(b"\n")
            if len(line) > longest:
                raise FileError(str(path), f"a line of more than {longest / 1e6:,.0f} MB", number)
            yield line


@contextmanager
def open_user_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that the user named. Raises `FileError` for anything but a regular file."""
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with os_errors_as_faults(path):
        # O_NONBLOCK: opening a pipe would wait for its other end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
    if kind != stat.S_IFREG:
        os.close(descriptor)
        hint = "; for standard input give -" if kind == stat.S_IFIFO else ""
        raise FileError(str(path), f"{_KINDS.get(kind, 'a special file')}, not a regular file{hint}")
    with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor
        yield file
