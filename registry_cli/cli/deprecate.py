"""`llmreg deprecate`."""

from typing import Annotated

import typer

from registry_cli import clock
from registry_cli.cli.editing import EditOptions, TargetArgument, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import plan_deprecate


def command(
    target: TargetArgument,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="DATE", help="Advised against from this day (default: today, UTC).", show_default=False
        ),
    ] = None,
    retire: Annotated[
        str | None, typer.Option("--retire", metavar="DATE", help="Calls fail from this day.", show_default=False)
    ] = None,
    replacement: Annotated[
        str | None, typer.Option("--replacement", metavar="MODEL", help="What to use instead.", show_default=False)
    ] = None,
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Put a model on its way out: from when it is advised against, when it ends, and what replaces it."""
    today = clock.current_day()
    plan = plan_deprecate(target, on=on or today, retire=retire, replacement=replacement, day=today)
    run_edit_command(plan, options, name_proposal(proposal, "deprecate", target))
