"""One branch with one commit on top of the base branch, and its pull request.

What the branch has already is not pushed again, and what a person put there is never overwritten
(docs/pull-requests.md).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from registry_cli.commands.propose.base_checkout import BaseCheckout
from registry_cli.core.proposals.commit_message import TREE
from registry_cli.core.proposals.outcomes import Action, Outcome
from registry_cli.errors import ForgeError, GitError
from registry_cli.forge.base import ExistsError, PullRequest
from registry_cli.render.pull_requests import change_mark, title_to_keep, with_added_words, withdraw_mark
from registry_cli.store.git.remote import MovedError, Remote, Tip

Result = TypeVar("Result")
_TRIES = 3  # where another run or a person moves a branch meanwhile


@dataclass(frozen=True, slots=True)
class StagedChange:
    """What the work tree has for the branch: how its index differs from the base, as `Repository.stage_folders` gives
    it; what makes the commit's message from the name of its tree; and a digest that tells changes apart."""

    difference: str
    message: Callable[[str], str]
    digest: str


@dataclass(frozen=True, slots=True)
class ProposedBranch:
    """A branch as it is now. Its commits are known by the trailer `mark`: a name and its value."""

    checkout: BaseCheckout
    branch: str
    mark: tuple[str, str]
    why_withdrawn: str  # a comment for the pull request where nothing is left to propose

    @property
    def start(self) -> str:
        """The base branch's tip."""
        return self.checkout.heads[self.checkout.base]

    def read_tip(self) -> Tip | None:
        """The branch's last commit, which must be one of llmreg's. Raises `GitError`."""
        heads, remote = self.checkout.heads, self.checkout.remote
        if self.branch not in heads:
            return None
        remote.fetch_heads({self.branch: heads[self.branch]}, parents=True)
        tip = remote.read_tip(heads[self.branch])
        if not is_llmregs_commit(tip, self.mark):
            raise GitError(
                f"the branch {self.branch} ends in a commit that llmreg did not make ({tip.oid[:9]} by {tip.author}); "
                "it was not touched: merge it, or delete the branch"
            )
        return tip

    def update_request(self, tip: Tip | None, outcome: Outcome, change: StagedChange, *, full: str = "") -> Outcome:
        """Sees to it that the branch has what is staged, and that a pull request with the title and body of `outcome`
        says so. `full` is why no further pull request is opened. Raises `MovedError`, `GitError`, `ForgeError`."""
        checkout, hub = self.checkout, self.checkout.hub
        held = tip is not None and checkout.tree.commit_difference(tip.parent, tip.oid) == change.difference
        request = self._find_open_request()
        if request is None:
            if by := self._find_declined(change, tip.oid if tip and held else ""):
                note = "a person closed it, and nothing is new since"
                return replace(outcome, action="declined", number=by.number, url=by.url, note=note)
            if tip is None and full:
                return replace(outcome, action="waiting", note=full)
        if not held and not checkout.dry_run:
            held = self._push_commit(tip, change)
        if hub.forge is None:
            action: Action = "unchanged" if held else "pushed"
            return replace(outcome, action=action, url=hub.request_page(checkout.base, self.branch), note=hub.why)
        if request is not None:
            return self._edit_request(request, outcome, pushed=not held)
        return self._create_request(outcome)

    def withdraw_request(self, tip: Tip | None, outcome: Outcome) -> Outcome:
        """Nothing is left to propose: closes the pull request and deletes the branch, if it is still as it was."""
        if tip is None:
            return outcome
        forge, request = self.checkout.hub.forge, self._find_open_request()
        kept = ""
        if not self.checkout.dry_run:
            # The branch first: where a person pushed meanwhile it stays, and so does its pull request.
            kept = delete_branch(self.checkout.remote, self.branch, tip.oid)
            if request is not None and forge is not None:
                forge.close_request(request.number, body=withdraw_mark(request.body), comment=self.why_withdrawn)
        if request is None:
            return replace(outcome, action="nothing" if kept else "closed", note=kept or "the branch is deleted")
        return replace(outcome, action="closed", number=request.number, url=request.url, note=kept)

    def _push_commit(self, tip: Tip | None, change: StagedChange) -> bool:
        """Commits what is staged and pushes it; gives whether the branch had just this, hooks and all."""
        tree, remote = self.checkout.tree, self.checkout.remote
        made = tree.commit_staged(change.message)
        if tip and tree.commit_difference(tip.parent, tip.oid) == tree.commit_difference(self.start, made):
            return True
        above = self.branch.partition("/")[0]
        if above in self.checkout.heads:
            raise GitError(f"{remote.name} has a branch {above}, so that {self.branch} cannot be: rename it")
        remote.push_commit(made, self.branch, expected=tip.oid if tip else "")
        return False

    def _find_open_request(self) -> PullRequest | None:
        forge = self.checkout.hub.forge
        found = forge.open_requests(self.branch) if forge else []
        if len(found) > 1:
            numbers = ", ".join(f"#{each.number}" for each in found)
            raise ForgeError(f"{self.branch} has more than one open pull request ({numbers}): close all but one")
        return found[0] if found else None

    def _find_declined(self, change: StagedChange, tip: str) -> PullRequest | None:
        """A pull request for these very changes that a person closed; `tip` where the branch has them."""
        forge, mark = self.checkout.hub.forge, change_mark(change.digest)
        for each in forge.closed_requests(self.branch) if forge else ():
            by_a_person = not each.merged and withdraw_mark(mark) not in each.body
            if by_a_person and (mark in each.body or (tip and each.head == tip)):
                return each
        return None

    def _create_request(self, outcome: Outcome) -> Outcome:
        forge, wish = self.checkout.hub.forge, self.checkout.wish
        if self.checkout.dry_run or forge is None:
            return replace(outcome, action="opened")
        try:
            made = forge.create_request(self.branch, self.checkout.base, outcome.title, outcome.body, draft=wish.draft)
        except ExistsError:  # another run was quicker
            found = self._find_open_request()
            if found is None:
                raise ForgeError(f"{self.branch}: there is a pull request, and it cannot be found") from None
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
        forge, base = self.checkout.hub.forge, self.checkout.base
        title = title_to_keep(request.title, request.body) or outcome.title
        body = with_added_words(outcome.body, request.body)
        is_same = (request.title, request.body.strip(), request.base) == (title, body.strip(), base)
        if not is_same and not self.checkout.dry_run and forge is not None:
            forge.update_request(request.number, title=title, body=body, base=base)
        action: Action = "unchanged" if is_same and not pushed else "updated"
        return replace(outcome, action=action, number=request.number, url=request.url)


def retry_where_moved(checkout: BaseCheckout, propose: Callable[[BaseCheckout], Result]) -> Result:
    """What `propose` gives. It looks again where somebody moved the branch meanwhile: another run may have done the
    work. Raises `MovedError` where that does not end, and what `propose` raises."""
    for _ in range(_TRIES - 1):
        try:
            return propose(checkout)
        except MovedError:
            checkout = checkout.with_present_heads()
    return propose(checkout)


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


def is_llmregs_commit(tip: Tip, mark: tuple[str, str]) -> bool:
    """Whether llmreg made the commit, with the trailer of this name and value, and nobody has changed it since."""
    name, value = mark
    return tip.trailers.get(name) == (value,) and tip.trailers.get(TREE) == (tip.tree,)
