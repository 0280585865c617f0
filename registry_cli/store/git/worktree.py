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
    """A temporary work tree with a commit or a branch checked out; its folder has room beside it, which goes with it.

    The person's checkout, index and HEAD stay as they are. Raises `GitError`.
    """
    folder = Path(tempfile.mkdtemp(prefix="llmreg-"))
    tree = folder / "tree"
    try:
        is_branch = start.startswith("refs/heads/")
        where = [str(tree), start.removeprefix("refs/heads/")] if is_branch else ["--detach", str(tree), start]
        repository.run("worktree", "add", "--quiet", *where)
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
