"""docs/sync.md and docs/pull-requests.md: all that `llmreg sync` takes is in them, and nothing that it does not."""

import re

import pytest
from typer.main import get_command

from registry_cli import errors
from registry_cli.cli import app
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
TEXTS = {name: (DOCS / name).read_text() for name in ("sync.md", "pull-requests.md")}


def options(command: str) -> set[str]:
    found = get_command(app).get_command(None, command)
    return {name for each in found.params for name in (*each.opts, *each.secondary_opts) if name.startswith("--")}


@pytest.mark.parametrize("option", sorted(options("sync")))
def test_every_option_is_told(option):
    assert re.search(rf"(?<![\w-]){option}(?![\w-])", "".join(TEXTS.values()))


def test_no_other_option_is_told():
    told = {option for text in TEXTS.values() for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)}
    others = {"--max-age", "--new-since", "--past", "--overlay", "--reason", "--source"}  # of validate, import and set
    assert told - options("sync") == others


def test_every_exit_code_is_told():
    rows = re.findall(r"^\| (\d+) \|", TEXTS["sync.md"], re.MULTILINE)
    assert rows == ["0", "1", "2", "3", "4", "5", "6", "70"]
    assert {str(kind.exit_code) for kind in (errors.GitError, errors.ForgeError, errors.FileError)} <= {*rows}
    assert str(errors.INTERNAL_ERROR) in rows


@pytest.mark.parametrize("name", TEXTS)
def test_the_links_lead_somewhere(name):
    prose = re.sub(r"^```.*?^```", "", TEXTS[name], flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", prose)
    assert links
    assert all((DOCS / link).is_file() for link in links)
