"""`llmreg audit`."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from registry_cli.cli.options import (
    CatalogOption,
    OnOption,
    QuietOption,
    choose_format,
    emit_table,
    parse_day,
    print_note,
    split_names,
)
from registry_cli.cli.syncing import FORMATS, ProvidersArgument, SyncFormatOption
from registry_cli.commands.sync.audit import AuditOptions, audit_outliers, audit_sources, count_disagreements
from registry_cli.errors import UsageError
from registry_cli.render.audits import disagreement_table, outlier_table, summary_table


class AuditFilters(NamedTuple):
    """Which disagreements `audit` finds, how it counts them, and which it shall let be."""

    providers: ProvidersArgument = None
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="FIELD", help="Only these and what is below: pricing. Repeatable."),
    ] = None
    sources: Annotated[
        list[str] | None, typer.Option("--source", metavar="SOURCE", help="Only where one of these is party to it.")
    ] = None
    threshold: Annotated[
        float, typer.Option("--threshold", metavar="PERCENT", help="Numbers closer than this agree.")
    ] = 5.0
    by: Annotated[bool, typer.Option("--summary", help="Only how many, by field and by provider.")] = False
    far_off: Annotated[
        bool, typer.Option("--outliers", help="Values far off those of other providers of the same base model.")
    ] = False
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="MODEL#FIELD|MODEL|PROVIDER|all",
            help="Let it be, until a source says something else. Repeatable.",
        ),
    ] = None
    kept: Annotated[bool, typer.Option("--kept", help="Show those that --keep hides.")] = False
    retired: Annotated[bool, typer.Option("--retired", help="Retired models too.")] = False

    def to_options(self) -> AuditOptions:
        """Return what the audit shall do. Raises `UsageError`."""
        if not 0 <= self.threshold <= 100:  # noqa: PLR2004  # per cent
            raise UsageError(f"--threshold: {self.threshold:g} is not a number of per cent from 0 to 100")
        if self.far_off and (self.by or self.keep or self.kept or self.sources):
            raise UsageError("--outliers does not go together with --summary, --keep, --kept or --source")
        return AuditOptions(
            tuple(self.providers or ()),
            split_names(self.fields),
            frozenset(split_names(self.sources)),
            Decimal(str(self.threshold)),
            retired=self.retired,
            kept=self.kept,
            keep=tuple(self.keep or ()),
        )


def command(
    *,
    filters: AuditFilters,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where anything is found.")] = False,
    on: OnOption = None,
    format: SyncFormatOption = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show where the sources of a fact disagree: the file's value, and who says what.

    All of it is read from the record that `llmreg sync` keeps; nobody is asked.
    """
    options, form, day = filters.to_options(), choose_format(format, FORMATS), parse_day(on)
    if filters.far_off:
        count = _print_outliers(options, form, day, catalog=catalog, quiet=quiet)
    else:
        count = _print_disagreements(options, form, day, catalog=catalog, quiet=quiet, by=filters.by)
    if check and count:
        raise typer.Exit(1)


def _print_outliers(options: AuditOptions, form: str, day: str, *, catalog: Path | None, quiet: bool) -> int:
    """Print the values that are far off those of other providers, and return how many there are."""
    odd = audit_outliers(options, catalog=catalog, on=day, cwd=Path.cwd(), environ=os.environ)
    emit_table(outlier_table(odd), form, envelope="outliers", whole=False, quiet=quiet)
    print_note(f"{len(odd):,} outliers in {len({outlier.model for outlier in odd}):,} models", quiet=quiet)
    if odd:
        print_note("look each up at its provider; llmreg set corrects a value, llmreg unset leaves it out", quiet=quiet)
    return len(odd)


def _print_disagreements(
    options: AuditOptions, form: str, day: str, *, catalog: Path | None, quiet: bool, by: bool
) -> int:
    """Print where sources disagree, or with `by` only how often, and return how many disagreements are open."""
    audited = audit_sources(options, catalog=catalog, on=day, cwd=Path.cwd(), environ=os.environ)
    rows = summary_table(count_disagreements(audited.open)) if by else disagreement_table(audited.open)
    emit_table(rows, form, envelope="summary" if by else "disagreements", whole=by, quiet=quiet)
    models = len({disagreement.model for disagreement in audited.open})
    judged = f"; {audited.judged:,} judged now" if audited.judged else ""
    if by and form == "plain":
        print_note(f"columns: {', '.join(rows.columns)}", quiet=quiet)
    print_note(
        f"{len(audited.open):,} disagreements in {models:,} models, {audited.hidden:,} let be{judged}", quiet=quiet
    )
    return len(audited.open)
