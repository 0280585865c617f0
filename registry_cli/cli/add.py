"""`llmreg add`."""

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
    run,
)
from registry_cli.cli.options import CatalogOption, QuietOption
from registry_cli.commands.edit.plans import adding


def command(
    target: Annotated[str, typer.Argument(metavar="PROVIDER/ID", help="The new model.")],
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD=VALUE]...", help="As `llmreg set` takes them.", show_default=False),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="MODEL", help="Start from a copy of this model's facts.", show_default=False),
    ] = None,
    new_provider: Annotated[
        bool, typer.Option("--new-provider", help="Create the provider's file where there is none.")
    ] = False,
    overlay: OverlayOption = False,
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add a model.

    A copy takes over all facts but what tells a model apart (name, description, aliases, upstream_ids) and where it is
    in its life (status, dates, replacement).
    """
    options = Options(catalog, overlay, dry_run, commit, reason, source, format, quiet)
    run(adding(target, fields or [], like=like, new_provider=new_provider), options)
