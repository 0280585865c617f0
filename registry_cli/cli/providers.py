"""`llmreg providers`."""

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
    parse_day,
)
from registry_cli.commands.asking import ask
from registry_cli.commands.listing import providers


def command(
    on: OnOption = None,
    show_all: AllOption = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """List the providers: id, name, models, models with a price in USD, billing, default model."""
    day, form = parse_day(on), chosen_format(format)
    with ask(catalog, cached=not no_cache) as asked:
        emit(providers(asked, day), form, envelope="providers", whole=show_all, quiet=quiet)
        notes(asked.notes(), quiet=quiet)
