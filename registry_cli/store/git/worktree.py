"""A work tree of its own for what is committed elsewhere than on the branch that a person has checked out."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from registry_cli.errors import GitError
from registry_cli.store.git.repository import Repository


@contextlib.contextmanager
def worktree(repository: Repository, start: str) -> Iterator[Repository]:
    """A temporary work tree with a commit checked out, but no branch, which a killed run would leave taken. Its folder
    has room beside it, which goes with it.

    The person's checkout, index and HEAD stay as they are. Raises `GitError`.
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
    """The work tree as a commit has it, whatever was done there."""
    tree.run("checkout", "--quiet", "--force", "--detach", commit)
    tree.run("clean", "--quiet", "--force", "-d", "-x")
