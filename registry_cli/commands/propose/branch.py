"""One branch of `llmreg sync --pr`, and its pull request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from registry_cli.commands.propose.base_checkout import BaseCheckout
from registry_cli.commands.propose.decisions import lasting_decisions
from registry_cli.commands.propose.groups import MOST_NEW, Unit
from registry_cli.commands.propose.proposed_branch import ProposedBranch, StagedChange
from registry_cli.commands.propose.restamp import keep_timestamps
from registry_cli.commands.sync.memo import Remembered
from registry_cli.commands.sync.run import SyncOptions, sync_catalog
from registry_cli.core.names.names import Names
from registry_cli.core.proposals.commit_message import (
    ACCEPT,
    KEEP,
    SOURCE,
    SYNC,
    CommitSummary,
    changes_fingerprint,
    commit_message,
    sources_of,
    subject_line,
)
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.render.pull_requests import pull_request_body as body_of
from registry_cli.render.pull_requests import reported_items
from registry_cli.store.git.remote import Tip

_GONE = "Nothing is left of this difference: the catalog and its sources agree again."
_FULL = f"this run has opened {MOST_NEW}; groups in the settings put several providers into one"


@dataclass(frozen=True, slots=True)
class ProposalRun:
    """What the branches of one run share; `names` are those of the catalog's providers and models."""

    request: SyncOptions
    ask: Remembered
    checkout: BaseCheckout
    names: Names


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a sync.

    `waiting` are the fields that wait for a person today, each with how a commit notes a decision about it; `accept`
    and `keep` are those of them that today's decisions are about; `may_open` whether another pull request may be
    opened.
    """

    shared: ProposalRun
    unit: Unit
    waiting: Mapping[str, str]
    accept: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    may_open: bool = True

    def propose_branch(self) -> Outcome:
        """Sees to it that the branch and its pull request say what there is to say. The work tree is at the base.

        Raises `MovedError` where somebody else moved the branch meanwhile, `GitError`, `ForgeError`, `FileError`.
        """
        shared, unit, checkout = self.shared, self.unit, self.shared.checkout
        branch = ProposedBranch(checkout, unit.branch, (SYNC, unit.name), _GONE)
        tip = branch.read_tip()
        accept, keep = self._lasting_decisions(tip, branch.start)
        request = replace(
            shared.request,
            providers=unit.providers,
            all=False,
            accept=(*shared.request.accept, *accept),
            keep=(*shared.request.keep, *keep),
        )
        items = list(sync_catalog(request, checkout.there, shared.ask).items)
        answers = shared.ask.answers_for(unit.providers)
        outcome = Outcome(unit.name, unit.providers, unit.branch, "nothing", subject_line(unit.name, items))
        if tip:
            if missing := sources_of(tip.trailers.get(SOURCE, ())) - {answer.source for answer in answers}:
                note = f"{', '.join(sorted(missing))} did not answer, so the branch stays as it is"
                return replace(outcome, action="left", title="", note=note)
            if not request.confirm:
                today = {checkout.there.stamp, checkout.there.day, *(answer.checked_at for answer in answers)}
                keep_timestamps(checkout.tree, checkout.folders, tip.oid, today)
        staged = checkout.tree.stage_folders(checkout.folders)
        if not staged:
            return branch.withdraw_request(tip, replace(outcome, title=""))
        accepted = [self.waiting[target] for target in accept]
        kept = [self.waiting[target] for target in keep]
        summary = CommitSummary(unit.name, items, answers, accepted, kept)
        change = StagedChange(staged, partial(commit_message, summary), changes_fingerprint(reported_items(items)))
        full = "" if self.may_open else _FULL
        return branch.update_request(tip, replace(outcome, body=body_of(unit.name, items, answers)), change, full=full)

    def _lasting_decisions(self, tip: Tip | None, start: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fields that people accept and keep: what they decided for this branch before holds until they decide
        otherwise, upstream says something else, or the branch is merged."""
        said = tip.trailers if tip else {}
        if tip and not said.keys().isdisjoint((ACCEPT, KEEP)) and self._is_merged(tip, start):
            said = {}
        fresh = {*self.accept, *self.keep}
        accept, keep = list(self.accept), list(self.keep)
        for trailer, targets in ((ACCEPT, accept), (KEEP, keep)):
            noted = lasting_decisions(said.get(trailer, ()), self.waiting)
            targets += [target for target in noted if target not in fresh]
        return tuple(accept), tuple(keep)

    def _is_merged(self, tip: Tip, start: str) -> bool:
        """Whether the branch went into its base and was not deleted then."""
        forge, tree = self.shared.checkout.hub.forge, self.shared.checkout.tree
        if tree.is_descendant(start, tip.oid) or not tree.commit_difference(start, tip.oid):
            return True
        closed = forge.closed_requests(self.unit.branch) if forge else ()
        return any(each.merged and each.head == tip.oid for each in closed)
