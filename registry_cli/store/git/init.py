"""Creates the files of a new catalog, all or none, and a repository around them."""

import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from registry_cli.store.files.discovery import find_repository
from registry_cli.store.files.durable import check_no_link, make_folder, os_errors_as_faults
from registry_cli.store.git.process import GitProgram


def create_files(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Create the files, by their paths below `folder`, and the directories. No existing file is replaced.

    Raises `FileError`; the files created until then are removed again, but not the directories.
    """
    for name in files:
        check_no_link(folder, name)
    created: list[Path] = []
    try:
        for name, data in files.items():
            path = folder / name
            make_folder(path.parent)
            with os_errors_as_faults(path), path.open("xb") as file:
                created.append(path)
                file.write(data)
    except BaseException:
        for path in created:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def begin_repository(folder: Path, environ: Mapping[str, str]) -> bool:
    """Run `git init` where there is a git program and no repository around the folder; return whether one was begun.

    Raises `GitError` with what git said.
    """
    if find_repository(folder) is not None or shutil.which("git", path=environ.get("PATH")) is None:
        return False
    GitProgram(folder, environ).run_git("init", "--quiet", "--initial-branch=main")
    return True


def repository_around(folder: Path) -> Path | None:
    """Return the top of the repository that a folder lies in, or would lie in; None where there is none."""
    repository = find_repository(folder)
    return repository.top if repository else None
