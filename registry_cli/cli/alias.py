"""`llmreg alias`."""

from typing import Annotated

import typer

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
from registry_cli.commands.edit.plans import aliasing


def command(
    target: TargetArgument,
    aliases: Annotated[list[str], typer.Argument(metavar="ALIAS...", help="Other ids of the model.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take these aliases away.")] = False,
    overlay: OverlayOption = False,
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Give a model other ids, or take some away."""
    options = Options(catalog, overlay, dry_run, commit, reason, source, format, quiet)
    run(aliasing(target, aliases, remove=remove), options)
