"""`llmreg remove`."""

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
from registry_cli.commands.edit.plans import removing


def command(
    target: TargetArgument,
    force: Annotated[bool, typer.Option("--force", help="Even where something still refers to it.")] = False,
    overlay: OverlayOption = False,
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Remove a model. Refused while a default model or a replacement names it, unless --force."""
    options = Options(catalog, overlay, dry_run, commit, reason, source, format, quiet)
    run(removing(target), options, force=force)
