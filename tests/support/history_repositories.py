"""Small repositories with a catalog in them."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.cli import CliResult, run_llmreg

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


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., CliResult]:
    """llmreg in this process."""

    def ran(*arguments: str) -> CliResult:
        return run_llmreg(*arguments)

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
