"""`llmreg remove`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, TargetArgument, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import plan_remove


def command(
    target: TargetArgument,
    force: Annotated[bool, typer.Option("--force", help="Even where something still refers to it.")] = False,
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Remove a model. Refused while a default model or a replacement names it, unless --force."""
    run_edit_command(plan_remove(target), options, name_proposal(proposal, "remove", target), force=force)
