"""Files that are not there yet, all of them or none, and a repository around them."""

import contextlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from registry_cli.errors import GitError
from registry_cli.store.files.durable import check_no_link, faults_of, make_folder


def create_files(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Creates the files, by their paths below the folder, which is created too. Nothing that exists is replaced.

    Raises `FileError`; what was created until then is gone again, but for empty folders.
    """
    for name in files:
        check_no_link(folder, name)
    created: list[Path] = []
    try:
        for name, data in files.items():
            path = folder / name
            make_folder(path.parent)
            with faults_of(path), path.open("xb") as file:
                created.append(path)
                file.write(data)
    except BaseException:
        for path in created:
            with contextlib.suppress(OSError):
                path.unlink()
        raise


def begin_repository(folder: Path) -> bool:
    """`git init` where there is a git program and no repository around the folder; whether one was begun.

    Raises `GitError` with what git said.
    """
    try:
        inside = _git(folder, "rev-parse", "--git-dir").returncode == 0
        begun = None if inside else _git(folder, "init", "--quiet", "--initial-branch=main")
    except FileNotFoundError:
        return False
    if begun is not None and begun.returncode:
        raise GitError(f"git: {begun.stderr.strip()}")
    return begun is not None


def repository_around(folder: Path) -> Path | None:
    """The top of the repository that a folder lies in, or would lie in; None where there is none, or no git."""
    there = next(each for each in (folder.resolve(), *folder.resolve().parents) if each.is_dir())
    try:
        found = _git(there, "rev-parse", "--show-toplevel")
    except FileNotFoundError:
        return None
    return Path(found.stdout.rstrip("\n")).resolve() if found.returncode == 0 else None


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(folder), *arguments]
    environ = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # our own
