"""What the commands that edit share: their options, and how they show an edit."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from registry_cli import clock
from registry_cli.cli.options import CatalogOption, QuietOption, choose_format, print_note, uses_color
from registry_cli.commands.edit.session import Circumstances, Edited, Plan, Rewritten, run_edit
from registry_cli.render.changes import as_json
from registry_cli.render.diffs import unified_diff_text

FORMATS = ("plain", "json")

TargetArgument = Annotated[str, typer.Argument(metavar="MODEL", help="provider/id, or an id or alias alone.")]
OverlayOption = Annotated[bool, typer.Option("--overlay", help="Edit your own models, which lie over the catalog's.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the change and write nothing.")]
CommitOption = Annotated[bool, typer.Option("--commit", help="Commit the files that are written, and only these.")]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why, for the commit.", show_default=False)
]
SourceOption = Annotated[
    str | None, typer.Option("--source", metavar="URL", help="Where it says so, for the commit.", show_default=False)
]
EditFormatOption = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="FORMAT", help="plain (a diff) or json.", show_default=False),
]


class EditOptions(NamedTuple):
    """Where an edit is written, how it is committed, and how it is shown."""

    overlay: OverlayOption = False
    catalog: CatalogOption = None
    dry_run: DryRunOption = False
    commit: CommitOption = False
    reason: ReasonOption = None
    source: SourceOption = None
    format: EditFormatOption = None
    quiet: QuietOption = False


def run_edit_command(plan: Plan, options: EditOptions, *, force: bool = False) -> None:
    """Make an edit and print it as a diff or as JSON."""
    form = choose_format(options.format, FORMATS)
    given = Circumstances(
        now=clock.current_time(),
        cwd=Path.cwd(),
        environ=os.environ,
        catalog=options.catalog,
        overlay=options.overlay,
        dry_run=options.dry_run,
        commit=options.commit,
        reason=options.reason,
        source=options.source,
    )
    edited = run_edit(plan, given, force=force)
    sys.stdout.write(as_json(edited.changes) if form == "json" else render_diff(edited.files))
    sys.stdout.flush()
    for text in _edit_notes(edited, options):
        print_note(text, quiet=options.quiet)


def render_diff(files: Iterable[Rewritten]) -> str:
    shown = []
    for file in files:
        old, new = file.texts
        shown.append(unified_diff_text(file.shown, None if file.old is None else old, new, color=uses_color()))
    return "".join(shown)


def _edit_notes(edited: Edited, options: EditOptions) -> Iterable[str]:
    if not edited.files:
        yield "nothing to change"
    for item in edited.warnings:
        yield f"{item.path}:{item.line}:{item.column} {item.code} {item.message}"
    yield from edited.notes
    if options.dry_run and edited.files:
        yield "nothing was written (--dry-run)"
    if edited.commit:
        yield f"committed {edited.commit}"
