"""`llmreg sync --commit`: the files that a sync writes as one commit, here or on another branch, pushed if asked."""

from dataclasses import dataclass, replace
from pathlib import Path

from registry_cli.commands.editing import Circumstances
from registry_cli.commands.elsewhere import elsewhere, files_of, own_catalog
from registry_cli.commands.folders import held
from registry_cli.commands.forges import hub_of
from registry_cli.commands.remembered import Remembered
from registry_cli.commands.sync import Ask, Request, Synced, sync
from registry_cli.core.proposal import Told, commit_message
from registry_cli.errors import FileError, GitError
from registry_cli.store.files import read_whole
from registry_cli.store.git import Repository
from registry_cli.store.git_remote import Remote
from registry_cli.store.git_worktree import worktree
from registry_cli.store.journal import RECORDS
from registry_cli.store.settings import read_settings
from registry_cli.store.transaction import Change, write_files


@dataclass(frozen=True, slots=True)
class Committed:
    """`commit` is the commit's short name, None where there was nothing to commit; `pushed_to` the remote's branch."""

    synced: Synced
    commit: str | None = None
    branch: str | None = None
    pushed_to: str | None = None


def sync_and_commit(
    request: Request, given: Circumstances, ask: Ask, *, branch: str | None = None, push: bool = False
) -> Committed:
    """Syncs the present branch or another, and commits what was written. Where git refuses, the files are as before.

    Raises what `sync` raises, and `GitError`, also for files that have changes of their own.
    """
    root = own_catalog(given)
    settings = read_settings(root)
    repository = Repository(root, given.environ, (settings.commit.name, settings.commit.email))
    here = repository.branch()
    if branch is None and here is None:
        raise GitError("HEAD is detached: --branch names the branch to commit to")
    remote = Remote(repository, given.environ) if push else None
    remembered = Remembered(ask)
    if branch is None or branch == here:
        made = _commit_here(repository, root, request, given, remembered)
    else:
        made = _commit_elsewhere(repository, root, request, given, remembered, branch=branch)
    if remote is None or made.commit is None:
        return made
    hub_of(remote, given.environ, asked=False)
    target = branch or str(here)
    remote.push(repository.run("rev-parse", made.commit), target)
    return replace(made, pushed_to=f"{remote.name}/{target}")


def _commit_here(
    repository: Repository, root: Path, request: Request, given: Circumstances, ask: Remembered
) -> Committed:
    planned = sync(request, replace(given, dry_run=True), ask)
    paths = files_of(root, [plan.provider for plan in planned.plans])
    repository.check_clean(paths)
    before = {path: read_whole(path) for path in paths}
    head = repository.head()
    synced = sync(request, given, ask)
    try:
        changes = [Change(path, old, new) for path, old in before.items() if (new := read_whole(path)) != old]
        if not changes:
            return Committed(synced)
        message = commit_message(_told(synced, ask))
        return Committed(synced, repository.commit([change.path for change in changes], message), repository.branch())
    except BaseException as error:
        if repository.head() != head:
            raise  # the commit was made before the signal came
        outcome = _undone(root, before)
        if isinstance(error, GitError):
            raise GitError(f"{error.message}\n{outcome}") from None
        raise


def _undone(root: Path, before: dict[Path, bytes | None]) -> str:
    changes = [Change(path, now, old) for path, old in before.items() if (now := read_whole(path)) != old]
    try:
        with held(root, dry_run=False):
            write_files(root, changes)
    except FileError as fault:
        return f"what was written could not be undone and stays in the work tree: {fault}"
    return "nothing was committed; the files are as they were"


def _commit_elsewhere(
    repository: Repository, root: Path, request: Request, given: Circumstances, ask: Remembered, *, branch: str
) -> Committed:
    """In a work tree of its own, on a branch that there is or that starts where HEAD is."""
    repository.run("check-ref-format", "--branch", branch)
    is_new = not repository.run("for-each-ref", f"refs/heads/{branch}")
    inside = root.resolve().relative_to(repository.top.resolve())
    with worktree(repository, "HEAD" if is_new else f"refs/heads/{branch}") as tree:
        catalog = tree.top / inside
        if not catalog.is_dir():
            raise GitError(f"{branch} has no folder {inside.as_posix()}")
        synced = sync(request, elsewhere(given, repository, tree, catalog), ask)
        repository.check_clean(files_of(root, [plan.provider for plan in synced.plans]))
        if not tree.stage((catalog, catalog.parent / RECORDS)):
            return Committed(synced)
        made = tree.commit_staged(lambda _: commit_message(_told(synced, ask)))
        if is_new:
            repository.run("branch", "--no-track", branch, made)
        return Committed(synced, repository.run("rev-parse", "--short", made), branch)


def _told(synced: Synced, ask: Remembered) -> Told:
    providers = [plan.provider for plan in synced.plans]
    name = providers[0] if len(providers) == 1 else f"{len(providers)} providers"
    return Told(name, list(synced.items), ask.heard(providers), synced=providers)
