"""A catalog as another work tree of its repository has it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from registry_cli.commands.edit.session import Circumstances
from registry_cli.errors import UsageError
from registry_cli.store.catalog.locate import find_catalog, settings_path
from registry_cli.store.catalog.records import record_path
from registry_cli.store.files.names import SUFFIXES, is_part_folder, records_folder
from registry_cli.store.git.repository import Repository


def own_catalog(given: Circumstances) -> Path:
    """The folder of a catalog that may be committed to. Raises `UsageError`."""
    found = find_catalog(given.catalog, cwd=given.cwd, environ=given.environ)
    if found.origin == "bundled":
        raise UsageError("the catalog that came with llmreg is in no repository of yours: --catalog names another")
    return found.root


def context_in_worktree(given: Circumstances, repository: Repository, tree: Repository, catalog: Path) -> Circumstances:
    """The circumstances in a temporary work tree. What is remembered there goes with it: nobody meets its folder
    again."""
    top, cwd = repository.top.resolve(), given.cwd.resolve()
    return replace(
        given,
        catalog=catalog,
        cwd=tree.top / cwd.relative_to(top) if cwd.is_relative_to(top) else tree.top,
        environ={**given.environ, "LLMREG_CACHE": str(tree.top.parent / "cache")},
        dry_run=False,
    )


def catalog_paths(repository: Repository, root: Path) -> tuple[str, ...]:
    """What a repository has of a catalog, below its top: provider files, records and settings."""
    found = dict.fromkeys(map(repository.path_of, (root, records_folder(root.resolve()), settings_path(root))))
    return (".",) if "." in found else tuple(found)


def files_of(root: Path, providers: Sequence[str]) -> list[Path]:
    """What a sync of these providers may write, whether it exists or not."""
    paths = []
    for provider in providers:
        paths.append(record_path(root, provider))
        paths += (root.resolve() / f"{provider}{suffix}" for suffix in SUFFIXES)
        parts = root.resolve() / provider
        if is_part_folder(parts):
            paths += sorted(path for path in parts.iterdir() if path.suffix in SUFFIXES and path.name[0] != ".")
    return paths
