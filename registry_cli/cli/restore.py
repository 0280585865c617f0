"""`llmreg restore`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.editing import (
    CommitOption,
    DryRunOption,
    EditFormatOption,
    EditOptions,
    ReasonOption,
    run_edit_command,
)
from registry_cli.cli.options import CatalogOption, QuietOption
from registry_cli.commands.edit.restore import plan_restore
from registry_cli.store.catalog.locate import check_has_past, find_catalog


def command(
    target: Annotated[str, typer.Argument(metavar="MODEL[#FIELD]", help="openai/gpt-4o, gpt-4o#pricing.input")],
    to: Annotated[str, typer.Option("--to", metavar="REV|DATE", help="A revision, a tag, or a day.")],
    catalog: CatalogOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    reason: ReasonOption = None,
    format: EditFormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Put back what the catalog said of a model, or of one field of it, at a revision or on a day.

    A model that is gone comes back; one that has another id since keeps that. A field that was not stated then is
    taken away. Everything else stays as it is, but for updated_at, which says that the entry changed now.
    """
    check_has_past(find_catalog(catalog, cwd=Path.cwd(), environ=os.environ))
    options = EditOptions(False, catalog, dry_run, commit, reason, None, format, quiet)
    run_edit_command(plan_restore(target, to, os.environ), options)
