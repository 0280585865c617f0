"""`llmreg import`: make provider files from the lists of aggregators and from what a team has."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.commands.sync.import_catalog import SOURCES, Imported, import_catalog, write_notes
from registry_cli.render.text import cell
from registry_cli.yamledit.escapes import one_line

_SHOWN = 12


def command(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE=FILE...", help=f"The first takes precedence. SOURCE is {', '.join(SOURCES)}."),
    ],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder to write to.")] = Path("config/models"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read, merge and check, but write nothing.")] = False,
    notes: Annotated[
        Path | None,
        typer.Option("--notes", metavar="FILE", help="Write what was left out, and why, as tab-separated text."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Make provider files from other programs' lists of models. Files that exist are left alone.

    exllm=DIR is a folder of YAML; csv=FILE what `export csv` writes, or a table with our field names.
    """
    imported = import_catalog(sources, to=to, dry_run=dry_run, now=lambda: datetime.now(UTC))
    if notes:
        write_notes(notes, imported.notes)
    if not quiet:
        _report(imported, dry_run=dry_run)


def _report(imported: Imported, *, dry_run: bool) -> None:
    if imported.key_routes:
        typer.echo("Where keys go:", err=True)
    for provider, route in imported.key_routes:
        typer.echo(one_line(f"  {provider}: {route}"), err=True)
    for provider in imported.kept:
        typer.echo(f"{imported.folder / f'{provider}.yml'}: exists, left alone", err=True)
    for note in imported.own_notes[:_SHOWN]:
        about = ": ".join(filter(None, (note.provider, note.model, note.field)))
        typer.echo(cell(f"{about}: {note.reason}"), err=True)
    if len(imported.own_notes) > _SHOWN:
        typer.echo(f"... and {len(imported.own_notes) - _SHOWN:,} more (--notes FILE has all)", err=True)
    written = len(imported.texts) - len(imported.kept) if dry_run else len(imported.written)
    typer.echo(
        f"{'would write' if dry_run else 'wrote'} {written} of {len(imported.texts)} providers "
        f"({imported.model_count} models in all); {len(imported.notes)} notes",
        err=True,
    )
