"""`llmreg query`."""

import sys
from typing import Annotated

import typer

from registry_cli.cli.options import (
    AllOption,
    CatalogOption,
    FormatOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    chosen_format,
    emit,
    notes,
    parse_day,
)  # fmt: skip
from registry_cli.commands.asking import ask
from registry_cli.commands.query import Wanted, count, query
from registry_cli.core.filters import Filters, Selection, parse_date, parse_order, parse_tokens

_PRICE = "$ per 1M tokens"


def command(
    vision: Annotated[bool, typer.Option("--vision", help="Take images.")] = False,
    tools: Annotated[bool, typer.Option("--tools", help="Call functions.")] = False,
    streaming: Annotated[bool, typer.Option("--streaming", help="Stream their answers.")] = False,
    reasoning: Annotated[bool, typer.Option("--reasoning", help="Think before they answer.")] = False,
    json_mode: Annotated[bool, typer.Option("--json-mode", help="Answer in JSON.")] = False,
    structured_output: Annotated[
        bool, typer.Option("--structured-output", help="Answer in JSON of a given schema.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Take PDF files.")] = False,
    audio_in: Annotated[bool, typer.Option("--audio-in", help="Take audio.")] = False,
    audio_out: Annotated[bool, typer.Option("--audio-out", help="Speak.")] = False,
    video_in: Annotated[bool, typer.Option("--video-in", help="Take video.")] = False,
    image_output: Annotated[bool, typer.Option("--image-output", help="Make images.")] = False,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Make vectors.")] = False,
    web_search: Annotated[bool, typer.Option("--web-search", help="Search the web.")] = False,
    code_execution: Annotated[bool, typer.Option("--code-execution", help="Run code.")] = False,
    computer_use: Annotated[bool, typer.Option("--computer-use", help="Use a computer.")] = False,
    caching: Annotated[bool, typer.Option("--caching", help="Cache prompts.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="Take batches.")] = False,
    fine_tuning: Annotated[bool, typer.Option("--fine-tuning", help="Can be fine-tuned.")] = False,
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
        typer.Option("--mode", metavar="MODE", help="Called for this: chat, embedding, ...; repeatable."),
    ] = None,
    input_modality: Annotated[
        list[str] | None,
        typer.Option("--input-modality", metavar="KIND", help="Take this: text, image, audio, video, pdf; repeatable."),
    ] = None,
    output_modality: Annotated[
        list[str] | None, typer.Option("--output-modality", metavar="KIND", help="Make this; repeatable.")
    ] = None,
    open_weights: Annotated[
        bool | None, typer.Option("--open-weights/--no-open-weights", help="Whether anyone may download the weights.")
    ] = None,
    min_context: Annotated[
        str | None,
        typer.Option("--min-context", metavar="TOKENS", help="Context window of at least so many tokens (100k, 1m)."),
    ] = None,
    min_output_tokens: Annotated[
        str | None,
        typer.Option("--min-output-tokens", metavar="TOKENS", help="Answers of up to at least so many tokens."),
    ] = None,
    max_input: Annotated[
        float | None,
        typer.Option(
            "--max-input", "--max-input-price", min=0, metavar="USD", help=f"Input at most so dear ({_PRICE})."
        ),
    ] = None,
    max_output: Annotated[
        float | None,
        typer.Option(
            "--max-output", "--max-output-price", min=0, metavar="USD", help=f"Output at most so dear ({_PRICE})."
        ),
    ] = None,
    min_input: Annotated[
        float | None,
        typer.Option("--min-input-price", min=0, metavar="USD", help=f"Input at least so dear ({_PRICE})."),
    ] = None,
    min_output: Annotated[
        float | None,
        typer.Option("--min-output-price", min=0, metavar="USD", help=f"Output at least so dear ({_PRICE})."),
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="Input and output known to cost nothing.")] = False,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="In this state on the day: preview, active, deprecated, retired; repeatable.",
        ),
    ] = None,
    deprecated: Annotated[bool, typer.Option("--deprecated", help="Deprecated and retired models too.")] = False,
    name: Annotated[
        str | None, typer.Option("--name", metavar="GLOB", help="Id or name like this, in any case: '*claude*'.")
    ] = None,
    family: Annotated[str | None, typer.Option("--family", metavar="NAME", help="Of this family.")] = None,
    base_model: Annotated[
        str | None, typer.Option("--base-model", metavar="NAME", help="Hosts of this base model.")
    ] = None,
    released_since: Annotated[
        str | None, typer.Option("--released-since", metavar="DATE", help="Released on this day or later.")
    ] = None,
    distinct: Annotated[bool, typer.Option("--distinct", help="One row a base model: its cheapest host.")] = False,
    sort: Annotated[
        list[str] | None,
        typer.Option(
            "--sort",
            "-s",
            metavar="FIELD",
            help="price (input, then output), context, released, id, any rate or column; -FIELD runs down; repeatable.",
        ),
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", "-r", help="Turn the order round; unknown stays last.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=0, metavar="N", help="At most so many rows.")
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
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find models: every criterion must hold, unknown facts and prices match none.

    Cheapest first (input, then output price), deprecated and retired models left out.
    """
    flags = {
        "vision": vision,
        "function_calling": tools,
        "streaming": streaming,
        "reasoning": reasoning,
        "json_mode": json_mode,
        "structured_output": structured_output,
        "pdf_input": pdf,
        "audio_input": audio_in,
        "audio_output": audio_out,
        "video_input": video_in,
        "image_generation": image_output,
        "embeddings": embeddings,
        "web_search": web_search,
        "code_execution": code_execution,
        "computer_use": computer_use,
        "prompt_caching": caching,
        "batch_operations": batch,
        "fine_tuning": fine_tuning,
    }
    filters = Filters(
        providers=tuple(provider or ()),
        capabilities=(*(name for name, wanted in flags.items() if wanted), *(capability or ())),
        input_modalities=tuple(input_modality or ()),
        output_modalities=tuple(output_modality or ()),
        modes=tuple(mode or ()),
        statuses=tuple(status or ()),
        deprecated=deprecated,
        open_weights=open_weights,
        min_context=None if min_context is None else parse_tokens(min_context, "--min-context"),
        min_output_tokens=None if min_output_tokens is None else parse_tokens(min_output_tokens, "--min-output-tokens"),
        min_input=min_input,
        max_input=max_input,
        min_output=min_output,
        max_output=max_output,
        free=free,
        name=name,
        family=family,
        base_model=base_model,
        released_since=None if released_since is None else parse_date(released_since, "--released-since"),
    )
    selection = Selection(filters, parse_order(sort or [], reverse=reverse), distinct, limit)
    day, form = parse_day(on), chosen_format(format)
    asked = ask(catalog, cached=not no_cache)
    if only_count:
        sys.stdout.write(f"{count(asked, selection, day)}\n")
        return
    wanted = Wanted(("model",) if form == "ids" else tuple(columns or ()), documents=form in ("json", "jsonl"))
    emit(query(asked, selection, day, wanted), form, whole=show_all, quiet=quiet)
    notes(asked.notes(), quiet=quiet)
