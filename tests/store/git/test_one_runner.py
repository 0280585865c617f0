"""One module starts git, and what follows from that for commits and for objects that are missing for a while."""

import ast
import re
from pathlib import Path

import pytest

import registry_cli
from tests.support.cli import run_llmreg
from tests.support.hostile_repositories import plain_git, remove_object

PACKAGE = Path(registry_cli.__file__).parent
STARTERS = re.compile(
    r"subprocess|pty|git|multiprocessing|os\.(system|popen|exec\w+|spawn\w+|posix_spawnp?)|.*Process.*"
)


def test_one_module_starts_git():
    """`gh` is the other program that is started."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Attribute)
        and any(map(STARTERS.fullmatch, _names_in(node)))
    }
    assert found == {"store/git/process.py", "store/git/github_cli.py", "store/git/objects.py"}


def _names_in(node: ast.Import | ast.ImportFrom | ast.Attribute) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [ast.unparse(node)]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "nonsense"])
def test_commits_say_utf_8_whatever_the_encoding_of_others(clone, monkeypatch, encoding):
    plain_git(clone, "config", "i18n.commitEncoding", encoding)
    assert run_llmreg("set", "acme/m1", "description=Größe ✓", "--commit").code == 0
    commit = plain_git(clone, "cat-file", "commit", "HEAD")
    assert "encoding" not in commit.partition("\n\n")[0]
    assert "Größe ✓" in commit.partition("\n\n")[2]


@pytest.mark.parametrize("revision", ["HEAD~2", "HEAD~1"])
@pytest.mark.parametrize("damage", ["missing", "empty", "rubbish"])
def test_an_object_that_comes_back_is_read_again(clone, monkeypatch, revision, damage):
    name = plain_git(clone, "rev-parse", f"{revision}:config/models/acme.yml")
    path = clone / ".git" / "objects" / name[:2] / name[2:]
    content = remove_object(clone / ".git", name)
    if damage != "missing":
        path.write_bytes(b"" if damage == "empty" else b"rubbish")
    ran = run_llmreg("history", "acme/m1")
    assert (ran.code, "missing or damaged" in ran.err) == (5, True)
    path.write_bytes(content)
    ran = run_llmreg("history", "acme/m1")
    assert (ran.code, "1000\t2000" in ran.out, ran.out) == (0, True, history_afresh(monkeypatch))


def history_afresh(monkeypatch: pytest.MonkeyPatch) -> str:
    return run_llmreg("history", "acme/m1", "--no-cache").out
