"""A file that cannot be used ends every command with 6 and the line that `validate` prints for it."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg

Llmreg = Callable[..., subprocess.CompletedProcess[str]]
BAD = {
    "duplicate": "provider: bad\nmodels: {m: {}, m: {}}\n",
    "tag": "provider: bad\nmodels: {m: !!python/none x}\n",
    "deep": "provider: bad\nmodels: " + "[" * 100 + "\n",
    "number": "provider: bad\nmodels: {m: {context_window: 1_000}}\n",
    "wrong-type": "provider: bad\nmodels: {m: {context_window: many}}\n",
    "other-provider": "provider: worse\nmodels: {}\n",
    "list": "- provider\n",
    "empty": "",
    "utf-16": "\ufffe",
    "escape": 'provider: bad\nmodels: {"\\e[31m": {}}\n',
}
COMMANDS = (["query"], ["show", "bad/m"], ["providers"], ["compare", "bad/m"], ["sql", "select 1"])


def llmreg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """As a process of its own, with Python's own start and end."""
    command = [sys.executable, "-m", "registry_cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Llmreg:
    """The same in this process."""

    def ask(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd)
        ran = run_llmreg(*arguments)
        return subprocess.CompletedProcess(arguments, ran.code, ran.out, ran.err)

    return ask


def lay_out(folder: Path, bad: bytes) -> None:
    models = folder / "config" / "models"
    models.mkdir(parents=True)
    (models / "bad.yml").write_bytes(bad)
    (models / "good.yml").write_text("provider: good\nmodels: {m: {}}\n")


def are_refused_alike(ask: Llmreg, commands: Iterable[list[str]], folder: Path) -> None:
    judged = ask("validate", cwd=folder)
    assert judged.returncode == 1
    lines = [line for line in judged.stdout.splitlines() if "provider: the key is missing" not in line]
    for command in commands:
        refused = ask(*command, cwd=folder)
        assert refused.returncode == 6, command
        assert refused.stderr == f"llmreg: {lines[0]}\n"
        assert refused.stdout == ""


@pytest.mark.parametrize("name", BAD)
def test_the_line_and_the_exit_code(name: str, tmp_path: Path, here: Llmreg) -> None:
    lay_out(tmp_path, BAD[name].encode("utf-16") if name == "utf-16" else BAD[name].encode())
    are_refused_alike(here, COMMANDS, tmp_path)


def test_a_process_of_its_own(tmp_path: Path) -> None:
    lay_out(tmp_path, BAD["duplicate"].encode())
    are_refused_alike(llmreg, COMMANDS[:1], tmp_path)


def test_an_edit_of_another_file_goes_on(tmp_path: Path, here: Llmreg) -> None:
    lay_out(tmp_path, BAD["duplicate"].encode())
    assert here("set", "good/m", "name=M", cwd=tmp_path).returncode == 0
    assert "name: M" in (tmp_path / "config" / "models" / "good.yml").read_text()
