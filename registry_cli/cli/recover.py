"""`llmreg recover`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.options import CatalogOption, QuietOption, print_note, uses_color
from registry_cli.commands.edit.recover import (
    PendingFile,
    UnfinishedChange,
    discard_change,
    find_root,
    finish_change,
    read_unfinished,
)
from registry_cli.errors import UsageError
from registry_cli.render.diffs import unified_diff_text

_MOST_COMPARED = 1_000_000  # characters of a file whose lines are compared


def command(
    finish: Annotated[bool, typer.Option("--finish", help="Make the change.")] = False,
    discard: Annotated[bool, typer.Option("--discard", help="Delete the journal and the temporary files.")] = False,
    catalog: CatalogOption = None,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Look at your own models, which lie over the catalog's.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Show a change of several files that was left unfinished, then finish or discard it.

    llmreg finishes its own unfinished changes by itself. What another machine wrote, or somebody committed, waits for
    your decision. Without an option it is shown, nothing is done, and the exit code is 1.
    """
    if finish and discard:
        raise UsageError("recover: give --finish or --discard, not both")
    cwd = Path.cwd()
    root = find_root(catalog, overlay=overlay, cwd=cwd, environ=os.environ)
    unfinished = read_unfinished(root, cwd)
    if unfinished is None:
        print_note("nothing is unfinished", quiet=quiet)
        return
    if finish:
        _show_pending(unfinished)
        print_note(f"finished: {finish_change(root)} files of the change are in place", quiet=quiet)
        return
    if discard:
        _show_deleted(unfinished)
        print_note(f"deleted {discard_change(root)} files", quiet=quiet)
        return
    _show_both(unfinished, quiet=quiet)
    raise typer.Exit(1)


def _show_both(unfinished: UnfinishedChange, *, quiet: bool) -> None:
    if unfinished.foreign:
        first, *more = unfinished.foreign
        named = f"{first} and {len(more)} more were" if more else f"{first} was"
        print_note(f"{named} not written by llmreg on this machine", quiet=quiet)
    for name in unfinished.reached:
        print_note(f"{name} has its new content already, and keeps it with either option", quiet=quiet)
    if unfinished.obstacle:
        print_note(f"--finish cannot make the change: {unfinished.obstacle}", quiet=quiet)
    else:
        print_note("--finish would make this change:", quiet=quiet)
        _show_pending(unfinished)
    print_note("--discard would delete these files, and change no other:", quiet=quiet)
    _show_deleted(unfinished)


def _show_pending(unfinished: UnfinishedChange) -> None:
    sys.stdout.write("".join(map(_diff_file, unfinished.pending)))
    sys.stdout.flush()


def _show_deleted(unfinished: UnfinishedChange) -> None:
    sys.stdout.write("".join(f"{name}\n" for name in unfinished.hidden))
    sys.stdout.flush()


def _diff_file(file: PendingFile) -> str:
    old, new = file.old or "", file.new or ""
    if file.new is None:
        return f"delete {file.shown}\n"
    if max(len(old), len(new)) > _MOST_COMPARED:
        return f"{file.shown}: {len(old):,} characters become {len(new):,}\n"
    return unified_diff_text(file.shown, file.old, new, color=uses_color())
