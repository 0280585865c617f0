"""`llmreg deprecate`."""

from typing import Annotated

import typer

from registry_cli import clock
from registry_cli.cli.editing import (
    CommitOption,
    DryRunOption,
    EditFormatOption,
    Options,
    OverlayOption,
    ReasonOption,
    SourceOption,
    TargetArgument,
    run,
)
from registry_cli.cli.options import CatalogOption, QuietOption
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
    overlay: OverlayOption = False,
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Put a model on its way out: from when it is advised against, when it ends, and what replaces it."""
    options = Options(catalog, overlay, dry_run, commit, reason, source, format, quiet)
    today = clock.current_day()
    plan = deprecating(target, on=on or today, retire=retire, replacement=replacement, day=today)
    run(plan, options)
