"""One branch of `llmreg sync --pr`, and its pull request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.propose.decisions import lasting_decisions
from registry_cli.commands.propose.forge import Hub
from registry_cli.commands.propose.groups import MOST_NEW, Unit, Wish
from registry_cli.commands.propose.restamp import keep_timestamps
from registry_cli.commands.propose.worktree_context import catalog_paths
from registry_cli.commands.sync.memo import Remembered
from registry_cli.commands.sync.run import SyncOptions, sync_catalog
from registry_cli.core.names.names import Names
from registry_cli.core.proposals.commit_message import (
    ACCEPT,
    KEEP,
    SOURCE,
    SYNC,
    TREE,
    CommitSummary,
    changes_fingerprint,
    commit_message,
    sources_of,
    subject_line,
)
from registry_cli.core.proposals.outcomes import Action, Outcome
from registry_cli.errors import ForgeError, GitError
from registry_cli.forge.base import ExistsError, PullRequest
from registry_cli.render.pull_requests import (
    change_mark,
    reported_items,
    title_to_keep,
    with_added_words,
    withdraw_mark,
)
from registry_cli.render.pull_requests import pull_request_body as body_of
from registry_cli.store.files.names import records_folder
from registry_cli.store.git.remote import MovedError, Remote, Tip
from registry_cli.store.git.repository import Repository

_GONE = "Nothing is left of this difference: the catalog and its sources agree again."


@dataclass(frozen=True, slots=True)
class ProposalRun:
    """What the branches of one run share. `there` are the circumstances in the work tree, whose catalog is at `root`;
    `names` are those of its providers and models."""

    request: SyncOptions
    there: Circumstances
    dry_run: bool
    ask: Remembered
    wish: Wish
    tree: Repository
    root: Path
    names: Names
    remote: Remote
    hub: Hub
    base: str
    other_base: str  # the same where it is not the default branch, else empty

    @property
    def folder(self) -> str:
        """Where the catalog lies in its repository."""
        return self.root.relative_to(self.tree.top).as_posix()

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where a sync writes."""
        return self.root, records_folder(self.root)

    @property
    def paths(self) -> tuple[str, ...]:
        """The catalog's part of the repository: what a work tree of the run holds."""
        return catalog_paths(self.tree, self.root)


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch as it is now: `start` is the base branch's tip, `heads` the tips of those of ours that there are.

    `waiting` are the fields that wait for a person today, each with how a commit notes a decision about it; `accept`
    and `keep` are those of them that today's decisions are about; `may_open` whether another pull request may be
    opened.
    """

    shared: ProposalRun
    unit: Unit
    start: str
    heads: Mapping[str, str]
    waiting: Mapping[str, str]
    accept: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    may_open: bool = True

    def propose_branch(self) -> Outcome:
        """Sees to it that the branch and its pull request say what there is to say. The work tree is at `start`.

        Raises `MovedError` if the branch was moved meanwhile, `GitError`, `ForgeError`, `FileError`.
        """
        shared, unit, tip = self.shared, self.unit, self._own_tip()
        accept, keep = self._lasting_decisions(tip)
        request = replace(
            shared.request,
            providers=unit.providers,
            all=False,
            accept=(*shared.request.accept, *accept),
            keep=(*shared.request.keep, *keep),
        )
        items = list(sync_catalog(request, shared.there, shared.ask).items)
        answers = shared.ask.answers_for(unit.providers)
        outcome = Outcome(unit.name, unit.providers, unit.branch, "nothing", subject_line(unit.name, items))
        if tip:
            if missing := sources_of(tip.trailers.get(SOURCE, ())) - {answer.source for answer in answers}:
                note = f"{', '.join(sorted(missing))} did not answer, so the branch stays as it is"
                return replace(outcome, action="left", title="", note=note)
            if not request.confirm:
                today = {shared.there.stamp, shared.there.day, *(answer.checked_at for answer in answers)}
                keep_timestamps(shared.tree, shared.folders, tip.oid, today)
        staged = shared.tree.stage_folders(shared.folders)
        if not staged:
            return self._withdraw_request(tip, replace(outcome, title=""))
        accepted = [self.waiting[target] for target in accept]
        kept = [self.waiting[target] for target in keep]
        summary = CommitSummary(unit.name, items, answers, accepted, kept)
        return self._update_request(tip, replace(outcome, body=body_of(unit.name, items, answers)), summary, staged)

    def _own_tip(self) -> Tip | None:
        """The branch's last commit, which must be one of ours. Raises `GitError`."""
        unit, remote = self.unit, self.shared.remote
        if unit.branch not in self.heads:
            return None
        remote.fetch_heads({unit.branch: self.heads[unit.branch]}, parents=True)
        tip = remote.read_tip(self.heads[unit.branch])
        if not is_llmregs_commit(tip, unit.name):
            raise GitError(
                f"the branch {unit.branch} ends in a commit that llmreg did not make ({tip.oid[:9]} by {tip.author}); "
                "it was not touched: merge it, or delete the branch"
            )
        return tip

    def _lasting_decisions(self, tip: Tip | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fields that people accept and keep: what they decided for this branch before holds until they decide
        otherwise, upstream says something else, or the branch is merged."""
        said = tip.trailers if tip else {}
        if tip and not said.keys().isdisjoint((ACCEPT, KEEP)) and self._is_merged(tip):
            said = {}
        fresh = {*self.accept, *self.keep}
        accept, keep = list(self.accept), list(self.keep)
        for trailer, targets in ((ACCEPT, accept), (KEEP, keep)):
            noted = lasting_decisions(said.get(trailer, ()), self.waiting)
            targets += [target for target in noted if target not in fresh]
        return tuple(accept), tuple(keep)

    def _is_merged(self, tip: Tip) -> bool:
        """Whether the branch went into its base and was not deleted then."""
        forge, tree = self.shared.hub.forge, self.shared.tree
        if tree.is_descendant(self.start, tip.oid) or not tree.commit_difference(self.start, tip.oid):
            return True
        closed = forge.closed_requests(self.unit.branch) if forge else ()
        return any(each.merged and each.head == tip.oid for each in closed)

    def _update_request(self, tip: Tip | None, outcome: Outcome, told: CommitSummary, staged: str) -> Outcome:
        """Sees to it that the branch has what is staged, and that a pull request says so."""
        tree, hub = self.shared.tree, self.shared.hub
        held = tip is not None and tree.commit_difference(tip.parent, tip.oid) == staged
        request = self._find_open_request()
        if request is None:
            if by := self._find_declined(told, tip.oid if tip and held else ""):
                note = "a person closed it, and nothing is new since"
                return replace(outcome, action="declined", number=by.number, url=by.url, note=note)
            if tip is None and not self.may_open:
                note = f"this run has opened {MOST_NEW}; groups in the settings put several providers into one"
                return replace(outcome, action="waiting", note=note)
        if not held and not self.shared.dry_run:
            held = self._push_commit(tip, told)
        if hub.forge is None:
            action: Action = "unchanged" if held else "pushed"
            return replace(
                outcome, action=action, url=hub.request_page(self.shared.base, self.unit.branch), note=hub.why
            )
        if request is not None:
            return self._edit_request(request, outcome, pushed=not held)
        return self._create_request(outcome)

    def _push_commit(self, tip: Tip | None, told: CommitSummary) -> bool:
        """Commits what is staged and pushes it; gives whether the branch had just this, hooks and all."""
        tree, remote, branch = self.shared.tree, self.shared.remote, self.unit.branch
        made = tree.commit_staged(lambda name: commit_message(told, name))
        if tip and tree.commit_difference(tip.parent, tip.oid) == tree.commit_difference(self.start, made):
            return True
        above = branch.partition("/")[0]
        if above in self.heads:
            raise GitError(f"{remote.name} has a branch {above}, so that {branch} cannot be: rename it")
        remote.push_commit(made, branch, expected=tip.oid if tip else "")
        return False

    def _find_open_request(self) -> PullRequest | None:
        forge, branch = self.shared.hub.forge, self.unit.branch
        found = forge.open_requests(branch) if forge else []
        if len(found) > 1:
            numbers = ", ".join(f"#{each.number}" for each in found)
            raise ForgeError(f"{branch} has more than one open pull request ({numbers}): close all but one")
        return found[0] if found else None

    def _find_declined(self, told: CommitSummary, tip: str) -> PullRequest | None:
        """A pull request for these very changes that a person closed; `tip` where the branch has them."""
        forge, mark = self.shared.hub.forge, change_mark(changes_fingerprint(reported_items(told.items)))
        for each in forge.closed_requests(self.unit.branch) if forge else ():
            by_a_person = not each.merged and withdraw_mark(mark) not in each.body
            if by_a_person and (mark in each.body or (tip and each.head == tip)):
                return each
        return None

    def _create_request(self, outcome: Outcome) -> Outcome:
        forge, wish, branch = self.shared.hub.forge, self.shared.wish, self.unit.branch
        if self.shared.dry_run or forge is None:
            return replace(outcome, action="opened")
        try:
            made = forge.create_request(branch, self.shared.base, outcome.title, outcome.body, draft=wish.draft)
        except ExistsError:  # another run was quicker
            found = self._find_open_request()
            if found is None:
                raise ForgeError(f"{branch}: there is a pull request, and it cannot be found") from None
            return self._edit_request(found, outcome, pushed=False)
        warnings = []
        for what, names, do in (
            ("labels", wish.labels, forge.add_labels),
            ("assignees", wish.assignees, forge.assign_people),
            ("reviewers", wish.reviewers, forge.ask_review),
        ):
            try:
                if names:
                    do(made.number, names)
            except ForgeError as error:
                warnings.append(f"the pull request has no {what}: {error}")
        return replace(outcome, action="opened", number=made.number, url=made.url, warnings=tuple(warnings))

    def _edit_request(self, request: PullRequest, outcome: Outcome, *, pushed: bool) -> Outcome:
        forge, base = self.shared.hub.forge, self.shared.base
        title = title_to_keep(request.title, request.body) or outcome.title
        body = with_added_words(outcome.body, request.body)
        is_same = (request.title, request.body.strip(), request.base) == (title, body.strip(), base)
        if not is_same and not self.shared.dry_run and forge is not None:
            forge.update_request(request.number, title=title, body=body, base=base)
        action: Action = "unchanged" if is_same and not pushed else "updated"
        return replace(outcome, action=action, number=request.number, url=request.url)

    def _withdraw_request(self, tip: Tip | None, outcome: Outcome) -> Outcome:
        """Nothing is left to propose: closes the pull request and deletes the branch, if it is still as it was."""
        if tip is None:
            return outcome
        forge, request = self.shared.hub.forge, self._find_open_request()
        kept = ""
        if not self.shared.dry_run:
            # The branch first: where a person pushed meanwhile it stays, and so does its pull request.
            kept = delete_branch(self.shared.remote, self.unit.branch, tip.oid)
            if request is not None and forge is not None:
                forge.close_request(request.number, body=withdraw_mark(request.body), comment=_GONE)
        if request is None:
            return replace(outcome, action="nothing" if kept else "closed", note=kept or "the branch is deleted")
        return replace(outcome, action="closed", number=request.number, url=request.url, note=kept)


def delete_branch(remote: Remote, branch: str, oid: str) -> str:
    """Deletes a branch whose tip is at `oid`. A note where the remote forbids that, as rules that protect branches do.

    Raises `MovedError` where the branch is elsewhere by now, `GitError` where the remote cannot be asked.
    """
    try:
        remote.delete_branch(branch, expected=oid)
    except MovedError:
        raise
    except GitError as error:
        if remote.branch_heads(branch).get(branch) != oid:
            raise
        return f"the branch {branch} stays, since {remote.name} refused to delete it: {error.message.splitlines()[-1]}"
    return ""


def is_llmregs_commit(tip: Tip, name: str) -> bool:
    """Whether llmreg made the commit, for the provider or group of this name, and nobody has changed it since."""
    return tip.trailers.get(SYNC) == (name,) and tip.trailers.get(TREE) == (tip.tree,)
