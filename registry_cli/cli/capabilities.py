"""`llmreg capabilities`."""

from typing import Annotated

import typer

from registry_cli.cli.asking import CatalogOptions
from registry_cli.cli.options import (
    AllOption,
    FormatOption,
    choose_format,
    emit_table,
    print_terminal_notes,
)
from registry_cli.commands.query.listing import capability_matrix, list_capabilities
from registry_cli.errors import UsageError


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One capability, by any of its names.", show_default=False)
    ] = None,
    with_matrix: Annotated[bool, typer.Option("--matrix", help="Models by provider and capability.")] = False,
    show_all: AllOption = False,
    format: FormatOption = None,
    *,
    catalog: CatalogOptions,
) -> None:
    """List the vocabulary of capabilities and how many models and providers have each."""
    if name and with_matrix:
        raise UsageError("--matrix shows all capabilities; leave out the name")
    form = choose_format(format)
    with catalog.open() as asked:
        table = capability_matrix(asked) if with_matrix else list_capabilities(asked, name)
        emit_table(
            table, form, envelope="providers" if with_matrix else "capabilities", whole=show_all, quiet=catalog.quiet
        )
        print_terminal_notes(asked.list_notes(), quiet=catalog.quiet)
