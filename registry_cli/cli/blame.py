"""`llmreg blame`."""

from typing import Annotated

import typer

from registry_cli.cli.history import AllParentsOption
from registry_cli.cli.options import ROW_FORMATS, CatalogOption, FormatOption, NoCacheOption, choose_format, emit_table
from registry_cli.commands.history.history import blame_fields
from registry_cli.commands.history.open import open_history


def command(
    model: Annotated[str, typer.Argument(metavar="MODEL[#FIELD]", help="openai/gpt-4o, gpt-4o#pricing")],
    all_parents: AllParentsOption = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Show each field of a model with the commit that gave it its value; one that is not committed yet says so."""
    form = choose_format(format, ROW_FORMATS)
    with open_history(catalog, all_parents=all_parents, cached=not no_cache) as past:
        emit_table(blame_fields(past, model), form, envelope="fields", whole=True)
