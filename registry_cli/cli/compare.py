"""`llmreg compare`."""

import sys
from typing import Annotated

import typer

from registry_cli.cli.asking import PricedCatalogOptions, day_of
from registry_cli.cli.options import (
    FormatOption,
    OnOption,
    chosen_format,
    emit,
    note,
)
from registry_cli.commands.query.compare import compare
from registry_cli.render.rows import comparison_json


def command(
    models: Annotated[list[str], typer.Argument(metavar="MODEL MODEL ...", help="Two or more models.")],
    on: OnOption = None,
    differences: Annotated[bool, typer.Option("--differences", help="Only the facts that differ.")] = False,
    format: FormatOption = None,
    *,
    catalog: PricedCatalogOptions,
) -> None:
    """Lay models side by side; a * marks the facts that differ."""
    form = chosen_format(format)
    with catalog.open() as asked:
        day = day_of(asked, on)
        result = compare(asked, models, day, only_differences=differences)
    if form == "json":
        sys.stdout.write(comparison_json(result.table, result.differences))
    else:
        emit(result.table, form, whole=True)
    for notice in result.notices:
        note(notice, quiet=catalog.quiet)
