"""A work tree of its own for what is committed elsewhere than on the branch that a person has checked out.

It holds the files of the catalog alone, whatever else the repository has and whatever of it the person has checked out:
checking out a large repository takes long, and may run filters and hooks that have no business with a catalog.
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
def worktree(repository: Repository, start: str, paths: Sequence[str]) -> Iterator[Repository]:
    """A temporary work tree at a commit, but of no branch, which a killed run would leave taken. Of the commit's files
    it has those at `paths`, which are below the top. Its folder has room beside it, which goes with it.

    The person's checkout, index and HEAD stay as they are. Raises `GitError`.
    """
    folder = Path(tempfile.mkdtemp(prefix="llmreg-"))
    place = folder / "tree"
    try:
        try:
            add = ("worktree", "add", "--quiet", "--no-checkout", "--detach")
            repository.run(*_NO_HOOKS, *add, str(place), start)
            tree = repository.in_own_tree(place)
            restore(tree, tree.head(), paths)
            yield tree
        finally:
            with contextlib.suppress(GitError):
                repository.run("worktree", "remove", "--force", str(place))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(tree: Repository, commit: str, paths: Sequence[str]) -> None:
    """The work tree's files at these paths as a commit has them, whatever was done there; HEAD and index, too."""
    tree.run("update-ref", "--no-deref", "HEAD", commit)
    tree.run("read-tree", commit)
    literal = [f":(literal){path}" for path in paths]
    there = [f":(literal){path}" for path in paths if tree.run("ls-tree", "--full-tree", commit, "--", path)]
    if there:
        tree.run("checkout", "--quiet", "--force", commit, "--", *there)
    tree.run("clean", "--quiet", "--force", "-d", "-x", "--", *literal)
