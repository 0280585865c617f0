"""`llmreg explain`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.options import CatalogOption, FormatOption, OnOption, choose_format, emit_table, parse_day
from registry_cli.commands.sync.explain import explain_model


def command(
    model: Annotated[str, typer.Argument(metavar="MODEL[#FIELD]", help="openai/gpt-4o, gpt-4o#pricing.input")],
    on: OnOption = None,
    format: FormatOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Show what each source says of a model, when it changed and was last checked, and why one wins.

    All of it is read from the record that `llmreg sync` keeps; nobody is asked.
    """
    day, form = parse_day(on), choose_format(format)
    table = explain_model(model, catalog=catalog, on=day, cwd=Path.cwd(), environ=os.environ)
    emit_table(table, form, envelope="facts", whole=True)
