"""`llmreg sql`."""

from typing import Annotated

import typer

from registry_cli.cli.asking import PricedCatalogOptions
from registry_cli.cli.options import (
    AllOption,
    FormatOption,
    chosen_format,
    emit,
    notes,
)
from registry_cli.commands.query.sql import sql


def command(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="One SELECT.")],
    show_all: AllOption = False,
    format: FormatOption = None,
    *,
    catalog: PricedCatalogOptions,
) -> None:
    """Ask the catalog in SQLite's SQL, read-only: llmreg sql 'select full_id, input from catalog where input < 1'.

    docs/sql.md explains the tables and views; `select name, sql from sqlite_schema` shows them.
    """
    form = chosen_format(format)
    with catalog.open() as asked:
        emit(sql(asked, statement), form, envelope="rows", whole=show_all, quiet=catalog.quiet)
        notes(asked.notes(), quiet=catalog.quiet)
