"""`llmreg fmt`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.editing import DryRunOption, render_diff
from registry_cli.cli.options import CatalogOption, QuietOption, print_note
from registry_cli.commands.edit.fmt import format_text
from registry_cli.commands.edit.rewrite import rewrite_files


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files or folders (default: the catalog).", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 where files would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show the lines that would change, and exit with 1 if any.")
    ] = False,
    dry_run: DryRunOption = False,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Lay files out in the canonical order and style, comments kept.

    Data stay as they are. A file that cannot be kept exactly (anchors, tags) is named and left, and the exit code is 6.
    """
    keep = check or diff or dry_run
    found = rewrite_files(paths or [], format_text, catalog=catalog, dry_run=keep, cwd=Path.cwd(), environ=os.environ)
    sys.stdout.write(render_diff(found.files) if diff else "".join(f"{file.shown}\n" for file in found.files))
    sys.stdout.flush()
    for fault in found.refused:
        typer.echo(f"llmreg: {fault}", err=True)
    done = "would change" if keep else "changed"
    print_note(f"{len(found.files):,} of {found.looked_at:,} files {done}", quiet=quiet)
    if found.refused:
        raise typer.Exit(6)
    if (check or (diff and not dry_run)) and found.files:
        raise typer.Exit(1)
