"""`llmreg deprecations`."""

import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from registry_cli.cli.asking import AtOption, answer_day, open_and_report, providers_in
from registry_cli.cli.options import (
    AllOption,
    CatalogOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    choose_format,
    emit_table,
    print_note,
)
from registry_cli.commands.query.deprecations import find_ending, lifecycle_table, look_up_models
from registry_cli.core.names.reading_names import resolve_provider_for_reading
from registry_cli.core.query.lifecycle import UNKNOWN, Lifecycle
from registry_cli.errors import UsageError
from registry_cli.render.rows import FORMATS

_FORMATS = (*FORMATS, "atom", "ics")
_SOON = 90  # days
_SPAN = re.compile(r"(\d{1,4})(d|w|m|y)?")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


ModelsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[MODEL]...", help="Only these models; - reads IDs from stdin, one a line."),
]
ProviderOption = Annotated[
    list[str] | None,
    typer.Option("--provider", "-p", metavar="PROVIDER", help="Only models of this provider; may be repeated."),
]
WithinOption = Annotated[
    str | None,
    typer.Option(
        "--within",
        metavar="DAYS",
        help="Only models that are deprecated or retired in this time (90d, 12w, 6m); of models that you name, also"
        " those that are already.",
    ),
]
ExitCodeOption = Annotated[
    bool,
    typer.Option(
        "--exit-code",
        help="Exit with 1 if a listed model is deprecated, unlisted, retired or ends within --within (90 days).",
    ),
]
LifecycleFormatOption = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=f"{', '.join(_FORMATS)}.", show_default=False)
]


def command(
    models: ModelsArgument = None,
    providers: ProviderOption = None,
    within: WithinOption = None,
    exit_code: ExitCodeOption = False,
    on: OnOption = None,
    format: LifecycleFormatOption = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    whole: AllOption = False,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """List models that are retired, deprecated or about to be, with their replacements."""
    form = choose_format(format, _FORMATS)
    days = None if within is None else _parse_days(within)
    names = _read_names(models or [])
    if names and providers:
        raise UsageError("deprecations: name models, or use --provider")
    with open_and_report(
        catalog, no_cache=no_cache, at=at, providers=providers or providers_in(names), quiet=quiet
    ) as asked:
        day = answer_day(asked, on)
        assumptions: list[str] = []
        if models:
            listed, assumptions = look_up_models(asked, names, day, within=days)
        else:
            chosen = [resolve_provider_for_reading(asked.names, name) for name in providers or ()]
            listed = find_ending(asked, chosen, day, within=days)
        notes = [*assumptions, *asked.list_notes()]
    _print_models(listed, form, whole=whole, quiet=quiet)
    unknown = [model.model for model in listed if model.status == UNKNOWN]
    if unknown:
        notes.append(f"not in the catalog: {', '.join(unknown)}")
    for text in notes:
        print_note(text, quiet=quiet)
    if exit_code and any(model.is_ending(day, _SOON if days is None else days) for model in listed):
        raise typer.Exit(1)


def _print_models(models: Sequence[Lifecycle], form: str, *, whole: bool, quiet: bool) -> None:
    if form in ("atom", "ics"):
        from registry_cli.render.feeds import deprecation_calendar, deprecation_feed  # noqa: PLC0415  # for these formats alone

        sys.stdout.write(deprecation_feed(models) if form == "atom" else deprecation_calendar(models))
    else:
        emit_table(lifecycle_table(models), form, whole=whole, quiet=quiet)


def _read_names(arguments: list[str]) -> list[str]:
    """The ids given, with those on stdin in the place of `-`."""
    names: list[str] = []
    for argument in arguments:
        names += sys.stdin.read().split() if argument == "-" else [argument]
    return names


def _parse_days(text: str) -> int:
    """`90d`, `12w`, `6m` (of 30 days) or `1y` as a number of days. Raises `UsageError`."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"--within: {text!r} is not a time such as 90d, 12w, 6m or 1y")
    return int(found[1]) * _DAYS[found[2] or "d"]
