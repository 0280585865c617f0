"""A temporary work tree, to commit on another branch than the one that the user has checked out."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from registry_cli.errors import GitError
from registry_cli.store.git.repository import Repository


@contextlib.contextmanager
def worktree(repository: Repository, start: str) -> Iterator[Repository]:
    """Give a temporary work tree with the commit `start` checked out. Its parent directory is removed with it.

    HEAD is detached, because a killed run would keep a branch checked out. The user's checkout, index and HEAD stay as
    they are. Raises `GitError`.
    """
    folder = Path(tempfile.mkdtemp(prefix="llmreg-"))
    tree = folder / "tree"
    try:
        repository.run("worktree", "add", "--quiet", "--detach", str(tree), start)
        try:
            yield repository.at(tree)
        finally:
            with contextlib.suppress(GitError):
                repository.run("worktree", "remove", "--force", str(tree))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(tree: Repository, commit: str) -> None:
    """Reset the work tree to a commit and delete all other files in it."""
    tree.run("checkout", "--quiet", "--force", "--detach", commit)
    tree.run("clean", "--quiet", "--force", "-d", "-x")
