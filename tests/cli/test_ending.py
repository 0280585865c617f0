"""How a run ends when its output goes nowhere, and what an error may put on the screen."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.random_catalogs import write_catalog

LLMREG = [sys.executable, "-m", "registry_cli"]
HOSTILE = "evil\x1b[31m\x07\nllmreg: all is well"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_full_disk_under_the_output(tmp_path, form):
    models = {f"m{number}": {} for number in range(3000 if form == "json" else 1)}  # fails in a write, or in the flush
    root = write_catalog(tmp_path / "catalog", {"acme": {"models": models}})
    command = [*LLMREG, "query", "--catalog", str(root), "--format", form]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (6, "llmreg: standard output: No space left on device\n")


def test_a_file_name_does_not_steer_the_terminal(run):
    (run.root / f"{HOSTILE}.yml").write_text("- 1\n")
    for arguments in (["query"], ["show", "large-2"], ["validate"]):
        said = run(*arguments) + run.err
        assert run.code in (1, 6)
        assert "evil\\x1b[31m\\x07\\nllmreg: all is well.yml" in said
        assert "\x1b" not in said
        assert "\x07" not in said
    assert run("query") == ""
    assert run.err.count("\n") == 1


def test_a_folder_name_does_not_steer_the_terminal(run, tmp_path):
    run.root = tmp_path / HOSTILE
    run("query")
    assert run.code == 2
    assert "evil\\x1b[31m\\x07" in run.err
    assert not set(run.err) & {"\x1b", "\x07"}
    assert run.err.count("\n") == 1


def test_a_model_name_does_not_steer_the_terminal(run):
    run("show", HOSTILE)
    assert run.code == 2
    assert not set(run.err) & {"\x1b", "\x07"}
    assert run.err.count("\n") == 1


CANARY = "sk-CANARY-0123456789abcdef"
UNFORESEEN = [
    TypeError(CANARY),
    MemoryError(),
    RecursionError("deep"),
    EOFError(),
    BrokenPipeError(32, "Broken pipe"),  # of some other pipe than our output
    OSError(28, "No space left on device"),
    asyncio.CancelledError(),
]


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
def test_an_unforeseen_error_is_one_line_and_exit_70(run, monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setenv("ACME_API_KEY", CANARY)
    monkeypatch.setattr("registry_cli.cli.schema.command", fail)
    assert run("schema") == ""
    assert run.code == 70
    assert re.fullmatch(r"llmreg: internal error in \S+:\d+ \(\w+\); run with --debug to see the traceback\n", run.err)
    assert type(error).__name__ in run.err
    assert CANARY not in run.err
    for arguments in (["--debug", "schema"], ["schema", "--debug"]):
        monkeypatch.setattr("sys.argv", ["llmreg", *arguments])
        run("schema", "--debug")
        assert run.code == 70
        assert run.err.startswith("Traceback (most recent call last)")
        assert "in fail" in run.err
        assert run.err.splitlines()[-1].startswith("llmreg: internal error in ")
        assert CANARY not in run.err


def test_the_place_of_an_internal_error_is_the_last_line_of_llmregs_own(run, monkeypatch):
    monkeypatch.setattr("registry_cli.store.catalog.locate.open", lambda *_, **__: json.loads("{"), raising=False)
    run("query", "--no-cache")
    assert run.code == 70
    assert re.match(r"llmreg: internal error in store/catalog/locate.py:\d+ \(JSONDecodeError\); ", run.err)


def test_debug_keeps_the_exit_code_of_an_error(run, monkeypatch):
    monkeypatch.setenv("ACME_TOKEN", CANARY)
    run("show", "nothing", "--debug")
    assert run.code == 2
    assert run.err.startswith("Traceback (most recent call last)")
    assert run.err.splitlines()[-1].startswith("llmreg: ")
    run("show", f"acme/{CANARY}", "--debug")
    assert CANARY not in run.err.rpartition("llmreg: ")[0]


@pytest.mark.parametrize("closed", [">&-", "<&- >&-", ">&- 2>&-"])
def test_a_closed_output_is_an_error(tmp_path, closed):
    root = write_catalog(tmp_path / "catalog", {"acme": {"models": {"m": {}}}})
    command = shlex.join([*LLMREG, "query", "--catalog", str(root)])
    ran = subprocess.run(["sh", "-c", f"{command} {closed}"], capture_output=True, text=True, check=False)
    assert ran.returncode == 6
    assert ran.stderr == ("" if "2>" in closed else "llmreg: standard output: closed\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
@pytest.mark.parametrize("form", ["csv", "sqlite"])
def test_a_full_disk_under_an_export(tmp_path, form):
    root = write_catalog(tmp_path / "catalog", {"acme": {"models": {f"m{number}": {} for number in range(3000)}}})
    command = [*LLMREG, "export", form, "--catalog", str(root)]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (6, "llmreg: standard output: No space left on device\n")


def test_a_closed_output_is_no_error_where_nothing_is_written(tmp_path):
    root = write_catalog(tmp_path / "catalog", {"acme": {"models": {"m": {}}}})
    command = shlex.join([*LLMREG, "validate", "--quiet", "--catalog", str(root)])
    assert subprocess.run(["sh", "-c", f"{command} >&-"], check=False).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
def test_messages_that_cannot_be_written_stop_no_work(tmp_path):
    root = write_catalog(tmp_path / "catalog", {"acme": {"models": {"m": {}}}})
    with open("/dev/full", "w") as full:  # noqa: PTH123
        command = [*LLMREG, "set", "acme/m", "name=M", "--catalog", str(root)]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert ran.returncode == 0
    assert "M" in (root / "acme.yml").read_text()


def test_the_reader_of_a_pipe_may_go_away(tmp_path):
    root = write_catalog(tmp_path / "catalog", {"acme": {"models": {f"m{number}": {} for number in range(9000)}}})
    command = shlex.join([*LLMREG, "query", "--catalog", str(root)])
    line = f"{command} 2>{tmp_path / 'err'} | head -1 >/dev/null; test ${{PIPESTATUS[0]}} = 0"
    assert subprocess.run(["bash", "-c", line], check=False).returncode == 0
    assert (tmp_path / "err").read_text() == ""
