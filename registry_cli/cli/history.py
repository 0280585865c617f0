"""`llmreg history`."""

import sys
from typing import Annotated

import typer

from registry_cli import clock
from registry_cli.cli.options import (
    ROW_FORMATS,
    AllOption,
    CatalogOption,
    FormatOption,
    NoCacheOption,
    QuietOption,
    choose_format,
    emit_table,
    print_note,
)
from registry_cli.commands.history.history import model_history
from registry_cli.commands.history.open import open_history
from registry_cli.render.history import price_text

AllParentsOption = Annotated[
    bool, typer.Option("--all-parents", help="The commits of merged branches, not the merges that brought them.")
]


def command(
    model: Annotated[str, typer.Argument(metavar="MODEL[#FIELD]", help="openai/gpt-4o, gpt-4o#pricing.input")],
    all_parents: AllParentsOption = False,
    show_all: AllOption = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show what changed in a model, when, and who changed it, the latest first, as git remembers it.

    The date is the commit's; effective_date is the day from which a price holds, where the same commit says so.
    A model is followed through other ids, and may be one that is gone. Needs the whole history: no shallow clone.
    """
    form = choose_format(format, ROW_FORMATS)
    with open_history(catalog, all_parents=all_parents, cached=not no_cache) as past:
        found = model_history(past, model)
    emit_table(found.table, form, envelope="changes", whole=show_all, quiet=quiet)
    if form == "table":
        now = int(clock.current_time().timestamp())
        sys.stdout.write(price_text(((line.field, line.points) for line in found.prices), now))
    for text in found.notes:
        print_note(text, quiet=quiet)
