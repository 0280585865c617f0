"""`--pr` of the commands that edit: an edit as a branch of its own, with a pull request.

The edit is planned against the base branch as the remote has it. The same command of another day updates the same
pull request; a command with another value does so too (`EditIdentity`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from registry_cli.commands.edit.session import Circumstances, Edited, Plan, run_edit
from registry_cli.commands.edit.workspace import Workspace
from registry_cli.commands.propose.base_checkout import BaseCheckout, Wish, checkout_base
from registry_cli.commands.propose.branch_names import EditIdentity, edit_branch_of
from registry_cli.commands.propose.proposed_branch import ProposedBranch, StagedChange, retry_where_moved
from registry_cli.commands.propose.restamp import changed_paths, keep_timestamps
from registry_cli.commands.propose.worktree_context import own_catalog
from registry_cli.core.edits.entries import Draft
from registry_cli.core.edits.message import checked_source, shorten_subject
from registry_cli.core.matching.items import Item
from registry_cli.core.proposals.commit_message import EDIT, EditSummary, changes_fingerprint, edit_commit_message
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.errors import UsageError
from registry_cli.render.pull_requests import edit_request_body, reported_items

_GONE = "Nothing is left of this difference: the base branch has the same values."


@dataclass(frozen=True, slots=True)
class ProposedEdit:
    """The edit of the base branch, and the result for its branch and pull request."""

    edited: Edited
    outcome: Outcome
    base: str


def propose_edit(
    plan: Plan, given: Circumstances, identity: EditIdentity, wish: Wish, *, force: bool = False
) -> ProposedEdit:
    """Make a planned edit on a branch of its own, and open or update its pull request. With `given.dry_run` nothing is
    pushed and the forge is only asked.

    Raises what `run_edit` raises, and `GitError`, `ForgeError`; nothing is changed then.
    """
    checked_source(given.source)
    root = own_catalog(given).resolve()
    with checkout_base(identity.command, root, given, wish) as checkout:
        return retry_where_moved(checkout, partial(_edit_and_propose, plan, given, identity, force=force))


def _edit_and_propose(
    plan: Plan, given: Circumstances, identity: EditIdentity, checkout: BaseCheckout, *, force: bool
) -> ProposedEdit:
    resolved = identity

    def plan_and_resolve(workspace: Workspace) -> Draft:
        nonlocal resolved
        resolved = replace(identity, target=_resolve_target(workspace, identity.target))
        return plan(workspace)

    there = replace(checkout.there, reason=None, source=None)
    edited = run_edit(plan_and_resolve, there, force=force)
    items = [Item(each.model, each.field, "applied", each.old, each.new) for each in edited.changes]
    outcome = put_edit_forward(checkout, resolved, edited.subject, items, given, today={there.stamp})
    return ProposedEdit(edited, outcome, checkout.base)


def _resolve_target(workspace: Workspace, target: str) -> str:
    """The ID of the model or provider that a text names, so that every name of a model means the same edit. A new
    model keeps its name."""
    prefix, slash, rest = target.partition("/")
    try:
        provider = workspace.names.provider(prefix)
        if provider is not None and not slash:
            return provider
        return str(workspace.resolve(target))
    except UsageError:
        return f"{workspace.names.provider(prefix) or prefix}/{rest}" if slash else target


def put_edit_forward(
    checkout: BaseCheckout,
    identity: EditIdentity,
    title: str,
    items: Sequence[Item],
    given: Circumstances,
    *,
    today: Collection[str],
) -> Outcome:
    """Propose what an edit wrote in the work tree; `items` are its changes, `today` the times that it wrote.

    Raises `GitError`, also for files that have uncommitted changes in the user's checkout, `ForgeError`, `MovedError`.
    """
    name = identity.name_in(checkout.folder)
    branch = ProposedBranch(checkout, edit_branch_of(name, identity.command, checkout.other_base), (EDIT, name), _GONE)
    tip = branch.read_tip()
    if tip:
        keep_timestamps(checkout.tree, checkout.folders, tip.oid, today)
    difference = checkout.tree.stage_folders(checkout.folders)
    providers = tuple(dict.fromkeys(item.model.partition("/")[0] for item in items))
    if not difference:
        return branch.withdraw_request(tip, Outcome(name, providers, branch.branch, "nothing"))
    checkout.repository.check_clean([checkout.repository.top / path for path in changed_paths(checkout.tree)])
    told = EditSummary(name, shorten_subject(title), items, given.reason, given.source)
    change = StagedChange(difference, partial(edit_commit_message, told), changes_fingerprint(reported_items(items)))
    body = edit_request_body(told)
    return branch.update_request(tip, Outcome(name, providers, branch.branch, "nothing", told.title, body), change)
