"""`llmreg providers`."""

from registry_cli.cli.asking import CatalogOptions, day_of
from registry_cli.cli.options import (
    AllOption,
    FormatOption,
    OnOption,
    chosen_format,
    emit,
    notes,
)
from registry_cli.commands.query.listing import providers


def command(
    on: OnOption = None,
    show_all: AllOption = False,
    format: FormatOption = None,
    *,
    catalog: CatalogOptions,
) -> None:
    """List the providers: id, name, models, models with a price in USD, billing, default model."""
    form = chosen_format(format)
    with catalog.open() as asked:
        day = day_of(asked, on)
        emit(providers(asked, day), form, envelope="providers", whole=show_all, quiet=catalog.quiet)
        notes(asked.notes(), quiet=catalog.quiet)
