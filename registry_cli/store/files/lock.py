"""One writer at a time for a catalog."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from registry_cli.errors import LockedError
from registry_cli.store.files.durable import faults_of


class Lock:
    """Holds a folder from `with` to its end: `flock` on the folder itself, so no file is left behind.

    The kernel frees it when its holder dies. Programs that the holder starts do not inherit it; a plain `os.fork` does.
    It is not reentrant. A network file system that demands a writable descriptor for an exclusive lock (NFS) refuses,
    which is a `FileError`, as is a folder that cannot be opened.

    Raises `LockedError`, without waiting, where another run holds the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        with faults_of(self.folder):
            # A folder that was replaced (git does that) between opening and locking is not the one others lock.
            while self._descriptor is None:
                descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if os.path.samestat(os.fstat(descriptor), self.folder.stat()):
                        self._descriptor = descriptor
                except BlockingIOError:
                    raise LockedError(f"{self.folder}: another run of llmreg is writing here") from None
                finally:
                    if self._descriptor is None:
                        os.close(descriptor)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            with contextlib.suppress(OSError):  # it is closed all the same, and nothing was written through it
                os.close(descriptor)
