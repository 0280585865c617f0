"""What `client.py` runs on: an event loop that waits for nobody, and httpx imported without its slow paths."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, also from within somebody else's event loop."""

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
    """A thread for each look-up of a host's name: it may outlast the deadline, and the process does not wait for it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        future: Future[T] = Future()

        def work() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:  # noqa: BLE001  # whoever asked gets it
                    future.set_exception(error)

        Thread(target=work, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """There is nothing to wait for."""


def import_httpx() -> Any:
    """httpx, without what makes its import and every one of its steps slow: its own command line, which brings rich
    and pygments, and sniffio, which httpcore looks for on the whole path at each step where it is not installed."""
    shadowed: dict[str, Any] = {} if "httpx" in sys.modules else {"httpx._main": None}
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        shadowed["sniffio"] = None  # "there is no such module", remembered
    sys.modules.update(shadowed)
    import httpx  # noqa: PLC0415  # a tenth of a second; only commands that ask upstreams pay it

    if "httpx._main" in shadowed:
        del sys.modules["httpx._main"]
    return httpx
