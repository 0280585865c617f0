"""`llmreg show`."""

import sys
from typing import Annotated

import typer

from registry_cli.cli.asking import AtOption, ListPricesOption, day_of, opened
from registry_cli.cli.options import (
    CatalogOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    chosen_format,
    color,
    note,
    notes,
    width,
)
from registry_cli.commands.query.show import field, show
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.render.cards import FORMATS, render_card


def command(
    model: Annotated[str, typer.Argument(metavar="MODEL[#FIELD]", help="openai/gpt-4o, gpt-4o#pricing.input")],
    on: OnOption = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="plain, table, json or markdown.")
    ] = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    list_prices: ListPricesOption = False,
    no_cache: NoCacheOption = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask a local server again, not what it said lately.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Show one model: limits, prices, capabilities, dates, and whether it should still be used.

    A model of a local server (ollama/NAME, lmstudio/NAME) that the catalog does not have is asked of the server.
    MODEL#FIELD prints one value: nothing but a line break where it is unknown.
    """
    form = chosen_format(format, FORMATS)
    with opened(catalog, no_cache=no_cache, at=at, list_prices=list_prices, quiet=quiet) as asked:
        day = day_of(asked, on)
        name, wanted = FieldRef.parse(model)
        if wanted is not None:
            from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # only for a field
            from registry_cli.render.text import field_text  # noqa: PLC0415

            value, assumptions = field(asked, name, wanted, day, refresh=refresh)
            sys.stdout.write(f"{dumps(value) if form == 'json' else field_text(value)}\n")
            for text in assumptions:
                note(text, quiet=quiet)
            return
        card = show(asked, name, day, refresh=refresh)
        if form == "table":
            from registry_cli.render.terminal import card_text  # noqa: PLC0415  # rich, for terminals alone

            sys.stdout.write(card_text(card, width=width(), color=color()))
        else:
            sys.stdout.write(render_card(card, form))
        for text in card.notes:
            note(text, quiet=quiet)
        notes(asked.notes(), quiet=quiet)
