"""`llmreg cost`."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from registry_cli.cli.asking import AtOption, ListPricesOption, day_of, opened
from registry_cli.cli.call_options import (
    CachedOption,
    CacheWrite1hOption,
    CacheWriteOption,
    CallOptions,
    CallsOption,
    CharactersOption,
    ImagesMadeOption,
    ImagesOption,
    InputAudioOption,
    InputImageOption,
    InputOption,
    InputVideoOption,
    MonthlyTokensOption,
    OutputAudioOption,
    OutputImageOption,
    OutputOption,
    PagesOption,
    PerOption,
    QualityOption,
    QueriesOption,
    ReasoningOption,
    RegionOption,
    ResolutionOption,
    SecondsMadeOption,
    SecondsOption,
    SizeOption,
    TierOption,
    TimeOption,
    UnitOption,
    WebSearchesOption,
)
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
from registry_cli.commands.billing.cost import price_calls
from registry_cli.commands.billing.usage_file import read_calls
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.responses.call import Call
from registry_cli.core.responses.lines import NumberedCall
from registry_cli.errors import UsageError
from registry_cli.render.bills import bill_table, explained


def command(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="One or more models.", show_default=False)
    ] = None,
    input: InputOption = None,
    output: OutputOption = None,
    cached: CachedOption = None,
    cache_write: CacheWriteOption = None,
    cache_write_1h: CacheWrite1hOption = None,
    reasoning_tokens: ReasoningOption = None,
    input_audio: InputAudioOption = None,
    input_image: InputImageOption = None,
    input_video: InputVideoOption = None,
    output_audio: OutputAudioOption = None,
    output_image: OutputImageOption = None,
    images: ImagesOption = None,
    images_made: ImagesMadeOption = None,
    seconds: SecondsOption = None,
    seconds_made: SecondsMadeOption = None,
    pages: PagesOption = None,
    characters: CharactersOption = None,
    queries: QueriesOption = None,
    web_searches: WebSearchesOption = None,
    unit: UnitOption = None,
    calls: CallsOption = None,
    per: PerOption = None,
    usage: Annotated[
        Path | None,
        typer.Option("--usage", metavar="FILE", help="Responses or their usage blocks: JSON, or JSONL of many."),
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", metavar="ID", help="Who answered, for models that FILE names.")
    ] = None,
    tier: TierOption = None,
    region: RegionOption = None,
    monthly_tokens: MonthlyTokensOption = None,
    size: SizeOption = None,
    quality: QualityOption = None,
    resolution: ResolutionOption = None,
    time: TimeOption = None,
    on: OnOption = None,
    requests: Annotated[str | None, typer.Option("--requests", hidden=True)] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the rates, and what each part cost.")] = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    list_prices: ListPricesOption = False,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:  # fmt: skip
    """Show what calls cost, exactly; several models side by side, the cheapest first.

    Give the tokens of one call: 250k, 1.5m, or 60% for a part of the input or output. --calls says how many there are.

    \b
    Examples:
      llmreg cost openai/gpt-5.5 --input 250k --cached 60% --output 4k
      llmreg cost openai/gpt-5.5 xai/grok-4.3 --input 20k --output 1k --calls 10k --per day
      llmreg cost --usage responses.jsonl --explain
    """
    given = dict(locals())
    if requests is not None:
        raise UsageError("--requests is now --calls N, which multiplies the whole call")
    options = CallOptions.of(given)
    form = chosen_format(format)
    _check_what_is_given(options, usage, models)
    recorded = read_calls(usage) if usage else ()
    with opened(catalog, no_cache=no_cache, at=at, list_prices=list_prices, quiet=quiet) as asked:
        plan = options.plan(day_of(asked, on))
        priced = recorded if usage else [NumberedCall(1, Call(plan.usage))]
        costed = price_calls(
            asked, models or [], priced, plan.conditions, provider, each=explain, times=plan.calls, per=plan.per
        )
        basis = _basis(asked, plan.conditions.day) if form in ("json", "jsonl") else None
    if explain and form in ("plain", "table"):
        sys.stdout.write(explained(costed.bills, costed.calls))
        for text in costed.usage_notes:
            note(text, quiet=quiet)
        return
    emit(bill_table(costed.bills, figures=form == "csv", planned=calls is not None, basis=basis), form, whole=True)
    for text in costed.warnings:
        note(f"warning: {text}", quiet=False)
    if costed.warnings and not usage and calls is None:
        note("give the tokens of one call; --calls N says how many there are", quiet=False)
    for text in (*costed.notes, *costed.usage_notes):
        note(text, quiet=quiet)


def _basis(asked: OpenCatalog, day: str) -> Mapping[str, Any]:
    from registry_cli.commands.billing.pricing_basis import pricing_basis  # noqa: PLC0415  # asks git

    return asdict(pricing_basis(asked, day))


def _check_what_is_given(options: CallOptions, usage: Path | None, models: list[str] | None) -> None:
    if usage and options.counts_something:
        raise UsageError("cost: give counts or --usage, not both")
    if not usage and not models:
        raise UsageError("cost: missing argument MODEL")
    if not usage and not options.counts_something:
        raise UsageError("cost: missing --input, --output or another count, or --usage FILE")
