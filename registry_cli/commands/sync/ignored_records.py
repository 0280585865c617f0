"""Warns of source records that git ignores: a clone without them syncs as if for the first time."""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from registry_cli.commands.validate.folders import display_path
from registry_cli.errors import GitError
from registry_cli.store.catalog.records import record_path
from registry_cli.store.files.discovery import find_repository
from registry_cli.store.files.names import records_folder
from registry_cli.store.git.ignored import find_ignored

_NAMED = 3


def ignored_records_warnings(
    root: Path, providers: Iterable[str], *, cwd: Path, environ: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what to say of the records of these providers that git ignores, with the remedy; empty if it ignores none.

    Records that do not exist yet count where no record of these providers does.
    """
    try:
        repository = find_repository(root)
    except GitError:  # which every command says that needs git
        return ()
    if repository is None:
        return ()
    paths = [record_path(root, provider) for provider in providers]
    existing = [path for path in paths if path.exists()]
    ignored = find_ignored(repository, existing or paths, environ)
    if not ignored:
        return ()
    here = cwd.resolve()
    git = "git" if here.is_relative_to(repository.top) else f"git -C {shlex.quote(str(repository.top))}"
    folder = display_path(records_folder(root.resolve()), here)
    shown = [display_path(path, here) for path in ignored]
    if not existing:
        which, when, added = f"source records such as {shown[0]}", "after a sync", [folder]
    elif len(shown) <= _NAMED:
        which, when, added = ", ".join(shown), "to commit them", shown
    else:
        which, when, added = f"{len(shown):,} source records in {folder}", "to commit them", [folder]
    lost = "a clone without its records syncs as if for the first time"
    return (f"git ignores {which}, and {lost}; {when}, run: {git} add --force {shlex.join(added)}",)
