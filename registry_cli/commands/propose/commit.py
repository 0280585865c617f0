"""`llmreg sync --commit`: the files that a sync writes as one commit, here or on another branch, pushed if asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from registry_cli.commands.edit.file_commit import WrittenChanges, commit_written, repository_of, write_to_commit
from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.propose.forge import connect_forge
from registry_cli.commands.propose.worktree_context import catalog_paths, context_in_worktree, files_of, own_catalog
from registry_cli.commands.sync.memo import Remembered
from registry_cli.commands.sync.run import Ask, Synced, SyncOptions, sync_catalog
from registry_cli.core.proposals.commit_message import SYNC, CommitSummary, commit_message
from registry_cli.errors import GitError
from registry_cli.store.files.names import records_folder
from registry_cli.store.files.transaction import FileChange
from registry_cli.store.git.pending_commit import lock_for_commit
from registry_cli.store.git.remote import HEADS, Remote
from registry_cli.store.git.repository import Repository
from registry_cli.store.git.worktree import temporary_worktree


@dataclass(frozen=True, slots=True)
class Committed:
    """`commit` is the commit's short name, None where there was nothing to commit; `pushed_to` the remote's branch.

    `finished` is the commit of an earlier run that was killed between writing and committing.
    """

    synced: Synced
    commit: str | None = None
    branch: str | None = None
    pushed_to: str | None = None
    finished: str | None = None


def sync_and_commit(
    request: SyncOptions, given: Circumstances, ask: Ask, *, branch: str | None = None, push: bool = False
) -> Committed:
    """Syncs the present branch or another, and commits what was written. Where git refuses, the files are as before.

    Raises what `sync` raises, and `GitError`, also for files that have changes of their own.
    """
    root = own_catalog(given)
    repository = repository_of(root, given.environ)
    here = repository.current_branch()
    if branch is None and here is None:
        raise GitError("HEAD is detached: --branch names the branch to commit to")
    remote = Remote(repository, given.environ) if push else None
    if remote:
        connect_forge(remote, given.environ, asked=False)
    remembered = Remembered(ask)
    if branch is not None and branch != here:
        return _commit_elsewhere(repository, root, request, given, remembered, branch=branch, remote=remote)
    made = _commit_here(repository, request, given, remembered)
    last = made.commit or made.finished
    if remote is None or last is None:
        return made
    target = branch or str(here)
    remote.push_commit(repository.git_text("rev-parse", last), target)
    return replace(made, pushed_to=f"{remote.name}/{target}")


def _commit_here(repository: Repository, request: SyncOptions, given: Circumstances, ask: Remembered) -> Committed:
    """Ask the sources before the catalog is locked, by a plan that is thrown away."""
    repository.check_no_hook()
    sync_catalog(request, replace(given, dry_run=True), ask)
    written: list[WrittenChanges] = []

    def write(root: Path, changes: Sequence[FileChange], synced: Synced) -> None:
        repository.check_clean(files_of(root, [plan.provider for plan in synced.plans]))
        changed = [change for change in changes if change.old != change.new]
        if changed:
            written.append(write_to_commit(repository, root, changed, commit_message(_summarize_commit(synced, ask))))

    with lock_for_commit(repository) as finished:
        synced = sync_catalog(request, given, ask, write)
        commit = commit_written(repository, written[0]) if written else None
    return Committed(synced, commit, repository.current_branch(), finished=finished)


def _commit_elsewhere(
    repository: Repository,
    root: Path,
    request: SyncOptions,
    given: Circumstances,
    ask: Remembered,
    *,
    branch: str,
    remote: Remote | None,
) -> Committed:
    """In a work tree of its own. With a remote the branch goes on from there, and is pushed before it moves here."""
    repository.git_text("check-ref-format", "--branch", branch)
    repository.check_not_checked_out(branch)
    own = f"{HEADS}{branch}"
    here = _commit_of(repository, own)
    there = remote.branch_heads(branch).get(branch) if remote else None
    start = _later_start(repository, remote, branch, there) if remote and there else here
    if not start and not _commit_of(repository, "HEAD"):
        raise GitError(f"{repository.top}: the repository has no commit yet")
    inside = root.resolve().relative_to(repository.top.resolve())
    with temporary_worktree(repository, start or "HEAD", catalog_paths(repository, root)) as tree:
        catalog = tree.top / inside
        if not catalog.is_dir():
            raise GitError(f"{branch} has no folder {inside.as_posix()}")
        synced = sync_catalog(request, context_in_worktree(given, repository, tree, catalog), ask)
        repository.check_clean(files_of(root, [plan.provider for plan in synced.plans]))
        is_new = bool(tree.stage_folders((catalog, records_folder(catalog))))
        tip = (
            tree.commit_staged(lambda _: commit_message(_summarize_commit(synced, ask)))
            if is_new
            else tree.head_commit()
        )
        pushed_to = None
        if remote and tip != there and (is_new or start):  # also what an earlier run committed and could not push
            remote.push_commit(tip, branch)
            pushed_to = f"{remote.name}/{branch}"
        if is_new:
            repository.git_text("update-ref", "-m", "llmreg sync", own, tip, here)
        made = repository.git_text("rev-parse", "--short", tip) if is_new else None
        return Committed(synced, made, branch, pushed_to)


def _later_start(repository: Repository, remote: Remote, branch: str, there: str) -> str:
    """Where a branch goes on that the remote has at `there`: that commit, or the branch here if it is ahead of it.

    Raises `GitError` where neither follows the other, and where the remote's is a person's.
    """
    remote.fetch_heads({branch: there})
    here = _commit_of(repository, f"{HEADS}{branch}")
    if here and repository.is_descendant(here, there):
        return here
    if here and not repository.is_descendant(there, here):
        raise GitError(f"{branch} and {remote.name}/{branch} have diverged: merge them, or delete one of them")
    tip = remote.read_tip(there)
    if SYNC not in tip.trailers:
        raise GitError(
            f"{remote.name}/{branch} ends in a commit that llmreg did not make ({there[:9]} by {tip.author}); it was "
            f"not touched: `git fetch {remote.name} {branch}:{branch}` says that it shall go on from there"
        )
    return there


def _commit_of(repository: Repository, ref: str) -> str:
    """The commit of a reference, empty where there is none."""
    return repository.git_text("rev-parse", "--revs-only", ref)


def _summarize_commit(synced: Synced, ask: Remembered) -> CommitSummary:
    providers = [plan.provider for plan in synced.plans]
    name = providers[0] if len(providers) == 1 else f"{len(providers)} providers"
    return CommitSummary(name, list(synced.items), ask.answers_for(providers), synced=providers)
