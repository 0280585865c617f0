"""`llmreg providers`."""

from registry_cli.cli.asking import AtOption, day_of, opened
from registry_cli.cli.options import (
    AllOption,
    CatalogOption,
    FormatOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    chosen_format,
    emit,
    notes,
)
from registry_cli.commands.query.listing import providers


def command(
    on: OnOption = None,
    show_all: AllOption = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """List the providers: id, name, models, models with a price in USD, billing, default model."""
    form = chosen_format(format)
    with opened(catalog, no_cache=no_cache, at=at, quiet=quiet) as asked:
        day = day_of(asked, on)
        emit(providers(asked, day), form, envelope="providers", whole=show_all, quiet=quiet)
        notes(asked.notes(), quiet=quiet)
