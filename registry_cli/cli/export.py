"""`llmreg export`."""

import inspect
import sys
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from registry_cli.cli import query
from registry_cli.cli.asking import AtOption, ListPricesOption, day_of, opened
from registry_cli.cli.call_options import CallOptions
from registry_cli.cli.options import CatalogOption, OnOption, QuietOption, note
from registry_cli.cli.output import write_file
from registry_cli.commands.query.export import export_models, write_exported
from registry_cli.errors import UsageError
from registry_cli.exports import BINARY, FOLDERS, FORMATS

_SHOWN = 12
# The options of `query` that do not say which models: how they are shown, and the call to sort them by.
_NOT_FILTERS = frozenset(
    {"words", "distinct", "sort", "reverse", "limit", "columns", "only_count", "on", "show_all", "format", "catalog",
     "at", "list_prices", "no_cache", "quiet", *(field.name for field in fields(CallOptions))}
)  # fmt: skip


def _export(
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
    **filters: Any,
) -> None:
    """Write models in another program's format; the filters are those of `query`.

    Facts that the format cannot hold are counted on stderr. Prices are those of the day where it has no dates.
    """
    if to is None and (form in FOLDERS or (form in BINARY and sys.stdout.isatty())):
        raise UsageError(f"export {form}: --to says where to")
    with opened(catalog, at=at, list_prices=list_prices, quiet=quiet) as asked:
        chosen, day = query.filters_of(filters), day_of(asked, on)
        result = export_models(asked, form, chosen, day)
        if not result.models:
            query.note_left_out(asked, chosen, day, matched=0, quiet=quiet)
    lost = strict and bool(result.losses or result.exported.left_out)
    if not lost:
        if to is None:
            write_file(result.exported.files[""], is_text=form not in BINARY)
        else:
            write_exported(form, result.exported, to)
    note(f"{result.models:,} models" + (f"; {result.hidden:,} deprecated, unlisted or retired left out (--deprecated)"
                                        if result.hidden else ""), quiet=quiet)  # fmt: skip
    for reason, count in result.exported.left_out.most_common():
        models = "1 model" if count == 1 else f"{count:,} models"
        note(f"left out {models}: {reason} ({form} would bill it at 0)", quiet=quiet and not strict)
    losses = list(result.losses.items())
    shown = losses if strict else losses[:_SHOWN]
    for field, count in shown:
        note(f"cannot hold {field}: {count:,}", quiet=quiet and not strict)
    if len(losses) > len(shown):
        note(f"... and {len(losses) - len(shown)} more fields (--strict lists all)", quiet=quiet)
    if lost:
        raise typer.Exit(1)


def command(**options: Any) -> None:
    _export(**options)


def _signature() -> inspect.Signature:
    own = [entry for entry in inspect.signature(_export).parameters.values() if entry.kind is not entry.VAR_KEYWORD]
    theirs = inspect.signature(query.command).parameters.values()
    return inspect.Signature([*own, *(entry for entry in theirs if entry.name not in _NOT_FILTERS)])


# typer reads both: the command's own options and the filters of `query`, declared once.
command.__signature__ = _signature()  # type: ignore[attr-defined]
command.__annotations__ = {entry.name: entry.annotation for entry in _signature().parameters.values()}
command.__doc__ = _export.__doc__
