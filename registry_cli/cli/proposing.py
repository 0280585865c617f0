"""Where `sync` writes to: the files, a commit, or a pull request. The options for each, and how it is shown."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from registry_cli.cli.options import choose_format, print_note
from registry_cli.cli.syncing import FORMATS, faults_text, show_plan, split_names, write_report
from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.sync.run import Ask, SyncOptions, sync_catalog
from registry_cli.errors import UsageError

if TYPE_CHECKING:
    from registry_cli.commands.propose.groups import Proposed

Goal = Literal["files", "commit", "pull request", "ask"]

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
BaseOption = Annotated[
    str | None,
    typer.Option("--base", metavar="BRANCH", help="With --pr: the branch that it is for.", show_default=False),
]
DraftOption = Annotated[bool, typer.Option("--draft", help="With --pr: open it as a draft.")]
LabelOption = Annotated[
    list[str] | None, typer.Option("--label", metavar="LABEL", help="With --pr: repeatable, or with commas.")
]
AssigneeOption = Annotated[
    list[str] | None, typer.Option("--assignee", metavar="USER", help="With --pr: repeatable, or with commas.")
]
ReviewerOption = Annotated[
    list[str] | None,
    typer.Option("--reviewer", metavar="USER", help="With --pr: a user, or a team as org/team; repeatable."),
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
            return "commit" if self.commit else "files"
        if self.pr is None:
            return self._goal_of_settings(given, wanted=bool(of_pr))
        if of_pr and not self.pr:
            raise UsageError("--no-pr leaves nothing for the options of a pull request")
        return "pull request" if self.pr else "files"

    def _goal_of_settings(self, given: Circumstances, *, wanted: bool) -> Goal:
        from registry_cli.commands.setup.settings import catalog_settings  # noqa: PLC0415  # where the options do not say

        usual = catalog_settings(given).sync.pull_request
        if wanted or usual:
            return "pull request"
        return "ask" if usual is None and is_terminal() and not given.dry_run else "files"


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
    show_plan(made.synced, screen.format, quiet=screen.quiet)
    if made.finished:
        print_note(
            f"committed {made.finished} on {made.branch}: what an interrupted sync had written", quiet=screen.quiet
        )
    told = f"committed {made.commit} on {made.branch}" if made.commit else "nothing to commit"
    print_note(told + (f", pushed to {made.pushed_to}" if made.pushed_to else ""), quiet=screen.quiet)
    return made.synced.exit_code(check=False)


def propose_sync(
    request: SyncOptions, given: Circumstances, ask: Ask, destination: SyncDestination, screen: SyncOutput
) -> int:
    """Sync into pull requests, which it opens or updates, and return the exit code."""
    from registry_cli.commands.propose.groups import Wish  # noqa: PLC0415  # git, for pull requests alone
    from registry_cli.commands.propose.pull_request import propose_changes as proposed_by  # noqa: PLC0415

    lists = [split_names(texts) for texts in (destination.label, destination.assignee, destination.reviewer)]
    proposed = proposed_by(request, given, ask, Wish(destination.base, destination.draft, *lists))
    if screen.report:
        write_report(screen.report, proposed.synced)
    _show_proposal(proposed, screen, dry_run=given.dry_run)
    return proposed.exit_code(fail_on_held=destination.fail_on == "held")


def _show_proposal(proposed: "Proposed", screen: SyncOutput, *, dry_run: bool) -> None:
    from registry_cli.render import left_out  # noqa: PLC0415
    from registry_cli.render.outcomes import outcome_documents, outcome_lines, preview_text  # noqa: PLC0415  # for pull requests alone
    from registry_cli.render.plans import plan_json  # noqa: PLC0415

    synced, form = proposed.synced, choose_format(screen.format, FORMATS)
    if form == "json":
        more = {
            "pull_requests": outcome_documents(proposed.outcomes),
            "left_out": left_out.left_out_documents(synced.left_out),
            "unread_keys": synced.unread_keys,
        }
        sys.stdout.write(plan_json(synced.items, synced.failures, more))
        return
    if dry_run:
        sys.stdout.write(preview_text(proposed.outcomes))
        for text in faults_text(synced):
            print_note(text, quiet=screen.quiet)
        print_note("nothing was written (--dry-run)", quiet=screen.quiet)
        return
    if not screen.plan_shown:
        show_plan(replace(synced, written=True), screen.format, quiet=screen.quiet)
    for text in outcome_lines(proposed.outcomes):
        print_note(text, quiet=screen.quiet)


def offer_proposal(
    request: SyncOptions, given: Circumstances, ask: Ask, destination: SyncDestination, screen: SyncOutput
) -> int:
    """Print the plan, ask the user whether to open a pull request or to write files, and return the exit code."""
    from registry_cli.commands.propose.pull_request import may_propose  # noqa: PLC0415  # git, for a terminal alone
    from registry_cli.commands.sync.memo import Remembered  # noqa: PLC0415

    remembered = Remembered(ask)
    planned = sync_catalog(request, replace(given, dry_run=True), remembered)
    show_plan(planned, screen.format, quiet=screen.quiet)
    offered = not screen.quiet and (planned.files or planned.records) and may_propose(given)
    question = "Open a pull request with this (p), write it to the files here (w), or neither (n)?"
    answer = _ask_choice(question, "pwn") if offered else "w"
    if answer == "p":
        return propose_sync(request, given, remembered, destination, replace(screen, format="plain", plan_shown=True))
    if answer == "n":
        print_note("nothing was written", quiet=screen.quiet)
        return planned.exit_code(check=False)
    done = sync_catalog(request, given, remembered)
    if screen.report:
        write_report(screen.report, done)
    return done.exit_code(check=False)


def _ask_choice(question: str, letters: str) -> str:
    """Return the letter that the user chooses; Enter means the last one."""

    def parse_choice(text: str) -> str:
        letter = text.strip().lower()[:1]
        if letter not in letters:
            raise typer.BadParameter(f"{text!r} is none of {', '.join(letters)}")
        return letter

    try:
        answer: str = typer.prompt(question, default=letters[-1], value_proc=parse_choice, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None  # which ends as everywhere else
    return answer
