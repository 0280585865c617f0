"""Runs llmreg in this process as a user does: through `main`, with arguments, standard streams and an exit code."""

import contextlib
import gc
import io
import signal
from dataclasses import dataclass

import pytest

from registry_cli.cli import main


@dataclass(frozen=True)
class CliResult:
    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


class _Output(io.TextIOWrapper):
    """Keeps what is written to it, bytes too."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="", write_through=True)

    def fileno(self) -> int:
        return 1  # asked for, never written to

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined]


def run_llmreg(*arguments: object) -> CliResult:
    """What `llmreg ARGUMENTS` writes, and its exit code."""
    out, err = _Output(), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            patch.setattr("sys.argv", ["llmreg", *map(str, arguments)])
            with pytest.raises(SystemExit) as end:
                main()
    finally:
        gc.enable()
        signal.signal(signal.SIGTERM, handler)
    return CliResult(int(end.value.code or 0), out.text(), err.getvalue())
