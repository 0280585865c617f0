"""How a run ends when its output goes nowhere, and what an error may put on the screen."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_catalogs import write_catalog

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
