"""`llmreg alias`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, TargetArgument, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import plan_alias


def command(
    target: TargetArgument,
    aliases: Annotated[list[str], typer.Argument(metavar="ALIAS...", help="Other ids of the model.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take these aliases away.")] = False,
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Give a model other ids, or take some away."""
    about = [*aliases, *(["--remove"] if remove else [])]
    proposed = name_proposal(proposal, "alias", target, about)
    run_edit_command(plan_alias(target, aliases, remove=remove), options, proposed)
