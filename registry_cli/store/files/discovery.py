"""Find the repository that a folder lies in, by its `.git` and by nothing else.

git's own search also takes a folder that holds `HEAD`, `objects` and `refs` for a bare repository. Such a folder can be
ordinary files of a clone, and its `config` names programs that git would run.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from registry_cli.errors import GitError

_LINK = b"gitdir: "  # what a `.git` file begins with, in linked work trees and submodules
_LONGEST_LINK = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class RepositoryFolders:
    """The folders of a repository, without symbolic links.

    `top` is the work tree. `git_dir` belongs to this work tree; `common_dir` is shared by all work trees.
    """

    top: Path
    git_dir: Path
    common_dir: Path

    def prefix_of(self, folder: Path) -> str:
        """Return the path of a folder below the top, with a slash at its end; empty for the top."""
        inside = os.path.relpath(os.path.realpath(folder), self.top)
        return "" if inside == os.curdir else f"{inside}/"


def find_repository(folder: Path) -> RepositoryFolders | None:
    """Return the repository that a folder lies in, or would lie in; None where there is none.

    Raises `GitError` for a folder on the way up that looks like a repository itself.
    """
    start = Path(os.path.realpath(folder))
    for top in (start, *start.parents):
        if is_git_dir(top):
            raise GitError(
                f"{top}: holds HEAD, objects and refs, so git would take it for a repository of its own; "
                "llmreg does not use git here"
            )
        git_dir = _git_dir_of(top)
        if git_dir is not None:
            return RepositoryFolders(top, git_dir, _common_dir_of(git_dir))
    return None


def is_git_dir(folder: Path) -> bool:
    """Whether git might take a folder for a git directory. git looks closer, so that it takes fewer."""
    names = [name for name in ("HEAD", "objects", "refs", "commondir") if os.path.lexists(folder / name)]
    return names[:1] == ["HEAD"] and ("commondir" in names or names[1:3] == ["objects", "refs"])


def _git_dir_of(top: Path) -> Path | None:
    """Return what the `.git` of a folder is, or leads to; None where git would search on."""
    path = top / ".git"
    if os.path.isdir(path):  # noqa: PTH112  # of a folder that may not be read, `Path.is_dir` makes an error
        return Path(os.path.realpath(path)) if is_git_dir(path) else None
    if not os.path.isfile(path):  # noqa: PTH113  # as above
        return None
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_LINK)
    except OSError as error:
        raise GitError(f"{path}: {error.strerror or error}") from None
    target = content.removeprefix(_LINK).rstrip(b"\r\n")
    if not content.startswith(_LINK) or not target or b"\0" in target:
        raise GitError(f"{path}: does not name a git directory")
    return Path(os.path.realpath(top / os.fsdecode(target)))


def _common_dir_of(git_dir: Path) -> Path:
    try:
        content = (git_dir / "commondir").read_bytes()
    except OSError:
        return git_dir
    return Path(os.path.realpath(git_dir / os.fsdecode(content.rstrip(b"\r\n"))))
