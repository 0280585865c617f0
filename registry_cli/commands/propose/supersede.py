"""Branches whose providers have another one now, since the groups in the settings are others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.propose.branch import ProposalRun
from registry_cli.commands.propose.branch_names import branch_of, name_of
from registry_cli.commands.propose.proposed_branch import delete_branch, is_llmregs_commit
from registry_cli.core.format.layers import provider_of
from registry_cli.core.proposals.commit_message import SYNC
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.errors import LlmregError
from registry_cli.forge.base import Forge
from registry_cli.render.markdown_cells import code_span
from registry_cli.render.pull_requests import withdraw_mark
from registry_cli.store.catalog.locate import file_stem
from registry_cli.store.files.names import SUFFIXES
from registry_cli.store.git.remote import MovedError

_TOLD = ("opened", "updated", "unchanged", "nothing", "closed")  # the branch says all that there is to say


def close_superseded(
    shared: ProposalRun, groups: Mapping[str, Sequence[str]], outcomes: Sequence[Outcome]
) -> Iterator[Outcome]:
    """Closes the pull requests of such branches, and deletes these, where this run saw to the branch that took over.

    A branch that ends in a person's commit stays, as does one of a provider that the catalog has no more.
    """
    checkout = shared.checkout
    forge = checkout.hub.forge
    if forge is None:
        return
    told = {provider: each for each in outcomes if each.action in _TOLD for provider in each.providers}
    home = {provider: provider for provider in {*shared.names.all_providers(), *told}}
    home |= {member: name for name, members in groups.items() for member in members if member in home}
    current = {*groups, *home.values()}
    for branch, oid in checkout.heads.items():
        name = name_of(branch, checkout.folder, checkout.other_base)
        if name is None or name in current:
            continue
        try:
            touched = _changed_providers(shared, name, branch, oid) & home.keys()
            moved = all(
                each in told or branch_of(home[each], checkout.folder, checkout.other_base) in checkout.heads
                for each in touched
            )
            if moved and touched & told.keys():
                successors = {told[each].branch: told[each] for each in sorted(touched & told.keys())}
                old = _Old(name, branch, oid, tuple(sorted(touched)))
                yield _close_branch(shared, forge, old, list(successors.values()))
        except MovedError:
            continue  # the next run looks again
        except LlmregError as error:
            yield Outcome(name, (), branch, "failed", note=str(error))


@dataclass(frozen=True, slots=True)
class _Old:
    name: str
    branch: str
    oid: str
    providers: tuple[str, ...]


def _changed_providers(shared: ProposalRun, name: str, branch: str, oid: str) -> set[str]:
    """The providers whose files the branch changes; none where its tip is not llmreg's."""
    checkout = shared.checkout
    checkout.remote.fetch_heads({branch: oid}, parents=True)
    tip = checkout.remote.read_tip(oid)
    if not is_llmregs_commit(tip, (SYNC, name)):
        return set()
    paths = checkout.tree.git_text("diff-tree", "-r", "--name-only", "--no-renames", "-z", tip.parent, oid)
    return {_provider_of_path(shared, path) for path in paths.split("\0") if path}


def _provider_of_path(shared: ProposalRun, path: str) -> str:
    """The provider that a file of the catalog, or a record, is about."""
    return provider_of(file_stem(Path(shared.checkout.folder), path) if path.endswith(SUFFIXES) else Path(path).stem)


def _close_branch(shared: ProposalRun, forge: Forge, old: _Old, successors: Sequence[Outcome]) -> Outcome:
    requests = forge.open_requests(old.branch)
    where = ", ".join(f"#{each.number}" if each.number else code_span(each.branch) for each in successors)
    kept = ""
    if not shared.checkout.dry_run:
        # The branch first: a person's work there keeps its pull request.
        kept = delete_branch(shared.checkout.remote, old.branch, old.oid)
        for each in requests:
            comment = f"The groups in the settings changed; this goes on in {where}."
            forge.close_request(each.number, body=withdraw_mark(each.body), comment=comment)
    number, url = (requests[0].number, requests[0].url) if requests else (None, "")
    note = f"it goes on in {where}{kept and '; '}{kept}"
    return Outcome(old.name, old.providers, old.branch, "superseded", number=number, url=url, note=note)
