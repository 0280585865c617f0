"""`llmreg export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.asking import AtOption, ListPricesOption, answer_day, open_and_report, print_left_out
from registry_cli.cli.model_filters import ModelFilters
from registry_cli.cli.options import CatalogOption, OnOption, QuietOption, print_note
from registry_cli.cli.output import write_file
from registry_cli.commands.query.export import ExportResult, export_models, write_exported
from registry_cli.errors import UsageError
from registry_cli.exports import BINARY, FOLDERS, FORMATS

_SHOWN = 12


def command(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"{', '.join(FORMATS)}.")],
    to: Annotated[
        Path | None, typer.Option("--to", "-o", metavar="PATH", help="File to write (exllm: folder); default stdout.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where the format cannot hold everything.")] = False,
    on: OnOption = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    list_prices: ListPricesOption = False,
    quiet: QuietOption = False,
    *,
    filters: ModelFilters,
) -> None:
    """Write models in another program's format; the filters are those of `query`.

    Facts that the format cannot hold are counted on stderr. Prices are those of the day where it has no dates.
    """
    if to is None and (form in FOLDERS or (form in BINARY and sys.stdout.isatty())):
        raise UsageError(f"export {form}: --to says where to")
    criteria = filters.to_filters()
    with open_and_report(catalog, at=at, list_prices=list_prices, providers=criteria.providers, quiet=quiet) as asked:
        day = answer_day(asked, on)
        result = export_models(asked, form, criteria, day)
        if not result.models:
            print_left_out(asked, criteria, day, matched=0, quiet=quiet)
    lost = strict and bool(result.losses or result.exported.left_out)
    if not lost:
        if to is None:
            write_file(result.exported.files[""], is_text=form not in BINARY)
        else:
            write_exported(form, result.exported, to)
    _note_result(result, form, strict=strict, quiet=quiet)
    if lost:
        raise typer.Exit(1)


def _note_result(result: ExportResult, form: str, *, strict: bool, quiet: bool) -> None:
    """Print on stderr how many models were written, and what the format could not hold."""
    hidden = f"; {result.hidden:,} deprecated, unlisted or retired left out (--deprecated)" if result.hidden else ""
    print_note(f"{result.models:,} models{hidden}", quiet=quiet)
    for reason, count in result.exported.left_out.most_common():
        models = "1 model" if count == 1 else f"{count:,} models"
        print_note(f"left out {models}: {reason} ({form} would bill it at 0)", quiet=quiet and not strict)
    losses = list(result.losses.items())
    shown = losses if strict else losses[:_SHOWN]
    for field, count in shown:
        print_note(f"cannot hold {field}: {count:,}", quiet=quiet and not strict)
    if len(losses) > len(shown):
        print_note(f"... and {len(losses) - len(shown)} more fields (--strict lists all)", quiet=quiet)
