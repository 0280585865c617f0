"""`llmreg cost`."""

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.asking import AtOption, day_of, opened
from registry_cli.cli.options import (
    CatalogOption,
    FormatOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    chosen_format,
    emit,
    note,
)
from registry_cli.commands.query.cost import price_calls
from registry_cli.commands.query.usage_file import read_calls
from registry_cli.core.pricing.call_conditions import Conditions
from registry_cli.core.pricing.usage import TOKENS, UNITS, usage_of
from registry_cli.core.query.filters import parse_tokens
from registry_cli.core.responses.call import Call
from registry_cli.core.responses.lines import NumberedCall
from registry_cli.errors import UsageError
from registry_cli.render.bills import bill_table, explained


def _counted(name: str, table: dict[str, str], metavar: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{name.replace('_', '-')}", metavar=metavar, help=f"{table[name][0].upper()}{table[name][1:]}."
    )
    return option


def command(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="One or more models.", show_default=False)
    ] = None,
    input: Annotated[str | None, _counted("input", TOKENS, "TOKENS")] = None,
    output: Annotated[str | None, _counted("output", TOKENS, "TOKENS")] = None,
    cached: Annotated[str | None, _counted("cached", TOKENS, "TOKENS")] = None,
    cache_write: Annotated[str | None, _counted("cache_write", TOKENS, "TOKENS")] = None,
    cache_write_1h: Annotated[str | None, _counted("cache_write_1h", TOKENS, "TOKENS")] = None,
    reasoning: Annotated[str | None, _counted("reasoning", TOKENS, "TOKENS")] = None,
    input_audio: Annotated[str | None, _counted("input_audio", TOKENS, "TOKENS")] = None,
    input_image: Annotated[str | None, _counted("input_image", TOKENS, "TOKENS")] = None,
    input_video: Annotated[str | None, _counted("input_video", TOKENS, "TOKENS")] = None,
    output_audio: Annotated[str | None, _counted("output_audio", TOKENS, "TOKENS")] = None,
    output_image: Annotated[str | None, _counted("output_image", TOKENS, "TOKENS")] = None,
    images: Annotated[str | None, _counted("images", UNITS, "N")] = None,
    images_made: Annotated[str | None, _counted("images_made", UNITS, "N")] = None,
    seconds: Annotated[str | None, _counted("seconds", UNITS, "N")] = None,
    seconds_made: Annotated[str | None, _counted("seconds_made", UNITS, "N")] = None,
    pages: Annotated[str | None, _counted("pages", UNITS, "N")] = None,
    characters: Annotated[str | None, _counted("characters", UNITS, "N")] = None,
    queries: Annotated[str | None, _counted("queries", UNITS, "N")] = None,
    web_searches: Annotated[str | None, _counted("web_searches", UNITS, "N")] = None,
    requests: Annotated[str | None, _counted("requests", UNITS, "N")] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="NAME=N", help="Any other unit of the catalog's `per`: code_session=2."),
    ] = None,
    usage: Annotated[
        Path | None,
        typer.Option("--usage", metavar="FILE", help="Responses or their usage blocks: JSON, or JSONL of many."),
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", metavar="ID", help="Who answered, for models that FILE names.")
    ] = None,
    tier: Annotated[str | None, typer.Option("--tier", metavar="TIER", help="batch, flex, priority, ...")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="REGION", help="Where the call is served.")] = None,
    monthly: Annotated[
        str | None, typer.Option("--monthly-tokens", metavar="TOKENS", help="What the account used this month.")
    ] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="SIZE", help="Of an image: 1024x1024.")] = None,
    quality: Annotated[str | None, typer.Option("--quality", metavar="WORD", help="Of an image: hd.")] = None,
    resolution: Annotated[str | None, typer.Option("--resolution", metavar="WORD", help="Of a video: 720p.")] = None,
    on: OnOption = None,
    time: Annotated[str | None, typer.Option("--time", metavar="HH:MM", help="Time of that day in UTC.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the rates, and what each part cost.")] = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:  # fmt: skip
    """What a call costs, exactly; several models side by side, the cheapest first.

    Tokens may be written 250k or 1.5m. --input and --output are totals, the other tokens are parts of them.
    """
    given = dict(locals())
    counts: dict[str, int | Decimal] = {}
    counts |= {name: parse_tokens(given[name], f"--{name}") for name in TOKENS if given.get(name) is not None}
    counts |= {name: _amount(given[name], f"--{name}") for name in UNITS if given.get(name) is not None}
    units = dict(_unit(text) for text in unit or ())
    form = chosen_format(format)
    if usage and (counts or units):
        raise UsageError("cost: give counts or --usage, not both")
    if not usage and not models:
        raise UsageError("cost: which MODEL?")
    if not usage and not counts and not units:
        raise UsageError("cost: how much? Give --input and --output, other counts, or --usage FILE")
    calls = read_calls(usage) if usage else [NumberedCall(1, Call(usage_of(counts, units)))]
    with opened(catalog, no_cache=no_cache, at=at, quiet=quiet) as asked:
        conditions = Conditions(
            day_of(asked, on), _time(time),
            None if monthly is None else parse_tokens(monthly, "--monthly-tokens"),
            tier, region, size, quality, resolution,
        )  # fmt: skip
        costed = price_calls(asked, models or [], calls, conditions, provider, each=explain)
    if explain and form in ("plain", "table"):
        sys.stdout.write(explained(costed.bills, costed.calls))
        return
    emit(bill_table(costed.bills, figures=form == "csv"), form, envelope="models", whole=True)
    for text in costed.warnings:
        note(f"warning: {text}", quiet=False)
    for text in costed.notes:
        note(text, quiet=quiet)


def _amount(text: str, option: str) -> Decimal:
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        raise UsageError(f"{option}: {text!r} is not a number") from None


def _unit(text: str) -> tuple[str, Decimal]:
    name, _, count = text.partition("=")
    return name, _amount(count, f"--unit {name}")


def _time(text: str | None) -> str | None:
    from datetime import time  # noqa: PLC0415  # only where a time is given

    try:
        return None if text is None else time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise UsageError(f"--time: {text!r} is not a time such as 16:30") from None
