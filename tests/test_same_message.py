"""A file that cannot be used ends every command with 6 and the line that `validate` prints for it."""

import subprocess
import sys
from pathlib import Path

import pytest

BAD = {
    "duplicate": "provider: bad\nmodels: {m: {}, m: {}}\n",
    "tag": "provider: bad\nmodels: {m: !!python/none x}\n",
    "deep": "provider: bad\nmodels: " + "[" * 100 + "\n",
    "number": "provider: bad\nmodels: {m: {context_window: 1_000}}\n",
    "unknown-key": "models: {m: {contxt_window: 1}}\n",
    "wrong-type": "provider: bad\nmodels: {m: {context_window: many}}\n",
    "other-provider": "provider: worse\nmodels: {}\n",
    "list": "- provider\n",
    "empty": "",
    "utf-16": "\ufffe",
    "escape": 'provider: bad\nmodels: {"\\e[31m": {}}\n',
}
COMMANDS = (["query"], ["show", "bad/m"], ["providers"], ["compare", "bad/m"], ["sql", "select 1"])


def llmreg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "registry_cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", BAD)
def test_the_line_and_the_exit_code(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "config" / "models"
    folder.mkdir(parents=True)
    text = BAD[name].encode("utf-16") if name == "utf-16" else BAD[name].encode()
    (folder / "bad.yml").write_bytes(text)
    (folder / "good.yml").write_text("provider: good\nmodels: {m: {}}\n")
    judged = llmreg("validate", cwd=tmp_path)
    assert judged.returncode == 1
    lines = [line for line in judged.stdout.splitlines() if "provider: the key is missing" not in line]
    for command in COMMANDS if name == "duplicate" else COMMANDS[:1]:
        refused = llmreg(*command, cwd=tmp_path)
        assert refused.returncode == 6, command
        assert refused.stderr == f"llmreg: {lines[0]}\n"
        assert refused.stdout == ""


def test_an_edit_of_another_file_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    folder = tmp_path / "config" / "models"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text(BAD["duplicate"])
    (folder / "good.yml").write_text("provider: good\nmodels: {m: {}}\n")
    assert llmreg("set", "good/m", "name=M", cwd=tmp_path).returncode == 0
    assert "name: M" in (folder / "good.yml").read_text()
