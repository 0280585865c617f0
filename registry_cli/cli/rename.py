"""`llmreg rename`."""

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
from registry_cli.commands.edit.plans import renaming


def command(
    target: TargetArgument,
    new: Annotated[str, typer.Argument(metavar="NEW-ID", help="Its id from now on.")],
    overlay: OverlayOption = False,
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Give a model another id. The old id stays as an alias, and what refers to the model follows."""
    options = Options(catalog, overlay, dry_run, commit, reason, source, format, quiet)
    run(renaming(target, new), options)
