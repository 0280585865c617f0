"""The options of commands that open pull requests: `sync`, `import`, and those that edit."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from registry_cli.cli.options import split_names
from registry_cli.errors import UsageError

if TYPE_CHECKING:
    from registry_cli.commands.propose.base_checkout import Wish

BaseOption = Annotated[
    str | None,
    typer.Option("--base", metavar="BRANCH", help="With --pr: the branch that it is for.", show_default=False),
]
DraftOption = Annotated[bool, typer.Option("--draft", help="With --pr: open it as a draft.")]
LabelOption = Annotated[
    list[str] | None, typer.Option("--label", metavar="LABEL", help="With --pr: repeatable, or with commas.")
]
AssigneeOption = Annotated[
    list[str] | None, typer.Option("--assignee", metavar="USER", help="With --pr: repeatable, or with commas.")
]
ReviewerOption = Annotated[
    list[str] | None,
    typer.Option("--reviewer", metavar="USER", help="With --pr: a user, or a team as org/team; repeatable."),
]


class ProposalOptions(NamedTuple):
    """Whether an edit becomes a pull request, and what that shall look like."""

    pr: Annotated[
        bool, typer.Option("--pr", help="Open or update a pull request with the change; nothing is written here.")
    ] = False
    base: BaseOption = None
    draft: DraftOption = False
    label: LabelOption = None
    assignee: AssigneeOption = None
    reviewer: ReviewerOption = None

    def chosen_wish(self) -> "Wish | None":
        """Return how to open the pull request, None without `--pr`. Raises `UsageError`."""
        if self.pr:
            return make_wish(self.base, self.label, self.assignee, self.reviewer, draft=self.draft)
        if self.base or self.draft or self.label or self.assignee or self.reviewer:
            raise UsageError("--base, --draft, --label, --assignee and --reviewer go with --pr")
        return None


def make_wish(
    base: str | None,
    label: list[str] | None,
    assignee: list[str] | None,
    reviewer: list[str] | None,
    *,
    draft: bool,
) -> "Wish":
    from registry_cli.commands.propose.base_checkout import Wish  # noqa: PLC0415  # git, for pull requests alone

    return Wish(base, draft, split_names(label), split_names(assignee), split_names(reviewer))
