"""Faults at the border to the kernel: `os` with one call, or every call from one on, failing, fatal or interrupted.

What is under test reaches the disk through `os` and `pathlib`, which looks its functions up in `os` as well.
"""

import contextlib
import errno
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

CALLS = (
    "open", "read", "write", "fsync", "close", "fstat", "stat", "lstat", "scandir", "mkdir", "fchmod", "fchown",
    "replace", "unlink",
)  # fmt: skip
LOOKS = {"stat", "lstat", "fstat", "read", "scandir"}  # a crash there finds what the call before left
ERRNOS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES)

Call = tuple[str, tuple[Any, ...]]  # name and arguments
Fault = Callable[[int, Call, Callable[[], Any]], Any]  # (number of the call, the call, do it) -> its result


@contextlib.contextmanager
def disk(fault: Fault) -> Iterator[list[Call]]:
    """Every call of `CALLS` within goes through `fault`; gives the list of the calls so far."""
    calls: list[Call] = []

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            calls.append((name, args))
            return fault(len(calls) - 1, calls[-1], lambda: real(*args, **options))

        return call

    with contextlib.ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(patch.object(os, name, wrapped(name, getattr(os, name))))
        yield calls


def healthy(number: int, call: Call, do: Callable[[], Any]) -> Any:
    return do()


def failing(at: int, code: int, *, for_good: bool = False) -> Fault:
    """The call number `at` fails with this errno; `for_good`, so does every later one."""

    def fault(number: int, call: Call, do: Callable[[], Any]) -> Any:
        if number == at or (for_good and number > at):
            if call[0] == "close":
                do()  # a close that fails has closed
            raise OSError(code, os.strerror(code))
        return do()

    return fault


def signalled(at: int, number_of_signal: int, when: str) -> Fault:
    """The process gets a signal `before` or `after` the call number `at`."""

    def fault(number: int, call: Call, do: Callable[[], Any]) -> Any:
        if number == at and when == "before":
            os.kill(os.getpid(), number_of_signal)
        try:
            return do()
        finally:
            if number == at and when == "after":
                os.kill(os.getpid(), number_of_signal)

    return fault


def in_child(action: Callable[[], object], fault: Fault = healthy) -> int:
    """Runs the action on that disk in a fork: minus the signal that ended it, 130 for an interrupt, else 0 or 1."""
    child = start_child(action, fault)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def start_child(action: Callable[[], object], fault: Fault = healthy) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with disk(fault):
            action()
        code = 0
    except KeyboardInterrupt:
        code = 130
    finally:
        os._exit(code)
