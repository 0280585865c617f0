"""The calls in a file of responses or usage blocks: one JSON value, a list, or one value per line."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from registry_cli.core.responses.call import read_call
from registry_cli.core.responses.lines import LeftOutLine, LineError, NumberedCall, read_lines
from registry_cli.core.text.exact_json import loads
from registry_cli.core.text.json_faults import describe_json_fault
from registry_cli.errors import FileError, UsageError
from registry_cli.store.files.user_files import MAX_LOG_SIZE, read_user_lines

_Line = tuple[int, str]


def read_calls(path: Path) -> Iterator[NumberedCall | LeftOutLine]:
    """Yield the calls of a file, and its lines that are not calls. Lines are read one by one, to bound the memory.

    Raises `FileError` with the line, or the entry of a list, that is not JSON or has an invalid usage block.
    """
    lines = _read_filled_lines(path)
    first, second = (*islice(lines, 2), None, None)[:2]
    if first is not None and second is not None and _is_json(first[1]):
        yield from _read_each(_parse_lines(chain((first, second), lines), path), path)
        return
    every = list(_bound_size((line for line in chain((first, second), lines) if line is not None), path))
    try:
        whole = loads("\n".join(line for _, line in every))
    except (ValueError, RecursionError):
        yield from _read_each(_parse_lines(every, path), path)
        return
    if isinstance(whole, list):
        yield from _read_each(enumerate(whole, 1), path, of_list=True)
        return
    try:
        yield NumberedCall(1, read_call(whole))
    except UsageError as error:
        raise FileError(str(path), error.message) from None


def _read_each(
    values: Iterable[tuple[int, Any]], path: Path, *, of_list: bool = False
) -> Iterator[NumberedCall | LeftOutLine]:
    try:
        yield from read_lines(values, unit="entry" if of_list else "line")
    except LineError as error:
        if of_list:
            raise FileError(str(path), f"entry {error.line}: {error.message}") from None
        raise FileError(str(path), error.message, error.line) from None


def _read_filled_lines(path: Path) -> Iterator[_Line]:
    for number, line in enumerate(read_user_lines(path, longest=MAX_LOG_SIZE), 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise FileError(str(path), "not UTF-8", number) from None
        if text.strip():
            yield number, text


def _bound_size(lines: Iterable[_Line], path: Path) -> Iterator[_Line]:
    size = 0
    for number, line in lines:
        size += len(line)
        if size > MAX_LOG_SIZE:
            raise FileError(str(path), f"larger than {MAX_LOG_SIZE / 1e6:.0f} MB, and its first line is not JSON")
        yield number, line


def _parse_lines(lines: Iterable[_Line], path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in lines:
        try:
            yield number, loads(line)
        except (ValueError, RecursionError) as error:
            fault = describe_json_fault(error)
            raise FileError(str(path), f"not JSON: {fault.words}", number, fault.column) from None


def _is_json(text: str) -> bool:
    try:
        loads(text)
    except (ValueError, RecursionError):
        return False
    return True
