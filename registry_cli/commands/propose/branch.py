"""One branch of `llmreg sync --pr`, and its pull request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.propose.decisions import still_meant
from registry_cli.commands.propose.forge import Hub
from registry_cli.commands.propose.groups import MOST_NEW, Unit, Wish
from registry_cli.commands.propose.restamp import restamp
from registry_cli.commands.sync.memo import Remembered
from registry_cli.commands.sync.run import SyncOptions, sync
from registry_cli.core.names.names import Names
from registry_cli.core.proposals.commit_message import (
    ACCEPT,
    KEEP,
    SOURCE,
    SYNC,
    TREE,
    CommitSummary,
    commit_message,
    fingerprint,
    headline,
    sources_of,
)
from registry_cli.core.proposals.outcomes import Action, Outcome
from registry_cli.errors import ForgeError, GitError
from registry_cli.forge.base import ExistsError, PullRequest
from registry_cli.render.pull_requests import body as body_of
from registry_cli.render.pull_requests import mark_of, said_of, title_to_keep, with_added_words, withdrawn
from registry_cli.store.files.names import RECORDS
from registry_cli.store.git.remote import Remote, Tip
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

    @property
    def folder(self) -> str:
        """Where the catalog lies in its repository."""
        return self.root.relative_to(self.tree.top).as_posix()

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where a sync writes."""
        return self.root, self.root.parent / RECORDS


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

    def propose(self) -> Outcome:
        """Bring the branch and its pull request up to date. The work tree is at `start`.

        Raises `MovedError` if the branch was moved meanwhile, `GitError`, `ForgeError`, `FileError`.
        """
        shared, unit, tip = self.shared, self.unit, self._tip()
        accept, keep = self._decisions(tip)
        request = replace(
            shared.request,
            providers=unit.providers,
            all=False,
            accept=(*shared.request.accept, *accept),
            keep=(*shared.request.keep, *keep),
        )
        items = list(sync(request, shared.there, shared.ask).items)
        answers = shared.ask.heard(unit.providers)
        outcome = Outcome(unit.name, unit.providers, unit.branch, "nothing", headline(unit.name, items))
        if tip:
            if missing := sources_of(tip.trailers.get(SOURCE, ())) - {answer.source for answer in answers}:
                note = f"{', '.join(sorted(missing))} did not answer, so the branch stays as it is"
                return replace(outcome, action="left", title="", note=note)
            if not request.confirm:
                today = {shared.there.stamp, shared.there.day, *(answer.checked_at for answer in answers)}
                restamp(shared.tree, shared.folders, tip.oid, today)
        staged = shared.tree.stage(shared.folders)
        if not staged:
            return self._withdrawn(tip, replace(outcome, title=""))
        accepted = [self.waiting[target] for target in accept]
        kept = [self.waiting[target] for target in keep]
        summary = CommitSummary(unit.name, items, answers, accepted, kept)
        return self._put_forward(tip, replace(outcome, body=body_of(unit.name, items, answers)), summary, staged)

    def _tip(self) -> Tip | None:
        """The branch's last commit, which must be one of ours. Raises `GitError`."""
        unit, remote = self.unit, self.shared.remote
        if unit.branch not in self.heads:
            return None
        remote.fetch({unit.branch: self.heads[unit.branch]}, parents=True)
        tip = remote.tip(self.heads[unit.branch])
        if not is_ours(tip, unit.name):
            raise GitError(
                f"the branch {unit.branch} ends in a commit that llmreg did not make ({tip.oid[:9]} by {tip.author}); "
                "it was not touched: merge it, or delete the branch"
            )
        return tip

    def _decisions(self, tip: Tip | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fields that people accept and keep: what they decided for this branch before holds until they decide
        otherwise, upstream says something else, or the branch is merged."""
        said = tip.trailers if tip else {}
        if tip and not said.keys().isdisjoint((ACCEPT, KEEP)) and self._is_merged(tip):
            said = {}
        fresh = {*self.accept, *self.keep}
        accept, keep = list(self.accept), list(self.keep)
        for trailer, targets in ((ACCEPT, accept), (KEEP, keep)):
            noted = still_meant(said.get(trailer, ()), self.waiting)
            targets += [target for target in noted if target not in fresh]
        return tuple(accept), tuple(keep)

    def _is_merged(self, tip: Tip) -> bool:
        """Whether the branch went into its base and was not deleted then."""
        forge, tree = self.shared.hub.forge, self.shared.tree
        if tree.follows(self.start, tip.oid) or not tree.difference(self.start, tip.oid):
            return True
        closed = forge.closed_requests(self.unit.branch) if forge else ()
        return any(each.merged and each.head == tip.oid for each in closed)

    def _put_forward(self, tip: Tip | None, outcome: Outcome, told: CommitSummary, staged: str) -> Outcome:
        """Push what is staged to the branch, and open or update its pull request."""
        tree, hub = self.shared.tree, self.shared.hub
        held = tip is not None and tree.difference(tip.parent, tip.oid) == staged
        request = self._open_request()
        if request is None:
            if by := self._declined(told, tip.oid if tip and held else ""):
                note = "a person closed it, and nothing is new since"
                return replace(outcome, action="declined", number=by.number, url=by.url, note=note)
            if tip is None and not self.may_open:
                note = f"this run has opened {MOST_NEW}; groups in the settings put several providers into one"
                return replace(outcome, action="waiting", note=note)
        if not held and not self.shared.dry_run:
            held = self._push(tip, told)
        if hub.forge is None:
            action: Action = "unchanged" if held else "pushed"
            return replace(outcome, action=action, url=hub.page(self.shared.base, self.unit.branch), note=hub.why)
        if request is not None:
            return self._brought_up_to_date(request, outcome, pushed=not held)
        return self._opened(outcome)

    def _push(self, tip: Tip | None, told: CommitSummary) -> bool:
        """Commit what is staged and push it. Return whether the branch had the same content already, after hooks."""
        tree, remote, branch = self.shared.tree, self.shared.remote, self.unit.branch
        made = tree.commit_staged(lambda name: commit_message(told, name))
        if tip and tree.difference(tip.parent, tip.oid) == tree.difference(self.start, made):
            return True
        above = branch.partition("/")[0]
        if above in self.heads:
            raise GitError(f"{remote.name} has a branch {above}, so that {branch} cannot be: rename it")
        remote.push(made, branch, expected=tip.oid if tip else "")
        return False

    def _open_request(self) -> PullRequest | None:
        forge, branch = self.shared.hub.forge, self.unit.branch
        found = forge.open_requests(branch) if forge else []
        if len(found) > 1:
            numbers = ", ".join(f"#{each.number}" for each in found)
            raise ForgeError(f"{branch} has more than one open pull request ({numbers}): close all but one")
        return found[0] if found else None

    def _declined(self, told: CommitSummary, tip: str) -> PullRequest | None:
        """A pull request for these very changes that a person closed; `tip` where the branch has them."""
        forge, mark = self.shared.hub.forge, mark_of(fingerprint(said_of(told.items)))
        for each in forge.closed_requests(self.unit.branch) if forge else ():
            by_a_person = not each.merged and withdrawn(mark) not in each.body
            if by_a_person and (mark in each.body or (tip and each.head == tip)):
                return each
        return None

    def _opened(self, outcome: Outcome) -> Outcome:
        forge, wish, branch = self.shared.hub.forge, self.shared.wish, self.unit.branch
        if self.shared.dry_run or forge is None:
            return replace(outcome, action="opened")
        try:
            made = forge.create(branch, self.shared.base, outcome.title, outcome.body, draft=wish.draft)
        except ExistsError:  # another run was quicker
            found = self._open_request()
            if found is None:
                raise ForgeError(f"{branch}: there is a pull request, and it cannot be found") from None
            return self._brought_up_to_date(found, outcome, pushed=False)
        warnings = []
        for what, names, do in (
            ("labels", wish.labels, forge.label),
            ("assignees", wish.assignees, forge.assign),
            ("reviewers", wish.reviewers, forge.ask_review),
        ):
            try:
                if names:
                    do(made.number, names)
            except ForgeError as error:
                warnings.append(f"the pull request has no {what}: {error}")
        return replace(outcome, action="opened", number=made.number, url=made.url, warnings=tuple(warnings))

    def _brought_up_to_date(self, request: PullRequest, outcome: Outcome, *, pushed: bool) -> Outcome:
        forge, base = self.shared.hub.forge, self.shared.base
        title = title_to_keep(request.title, request.body) or outcome.title
        body = with_added_words(outcome.body, request.body)
        is_same = (request.title, request.body.strip(), request.base) == (title, body.strip(), base)
        if not is_same and not self.shared.dry_run and forge is not None:
            forge.update(request.number, title=title, body=body, base=base)
        action: Action = "unchanged" if is_same and not pushed else "updated"
        return replace(outcome, action=action, number=request.number, url=request.url)

    def _withdrawn(self, tip: Tip | None, outcome: Outcome) -> Outcome:
        """Nothing is left to propose: closes the pull request and deletes the branch, if it is still as it was."""
        if tip is None:
            return outcome
        forge, request = self.shared.hub.forge, self._open_request()
        if not self.shared.dry_run:
            # The branch first: where a person pushed meanwhile it stays, and so does its pull request.
            self.shared.remote.delete(self.unit.branch, expected=tip.oid)
            if request is not None and forge is not None:
                forge.close(request.number, body=withdrawn(request.body), comment=_GONE)
        if request is None:
            return replace(outcome, action="closed", note="the branch is deleted")
        return replace(outcome, action="closed", number=request.number, url=request.url)


def is_ours(tip: Tip, name: str) -> bool:
    """Whether llmreg made the commit, for the provider or group of this name, and no one has changed it since."""
    return tip.trailers.get(SYNC) == (name,) and tip.trailers.get(TREE) == (tip.tree,)
