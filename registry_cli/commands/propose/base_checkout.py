"""The base branch of pull requests as the remote has it, in a temporary work tree: what is planned there is proposed.

A person's checkout, index and HEAD are not touched.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.propose.branch_names import branches_of
from registry_cli.commands.propose.forge import Hub, connect_forge
from registry_cli.commands.propose.worktree_context import catalog_paths, context_in_worktree
from registry_cli.core.catalog.settings import SyncSettings
from registry_cli.errors import FileError, GitError
from registry_cli.store.cache.findings import FindingsCache
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.files.names import records_folder
from registry_cli.store.git.remote import Remote
from registry_cli.store.git.repository import Repository
from registry_cli.store.git.worktree import reset_worktree, temporary_worktree


@dataclass(frozen=True, slots=True)
class Wish:
    """How pull requests are to be opened, where it is not as the settings say."""

    base: str | None = None
    draft: bool = False
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()

    def with_settings(self, said: SyncSettings) -> "Wish":
        return Wish(
            self.base or said.base,
            self.draft or said.draft,
            self.labels or said.labels,
            self.assignees or said.assignees,
            self.reviewers or said.reviewers,
        )


@dataclass(frozen=True, slots=True)
class BaseCheckout:
    """A temporary work tree of the base branch. `there` are the circumstances in it, whose catalog is at `root`;
    `heads` the tips of the base branch and of those of ours of this `kind` when the run began."""

    kind: str  # `sync`, or the command that edits
    there: Circumstances
    dry_run: bool
    wish: Wish
    repository: Repository  # the user's
    tree: Repository
    root: Path
    remote: Remote
    hub: Hub
    base: str
    other_base: str  # the same where it is not the default branch, else empty
    heads: Mapping[str, str]

    @property
    def folder(self) -> str:
        """Where the catalog lies in its repository."""
        return self.root.relative_to(self.tree.top).as_posix()

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where a sync or an edit writes."""
        return self.root, records_folder(self.root)

    def reset_to(self, commit: str) -> None:
        """Make the files of the catalog those of a commit."""
        reset_worktree(self.tree, commit, catalog_paths(self.tree, self.root))

    def with_present_heads(self) -> "BaseCheckout":
        """The same with the branches as they are now, and the files of the base branch."""
        checkout = replace(self, heads=_read_heads(self.remote, self.base, branches_of(self.other_base, self.kind)))
        checkout.reset_to(checkout.heads[self.base])
        return checkout


@contextlib.contextmanager
def checkout_base(kind: str, root: Path, given: Circumstances, wish: Wish) -> Iterator[BaseCheckout]:
    """Give the base branch, for pull requests of a kind about the catalog at `root`, which is resolved.

    Raises `GitError`, `ForgeError`; a `FileError` raised while the work tree is there names the file in the branch.
    """
    settings = read_settings(root)
    wish = wish.with_settings(settings.sync)
    repository = Repository(root, given.environ, (settings.commit.name, settings.commit.email))
    remote = Remote(repository, given.environ)
    hub = connect_forge(remote, given.environ)
    default = _default_branch(hub, remote, wish)
    base = wish.base or default
    other_base = "" if base == default else base
    heads = _read_heads(remote, base, branches_of(other_base, kind))
    inside = root.relative_to(repository.top.resolve())
    with temporary_worktree(repository, heads[base], catalog_paths(repository, root)) as tree:
        catalog = tree.top / inside
        if not catalog.is_dir():
            raise GitError(f"the branch {base} has no folder {inside.as_posix()}")
        there = context_in_worktree(given, repository, tree, catalog)
        _take_findings(root, given, there)
        try:
            yield BaseCheckout(
                kind, there, given.dry_run, wish, repository, tree, catalog, remote, hub, base, other_base, heads
            )
        except FileError as fault:
            path = fault.path.removeprefix(f"{tree.top}/")
            if not Path(path).is_absolute() and os.path.lexists(tree.top / path):  # no file of the user's
                fault.path = f"{base}:{path}"
            raise


def _take_findings(root: Path, given: Circumstances, there: Circumstances) -> None:
    """Give the work tree the cached findings of the user's catalog, which hold for every file of the same content."""
    known = FindingsCache(root, given.day, given.environ).read_all()
    if known and there.catalog is not None:
        FindingsCache(there.catalog, there.day, there.environ).write_all(known)


def _default_branch(hub: Hub, remote: Remote, wish: Wish) -> str:
    """The remote's default branch; empty where it has none and the user named the base."""
    if hub.default_branch:
        return hub.default_branch
    try:
        return remote.default_branch()
    except GitError:
        if wish.base is None:
            raise
        return ""


def _read_heads(remote: Remote, base: str, ours: str) -> dict[str, str]:
    """The tips of the base branch, which is fetched, and of those that are ours or in their way."""
    heads = remote.branch_heads(base, f"{ours}*", ours.partition("/")[0])
    if base not in heads:
        raise GitError(f"{remote.name} has no branch {base}: --base names another")
    remote.fetch_heads({base: heads[base]})
    return heads
