"""What the commands that edit share: their options, and how they show an edit."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from registry_cli import clock
from registry_cli.cli.options import CatalogOption, QuietOption, choose_format, print_note, uses_color
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.session import Circumstances, Edited, Plan, Rewritten, run_edit
from registry_cli.errors import UsageError
from registry_cli.render.changes import as_json
from registry_cli.render.diffs import unified_diff_text

if TYPE_CHECKING:
    from registry_cli.commands.propose.base_checkout import Wish
    from registry_cli.commands.propose.branch_names import EditIdentity

FORMATS = ("plain", "json")

TargetArgument = Annotated[str, typer.Argument(metavar="MODEL", help="provider/id, or an id or alias alone.")]
OverlayOption = Annotated[bool, typer.Option("--overlay", help="Edit your own models, which lie over the catalog's.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the change and write nothing.")]
CommitOption = Annotated[bool, typer.Option("--commit", help="Commit the files that are written, and only these.")]
ReasonOption = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Why, for the commit or pull request.", show_default=False),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="URL", help="Where it says so, for the commit or pull request.", show_default=False
    ),
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


class ProposedCommand(NamedTuple):
    """An edit that becomes a pull request: what it is called, and how the pull request is opened."""

    identity: "EditIdentity"
    wish: "Wish"


def name_proposal(
    options: ProposalOptions, command: str, target: str, about: Sequence[str] = ()
) -> ProposedCommand | None:
    """Return the edit that becomes a pull request, None if it does not. Raises `UsageError`."""
    wish = options.chosen_wish()
    if wish is None:
        return None
    from registry_cli.commands.propose.branch_names import EditIdentity  # noqa: PLC0415  # for pull requests alone

    return ProposedCommand(EditIdentity(command, target, tuple(about)), wish)


def run_edit_command(
    plan: Plan, options: EditOptions, proposed: ProposedCommand | None = None, *, force: bool = False
) -> None:
    """Make an edit, here or as a pull request, and print it as a diff or as JSON."""
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
    if proposed is not None:
        _run_proposed_edit(plan, given, proposed, options, force=force)
        return
    edited = run_edit(plan, given, force=force)
    sys.stdout.write(as_json(edited.changes) if form == "json" else render_diff(edited.files))
    sys.stdout.flush()
    for text in _edit_notes(edited, options):
        print_note(text, quiet=options.quiet)


def _run_proposed_edit(
    plan: Plan, given: Circumstances, proposed: ProposedCommand, options: EditOptions, *, force: bool
) -> None:
    from registry_cli.cli.showing_proposals import proposal_notes, proposal_text  # noqa: PLC0415  # for --pr alone
    from registry_cli.commands.propose.edit_pull_request import propose_edit  # noqa: PLC0415
    from registry_cli.render.outcomes import outcome_documents  # noqa: PLC0415

    if options.commit:
        raise UsageError("--commit and --pr are two ways; choose one")
    if options.overlay:
        raise UsageError("--overlay edits your own models, which are in no pull request; leave out --pr")
    made = propose_edit(plan, given, proposed.identity, proposed.wish, force=force)
    edited, outcome = made.edited, made.outcome
    if choose_format(options.format, FORMATS) == "json":
        sys.stdout.write(as_json(edited.changes, {"pull_requests": outcome_documents([outcome])}))
    else:
        sys.stdout.write(proposal_text(outcome, render_diff(edited.files), dry_run=given.dry_run))
    sys.stdout.flush()
    warnings = _warning_lines(edited)
    for text in (*warnings, *proposal_notes(outcome, made.base, is_empty=not edited.files, dry_run=given.dry_run)):
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
    yield from _warning_lines(edited)
    yield from edited.notes
    if options.dry_run and edited.files:
        yield "nothing was written (--dry-run)"
    if edited.commit:
        yield f"committed {edited.commit}"


def _warning_lines(edited: Edited) -> Iterable[str]:
    for item in edited.warnings:
        yield f"{item.path}:{item.line}:{item.column} {item.code} {item.message}"
