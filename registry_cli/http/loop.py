"""The event loop of `client.py`, which never waits for a name look-up, and the import of httpx without slow parts."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def run_coroutine(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also from within the event loop of a caller."""

    def start() -> T:
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(_NobodyWaits())
            return runner.run(work)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return start()
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(start).result()


class _NobodyWaits(ThreadPoolExecutor):
    """A thread for each look-up of a host's name. It may outlast the deadline, and the process does not wait for it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        future: Future[T] = Future()

        def run_and_report() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:  # noqa: BLE001  # the caller gets it
                    future.set_exception(error)

        Thread(target=run_and_report, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nothing."""


def import_httpx() -> Any:
    """Return httpx, without two things that make it slow.

    Its command line imports rich and pygments. And where sniffio is not installed, httpcore searches the whole import
    path for it at each step.
    """
    shadowed: dict[str, Any] = {} if "httpx" in sys.modules else {"httpx._main": None}
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        shadowed["sniffio"] = None  # makes further imports of it fail at once
    sys.modules.update(shadowed)
    import httpx  # noqa: PLC0415  # a tenth of a second; only commands that ask upstreams pay it

    if "httpx._main" in shadowed:
        del sys.modules["httpx._main"]
    return httpx
