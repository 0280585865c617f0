"""Nothing that a catalog holds reaches a CI runner as a command, whatever prints it."""

import io
import json
import re
from pathlib import Path

import pytest

from registry_cli.cli.output import GuardedStream, output_faults, without_commands
from tests.support.random_catalogs import write_catalog
from tests.support.small_catalog import QuestionRunner

ODD = ("##[error]boom", "x##vso[task.setvariable variable=a]b", "##TeamCity[x]", "::error::boom", "::add-mask::e")
# As the runners read a line: actions/runner ActionCommand.TryParse and TryParseV2, Azure's agent, TeamCity.
COMMAND = re.compile(r"##[A-Za-z]*\[|(?m:^)[^\S\n]*::")
CATALOG = {"acme": {"name": ODD[0], "models": {name: {"name": name, "family": name} for name in ODD}}}


@pytest.fixture
def odd(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    return QuestionRunner(write_catalog(tmp_path / "catalog", CATALOG))


@pytest.mark.parametrize(
    "arguments",
    [
        ["query"],
        ["query", "-f", "ids"],
        ["query", "-f", "csv"],
        ["query", "-f", "markdown"],
        ["query", "-f", "table", "--columns", "name,id"],
        ["query", "--columns", "name"],
        ["show", f"acme/{ODD[4]}"],
        ["show", f"acme/{ODD[3]}#name"],
        ["compare", *(f"acme/{name}" for name in ODD[:2])],
        ["providers"],
        ["export", "csv"],
        ["export", "litellm"],
        ["export", "markdown"],
        ["sql", "select name from models"],
        ["show", "acme/::error::x"],
        ["set", f"acme/{ODD[0]}", "family=::error::y", "--dry-run"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_gets_through(odd, arguments):
    said = odd(*arguments) + odd.err
    assert "boom" in said or "add-mask" in said or "error" in said
    assert not COMMAND.search(said), said


@pytest.mark.parametrize("arguments", [["query", "-f", "json"], ["query", "-f", "jsonl"], ["export", "models.dev"]])
def test_json_stays_equal(odd, arguments):
    text = odd(*arguments, "--columns", "id,name") if arguments[0] == "query" else odd(*arguments)
    assert not COMMAND.search(text)
    values = [json.loads(line) for line in text.splitlines()] if "jsonl" in arguments else [json.loads(text)]
    assert all(name in _texts(values) for name in ODD)


def test_a_file_is_exact(odd, tmp_path):
    odd("export", "csv", "--to", str(tmp_path / "out.csv"))
    assert all(name in (tmp_path / "out.csv").read_text() for name in ODD)


def test_annotations_are_commands_and_what_they_quote_is_none(odd):
    Path(odd.root, "acme.yml").write_text("provider: acme\nmodels:\n  '##[error]x': {contxt: '::error::y'}\n")
    lines = odd("validate", "-f", "github").splitlines()
    assert lines
    assert all(line.startswith("::error file=") for line in lines)
    assert not any("##[" in line for line in lines)
    assert not COMMAND.search(odd("validate") + odd.err)


def test_a_command_written_in_pieces():
    for text in ODD:
        for cut in range(len(text)):
            target = io.StringIO()
            stream = GuardedStream(target, output_faults)
            for piece in ("line\n  ", text[:cut], text[cut:]):
                stream.write(piece)
            assert target.getvalue() == f"line\n{without_commands('  ' + text)}"
            assert not COMMAND.search(target.getvalue())


@pytest.mark.parametrize("text", ["", "a::b", "std::vector", "## [a]", "# ## x\n", "a\n b :: c\n", "[##]"])
def test_other_text_stays(text):
    assert without_commands(text) == text


def _texts(value):
    if isinstance(value, dict):
        return {text for pair in value.items() for part in pair for text in _texts(part)}
    if isinstance(value, list):
        return {text for item in value for text in _texts(item)}
    return {value}
