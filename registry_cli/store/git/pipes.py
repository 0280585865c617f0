"""The size of a pipe to another program. Only Linux can change it, and there not for a user who has many pipes."""

import contextlib
from typing import IO

_WIDEST = 1 << 20
_NARROWEST = 1 << 12  # what Linux grants a user who has many pipes


def widen_pipe(pipe: IO[bytes]) -> None:
    """Let the program work ahead while its output is read, where the system permits it."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDEST)


def pipe_size(pipe: IO[bytes]) -> int:
    """Return how many bytes surely fit into a pipe before a write waits."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415

        return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    return _NARROWEST
