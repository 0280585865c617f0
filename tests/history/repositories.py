"""Small repositories with a catalog in them."""

import contextlib
import gc
import io
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from registry_cli.cli import main

ME = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str, day: str | None = None) -> str:
    dates = {f"GIT_{who}_DATE": f"{day}T12:00:00Z" for who in ("AUTHOR", "COMMITTER")} if day else {}
    done = subprocess.run(
        ["git", "-C", str(folder), *ME, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **dates},
    )
    return done.stdout.strip()


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """llmreg in this process."""

    def ran(*arguments: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        out.fileno = lambda: 1  # type: ignore[method-assign]  # never written to
        monkeypatch.setattr("sys.argv", ["llmreg", *arguments])
        handler = signal.getsignal(signal.SIGTERM)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as end:
                main()
        finally:
            gc.enable()
            signal.signal(signal.SIGTERM, handler)
        return Ran(int(end.value.code or 0), out.getvalue(), err.getvalue())

    return ran


class Repository:
    def __init__(self, top: Path, folder: str = "config/models") -> None:
        self.top = top
        self.models = top / folder
        self.models.mkdir(parents=True)
        git(top, "init", "--quiet", "--initial-branch=main")

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        self.models.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            if text is None:
                (self.models / name).unlink()
            else:
                (self.models / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, day: str, subject: str, files: Mapping[str, str | bytes | None] | None = None) -> str:
        self.write(files or {})
        git(self.top, "add", "--all")
        git(self.top, "commit", "--quiet", "--allow-empty", "-m", subject, day=day)
        return git(self.top, "rev-parse", "HEAD")

    def git(self, *arguments: str, day: str | None = None) -> str:
        return git(self.top, *arguments, day=day)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "work")
    monkeypatch.chdir(made.top)
    return made
