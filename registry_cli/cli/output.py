"""Standard output and standard error, guarded: no text becomes a command of a CI runner, and a failed write says where.

Runners read commands from whatever a step prints. GitHub takes `##[error]` and Azure Pipelines `##vso[task...]`
anywhere in a line, TeamCity `##teamcity[...]`, and GitHub `::error::` at the start of one. Names and ids come from
upstreams, so each such beginning is broken by an escape, in every format: JSON with the escape is equal JSON.
"""

import errno
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, TextIO, cast

from registry_cli.cli.ending import Ended
from registry_cli.errors import FileError, describe_os_error

_ANYWHERE = re.compile(r"(##[A-Za-z]*)\[")
_LINE_START = re.compile(r"((?:\A|[\r\n])[^\S\r\n]*:):")
_REMEMBERED = 80  # characters of an unfinished line; no runner's command begins with more
_MIDDLE = "..."  # stands for the start of a longer line


def without_commands(text: str) -> str:
    r"""The text, which begins a line, with what a runner would act on broken: `##\u005berror]`, `:\u003aerror::`.

    Only the last character of such a beginning is escaped, so that a text may be written in pieces.
    """
    text = without_inline_commands(text)
    return _LINE_START.sub(r"\1\\u003a", text) if "::" in text else text


def without_inline_commands(text: str) -> str:
    """The text with the commands broken that count anywhere in a line; GitHub's annotations stay."""
    return _ANYWHERE.sub(r"\1\\u005b", text) if "##" in text else text


class GuardedStream:
    """A text stream with guarded lines. `faults` is what a failed write ends in; all else is the stream's own."""

    def __init__(self, stream: TextIO, faults: Callable[[], AbstractContextManager[None]]) -> None:
        self._stream = stream
        self._faults = faults
        self._line = ""  # what the last line holds so far

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        whole = without_commands(self._line + _without_hidden_characters(text))
        self._write_as_is(whole[len(self._line) :])
        line = whole.rpartition("\n")[2]
        self._line = line if len(line) <= _REMEMBERED else _MIDDLE + line[-_REMEMBERED:]
        return len(text)

    def write_annotations(self, text: str) -> None:
        """Whole lines that GitHub is meant to act on."""
        self._write_as_is(without_inline_commands(text))

    def flush(self) -> None:
        with self._faults():
            self._stream.flush()

    def _write_as_is(self, text: str) -> None:
        with self._faults():
            self._stream.write(text)


def _without_hidden_characters(text: str) -> str:
    """The text with what cannot be seen shown as escapes; control characters are for the terminal, and stay."""
    if text.isascii():
        return text
    from registry_cli.yamledit.escapes import INVISIBLE, escape_text  # noqa: PLC0415  # seldom needed

    return INVISIBLE.sub(lambda match: escape_text(match[0]), text)


@contextmanager
def output_faults() -> Iterator[None]:
    """Names standard output in the error of a write that failed. A reader that went away (`| head`) ends the run."""
    try:
        yield
    except BrokenPipeError:
        raise Ended(0) from None
    except OSError as error:
        is_closed = error.errno == errno.EBADF
        raise FileError("standard output", "closed" if is_closed else describe_os_error(error)) from None


@contextmanager
def guarded_output() -> Iterator[None]:
    """Guards both streams of the process for the time of one command.

    A message that cannot be written to standard error does not stop the work.
    """
    streams = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", GuardedStream(sys.stdout, output_faults))
    sys.stderr = cast("TextIO", GuardedStream(sys.stderr, lambda: suppress(OSError)))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams


def write_annotations(text: str) -> None:
    """Writes lines with GitHub's workflow commands, the only ones that reach a runner."""
    stream: Any = sys.stdout
    getattr(stream, "write_annotations", stream.write)(text)


def write_file(data: bytes, *, is_text: bool) -> None:
    """Writes a whole file to standard output; a text is guarded, and UTF-8 whatever the locale is."""
    with output_faults():
        sys.stdout.buffer.write(without_commands(data.decode()).encode() if is_text else data)
        sys.stdout.flush()
