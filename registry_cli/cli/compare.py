"""`llmreg compare`."""

import sys
from typing import Annotated

import typer

from registry_cli.cli.asking import PricedCatalogOptions, answer_day, providers_in
from registry_cli.cli.options import (
    FormatOption,
    OnOption,
    choose_format,
    emit_table,
    print_note,
)
from registry_cli.commands.query.compare import compare_models
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
    form = choose_format(format)
    with catalog.open(providers_in(models)) as asked:
        day = answer_day(asked, on)
        result = compare_models(asked, models, day, only_differences=differences)
    if form == "json":
        sys.stdout.write(comparison_json(result.table, result.differences))
    else:
        emit_table(result.table, form, whole=True)
    for notice in result.notices:
        print_note(notice, quiet=catalog.quiet)
