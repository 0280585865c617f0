"""`llmreg show`."""

import sys
from typing import Annotated

import typer

from registry_cli.cli.asking import AtOption, ListPricesOption, answer_day, open_and_report, providers_in
from registry_cli.cli.options import (
    CatalogOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    choose_format,
    print_note,
    print_terminal_notes,
    terminal_width,
    uses_color,
)
from registry_cli.commands.query.show import show_field, show_model
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
    form = choose_format(format, FORMATS)
    name, wanted = FieldRef.parse(model)
    with open_and_report(
        catalog, no_cache=no_cache, at=at, list_prices=list_prices, providers=providers_in([name]), quiet=quiet
    ) as asked:
        day = answer_day(asked, on)
        if wanted is not None:
            from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # only for a field
            from registry_cli.render.text import field_text  # noqa: PLC0415

            value, assumptions = show_field(asked, name, wanted, day, refresh=refresh)
            sys.stdout.write(f"{dumps(value) if form == 'json' else field_text(value)}\n")
            for text in assumptions:
                print_note(text, quiet=quiet)
            return
        card = show_model(asked, name, day, refresh=refresh)
        if form == "table":
            from registry_cli.render.terminal import card_text  # noqa: PLC0415  # rich, for terminals alone

            sys.stdout.write(card_text(card, width=terminal_width(), color=uses_color()))
        else:
            sys.stdout.write(render_card(card, form))
        for text in card.notes:
            print_note(text, quiet=quiet)
        print_terminal_notes(asked.list_notes(), quiet=quiet)
