"""Options that several commands share, and how an answer reaches the screen."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from registry_cli import clock
from registry_cli.core.query.table import Table
from registry_cli.errors import UsageError
from registry_cli.render.rows import FORMATS, render_table

CatalogOption = Annotated[
    Path | None,
    typer.Option("--catalog", metavar="DIR", help="Folder of provider files.", show_default=False),
]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Read every file; leave the cache alone.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.")]
AllOption = Annotated[bool, typer.Option("--all", help="Every row, however long the table.")]
OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="Answer as of this day (default: today, UTC).", show_default=False),
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="FORMAT", help=f"{', '.join(FORMATS)}.", show_default=False),
]
ROW_FORMATS = tuple(form for form in FORMATS if form != "ids")  # of tables whose rows have no ids
_MIN_WIDTH = 40


def parse_day(text: str | None) -> str:
    """Return an ISO day, by default today in UTC. Raises `UsageError`."""
    if text is None:
        return clock.current_day()
    try:
        return date.fromisoformat(text).isoformat() if len(text) == len("2026-01-15") else _refuse_day(text)
    except ValueError:
        return _refuse_day(text)


def choose_format(form: str | None, known: tuple[str, ...] = FORMATS) -> str:
    """Return the given format, or else a table on a terminal and plain text in a pipe. Raises `UsageError`."""
    if form is None:
        return "table" if "table" in known and sys.stdout.isatty() else "plain"
    if form not in known:
        raise UsageError(f"--format: {form!r} is not one of {', '.join(known)}")
    return form


def emit_table(
    table: Table, form: str, *, envelope: str = "models", whole: bool = False, quiet: bool = False, own: str = ""
) -> None:
    """Print a table, and on stderr its notes, the number of hidden rows, and where marked rows come from."""
    if form != "table":
        sys.stdout.write(render_table(table, form, envelope=envelope))
    else:
        _emit_for_terminal(table, whole=whole, quiet=quiet, own=own)
    for text in table.notes:
        print_note(text, quiet=quiet)


def _emit_for_terminal(table: Table, *, whole: bool, quiet: bool, own: str) -> None:
    from registry_cli.render.terminal import PAGE, table_text  # noqa: PLC0415  # rich, for terminals alone

    sys.stdout.write(table_text(table, width=terminal_width(), color=uses_color(), whole=whole))
    hidden = 0 if whole else len(table.rows) - PAGE
    if hidden > 0:
        print_note(f"{hidden:,} more; --all shows them", quiet=quiet)
    if table.marked:
        print_note(f"* from your own models{own}", quiet=quiet)


def print_note(text: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(text, err=True)


def print_terminal_notes(texts: Iterable[str], *, quiet: bool) -> None:
    """Print notes that are for a person only: none unless stderr is a terminal."""
    if sys.stderr.isatty():
        for text in texts:
            print_note(text, quiet=quiet)


def split_names(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names in repeated options, each of which may have several with commas."""
    return tuple(name.strip() for text in texts or () for name in text.split(",") if name.strip())


def terminal_width() -> int:
    import shutil  # noqa: PLC0415  # for terminals alone

    return max(_MIN_WIDTH, shutil.get_terminal_size((120, 24)).columns)


def uses_color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _refuse_day(text: str) -> str:
    raise UsageError(f"--on: {text!r} is not a day such as 2026-01-15")
