"""One writer at a time for a catalog."""

import contextlib
import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from registry_cli.errors import LockedError
from registry_cli.store.files.durable import os_errors_as_faults

WRITER_PATIENCE = 10.0  # seconds that a writer waits for another one
_PAUSE = 0.02  # seconds between two attempts


class Lock:
    """Holds a folder from `with` to its end: `flock` on the folder itself, so no file is left behind.

    The kernel frees it when its holder dies. Programs that the holder starts do not inherit it; a plain `os.fork` does.
    It is not reentrant. A network file system that demands a writable descriptor for an exclusive lock (NFS) refuses,
    which is a `FileError`, as is a folder that cannot be opened.

    Raises `LockedError` where another run still holds the folder after `patience` seconds.
    """

    def __init__(self, folder: Path, patience: float = 0.0) -> None:
        self.folder = folder
        self._patience = patience
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._patience
        with os_errors_as_faults(self.folder):
            while not self._try_lock():
                if time.monotonic() >= deadline:
                    waited = f" after {self._patience:.0f} seconds of waiting" if self._patience else ""
                    raise LockedError(f"{self.folder}: another run of llmreg is writing here{waited}")
                time.sleep(_PAUSE)
        return self

    def _try_lock(self) -> bool:
        """Whether the lock is held now."""
        while self._descriptor is None:
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # A folder that was replaced (git does that) between opening and locking is not the one others lock.
                if os.path.samestat(os.fstat(descriptor), self.folder.stat()):
                    self._descriptor = descriptor
            except BlockingIOError:
                return False
            finally:
                if self._descriptor is None:
                    os.close(descriptor)
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            with contextlib.suppress(OSError):  # it is closed all the same, and nothing was written through it
                os.close(descriptor)
