"""`llmreg sync`."""

from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.editing import DryRunOption
from registry_cli.cli.options import CatalogOption, QuietOption
from registry_cli.cli.proposing import (
    Aim,
    AssigneeOption,
    BaseOption,
    BranchOption,
    CommitOption,
    DraftOption,
    FailOnOption,
    LabelOption,
    PullRequestOption,
    PushOption,
    ReviewerOption,
    Screen,
    offer,
    propose,
)
from registry_cli.cli.proposing import commit as commit_files
from registry_cli.cli.syncing import (
    AllProvidersOption,
    FromOption,
    ProvidersArgument,
    SourcesOption,
    SyncFormatOption,
    asker,
    circumstances,
    names,
    show,
    write_report,
)
from registry_cli.commands.sync.run import SyncOptions, sync
from registry_cli.errors import UsageError

_TARGETS = "MODEL#FIELD|MODEL|PROVIDER|all"


def command(
    providers: ProvidersArgument = None,
    all: AllProvidersOption = False,
    dry_run: DryRunOption = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 where anything differs.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar=_TARGETS, help="Take upstream's value. Repeatable.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar=_TARGETS, help="Keep the file's value, and say no more of it. Repeatable."),
    ] = None,
    new_only: Annotated[bool, typer.Option("--new-only", help="Only add models.")] = False,
    update_only: Annotated[bool, typer.Option("--update-only", help="Add no models.")] = False,
    retire_missing: Annotated[
        bool,
        typer.Option(
            "--retire-missing",
            help="Retire models that the provider no longer lists, as of today; "
            "mark those that no aggregator lists any more as unlisted.",
        ),
    ] = False,
    include_private: Annotated[
        bool, typer.Option("--include-private", help="Add models that belong to an account or a machine too.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Also note that unchanged facts were confirmed today.")
    ] = False,
    sources: SourcesOption = None,
    recorded: FromOption = None,
    recorded_on: Annotated[
        list[str] | None,
        typer.Option("--recorded-on", metavar="SOURCE=DATE", help="When an answer of --from was given. Repeatable."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="DIR", help="Keep the raw answers there.", show_default=False)
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write the whole plan there, as markdown or .json."),
    ] = None,
    commit: CommitOption = False,
    branch: BranchOption = None,
    push: PushOption = False,
    pr: PullRequestOption = None,
    base: BaseOption = None,
    draft: DraftOption = False,
    label: LabelOption = None,
    assignee: AssigneeOption = None,
    reviewer: ReviewerOption = None,
    fail_on: FailOnOption = None,
    format: SyncFormatOption = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Ask providers what they offer now, and edit exactly what changed.

    What a person wrote is never overwritten: where upstream disagrees it is listed, and --accept or --keep decides.
    Exits with 3 where changes wait for that, with 4 where a source failed; the others are written all the same.
    It goes to the files here, into a commit, or where --pr or the settings say so into a pull request.
    """
    if new_only and update_only:
        raise UsageError("--new-only and --update-only leave nothing to do")
    request = SyncOptions(
        providers=tuple(providers or ()),
        all=all,
        sources=frozenset(names(sources)),
        accept=tuple(accept or ()),
        keep=tuple(keep or ()),
        new_only=new_only,
        update_only=update_only,
        include_private=include_private,
        retire_missing=retire_missing,
        confirm=confirm,
    )
    given = circumstances(catalog, dry_run=dry_run or check)
    aim = Aim(commit, branch, push, pr, base, draft, label, assignee, reviewer, fail_on)
    goal = aim.goal(given, check=check)
    request, ask = asker(request, given, recorded or (), quiet=quiet, keep_in=record, days=recorded_on or ())
    screen = Screen(format, quiet, report)
    if goal == "pull request":
        code = propose(request, given, ask, aim, screen)
    elif goal == "commit" and not given.dry_run:
        code = commit_files(request, given, ask, aim, screen)
    elif goal == "ask":
        code = offer(request, given, ask, aim, screen)
    else:
        result = sync(request, given, ask)
        if report:
            write_report(report, result)
        show(result, format, quiet=quiet)
        code = result.exit_code(check=check)
    if code:
        raise typer.Exit(code)
