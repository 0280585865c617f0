"""`llmreg rename`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, TargetArgument, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import plan_rename


def command(
    target: TargetArgument,
    new: Annotated[str, typer.Argument(metavar="NEW-ID", help="Its id from now on.")],
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Give a model another id. The old id stays as an alias, and what refers to the model follows."""
    run_edit_command(plan_rename(target, new), options, name_proposal(proposal, "rename", target))
