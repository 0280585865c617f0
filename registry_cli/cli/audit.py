"""`llmreg audit`."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.options import CatalogOption, OnOption, QuietOption, chosen_format, emit, note, parse_day
from registry_cli.cli.syncing import FORMATS, ProvidersArgument, SyncFormatOption, names
from registry_cli.commands.sync.audit import AuditOptions, audit, outliers, summary
from registry_cli.errors import UsageError
from registry_cli.render.audits import outlier_table, summary_table, table


def command(
    providers: ProvidersArgument = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="FIELD", help="Only these and what is below: pricing. Repeatable."),
    ] = None,
    sources: Annotated[
        list[str] | None, typer.Option("--source", metavar="SOURCE", help="Only where one of these is party to it.")
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", metavar="PERCENT", help="Numbers closer than this agree.")
    ] = 5.0,
    by: Annotated[bool, typer.Option("--summary", help="Only how many, by field and by provider.")] = False,
    far_off: Annotated[
        bool, typer.Option("--outliers", help="Values far off those of other providers of the same base model.")
    ] = False,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="MODEL#FIELD|MODEL|PROVIDER|all",
            help="Let it be, until a source says something else. Repeatable.",
        ),
    ] = None,
    kept: Annotated[bool, typer.Option("--kept", help="Show those that --keep hides.")] = False,
    retired: Annotated[bool, typer.Option("--retired", help="Retired models too.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where anything is found.")] = False,
    on: OnOption = None,
    format: SyncFormatOption = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show where the sources of a fact disagree: the file's value, and who says what.

    All of it is read from the record that `llmreg sync` keeps; nobody is asked.
    """
    if not 0 <= threshold <= 100:  # noqa: PLR2004  # per cent
        raise UsageError(f"--threshold: {threshold:g} is not a number of per cent from 0 to 100")
    asked = AuditOptions(
        tuple(providers or ()),
        names(fields),
        frozenset(names(sources)),
        Decimal(str(threshold)),
        retired=retired,
        kept=kept,
        keep=tuple(keep or ()),
    )
    form, day = chosen_format(format, FORMATS), parse_day(on)
    if far_off:
        if by or keep or kept or sources:
            raise UsageError("--outliers does not go together with --summary, --keep, --kept or --source")
        odd = outliers(asked, catalog=catalog, on=day, cwd=Path.cwd(), environ=os.environ)
        emit(outlier_table(odd), form, envelope="outliers", whole=False, quiet=quiet)
        note(f"{len(odd):,} outliers in {len({each.model for each in odd}):,} models", quiet=quiet)
        if odd:
            note("look each up at its provider; llmreg set corrects a value, llmreg unset leaves it out", quiet=quiet)
        raise typer.Exit(1 if check and odd else 0)
    found = audit(asked, catalog=catalog, on=day, cwd=Path.cwd(), environ=os.environ)
    rows = summary_table(summary(found.open)) if by else table(found.open)
    emit(rows, form, envelope="summary" if by else "disagreements", whole=by, quiet=quiet)
    models = len({each.model for each in found.open})
    judged = f"; {found.judged:,} judged now" if found.judged else ""
    if by and form == "plain":
        note(f"columns: {', '.join(rows.columns)}", quiet=quiet)
    note(f"{len(found.open):,} disagreements in {models:,} models, {found.hidden:,} let be{judged}", quiet=quiet)
    if check and found.open:
        raise typer.Exit(1)
