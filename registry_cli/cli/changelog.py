"""`llmreg changelog`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from registry_cli import clock
from registry_cli.cli.options import AllOption, CatalogOption, QuietOption, choose_format, emit_table, print_note
from registry_cli.commands.history.changelog import list_releases, summarize_range
from registry_cli.render.changelog import FORMATS, changelog_json, changelog_markdown, changelog_table


def command(
    since: Annotated[
        str | None,
        typer.Argument(metavar="[SINCE|A..B]", help="Revisions, tags or days such as 2026-01-15.", show_default=False),
    ] = None,
    show_all: AllOption = False,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help=f"{', '.join(FORMATS)}.", show_default=False),
    ] = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show what changed in the catalog, by provider: models that came, went or are on their way out, prices up and
    down, limits, capabilities gained and lost.

    From SINCE to the work tree as it is now, or from A to B; `A..` ends at HEAD, `..B` begins before the first
    commit. A day means the last commit by its end in UTC. Without an argument: since the last tag, or the last 30
    days where no commit has a tag. The feed (atom) has an entry for each commit and ends at HEAD.
    """
    form = choose_format(format, FORMATS)
    where = {"catalog": catalog, "now": clock.current_time(), "cwd": Path.cwd(), "environ": os.environ}
    if form == "atom":
        from registry_cli.render.changelog_feed import changelog_feed  # noqa: PLC0415  # for this format alone

        past, found, gaps = list_releases(since, **where)  # type: ignore[arg-type]  # the same for both
        sys.stdout.write(changelog_feed(past.history_name(), found))
        for text in gaps:
            print_note(text, quiet=quiet)
        return
    told = summarize_range(since, **where)  # type: ignore[arg-type]
    ends = told.since.shown, told.until.shown
    if form == "json":
        sys.stdout.write(changelog_json(*ends, told.news))
    elif form == "markdown":
        sys.stdout.write(changelog_markdown(*ends, told.news))
    else:
        emit_table(changelog_table(told.news), form, whole=show_all, quiet=quiet)
        print_note(f"from {ends[0]} to {ends[1]}", quiet=quiet)
    for text in told.notes:
        print_note(text, quiet=quiet)
