"""docs/ci.md: the files it names exist, and its commands and settings are ones that llmreg takes."""

import os
import re
import shlex

import pytest
import yaml
from typer.main import get_command

from registry_cli.cli import app
from registry_cli.store.cache.settings import examine_file
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "ci.md").read_text()
BLOCKS = re.findall(r"^ *```(\w+)\n(.*?)^ *```", TEXT, re.MULTILINE | re.DOTALL)
NAMED = re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", TEXT, flags=re.MULTILINE | re.DOTALL))
MADE_BY_INIT = {".pre-commit-config.yaml", "config/llmreg.yml"}  # in a catalog's repository


def commands():
    """Every `llmreg ...` of the page, as words."""
    lines = [line for _, block in BLOCKS for line in block.splitlines()] + NAMED
    for line in lines:
        for part in re.split(r"&&|^\s*- ", line):
            if part.strip().startswith("llmreg "):
                yield shlex.split(part.strip(), comments=True)[1:]


def test_the_paths_exist():
    paths = {name for name in NAMED if re.fullmatch(r"\.?[\w-]+(/[\w.-]+)+|\.?[\w-]+\.(yml|yaml|md|txt)", name)}
    paths -= {name for name in paths if name.startswith(("actions/", ".git/"))}
    assert len(paths) >= 8
    assert {name for name in paths - MADE_BY_INIT if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_the_commands_are_llmregs(words):
    group = get_command(app)
    command = group.get_command(None, words[0])
    assert command is not None, words
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= options


def test_there_are_commands():
    assert len(list(commands())) >= 8


def test_a_branch_that_is_pushed_needs_no_fetch_before():
    """`tests/commands/propose/test_git_rows.py` shows that a fresh clone is enough."""
    pushed = [words for words in commands() if {"--branch", "--push"} <= {*words}]
    assert len(pushed) == 2
    assert "git fetch" not in TEXT


def test_the_settings_are_settings(tmp_path):
    blocks = [yaml.safe_load(block) for kind, block in BLOCKS if kind == "yaml"]
    settings = [
        block for block in blocks if block.keys() <= {"sync", "commit", "validate"} and "image" not in str(block)
    ]
    assert len(settings) == 2
    for number, block in enumerate(settings):
        path = tmp_path / f"{number}.yml"
        path.write_text(yaml.safe_dump(block))
        assert examine_file(path)[1] == []


def test_the_inputs_of_the_action_are_all_there():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert set(action["inputs"]) == set(NAMED) & set(action["inputs"])
    used = [step["with"] for kind, block in BLOCKS if kind == "yaml"
            for step in yaml.safe_load(block).get("steps", []) if "llmreg@" in step.get("uses", "")]  # fmt: skip
    assert len(used) == 2
    assert set().union(*used) <= set(action["inputs"])


def test_the_hooks_are_ours():
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {match for _, block in BLOCKS for match in re.findall(r"id: (llmreg-\w+)", block)} == hooks


def test_the_pins_are_those_of_our_workflows():
    ours = "".join(path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    pins = re.findall(r"actions/[\w-]+@[0-9a-f]{40} # \S+", TEXT)
    assert pins
    assert all(pin in ours for pin in pins)


def test_the_scripts_can_be_run():
    for name in ("run", "build", "action"):
        assert os.access(ROOT / ".ci" / name, os.X_OK)
