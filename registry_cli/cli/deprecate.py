"""`llmreg deprecate`."""

from typing import Annotated

import typer

from registry_cli import clock
from registry_cli.cli.editing import EditOptions, TargetArgument, run
from registry_cli.commands.edit.plans import deprecating


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
) -> None:
    """Put a model on its way out: from when it is advised against, when it ends, and what replaces it."""
    today = clock.current_day()
    plan = deprecating(target, on=on or today, retire=retire, replacement=replacement, day=today)
    run(plan, options)
