"""`llmreg import`: make provider files from the lists of aggregators and from what a team has."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry_cli import clock
from registry_cli.cli.editing import ReasonOption, SourceOption, render_diff
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.cli.syncing import make_context
from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.sync.import_catalog import SOURCES, Imported, import_catalog, write_notes
from registry_cli.commands.sync.import_past import ImportedPast, import_past
from registry_cli.commands.sync.past_reading import PAST_SOURCES
from registry_cli.errors import UsageError
from registry_cli.render.text import cell_text
from registry_cli.yamledit.escapes import one_line

if TYPE_CHECKING:
    from registry_cli.commands.propose.base_checkout import Wish
    from registry_cli.commands.propose.import_pull_request import ProposedImport

_SHOWN = 12
SourceFilesArgument = Annotated[
    list[str],
    typer.Argument(metavar="SOURCE=FILE...", help=f"The first takes precedence. SOURCE is {', '.join(SOURCES)}."),
]
PastOption = Annotated[
    bool,
    typer.Option(
        "--past",
        help="Add models that the sources listed once and the catalog does not have, also to existing files. "
        f"SOURCE is {', '.join(PAST_SOURCES)}.",
    ),
]
RecordedOnOption = Annotated[
    list[str] | None,
    typer.Option("--recorded-on", metavar="SOURCE=DATE", help="Day on which a list of --past was made. Repeatable."),
]
ToOption = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="DIR",
        help="Directory to write to (default: config/models; with --past or --pr, the catalog in use).",
        show_default=False,
    ),
]
ImportDryRunOption = Annotated[bool, typer.Option("--dry-run", help="Read, merge and check, but write nothing.")]
NotesOption = Annotated[
    Path | None,
    typer.Option("--notes", metavar="FILE", help="Write what was left out, and why, as tab-separated text."),
]
ImportQuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def command(
    sources: SourceFilesArgument,
    past: PastOption = False,
    recorded_on: RecordedOnOption = None,
    to: ToOption = None,
    dry_run: ImportDryRunOption = False,
    notes: NotesOption = None,
    quiet: ImportQuietOption = False,
    reason: ReasonOption = None,
    source: SourceOption = None,
    *,
    proposal: ProposalOptions,
) -> None:
    """Make provider files from other programs' lists of models. Files that exist are left alone.

    exllm=DIR is a directory of YAML; csv=FILE what `export csv` writes, or a table with our field names. With --past,
    models.dev=CLONE is a git clone of its repository, with its whole history.
    """
    if recorded_on and not past:
        raise UsageError("import: --recorded-on is for --past")
    wish = proposal.chosen_wish()
    if wish:
        if to and not to.is_dir():
            raise UsageError(f"--to: {to} is not a directory; --pr adds to a catalog that its repository has")
        given = replace(make_context(to, dry_run=dry_run), reason=reason, source=source)
        _propose_import(sources, given, wish, recorded_on or () if past else None, notes=notes, quiet=quiet)
        return
    if reason or source:
        raise UsageError("--reason and --source go with --pr")
    if past:
        added = import_past(sources, make_context(to, dry_run=dry_run), recorded_on or ())
        if notes:
            write_notes(notes, added.notes)
        if not quiet:
            _report_past(added, dry_run=dry_run)
        return
    imported = import_catalog(sources, to=to or Path("config/models"), dry_run=dry_run, now=clock.current_time)
    if notes:
        write_notes(notes, imported.notes)
    if not quiet:
        _report_import(imported, dry_run=dry_run)


def _propose_import(
    sources: list[str],
    given: Circumstances,
    wish: "Wish",
    recorded_on: Sequence[str] | None,
    *,
    notes: Path | None,
    quiet: bool,
) -> None:
    """Import on a branch of its own and print the result; `recorded_on` is None but for past models."""
    from registry_cli.cli.showing_proposals import proposal_notes, proposal_text  # noqa: PLC0415  # for --pr alone
    from registry_cli.commands.propose.import_pull_request import propose_import, propose_past  # noqa: PLC0415

    made: ProposedImport[Imported] | ProposedImport[ImportedPast]
    if recorded_on is None:
        made = propose_import(sources, given, wish)
    else:
        made = propose_past(sources, given, wish, recorded_on)
    if notes:
        write_notes(notes, made.imported.notes)
    if given.dry_run:
        sys.stdout.write(proposal_text(made.outcome, render_diff(made.files), dry_run=True))
        sys.stdout.flush()
    if quiet:
        return
    if isinstance(made.imported, Imported):
        _report_import(made.imported, dry_run=given.dry_run)
    else:
        _report_past(made.imported, dry_run=given.dry_run)
    for text in proposal_notes(made.outcome, made.base, is_empty=not made.files, dry_run=given.dry_run):
        typer.echo(text, err=True)


def _report_past(imported: ImportedPast, *, dry_run: bool) -> None:
    for each in imported.providers:
        completed = f", {each.completed} completed" if each.completed else ""
        file = " (new file)" if each.is_new else ""
        typer.echo(one_line(f"{each.provider}: {each.added} added{completed}{file}"), err=True)
    for reason, count in Counter(note.reason for note in imported.skipped).most_common(_SHOWN):
        typer.echo(cell_text(f"left out {count:,}: {reason}"), err=True)
    added = sum(each.added for each in imported.providers)
    typer.echo(
        f"{'would add' if dry_run else 'added'} {added:,} models to {len(imported.providers)} providers; "
        f"{len(imported.notes):,} notes",
        err=True,
    )


def _report_import(imported: Imported, *, dry_run: bool) -> None:
    if imported.key_routes:
        typer.echo("Where keys go:", err=True)
    for provider, route in imported.key_routes:
        typer.echo(one_line(f"  {provider}: {route}"), err=True)
    for provider in imported.kept:
        typer.echo(f"{imported.folder / f'{provider}.yml'}: exists, left alone", err=True)
    for note in imported.own_notes[:_SHOWN]:
        about = ": ".join(filter(None, (note.provider, note.model, note.field)))
        typer.echo(cell_text(f"{about}: {note.reason}"), err=True)
    if len(imported.own_notes) > _SHOWN:
        typer.echo(f"... and {len(imported.own_notes) - _SHOWN:,} more (--notes FILE has all)", err=True)
    written = len(imported.texts) - len(imported.kept) if dry_run else len(imported.written)
    typer.echo(
        f"{'would write' if dry_run else 'wrote'} {written} of {len(imported.texts)} providers "
        f"({imported.model_count} models in all); {len(imported.notes)} notes",
        err=True,
    )
