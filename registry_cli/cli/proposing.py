"""Where `sync` writes to: the files, a commit, or a pull request. The options for each, and how it is shown."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from registry_cli.cli.options import choose_format, print_note
from registry_cli.cli.pull_request_options import (
    AssigneeOption,
    BaseOption,
    DraftOption,
    LabelOption,
    ReviewerOption,
    make_wish,
)
from registry_cli.cli.syncing import (
    FORMATS,
    describe_paths,
    describe_writing,
    faults_text,
    plan_details,
    show_plan,
    write_report,
)
from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.sync.ignored_records import ignored_records_warnings
from registry_cli.commands.sync.means import catalog_root
from registry_cli.commands.sync.run import Ask, SyncOptions, sync_catalog
from registry_cli.errors import UsageError

if TYPE_CHECKING:
    from registry_cli.commands.propose.groups import Proposed


class Goal(NamedTuple):
    """Where a sync writes to; `by_settings` if these want a pull request and no option says what to do."""

    kind: Literal["files", "commit", "pull request", "ask"]
    by_settings: bool = False


CommitOption = Annotated[bool, typer.Option("--commit", help="Commit the files that are written, and only these.")]
BranchOption = Annotated[
    str | None,
    typer.Option("--branch", metavar="BRANCH", help="With --commit: on this branch.", show_default=False),
]
PushOption = Annotated[bool, typer.Option("--push", help="With --commit: push the branch.")]
PullRequestOption = Annotated[
    bool | None,
    typer.Option("--pr/--no-pr", help="Open or update a pull request, or write to the files here.", show_default=False),
]
FailOnOption = Annotated[
    str | None,
    typer.Option("--fail-on", metavar="held", help="With --pr: exit with 3 where changes wait for a person."),
]


class SyncDestination(NamedTuple):
    """Where a sync writes to: the files, a commit, or a pull request and what it shall look like."""

    commit: CommitOption = False
    branch: BranchOption = None
    push: PushOption = False
    pr: PullRequestOption = None
    base: BaseOption = None
    draft: DraftOption = False
    label: LabelOption = None
    assignee: AssigneeOption = None
    reviewer: ReviewerOption = None
    fail_on: FailOnOption = None

    def choose_goal(self, given: Circumstances, *, check: bool) -> Goal:
        """Return where to write, by the options or else by the settings. Raises `UsageError`."""
        of_pr = self.base or self.draft or self.label or self.assignee or self.reviewer or self.fail_on
        if self.fail_on not in (None, "held"):
            raise UsageError(f"--fail-on: {self.fail_on!r} is not held")
        if self.commit and (self.pr or of_pr):
            raise UsageError("--commit and --pr are two ways; choose one")
        if (self.branch or self.push) and not self.commit:
            raise UsageError("--branch and --push go with --commit")
        if self.commit or check:
            return Goal("commit" if self.commit else "files")
        if self.pr is None:
            return Goal("pull request") if of_pr else _goal_of_settings(given)
        if of_pr and not self.pr:
            raise UsageError("--no-pr leaves nothing for the options of a pull request")
        return Goal("pull request" if self.pr else "files")


def _goal_of_settings(given: Circumstances) -> Goal:
    """Where to write if no option says so: pull requests open by themselves in CI alone."""
    from registry_cli.commands.setup.settings import catalog_settings  # noqa: PLC0415  # where the options do not say

    wanted = catalog_settings(given).sync.pull_request
    if wanted and runs_in_ci(given.environ):
        return Goal("pull request", by_settings=True)
    if wanted is False or given.dry_run or not is_terminal():
        return Goal("files", by_settings=bool(wanted))
    return Goal("ask", by_settings=bool(wanted))


def runs_in_ci(environ: Mapping[str, str]) -> bool:
    """Return whether the environment says, by `CI`, that no person is there."""
    return environ.get("CI", "").lower() not in ("", "0", "false")


def is_terminal() -> bool:
    """Return whether llmreg can ask the user."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


@dataclass(frozen=True, slots=True)
class SyncOutput:
    """How a result is shown; `plan_shown` if the user has seen the plan already."""

    format: str | None
    quiet: bool
    report: Path | None
    plan_shown: bool = False


def commit_sync(
    request: SyncOptions, given: Circumstances, ask: Ask, destination: SyncDestination, screen: SyncOutput
) -> int:
    """Sync, commit the files that it writes, and return the exit code."""
    from registry_cli.commands.propose.commit import sync_and_commit  # noqa: PLC0415  # git, for commits alone

    made = sync_and_commit(request, given, ask, branch=destination.branch, push=destination.push)
    if screen.report:
        write_report(screen.report, made.synced)
    show_plan(made.synced, screen.format, quiet=screen.quiet, ending="")
    written = describe_paths(made.synced)
    if made.finished:
        print_note(
            f"committed {made.finished} on {made.branch}: what an interrupted sync had written", quiet=screen.quiet
        )
    told = f"committed {made.commit} on {made.branch}: {written}" if made.commit else "nothing to commit"
    print_note(told + (f", pushed to {made.pushed_to}" if made.pushed_to else ""), quiet=screen.quiet)
    return made.synced.exit_code(check=False)


def propose_sync(
    request: SyncOptions, given: Circumstances, ask: Ask, destination: SyncDestination, screen: SyncOutput
) -> int:
    """Sync into pull requests, which it opens or updates, and return the exit code."""
    from registry_cli.commands.propose.pull_request import propose_changes as proposed_by  # noqa: PLC0415  # git, for pull requests alone

    people = destination.assignee, destination.reviewer
    wish = make_wish(destination.base, destination.label, *people, draft=destination.draft)
    proposed = proposed_by(request, given, ask, wish)
    if screen.report:
        write_report(screen.report, proposed.synced)
    _show_proposal(proposed, screen, dry_run=given.dry_run)
    return proposed.exit_code(fail_on_held=destination.fail_on == "held")


def _show_proposal(proposed: "Proposed", screen: SyncOutput, *, dry_run: bool) -> None:
    from registry_cli.render.outcomes import outcome_documents, outcome_lines, preview_text  # noqa: PLC0415  # for pull requests alone
    from registry_cli.render.plans import plan_json  # noqa: PLC0415

    synced, form = proposed.synced, choose_format(screen.format, FORMATS)
    if form == "json":
        more = {"pull_requests": outcome_documents(proposed.outcomes), **plan_details(replace(synced, written=False))}
        sys.stdout.write(plan_json(synced.items, synced.failures, more))
        return
    if dry_run:
        sys.stdout.write(preview_text(proposed.outcomes))
        for text in faults_text(synced):
            print_note(text, quiet=screen.quiet)
        print_note("nothing was written (--dry-run)", quiet=screen.quiet)
        return
    if not screen.plan_shown:
        show_plan(synced, screen.format, quiet=screen.quiet, ending="")
    for text in outcome_lines(proposed.outcomes):
        print_note(text, quiet=screen.quiet)


def offer_proposal(
    request: SyncOptions, given: Circumstances, ask: Ask, destination: SyncDestination, screen: SyncOutput, goal: Goal
) -> int:
    """Print the plan, ask the user whether to open a pull request or to write files, and return the exit code."""
    from registry_cli.commands.propose.pull_request import may_propose  # noqa: PLC0415  # git, for a terminal alone
    from registry_cli.commands.sync.memo import Remembered  # noqa: PLC0415

    remembered = Remembered(ask)
    planned = sync_catalog(request, replace(given, dry_run=True), remembered)
    has_changes = bool(planned.files or planned.records)
    if not has_changes or (screen.quiet and not goal.by_settings):
        return write_here(request, given, remembered, screen)
    if not may_propose(given):
        return write_here(request, given, remembered, screen, _NO_REMOTE if goal.by_settings else "")
    screen = replace(screen, format=choose_format(screen.format, FORMATS))
    is_shown = screen.format != "json"  # JSON is one document, which says what was written
    if is_shown:
        show_plan(planned, screen.format, quiet=screen.quiet, ending="")
    screen = replace(screen, plan_shown=is_shown)
    question = "Open a pull request with this (p), write it to the files here (w), or neither (n)?"
    answer = _ask_choice(question, "pwn", default="p" if goal.by_settings else "n")
    if answer == "p":
        return propose_sync(request, given, remembered, destination, screen)
    if answer == "w":
        return write_here(request, given, remembered, screen)
    if screen.report:
        write_report(screen.report, planned)
    if is_shown:
        print_note("nothing was written", quiet=screen.quiet)
    else:
        show_plan(planned, screen.format, quiet=screen.quiet, ending="nothing was written")
    return planned.exit_code(check=False)


def write_here(
    request: SyncOptions, given: Circumstances, ask: Ask, screen: SyncOutput, remark: str = "", *, check: bool = False
) -> int:
    """Write to the files, or nothing on a dry run, and return the exit code.

    `remark` is what to say where files were written.
    """
    result = sync_catalog(request, given, ask)
    if screen.report:
        write_report(screen.report, result)
    remarks: list[str] = []
    if result.written:
        providers = [plan.provider for plan in result.plans]
        remarks += ignored_records_warnings(catalog_root(given), providers, cwd=given.cwd, environ=given.environ)
        if remark and (result.files or result.records):
            remarks.append(remark)
    if screen.plan_shown:
        for text in (*remarks, describe_writing(result)):
            print_note(text, quiet=screen.quiet)
    else:
        show_plan(result, screen.format, quiet=screen.quiet, remarks=remarks)
    return result.exit_code(check=check)


NOT_ASKED = "sync.pull_request is true, but nobody was asked and CI is not set; --pr opens a pull request"
_NO_REMOTE = "sync.pull_request is true, but there is no remote repository to open a pull request in"


def _ask_choice(question: str, letters: str, *, default: str) -> str:
    """Return the letter that the user chooses; Enter means the default."""

    def parse_choice(text: str) -> str:
        letter = text.strip().lower()[:1]
        if letter not in letters:
            raise typer.BadParameter(f"{text!r} is none of {', '.join(letters)}")
        return letter

    try:
        answer: str = typer.prompt(question, default=default, value_proc=parse_choice, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None  # which ends as everywhere else
    return answer
