"""llmreg, run in this process as a person would run it: through `main`."""

import contextlib
import gc
import io
import signal
from dataclasses import dataclass

import pytest

from registry_cli.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def run_llmreg(patch: pytest.MonkeyPatch, *arguments: str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    out.fileno = lambda: 1  # type: ignore[method-assign]  # never written to
    patch.setattr("sys.argv", ["llmreg", *arguments])
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as end:
            main()
    finally:
        gc.enable()
        signal.signal(signal.SIGTERM, handler)
    return Ran(int(end.value.code or 0), out.getvalue(), err.getvalue())
