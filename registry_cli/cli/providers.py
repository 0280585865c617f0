"""`llmreg providers`."""

from registry_cli.cli.asking import CatalogOptions, answer_day
from registry_cli.cli.options import (
    AllOption,
    FormatOption,
    OnOption,
    choose_format,
    emit_table,
    print_terminal_notes,
)
from registry_cli.commands.query.listing import list_providers


def command(
    on: OnOption = None,
    show_all: AllOption = False,
    format: FormatOption = None,
    *,
    catalog: CatalogOptions,
) -> None:
    """List the providers: id, name, models, models with a price in USD, billing, default model."""
    form = choose_format(format)
    with catalog.open() as asked:
        day = answer_day(asked, on)
        emit_table(list_providers(asked, day), form, envelope="providers", whole=show_all, quiet=catalog.quiet)
        print_terminal_notes(asked.list_notes(), quiet=catalog.quiet)
