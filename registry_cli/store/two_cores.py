"""Splits work on many files between two processes."""

import json
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")


def _pack_json(results: list[Any]) -> bytes:
    return json.dumps(results).encode()


def map_in_two_processes(
    work: Callable[[Sequence[Item]], list[Any]],
    items: Sequence[Item],
    pack: Callable[[list[Any]], bytes] = _pack_json,
    unpack: Callable[[bytes], list[Any]] = json.loads,
) -> tuple[list[Any], list[Any]]:
    """Return the results of `work` for the first half of the items and for the second half.

    A fork of this process works on the second half and sends its results through a pipe, packed by `pack`. If the fork
    fails, this process does the second half, too.
    """
    middle = len(items) // 2
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(pack(work(items[middle:])))
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            first_half = work(items[:middle])
            sent = pipe.read()
    finally:
        _, status = os.waitpid(child, 0)
    return first_half, unpack(sent if status == 0 else pack(work(items[middle:])))
