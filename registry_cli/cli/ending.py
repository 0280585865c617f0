"""How a command ends: one line on stderr, and an exit code of `registry_cli.errors`."""

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import typer

from registry_cli.errors import INTERNAL_ERROR, CatalogWarning, FileError, GitError, LlmregError, RefusedError

_PACKAGE = Path(__file__).parents[1]
_USER_IN_ADDRESS = re.compile(r"//[^/@\s]+@")


class Ended(BaseException):  # not an error: click must let it through
    """The run ends early with this exit code: a signal, or the reader of our output went away (`| head`)."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class InternalError(Exception):
    """Carries, as its cause, an error that click would take for something else."""


def report_error(error: BaseException, *, debug: bool) -> int:
    """Print an error on stderr, with `debug` after its traceback, and return its exit code."""
    with suppress(OSError):  # stderr is closed
        if debug:
            typer.echo(format_traceback(error), err=True, nl=False)
        typer.echo(f"llmreg: {describe_error(error)}", err=True)
    return error.exit_code if isinstance(error, LlmregError) else INTERNAL_ERROR


@contextmanager
def show_warnings() -> Iterator[None]:
    """Print warnings about a catalog on stderr, each once and on one line."""
    show_other = warnings.showwarning

    def print_warning(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if not isinstance(message, CatalogWarning):
            show_other(message, category, filename, lineno, file, line)
            return
        from registry_cli.yamledit.escapes import one_line  # noqa: PLC0415  # for a warning alone

        with suppress(OSError):  # stderr is closed
            typer.echo(f"llmreg: warning: {one_line(_relative_path(str(message)))}", err=True)

    with warnings.catch_warnings():
        warnings.showwarning = print_warning
        warnings.simplefilter("default", CatalogWarning)
        yield


def format_traceback(error: BaseException) -> str:
    """Return the traceback as text that is safe on a screen and has no secrets of the environment."""
    import traceback  # noqa: PLC0415  # for --debug alone

    from registry_cli.core.text.secrets import SecretKey, redact_keys  # noqa: PLC0415
    from registry_cli.core.trust.variables import is_secret  # noqa: PLC0415
    from registry_cli.yamledit.escapes import escape_text  # noqa: PLC0415

    text = "".join(traceback.format_exception(error))
    secrets = [SecretKey(name, value) for name, value in os.environ.items() if is_secret(name)]
    return escape_text(_USER_IN_ADDRESS.sub("//[redacted]@", redact_keys(text, secrets)))


def describe_error(error: BaseException) -> str:
    """Return the line that reports an error, safe on a terminal. Only findings and git's messages have many lines."""
    from registry_cli.yamledit.escapes import one_line  # noqa: PLC0415  # for an error alone

    if not isinstance(error, LlmregError):
        cause = _first_cause(error)
        return f"internal error in {_own_place(cause)} ({type(cause).__name__}); run with --debug to see the traceback"
    if isinstance(error, FileError):
        error.path = _relative_path(error.path)
    lines = str(error).split("\n") if isinstance(error, RefusedError | GitError) else [str(error)]
    return "\n".join(map(one_line, lines))


def _relative_path(path: str) -> str:
    return path.removeprefix(f"{os.getcwd()}/")  # noqa: PTH109  # as text


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _own_place(error: BaseException) -> str:
    """Return the last line of llmreg's own code that ran, such as `sources/models_dev.py:120`."""
    places = [(Path(name), line) for name, line in _lines_run(error)]
    own = [(name.relative_to(_PACKAGE), line) for name, line in places if name.is_relative_to(_PACKAGE)]
    name, line = (own or places or [(Path("llmreg"), 0)])[-1]
    return f"{name}:{line}"


def _lines_run(error: BaseException) -> Iterator[tuple[str, int]]:
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next
