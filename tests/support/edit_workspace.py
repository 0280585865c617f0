"""A small catalog, and llmreg run on it: in this process, through `main`, at a fixed time."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.cli import CliResult, run_llmreg

NOW = datetime(2026, 11, 22, 10, 30, 0, tzinfo=UTC)
STAMP = "updated_at: '2026-11-22T10:30:00Z'"


class EditWorkspace:
    """A folder with a catalog of provider files."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.models = root / "config" / "models"
        self._patch = monkeypatch

    def write(self, name: str, text: str | bytes) -> Path:
        self.models.mkdir(parents=True, exist_ok=True)
        path = self.models / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def text(self, name: str = "acme.yml") -> str:
        return (self.models / name).read_bytes().decode()

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()
                and ".git" not in path.parts and "cache" not in path.parts}  # fmt: skip

    def run(self, *arguments: str) -> CliResult:
        return run_llmreg(*arguments)

    def done(self, *arguments: str) -> CliResult:
        """A run that must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, ran.err
        return ran

    def refused(self, code: int, *arguments: str) -> str:
        """What a run says that must end with this code and change nothing."""
        before = self.files()
        ran = self.run(*arguments)
        assert ran.code == code, (ran.code, ran.err, ran.out)
        assert self.files() == before
        assert "Traceback" not in ran.err
        return ran.err


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EditWorkspace:
    for name in [name for name in os.environ if name.startswith(("LLMREG_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("registry_cli.clock.current_time", lambda: NOW)
    made = EditWorkspace(tmp_path / "work", monkeypatch)
    made.write("acme.yml", ACME)
    monkeypatch.chdir(made.root)
    return made


ACME = """\
# The models of Acme.
provider: acme  # the id
default_model: large
models:

  # The big one.
  large:  # since 2026
    aliases: [big]  # people say so
    context_window: 1000
    max_output_tokens: 500
    pricing:
      input: 2.5   # was 3
      output: 10
      variants:
      - when: {service_tier: batch}
        input: 1.25
    capabilities:
    - vision
    - function_calling: {version: '2.0'}   # detailed
    release_date: '2026-01-15'

  small:
    context_window: 500
    replacement: large
"""
