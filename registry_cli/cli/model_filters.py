"""The options that say which models a command is about: the filters of `query`, which `export` has too."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from registry_cli.core.query.filters import CAPABILITY_FLAGS, Filters, parse_date, parse_tokens
from registry_cli.errors import UsageError

_PRICE = "USD per 1M tokens"


class ModelFilters(NamedTuple):
    """The filters as the user typed them. A flag of `CAPABILITY_FLAGS` is a field of that name."""

    vision: Annotated[bool, typer.Option("--vision", help="Accepts image input.")] = False
    tools: Annotated[bool, typer.Option("--tools", help="Calls functions (tools).")] = False
    streaming: Annotated[bool, typer.Option("--streaming", help="Streams its output.")] = False
    reasoning: Annotated[bool, typer.Option("--reasoning", help="Reasoning models.")] = False
    json_mode: Annotated[bool, typer.Option("--json-mode", help="JSON output.")] = False
    structured_output: Annotated[
        bool, typer.Option("--structured-output", help="JSON output that follows a given schema.")
    ] = False
    pdf: Annotated[bool, typer.Option("--pdf", help="Accepts PDF files.")] = False
    audio_in: Annotated[bool, typer.Option("--audio-in", help="Accepts audio input.")] = False
    audio_out: Annotated[bool, typer.Option("--audio-out", help="Produces audio output.")] = False
    video_in: Annotated[bool, typer.Option("--video-in", help="Accepts video input.")] = False
    image_output: Annotated[bool, typer.Option("--image-output", help="Produces images.")] = False
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Embedding models.")] = False
    web_search: Annotated[bool, typer.Option("--web-search", help="Searches the web.")] = False
    code_execution: Annotated[bool, typer.Option("--code-execution", help="Runs code.")] = False
    computer_use: Annotated[bool, typer.Option("--computer-use", help="Controls a computer.")] = False
    caching: Annotated[bool, typer.Option("--caching", help="Prompt caching.")] = False
    batch: Annotated[bool, typer.Option("--batch", help="Batch requests.")] = False
    fine_tuning: Annotated[bool, typer.Option("--fine-tuning", help="Fine-tuning.")] = False
    capability: Annotated[
        list[str] | None,
        typer.Option("--capability", "-c", metavar="NAME", help="Any capability, by any of its names; repeatable."),
    ] = None
    provider: Annotated[
        list[str] | None,
        typer.Option("--provider", "-p", metavar="ID", help="Of this provider; repeatable, for any of them."),
    ] = None
    mode: Annotated[
        list[str] | None,
        typer.Option("--mode", metavar="MODE", help="Mode of the model: chat, embedding, ...; repeatable."),
    ] = None
    input_modality: Annotated[
        list[str] | None,
        typer.Option(
            "--input-modality", metavar="KIND", help="Accepts this: text, image, audio, video, pdf; repeatable."
        ),
    ] = None
    output_modality: Annotated[
        list[str] | None, typer.Option("--output-modality", metavar="KIND", help="Produces this; repeatable.")
    ] = None
    open_weights: Annotated[
        bool | None, typer.Option("--open-weights/--no-open-weights", help="Whether anyone may download the weights.")
    ] = None
    min_context: Annotated[
        str | None,
        typer.Option("--min-context", metavar="TOKENS", help="Minimum context window (100k, 1m)."),
    ] = None
    min_output_tokens: Annotated[
        str | None,
        typer.Option("--min-output-tokens", metavar="TOKENS", help="Minimum output-token limit."),
    ] = None
    max_input: Annotated[
        float | None,
        typer.Option("--max-input", "--max-input-price", min=0, metavar="USD", help=f"Maximum input price ({_PRICE})."),
    ] = None
    max_output: Annotated[
        float | None,
        typer.Option(
            "--max-output", "--max-output-price", min=0, metavar="USD", help=f"Maximum output price ({_PRICE})."
        ),
    ] = None
    min_input: Annotated[
        float | None,
        typer.Option("--min-input-price", min=0, metavar="USD", help=f"Minimum input price ({_PRICE})."),
    ] = None
    min_output: Annotated[
        float | None,
        typer.Option("--min-output-price", min=0, metavar="USD", help=f"Minimum output price ({_PRICE})."),
    ] = None
    free: Annotated[bool, typer.Option("--free", help="Input and output known to cost nothing.")] = False
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="In this state on the day: preview, active, deprecated, unlisted, retired; repeatable.",
        ),
    ] = None
    deprecated: Annotated[
        bool,
        typer.Option("--deprecated", help="Also deprecated, unlisted and retired ones."),
    ] = False
    name: Annotated[
        str | None, typer.Option("--name", metavar="GLOB", help="Id or name like this, in any case: '*claude*'.")
    ] = None
    family: Annotated[str | None, typer.Option("--family", metavar="NAME", help="Of this family.")] = None
    base_model: Annotated[
        str | None,
        typer.Option("--base-model", metavar="NAME", help="Providers of this model, by any of its names."),
    ] = None
    released_since: Annotated[
        str | None, typer.Option("--released-since", metavar="DATE", help="Released on this day or later.")
    ] = None

    def to_filters(self, words: Sequence[str] = ()) -> Filters:
        """Return the criteria that the options mean, and the words. Raises `UsageError`."""
        since = self.released_since
        return Filters(
            providers=tuple(self.provider or ()),
            capabilities=(*self._flagged_capabilities(), *(self.capability or ())),
            input_modalities=tuple(self.input_modality or ()),
            output_modalities=tuple(self.output_modality or ()),
            modes=tuple(self.mode or ()),
            statuses=tuple(self.status or ()),
            deprecated=self.deprecated,
            open_weights=self.open_weights,
            min_context=_parse_limit(self.min_context, "--min-context"),
            min_output_tokens=_parse_limit(self.min_output_tokens, "--min-output-tokens"),
            min_input=_check_price(self.min_input, "--min-input"),
            max_input=_check_price(self.max_input, "--max-input"),
            min_output=_check_price(self.min_output, "--min-output"),
            max_output=_check_price(self.max_output, "--max-output"),
            free=self.free,
            words=_parse_words(words),
            name=self.name,
            family=self.family,
            base_model=self.base_model,
            released_since=None if since is None else parse_date(since, "--released-since"),
        )

    def _flagged_capabilities(self) -> list[str]:
        return [capability for flag, capability in CAPABILITY_FLAGS.items() if getattr(self, flag)]


def _parse_words(texts: Sequence[str]) -> tuple[str, ...]:
    if not texts:
        return ()
    from registry_cli.core.query.words import parse_words  # noqa: PLC0415  # only for words

    return parse_words(texts)


def _parse_limit(text: str | None, option: str) -> int | None:
    return None if text is None else parse_tokens(text, option)


def _check_price(price: float | None, option: str) -> float | None:
    if price is not None and not price < float("inf"):  # nor nan, which is less than nothing
        raise UsageError(f"{option}: {price} is not a price")
    return price
