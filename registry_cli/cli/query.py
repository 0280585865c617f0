"""`llmreg query`."""

import sys
from collections.abc import Mapping
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
    ReasoningTokensOption,
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
    AllOption,
    CatalogOption,
    FormatOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    chosen_format,
    emit,
    note,
    notes,
)  # fmt: skip
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import Wanted, count, query
from registry_cli.core.query.filters import (
    CAPABILITY_FLAGS,
    MOST,
    Filters,
    Selection,
    parse_date,
    parse_order,
    parse_tokens,
)
from registry_cli.core.query.table import Table
from registry_cli.errors import UsageError

_PRICE = "USD per 1M tokens"


def command(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS]...", help="Words in the ID, name, family or provider.", show_default=False),
    ] = None,
    vision: Annotated[bool, typer.Option("--vision", help="Accepts image input.")] = False,
    tools: Annotated[bool, typer.Option("--tools", help="Calls functions (tools).")] = False,
    streaming: Annotated[bool, typer.Option("--streaming", help="Streams its output.")] = False,
    reasoning: Annotated[bool, typer.Option("--reasoning", help="Reasoning models.")] = False,
    json_mode: Annotated[bool, typer.Option("--json-mode", help="JSON output.")] = False,
    structured_output: Annotated[
        bool, typer.Option("--structured-output", help="JSON output that follows a given schema.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Accepts PDF files.")] = False,
    audio_in: Annotated[bool, typer.Option("--audio-in", help="Accepts audio input.")] = False,
    audio_out: Annotated[bool, typer.Option("--audio-out", help="Produces audio output.")] = False,
    video_in: Annotated[bool, typer.Option("--video-in", help="Accepts video input.")] = False,
    image_output: Annotated[bool, typer.Option("--image-output", help="Produces images.")] = False,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Embedding models.")] = False,
    web_search: Annotated[bool, typer.Option("--web-search", help="Searches the web.")] = False,
    code_execution: Annotated[bool, typer.Option("--code-execution", help="Runs code.")] = False,
    computer_use: Annotated[bool, typer.Option("--computer-use", help="Controls a computer.")] = False,
    caching: Annotated[bool, typer.Option("--caching", help="Prompt caching.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="Batch requests.")] = False,
    fine_tuning: Annotated[bool, typer.Option("--fine-tuning", help="Fine-tuning.")] = False,
    capability: Annotated[
        list[str] | None,
        typer.Option("--capability", "-c", metavar="NAME", help="Any capability, by any of its names; repeatable."),
    ] = None,
    provider: Annotated[
        list[str] | None,
        typer.Option("--provider", "-p", metavar="ID", help="Of this provider; repeatable, for any of them."),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option("--mode", metavar="MODE", help="Mode of the model: chat, embedding, ...; repeatable."),
    ] = None,
    input_modality: Annotated[
        list[str] | None,
        typer.Option(
            "--input-modality", metavar="KIND", help="Accepts this: text, image, audio, video, pdf; repeatable."
        ),
    ] = None,
    output_modality: Annotated[
        list[str] | None, typer.Option("--output-modality", metavar="KIND", help="Produces this; repeatable.")
    ] = None,
    open_weights: Annotated[
        bool | None, typer.Option("--open-weights/--no-open-weights", help="Whether anyone may download the weights.")
    ] = None,
    min_context: Annotated[
        str | None,
        typer.Option("--min-context", metavar="TOKENS", help="Minimum context window (100k, 1m)."),
    ] = None,
    min_output_tokens: Annotated[
        str | None,
        typer.Option("--min-output-tokens", metavar="TOKENS", help="Minimum output-token limit."),
    ] = None,
    max_input: Annotated[
        float | None,
        typer.Option("--max-input", "--max-input-price", min=0, metavar="USD", help=f"Maximum input price ({_PRICE})."),
    ] = None,
    max_output: Annotated[
        float | None,
        typer.Option(
            "--max-output", "--max-output-price", min=0, metavar="USD", help=f"Maximum output price ({_PRICE})."
        ),
    ] = None,
    min_input: Annotated[
        float | None,
        typer.Option("--min-input-price", min=0, metavar="USD", help=f"Minimum input price ({_PRICE})."),
    ] = None,
    min_output: Annotated[
        float | None,
        typer.Option("--min-output-price", min=0, metavar="USD", help=f"Minimum output price ({_PRICE})."),
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="Input and output known to cost nothing.")] = False,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="In this state on the day: preview, active, deprecated, unlisted, retired; repeatable.",
        ),
    ] = None,
    deprecated: Annotated[
        bool, typer.Option("--deprecated", help="Also deprecated, unlisted and retired ones.")
    ] = False,
    name: Annotated[
        str | None, typer.Option("--name", metavar="GLOB", help="Id or name like this, in any case: '*claude*'.")
    ] = None,
    family: Annotated[str | None, typer.Option("--family", metavar="NAME", help="Of this family.")] = None,
    base_model: Annotated[
        str | None,
        typer.Option("--base-model", metavar="NAME", help="Providers of this model, by any of its names."),
    ] = None,
    released_since: Annotated[
        str | None, typer.Option("--released-since", metavar="DATE", help="Released on this day or later.")
    ] = None,
    distinct: Annotated[
        bool, typer.Option("--distinct", help="One row per base model (its cheapest provider).")
    ] = False,
    sort: Annotated[
        list[str] | None,
        typer.Option(
            "--sort",
            "-s",
            metavar="FIELD",
            help="price (input, then output), cost, context, released, id, any rate or column; -FIELD runs down;"
            " repeatable. cost is that of a call of --input and --output tokens.",
        ),
    ] = None,
    input: InputOption = None,
    output: OutputOption = None,
    cached: CachedOption = None,
    cache_write: CacheWriteOption = None,
    cache_write_1h: CacheWrite1hOption = None,
    reasoning_tokens: ReasoningTokensOption = None,
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
    tier: TierOption = None,
    region: RegionOption = None,
    monthly_tokens: MonthlyTokensOption = None,
    size: SizeOption = None,
    quality: QualityOption = None,
    resolution: ResolutionOption = None,
    time: TimeOption = None,
    reverse: Annotated[bool, typer.Option("--reverse", "-r", help="Turn the order round; unknown stays last.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=0, max=MOST, metavar="N", help="At most so many rows.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns",
            metavar="FIELDS",
            help="Fields to show: id,context,pricing.cache_read; JSON then holds just these.",
        ),
    ] = None,
    only_count: Annotated[bool, typer.Option("--count", help="Only how many.")] = False,
    on: OnOption = None,
    show_all: AllOption = False,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    at: AtOption = None,
    list_prices: ListPricesOption = False,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find models: every criterion must hold, unknown facts and prices match none.

    Cheapest first (input, then output price), with WORDS the best match first; deprecated, unlisted and retired
    models left out.
    """
    given = dict(locals())
    call = CallOptions.of(given)
    filters = filters_of(given)
    by_cost = [text for text in sort or () if text.removeprefix("-") == "cost"]
    order = parse_order([] if by_cost else sort or [], reverse=reverse, words=bool(filters.words))
    selection = Selection(filters, order, distinct, limit)
    form = chosen_format(format)
    with opened(catalog, no_cache=no_cache, at=at, list_prices=list_prices, quiet=quiet) as asked:
        day = day_of(asked, on)
        if only_count:
            matched = count(asked, selection, day)
            sys.stdout.write(f"{matched}\n")
            note_left_out(asked, filters, day, matched=matched, quiet=quiet)
            return
        wanted = Wanted(("model",) if form == "ids" else tuple(columns or ()), documents=form in ("json", "jsonl"))
        if by_cost:
            downward = reverse != by_cost[0].startswith("-")
            table = _by_cost(asked, selection, wanted, call, day, downward=downward, quiet=quiet)
        else:
            table = query(asked, selection, day, wanted)
        emit(table, form, whole=show_all, quiet=quiet)
        if limit != 0:
            note_left_out(asked, filters, day, matched=len(table.rows), quiet=quiet)
        notes(asked.notes(), quiet=quiet)


def note_left_out(asked: OpenCatalog, filters: Filters, day: str, *, matched: int, quiet: bool) -> None:
    """Says on stderr which filter left no model, and how many models could not be judged."""
    if quiet:
        return
    from registry_cli.commands.query.left_out import explain_left_out  # noqa: PLC0415  # not with --quiet

    for text in explain_left_out(asked, filters, day, matched=matched):
        note(text, quiet=quiet)


def filters_of(given: Mapping[str, Any]) -> Filters:
    """The filters among the options of `command`, by their names there. `export` has the same ones."""
    since = given["released_since"]
    return Filters(
        providers=tuple(given["provider"] or ()),
        capabilities=(*(name for flag, name in CAPABILITY_FLAGS.items() if given[flag]), *(given["capability"] or ())),
        input_modalities=tuple(given["input_modality"] or ()),
        output_modalities=tuple(given["output_modality"] or ()),
        modes=tuple(given["mode"] or ()),
        statuses=tuple(given["status"] or ()),
        deprecated=given["deprecated"],
        open_weights=given["open_weights"],
        min_context=_tokens(given, "min_context"),
        min_output_tokens=_tokens(given, "min_output_tokens"),
        min_input=_price(given, "min_input"),
        max_input=_price(given, "max_input"),
        min_output=_price(given, "min_output"),
        max_output=_price(given, "max_output"),
        free=given["free"],
        words=_words(given.get("words")),
        name=given["name"],
        family=given["family"],
        base_model=given["base_model"],
        released_since=None if since is None else parse_date(since, "--released-since"),
    )


def _words(texts: list[str] | None) -> tuple[str, ...]:
    if not texts:
        return ()
    from registry_cli.core.query.words import parse_words  # noqa: PLC0415  # only for words

    return parse_words(texts)


def _tokens(given: Mapping[str, Any], name: str) -> int | None:
    return None if given[name] is None else parse_tokens(given[name], f"--{name.replace('_', '-')}")


def _price(given: Mapping[str, Any], name: str) -> float | None:
    price: float | None = given[name]
    if price is not None and not price < float("inf"):  # nor nan, which is less than nothing
        raise UsageError(f"--{name.replace('_', '-')}: {price} is not a price")
    return price


def _by_cost(
    asked: OpenCatalog,
    selection: Selection,
    wanted: Wanted,
    call: CallOptions,
    day: str,
    *,
    downward: bool,
    quiet: bool,
) -> Table:
    from registry_cli.commands.billing.query_cost import query_by_cost  # noqa: PLC0415  # only where it is asked for

    if not call.counts_something:
        raise UsageError("--sort cost needs the size of a call: --input and --output, or another count")
    ranking = query_by_cost(asked, selection, call.plan(day), wanted, downward=downward)
    if ranking.too_small:
        note(f"a call of this size exceeds the limits of {ranking.too_small:,} of these models", quiet=quiet)
    return ranking.table
