"""`llmreg alias`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, TargetArgument, run_edit_command
from registry_cli.commands.edit.plans import plan_alias


def command(
    target: TargetArgument,
    aliases: Annotated[list[str], typer.Argument(metavar="ALIAS...", help="Other ids of the model.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take these aliases away.")] = False,
    *,
    options: EditOptions,
) -> None:
    """Give a model other ids, or take some away."""
    run_edit_command(plan_alias(target, aliases, remove=remove), options)
