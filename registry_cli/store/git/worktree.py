"""A temporary work tree, to commit on another branch than the one that the user has checked out.

It holds only the files of the catalog. To check out a large repository would take long, and could run filters and hooks
that have nothing to do with the catalog.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from registry_cli.errors import GitError
from registry_cli.store.git.repository import Repository

_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


@contextlib.contextmanager
def temporary_worktree(repository: Repository, start: str, paths: Sequence[str]) -> Iterator[Repository]:
    """Give a temporary work tree with the files of the commit `start` at `paths`, which are below the top. Its parent
    directory is removed with it.

    HEAD is detached, because a killed run would keep a branch checked out. The user's checkout, index and HEAD stay as
    they are. Raises `GitError`.
    """
    folder = Path(tempfile.mkdtemp(prefix="llmreg-"))
    place = folder / "tree"
    try:
        try:
            add = ("worktree", "add", "--quiet", "--no-checkout", "--detach")
            repository.git_text(*_NO_HOOKS, *add, str(place), start)
            tree = repository.in_own_tree(place)
            reset_worktree(tree, tree.head_commit(), paths)
            yield tree
        finally:
            with contextlib.suppress(GitError):
                repository.git_text("worktree", "remove", "--force", str(place))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reset_worktree(tree: Repository, commit: str, paths: Sequence[str]) -> None:
    """Reset HEAD, the index and the files at these paths to a commit."""
    tree.git_text("update-ref", "--no-deref", "HEAD", commit)
    tree.git_text("read-tree", commit)
    literal = [f":(literal){path}" for path in paths]
    existing = [f":(literal){path}" for path in paths if tree.git_text("ls-tree", "--full-tree", commit, "--", path)]
    if existing:
        tree.git_text("checkout", "--quiet", "--force", commit, "--", *existing)
    tree.git_text("clean", "--quiet", "--force", "-d", "-x", "--", *literal)
