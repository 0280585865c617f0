"""`llmreg sync --pr`: what a sync changes, as one pull request a provider or group, on one branch each.

A run plans against the base branch as the remote has it, in a work tree of its own; a person's checkout is not
touched. What the branch has already is not pushed again, and what a person put there is never overwritten
(docs/pull-requests.md).
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.edit.workspace import open_workspace
from registry_cli.commands.propose.branch import Branch, ProposalRun
from registry_cli.commands.propose.decisions import open_fields
from registry_cli.commands.propose.forge import Hub, connect_forge
from registry_cli.commands.propose.groups import MOST_NEW, Proposed, Unit, Wish, branches_of
from registry_cli.commands.propose.supersede import close_superseded
from registry_cli.commands.propose.worktree_context import catalog_paths, context_in_worktree, files_of, own_catalog
from registry_cli.commands.sync.memo import Remembered
from registry_cli.commands.sync.run import Ask, Synced, SyncOptions, sync_catalog
from registry_cli.core.catalog.settings import resolve_groups
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.errors import FileError, GitError, LlmregError, UsageError
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.catalog.locate import find_catalog
from registry_cli.store.git.remote import MovedError, Remote
from registry_cli.store.git.repository import Repository
from registry_cli.store.git.worktree import reset_worktree, temporary_worktree

Groups = Mapping[str, tuple[str, ...]]  # the providers of each
_TRIES = 3  # where another run or a person moves a branch meanwhile


def may_propose(given: Circumstances) -> bool:
    """Whether the catalog lies in a repository with a remote, so that a pull request can be offered."""
    try:
        root = find_catalog(given.catalog, cwd=given.cwd, environ=given.environ).root
        Remote(Repository(root, given.environ), given.environ)
    except LlmregError:
        return False
    return True


def propose_changes(request: SyncOptions, given: Circumstances, ask: Ask, wish: Wish) -> Proposed:
    """Syncs, and makes a pull request of what changed; with `given.dry_run` only works out which.

    Raises what `sync` raises, and `GitError`, `ForgeError`. Of several pull requests one that fails is an outcome.
    """
    if request.all == bool(request.providers):
        raise UsageError("name providers, or --all for those of the catalog")
    root = own_catalog(given).resolve()
    settings = read_settings(root)
    wish = wish.with_settings(settings.sync)
    repository = Repository(root, given.environ, (settings.commit.name, settings.commit.email))
    remote = Remote(repository, given.environ)
    hub = connect_forge(remote, given.environ)
    default = _default_branch(hub, remote, wish)
    base = wish.base or default
    other_base = "" if base == default else base
    heads = _fetch_heads(remote, base, other_base)
    inside = root.relative_to(repository.top.resolve())
    with temporary_worktree(repository, heads[base], catalog_paths(repository, root)) as tree:
        catalog = tree.top / inside
        if not catalog.is_dir():
            raise GitError(f"the branch {base} has no folder {inside.as_posix()}")
        there = context_in_worktree(given, repository, tree, catalog)
        try:
            names = open_workspace(catalog, given.day, there.environ).names
            asked = {name: names.provider(name) for name in request.providers}
            everyone = sorted({*names.all_providers()})
            new = {name for name, known in asked.items() if known is None} - settings.sync.groups.keys()
            groups = resolve_groups(settings.sync.groups, {*everyone, *new})
            providers = everyone if request.all else _resolve_providers(asked, groups)
            repository.check_clean(files_of(root, providers))
            whole = replace(request, providers=tuple(providers), all=False)
            shared = ProposalRun(
                whole, there, given.dry_run, Remembered(ask), wish, tree, catalog, names, remote, hub, base, other_base
            )
            return _propose_units(shared, groups, heads)
        except FileError as fault:
            path = fault.path.removeprefix(f"{tree.top}/")
            if not Path(path).is_absolute() and os.path.lexists(tree.top / path):  # no recorded answer of the person's
                fault.path = f"{base}:{path}"
            raise


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


def _fetch_heads(remote: Remote, base: str, other_base: str) -> dict[str, str]:
    """The tips of the base branch, which is fetched, and of those that are ours or in their way."""
    ours = branches_of(other_base)
    heads = remote.branch_heads(base, f"{ours}*", ours.partition("/")[0])
    if base not in heads:
        raise GitError(f"{remote.name} has no branch {base}: --base names another")
    remote.fetch_heads({base: heads[base]})
    return heads


def _resolve_providers(asked: Mapping[str, str | None], groups: Groups) -> list[str]:
    """Those asked for, by the ids that the catalog has for their names, each with the whole of its group; a group may
    be asked for by its name."""
    found: list[str] = []
    for name, known in asked.items():
        if name in groups and known is None:
            if not groups[name]:
                raise UsageError(f"no provider of the catalog is in the group {name}")
            found += groups[name]
        else:
            provider = known or name
            found += next((members for members in groups.values() if provider in members), (provider,))
    return list(dict.fromkeys(found))


def _plan_units(providers: Sequence[str], groups: Groups, folder: str, base: str) -> Iterator[Unit]:
    inside = {each for members in groups.values() for each in members}
    for name, members in groups.items():
        if together := tuple(each for each in members if each in providers):
            yield Unit(name, together, folder, base)
    for provider in providers:
        if provider in groups and provider not in inside:
            raise UsageError(f"the group {provider} in the settings is called like a provider that is not in it")
        if provider not in inside:
            yield Unit(provider, (provider,), folder, base)


def _propose_units(shared: ProposalRun, groups: Groups, heads: dict[str, str]) -> Proposed:
    synced = _plan_sync(shared, accept=shared.request.accept, keep=shared.request.keep)
    waiting, accept, keep = _find_decisions(shared, synced)
    outcomes: list[Outcome] = []
    units = list(_plan_units([plan.provider for plan in synced.plans], groups, shared.folder, shared.other_base))
    for unit in units:
        opened = sum(outcome.action in ("opened", "pushed") for outcome in outcomes)
        branch = Branch(
            *(shared, unit, heads[shared.base], heads, waiting),
            accept=_targets_of(unit.providers, accept),
            keep=_targets_of(unit.providers, keep),
            may_open=opened < MOST_NEW,
        )
        try:
            if outcomes:
                reset_worktree(shared.tree, branch.start, shared.paths)
            outcomes.append(_propose_with_retries(branch))
        except LlmregError as error:
            if len(units) == 1:
                raise
            outcomes.append(Outcome(unit.name, unit.providers, unit.branch, "failed", note=str(error)))
    outcomes += close_superseded(shared, groups, heads, tuple(outcomes))
    return Proposed(synced, tuple(outcomes), shared.base)


def _propose_with_retries(branch: Branch) -> Outcome:
    """Looks again where the branch was moved meanwhile: another run may have done the work."""
    for _ in range(_TRIES - 1):
        try:
            return branch.propose_branch()
        except MovedError:
            heads = _fetch_heads(branch.shared.remote, branch.shared.base, branch.shared.other_base)
            branch = replace(branch, heads=heads, start=heads[branch.shared.base])
            reset_worktree(branch.shared.tree, branch.start, branch.shared.paths)
    return branch.propose_branch()


def _plan_sync(shared: ProposalRun, *, accept: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> Synced:
    request = replace(shared.request, accept=accept, keep=keep)
    return sync_catalog(request, replace(shared.there, dry_run=True), shared.ask)


def _find_decisions(shared: ProposalRun, synced: Synced) -> tuple[Mapping[str, str], list[str], list[str]]:
    """What waits for a person without today's decisions (see `open_fields`), and what of it they accept and keep."""
    request = shared.request
    if not request.accept and not request.keep:
        return open_fields(synced.items), [], []
    waiting = open_fields(_plan_sync(shared).items)
    left, accepted = open_fields(synced.items), open_fields(_plan_sync(shared, accept=request.accept).items)
    accept = [each for each in waiting if each not in accepted]
    return waiting, accept, [each for each in waiting if each in accepted and each not in left]


def _targets_of(providers: Collection[str], targets: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in targets if FieldRef.parse(each).owner.partition("/")[0] in providers)
