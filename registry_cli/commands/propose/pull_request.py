"""`llmreg sync --pr`: what a sync changes, as one pull request a provider or group, on one branch each.

A run plans against the base branch as the remote has it, in a work tree of its own; a person's checkout is not
touched. What the branch has already is not pushed again, and what a person put there is never overwritten
(docs/pull-requests.md).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.edit.workspace import open_workspace
from registry_cli.commands.propose.base_checkout import BaseCheckout, Wish, checkout_base
from registry_cli.commands.propose.branch import Branch, ProposalRun
from registry_cli.commands.propose.branch_names import SYNC_KIND
from registry_cli.commands.propose.decisions import open_fields
from registry_cli.commands.propose.groups import MOST_NEW, Proposed, Unit
from registry_cli.commands.propose.proposed_branch import retry_where_moved
from registry_cli.commands.propose.supersede import close_superseded
from registry_cli.commands.propose.worktree_context import files_of, own_catalog
from registry_cli.commands.sync.memo import Remembered
from registry_cli.commands.sync.run import Ask, Synced, SyncOptions, sync_catalog
from registry_cli.core.catalog.settings import resolve_groups
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.errors import LlmregError, UsageError
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.catalog.locate import find_catalog
from registry_cli.store.git.remote import Remote
from registry_cli.store.git.repository import Repository

Groups = Mapping[str, tuple[str, ...]]  # the providers of each


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
    with checkout_base(SYNC_KIND, root, given, wish) as checkout:
        names = open_workspace(checkout.root, given.day, checkout.there.environ).names
        asked = {name: names.provider(name) for name in request.providers}
        everyone = sorted({*names.all_providers()})
        grouped = read_settings(root).sync.groups
        new = {name for name, known in asked.items() if known is None} - grouped.keys()
        groups = resolve_groups(grouped, {*everyone, *new})
        providers = everyone if request.all else _resolve_providers(asked, groups)
        checkout.repository.check_clean(files_of(root, providers))
        whole = replace(request, providers=tuple(providers), all=False)
        return _propose_units(ProposalRun(whole, Remembered(ask), checkout, names), groups)


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


def _propose_units(shared: ProposalRun, groups: Groups) -> Proposed:
    checkout = shared.checkout
    synced = _plan_sync(shared, accept=shared.request.accept, keep=shared.request.keep)
    waiting, accept, keep = _find_decisions(shared, synced)
    outcomes: list[Outcome] = []
    units = list(_plan_units([plan.provider for plan in synced.plans], groups, checkout.folder, checkout.other_base))
    for unit in units:
        opened = sum(outcome.action in ("opened", "pushed") for outcome in outcomes)
        branch = Branch(
            *(shared, unit, waiting),
            accept=_targets_of(unit.providers, accept),
            keep=_targets_of(unit.providers, keep),
            may_open=opened < MOST_NEW,
        )
        try:
            if outcomes:
                checkout.reset_to(checkout.heads[checkout.base])
            outcomes.append(retry_where_moved(checkout, partial(_propose_branch, branch)))
        except LlmregError as error:
            if len(units) == 1:
                raise
            outcomes.append(Outcome(unit.name, unit.providers, unit.branch, "failed", note=str(error)))
    outcomes += close_superseded(shared, groups, tuple(outcomes))
    return Proposed(synced, tuple(outcomes), checkout.base)


def _propose_branch(branch: Branch, checkout: BaseCheckout) -> Outcome:
    return replace(branch, shared=replace(branch.shared, checkout=checkout)).propose_branch()


def _plan_sync(shared: ProposalRun, *, accept: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> Synced:
    request = replace(shared.request, accept=accept, keep=keep)
    return sync_catalog(request, replace(shared.checkout.there, dry_run=True), shared.ask)


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
