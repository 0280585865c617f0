"""docs/pull-requests.md shows what really happens."""

import re
import shlex

import pytest

from tests.support.paths import ROOT
from tests.support.pull_request_workspace import PullRequestWorkspace, workspace

__all__ = ["workspace"]
PAGE = (ROOT / "docs" / "pull-requests.md").read_text()
EXAMPLE = re.search(r"^```\n\$ (llmreg set .*?)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
EDITING = ("set", "unset", "add", "deprecate", "remove", "rename", "alias", "import")


def test_the_example_of_an_edit(workspace: PullRequestWorkspace) -> None:
    assert EXAMPLE is not None
    ran = workspace.run(*shlex.split(EXAMPLE[1])[1:])
    assert ran.out + ran.err == EXAMPLE[2]


@pytest.mark.parametrize("command", EDITING)
def test_commands_that_take_the_option(workspace: PullRequestWorkspace, command: str) -> None:
    assert f"`{command}`" in PAGE
    assert "--pr " in workspace.run(command, "--help").out
