"""Files of a catalog that git ignores."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_cli.errors import GitError
from registry_cli.store.files.discovery import RepositoryFolders
from registry_cli.store.git.process import GitProgram


def find_ignored(repository: RepositoryFolders, paths: Sequence[Path], environ: Mapping[str, str]) -> list[Path]:
    """Return those of these paths that git ignores and does not track; they need not exist.

    Empty where git is missing or refuses.
    """
    by_name = {f"{repository.prefix_of(path.parent)}{path.name}": path for path in paths}
    if not by_name:
        return []
    git = GitProgram(repository.top, environ, only_reads=True, settings=("-c", "core.quotePath=false"))
    try:
        printed = git.run_git("check-ignore", "--", *by_name)
    except GitError:  # also where none is ignored
        return []
    return [by_name[name] for name in printed.decode(errors="surrogateescape").splitlines() if name in by_name]
