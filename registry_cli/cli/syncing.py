"""What `sync` and `diff` share: their options, which sources they ask, and how they show a plan."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from registry_cli import clock
from registry_cli.cli.options import choose_format, emit_table, print_note
from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.sync.recorded import parse_days, parse_source_files, recorded_fetcher
from registry_cli.commands.sync.run import Ask, Synced, SyncOptions, sync_catalog
from registry_cli.core.matching.items import Item
from registry_cli.core.trust.known import Pair
from registry_cli.core.trust.routes import homes_of
from registry_cli.errors import UsageError
from registry_cli.render import left_out
from registry_cli.render.plans import (
    addresses_text,
    deciding_text,
    edits_text,
    failures_text,
    plan_json,
    plan_markdown,
    plan_summary,
    plan_table,
    unmatched_text,
    written_text,
)
from registry_cli.store.files.durable import os_errors_as_faults

if TYPE_CHECKING:
    from registry_cli.commands.sync.fetch import FetchProgress

FORMATS = ("plain", "table", "json", "markdown")

ProvidersArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[PROVIDER]...", help="Ids or aliases of providers.", show_default=False)
]
AllProvidersOption = Annotated[bool, typer.Option("--all", help="Every provider of the catalog.")]
FromOption = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="SOURCE=FILE",
        help="A recorded answer; nothing is asked then but what --sources names. Repeatable.",
    ),
]
SourcesOption = Annotated[
    list[str] | None,
    typer.Option("--sources", metavar="SOURCE", help="Ask only these; repeatable, or with commas."),
]
SyncFormatOption = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="FORMAT", help=f"{', '.join(FORMATS)}.", show_default=False),
]


class AnswerOptions(NamedTuple):
    """Which sources `sync` asks, which answers it reads from files, and where it keeps what they answer."""

    sources: SourcesOption = None
    recorded: FromOption = None
    recorded_on: Annotated[
        list[str] | None,
        typer.Option("--recorded-on", metavar="SOURCE=DATE", help="When an answer of --from was given. Repeatable."),
    ] = None
    record: Annotated[
        Path | None, typer.Option("--record", metavar="DIR", help="Keep the raw answers there.", show_default=False)
    ] = None

    def make_asker(self, request: SyncOptions, given: Circumstances, *, quiet: bool) -> tuple[SyncOptions, Ask]:
        """Return the request and the function that asks, as `asker` does. Raises `UsageError`."""
        days = self.recorded_on or ()
        return choose_asker(request, given, self.recorded or (), quiet=quiet, keep_in=self.record, days=days)


def make_context(catalog: Path | None, *, dry_run: bool) -> Circumstances:
    return Circumstances(now=clock.current_time(), cwd=Path.cwd(), environ=os.environ, catalog=catalog, dry_run=dry_run)


def choose_asker(
    request: SyncOptions,
    given: Circumstances,
    recorded: Sequence[str],
    *,
    quiet: bool,
    keep_in: Path | None = None,
    days: Sequence[str] = (),
) -> tuple[SyncOptions, Ask]:
    """Return the request and the function that asks the sources, with progress on a terminal.

    With recorded answers, it asks only the sources that the request names. Raises `UsageError`.
    """
    files = parse_source_files(recorded)
    if keep_in and files and request.sources <= files.keys():
        raise UsageError("--record keeps the answers of those who are asked; with --from that is whom --sources names")
    fetch: Ask | None = None
    if not files or request.sources:
        from registry_cli.commands.sync.fetch import Asking  # noqa: PLC0415  # httpx, for what is asked alone
        from registry_cli.commands.sync.fetch import fetch_answers as ask  # noqa: PLC0415

        shown = progress_line() if not quiet and sys.stderr.isatty() else None
        may_trust = None if quiet else ask_to_trust()
        fetch = partial(ask, how=Asking(record=keep_in, progress=shown, may_trust=may_trust))
    named = request.sources | files.keys()
    request = replace(request, sources=named if request.sources else request.sources, witnesses=named)
    undated = files.keys() - {text.partition("=")[0] for text in days}
    return request, recorded_fetcher(files, parse_days(days, files, given.stamp), fetch, undated)


def ask_and_sync(
    request: SyncOptions, given: Circumstances, recorded: Sequence[str], *, quiet: bool, keep_in: Path | None = None
) -> Synced:
    """Ask the sources, sync, and return the result."""
    request, ask = choose_asker(request, given, recorded, quiet=quiet, keep_in=keep_in)
    return sync_catalog(request, given, ask)


def progress_line() -> Callable[["FetchProgress"], None]:
    """Return a function that counts the finished sources in one line on the terminal."""

    def show_step(step: "FetchProgress") -> None:
        end = "\r" if step.done < step.total else "\r\x1b[K"
        text = f"{step.done} of {step.total} sources answered" if step.done < step.total else ""
        sys.stderr.write(f"\x1b[K{text}{end}")
        sys.stderr.flush()

    return show_step


def ask_to_trust() -> Callable[[Pair], bool] | None:
    """Return a function that asks the user whether a host may get a key, and stores a yes; None without a terminal.

    Each pair is asked about once.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from registry_cli.commands.sync.trust import add_trust  # noqa: PLC0415  # for a terminal alone

    answers: dict[Pair, bool] = {}

    def may_trust(pair: Pair) -> bool:
        if pair not in answers:
            homes = " and ".join(homes_of(pair.variable))
            known = f"llmreg knows it for {homes}" if homes else "llmreg does not know this host"
            question = f"Send {pair.variable} to {pair.place}? ({known}.) Trust the host with it from now on?"
            try:
                answers[pair] = typer.confirm(question, default=False, err=True)
            except typer.Abort:
                raise KeyboardInterrupt from None  # which ends as everywhere else
            if answers[pair]:
                add_trust([str(pair)], os.environ)
        return answers[pair]

    return may_trust


def show_plan(
    result: Synced, form: str | None, *, quiet: bool, remarks: Sequence[str] = (), ending: str | None = None
) -> None:
    """Print the plan on stdout, and failures, totals and what was written on stderr.

    `remarks` are further notes; `ending` replaces the one that says which files were written.
    """
    items = list(result.items)
    form = choose_format(form, FORMATS)
    if form == "json":
        sys.stdout.write(_plan_json(items, result))
    elif form == "markdown":
        sys.stdout.write(_plan_markdown(items, result))
    else:
        for text in addresses_text(items):
            print_note(text, quiet=quiet)
        emit_table(plan_table(items), form, whole=True, quiet=quiet)
    sys.stdout.flush()
    ending = describe_writing(result) if ending is None else ending
    for text in (*_plan_notes(result, items), *remarks, *filter(None, [ending])):
        print_note(text, quiet=quiet)


def describe_paths(result: Synced) -> str:
    """Return the names of the files and records that a sync changes."""
    return written_text([file.shown for file in result.files], result.records)


def describe_writing(result: Synced) -> str:
    """Return the line that says which files and records were written, or would be."""
    named = describe_paths(result)
    if result.written:
        return "nothing was written" if named == "nothing" else f"wrote {named}"
    return f"nothing was written; a sync would write {named}"


def write_report(path: Path, result: Synced) -> None:
    """Write the whole plan to a file: as JSON if its name ends in `.json`, or else as Markdown. Raises `FileError`."""
    items = list(result.items)
    make = _plan_json if path.suffix == ".json" else _plan_markdown
    with os_errors_as_faults(path):
        path.write_text(make(items, result), encoding="utf-8")


def _plan_json(items: Sequence[Item], result: Synced) -> str:
    return plan_json(items, result.failures, plan_details(result))


def plan_details(result: Synced) -> dict[str, Any]:
    """Return what a JSON document says besides the changes and failures."""
    files = [file.shown for file in result.files] if result.written else []
    return {
        "left_out": left_out.left_out_documents(result.left_out),
        "unread_keys": result.unread_keys,
        "written": {"files": files, "records": result.records if result.written else []},
    }


def _plan_markdown(items: Sequence[Item], result: Synced) -> str:
    parts = [plan_markdown(items, result.failures), left_out.left_out_markdown(result.left_out)]
    return "".join([*parts, left_out.keys_markdown(result.unread_keys)])


def faults_text(result: Synced) -> list[str]:
    """Return lines about the sources that did not answer, and the providers that have no answer at all."""
    return [*failures_text(result.failures), *(f"{provider}: no source answered" for provider in result.unanswered)]


def _plan_notes(result: Synced, items: Sequence[Item]) -> list[str]:
    texts = faults_text(result)
    texts += [f"{item.path}:{item.line}:{item.column} {item.code} {item.message}" for item in result.warnings]
    texts += [f"{plan.provider}: {plan.retired_default}" for plan in result.plans if plan.retired_default]
    return [
        *texts,
        *unmatched_text(items),
        *left_out.left_out_lines(result.left_out),
        *deciding_text(items),
        *edits_text(result.overruled),
        plan_summary(items),
    ]
