"""`llmreg unset`."""

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
from registry_cli.commands.edit.plans import unsetting


def command(
    target: Annotated[str, typer.Argument(metavar="MODEL|PROVIDER", help="provider/id, an alias, or a provider's id.")],
    fields: Annotated[list[str], typer.Argument(metavar="FIELD...", help="Such as pricing.cache_read or description.")],
    overlay: OverlayOption = False,
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Take fields away: what they said is unknown from then on.

    'pricing.variants[service_tier=batch]' takes away that variant, capabilities.vision what is said of vision.
    """
    options = Options(catalog, overlay, dry_run, commit, reason, source, format, quiet)
    run(unsetting(target, fields), options)
