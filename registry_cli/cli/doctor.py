"""`llmreg doctor`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.options import (
    CatalogOption,
    FormatOption,
    QuietOption,
    choose_format,
    emit_table,
    parse_day,
    print_note,
)
from registry_cli.cli.syncing import ProvidersArgument
from registry_cli.commands.sync.doctor import Ping, examine_sources

_SHOWN = 5


def command(
    providers: ProvidersArgument = None,
    ping: Annotated[bool, typer.Option("--ping", help="Ask those that can be asked.")] = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show which sources have what they need: an address, a key. Keys are named, never shown.

    With --ping exits with 4 where one of them does not answer. Of providers that are named it asks their own sources,
    and lists that cover many providers only where one has no other.
    """
    ask: Ping | None = None
    if ping:
        from registry_cli.commands.sync.fetch import fetch_answers  # noqa: PLC0415  # httpx, for what is asked alone

        ask = fetch_answers
    found = examine_sources(
        providers or (), catalog=catalog, on=parse_day(None), cwd=Path.cwd(), environ=os.environ, ping=ask
    )
    emit_table(found.table, choose_format(format), envelope="sources", whole=True)
    if found.unknown:
        more = f" and {len(found.unknown) - _SHOWN} more" if len(found.unknown) > _SHOWN else ""
        print_note(f"no list of their own to ask: {', '.join(found.unknown[:_SHOWN])}{more}", quiet=quiet)
    for text in found.warnings:
        print_note(text, quiet=quiet)
    if found.failed:
        raise typer.Exit(4)
