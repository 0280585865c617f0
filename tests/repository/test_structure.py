"""What can be counted of the structure of the code: it may become better, and not worse."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

PACKAGE = ROOT / "registry_cli"
LARGE_PACKAGES = {"cli", "sources", "render", "core/checks/rules"}  # many modules of one kind
MOST_MODULES, MOST_LINES = 15, 400
LONG_FUNCTION, MOST_LONG_FUNCTIONS = 50, 1
MOST_ONE_WORD_NAMES = 0.12  # of all functions
MOST_COMPREHENSIONS, MOST_NESTED = 40, 6  # for 1,000 lines; in all
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def functions() -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = (node for _, tree in modules() for node in ast.walk(tree))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_class_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_packages_and_modules_are_small() -> None:
    sizes = defaultdict(int)
    for path in PACKAGE.rglob("*.py"):
        sizes[path.relative_to(PACKAGE).parent.as_posix()] += path.name != "__init__.py"
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path
    assert {package for package, count in sizes.items() if count > MOST_MODULES} <= LARGE_PACKAGES


def test_core_store_and_commands_hold_packages_only_each_with_its_purpose() -> None:
    for layer in ("core", "store", "commands"):
        loose = {path.name for path in (PACKAGE / layer).glob("*.py")} - {"__init__.py", "two_cores.py"}
        assert loose == set()
        for package in (path for path in (PACKAGE / layer).iterdir() if (path / "__init__.py").is_file()):
            assert ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))), package


def test_long_functions_and_one_word_names_do_not_become_more() -> None:
    found = functions()
    long = [node.name for node in found if (node.end_lineno or 0) - node.lineno >= LONG_FUNCTION]
    assert len(long) <= MOST_LONG_FUNCTIONS, long
    names = [node.name.strip("_") for node in found if not node.name.startswith("__")]
    assert sum("_" not in name for name in names) <= MOST_ONE_WORD_NAMES * len(names)


def test_comprehensions_do_not_become_more() -> None:
    found = [node for _, tree in modules() for node in ast.walk(tree) if isinstance(node, COMPREHENSIONS)]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py"))
    assert len(found) <= MOST_COMPREHENSIONS * lines / 1000
    nested = [node.lineno for node in found if any(isinstance(part, COMPREHENSIONS) for part in _parts_of(node))]
    assert len(nested) <= MOST_NESTED


def _parts_of(node: ast.AST) -> Iterator[ast.AST]:
    return (part for part in ast.walk(node) if part is not node)
