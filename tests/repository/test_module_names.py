"""Modules that comments and pages name are there: files move, and what is said about them must follow."""

import re

import pytest

from tests.support.paths import ROOT

PACKAGE = ROOT / "registry_cli"
FOLDERS = "|".join(sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()))
NAMED = re.compile(rf"`((?:{FOLDERS})(?:\.\w+|/[\w.]+)+)`")
GIT_SETTINGS = {"core.sshCommand"}
TEXTS = [*PACKAGE.rglob("*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("docs/*.md"), ROOT / "README.md"]


def test_modules_that_are_named_exist() -> None:
    named = [(path, name) for path in TEXTS for name in NAMED.findall(path.read_text("utf-8"))]
    assert len(named) > 50
    missing = [(path, name) for path, name in named if not is_there(name) and name not in GIT_SETTINGS]
    assert [f"{path.relative_to(ROOT)}: {name}" for path, name in missing] == []


def is_there(name: str) -> bool:
    """Whether a dotted or slashed name is a module, a package, or something that a module has."""
    path = PACKAGE / (name if "/" in name else name.replace(".", "/"))
    if path.exists() or path.with_suffix(".py").is_file():
        return True
    module = path.parent.with_suffix(".py")
    return module.is_file() and bool(re.search(rf"(?m)^((class|def) )?{path.name}\b", module.read_text("utf-8")))


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("core.names.names", True),
        ("core.names.names.Names", True),
        ("core/names/names.py", True),
        ("core/checks/rules/", True),
        ("core.riddles", False),
        ("core.names.names.Nothing", False),
        ("store/git_program.py", False),
    ],
)
def test_what_counts_as_being_there(name: str, there: bool) -> None:
    assert is_there(name) == there
