"""`llmreg sync`."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from registry_cli.cli.editing import DryRunOption
from registry_cli.cli.options import CatalogOption, QuietOption, split_names
from registry_cli.cli.proposing import NOT_ASKED, SyncDestination, SyncOutput, offer_proposal, propose_sync, write_here
from registry_cli.cli.proposing import commit_sync as commit_files
from registry_cli.cli.syncing import (
    AllProvidersOption,
    AnswerOptions,
    ProvidersArgument,
    SyncFormatOption,
    make_context,
)
from registry_cli.commands.sync.run import SyncOptions
from registry_cli.errors import UsageError

_TARGETS = "MODEL#FIELD|MODEL|PROVIDER|all"


class SyncChoices(NamedTuple):
    """Which providers `sync` is about, and which changes it makes."""

    providers: ProvidersArgument = None
    all: AllProvidersOption = False
    dry_run: DryRunOption = False
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 where anything differs.")] = False
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar=_TARGETS,
            help="Take upstream's value: of a field, also over an edit; else of what waits for a decision. Repeatable.",
        ),
    ] = None
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar=_TARGETS, help="Keep the file's value, and say no more of it. Repeatable."),
    ] = None
    new_only: Annotated[bool, typer.Option("--new-only", help="Only add models.")] = False
    update_only: Annotated[bool, typer.Option("--update-only", help="Add no models.")] = False
    retire_missing: Annotated[
        bool,
        typer.Option(
            "--retire-missing",
            help="Retire models that the provider no longer lists, as of today; "
            "mark those that no aggregator lists any more as unlisted.",
        ),
    ] = False
    include_private: Annotated[
        bool, typer.Option("--include-private", help="Add models that belong to an account or a machine too.")
    ] = False
    confirm: Annotated[bool, typer.Option("--confirm", help="Also note that unchanged facts were confirmed today.")] = (
        False
    )

    def to_request(self, sources: tuple[str, ...]) -> SyncOptions:
        """Return what a sync shall do with these sources, or with all where none is named. Raises `UsageError`."""
        if self.new_only and self.update_only:
            raise UsageError("--new-only and --update-only leave nothing to do")
        return SyncOptions(
            providers=tuple(self.providers or ()),
            all=self.all,
            sources=frozenset(sources),
            accept=tuple(self.accept or ()),
            keep=tuple(self.keep or ()),
            new_only=self.new_only,
            update_only=self.update_only,
            include_private=self.include_private,
            retire_missing=self.retire_missing,
            confirm=self.confirm,
        )


def command(
    *,
    choices: SyncChoices,
    answers: AnswerOptions,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write the whole plan there, as markdown or .json."),
    ] = None,
    destination: SyncDestination,
    format: SyncFormatOption = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Ask providers what they offer now, and edit exactly what changed.

    What a person wrote is never overwritten: where upstream disagrees it is listed, and --accept or --keep decides.
    Exits with 3 where changes wait for that, with 4 where a source failed; the others are written all the same.
    It writes the files here, or with --commit a commit, or with --pr a pull request. Where the settings want pull
    requests (sync.pull_request), it opens one in CI, and asks on a terminal.
    """
    request = choices.to_request(split_names(answers.sources))
    given = make_context(catalog, dry_run=choices.dry_run or choices.check)
    goal = destination.choose_goal(given, check=choices.check)
    request, ask = answers.make_asker(request, given, quiet=quiet)
    screen = SyncOutput(format, quiet, report)
    if goal.kind == "pull request":
        code = propose_sync(request, given, ask, destination, screen)
    elif goal.kind == "commit" and not given.dry_run:
        code = commit_files(request, given, ask, destination, screen)
    elif goal.kind == "ask":
        code = offer_proposal(request, given, ask, destination, screen, goal)
    else:
        remark = NOT_ASKED if goal.by_settings else ""
        code = write_here(request, given, ask, screen, remark, check=choices.check)
    if code:
        raise typer.Exit(code)
