"""`llmreg sql`."""

from typing import Annotated

import typer

from registry_cli.cli.asking import PricedCatalogOptions
from registry_cli.cli.options import (
    AllOption,
    FormatOption,
    choose_format,
    emit_table,
    print_terminal_notes,
)
from registry_cli.commands.query.sql import run_statement


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
    form = choose_format(format)
    with catalog.open() as asked:
        emit_table(run_statement(asked, statement), form, envelope="rows", whole=show_all, quiet=catalog.quiet)
        print_terminal_notes(asked.list_notes(), quiet=catalog.quiet)
