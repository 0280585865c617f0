"""The options that describe a call and how often it is made: the same for every command that prices calls."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from registry_cli.core.query.filters import parse_tokens
from registry_cli.errors import UsageError

if TYPE_CHECKING:
    from decimal import Decimal

    from registry_cli.core.billing.call_conditions import Conditions
    from registry_cli.core.billing.call_plan import PlannedCall

_SHARE = "TOKENS|%"


def _call_option(flag: str, metavar: str, text: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=text, show_default=False)


Text = str | None
_TOKENS = (
    "input", "output", "cached", "cache_write", "cache_write_1h", "reasoning_tokens", "input_audio", "input_image",
    "input_video", "output_audio", "output_image",
)  # fmt: skip
_UNITS = (
    "images", "images_made", "seconds", "seconds_made", "pages", "characters", "queries", "web_searches",
)  # fmt: skip


class CallConditions(NamedTuple):
    """Under which conditions the calls are made, as the user typed it."""

    tier: Annotated[Text, _call_option("--tier", "TIER", "Service tier: batch, flex, priority, ...")] = None
    region: Annotated[Text, _call_option("--region", "REGION", "Region that serves the call.")] = None
    monthly_tokens: Annotated[
        Text, _call_option("--monthly-tokens", "TOKENS", "Tokens that the account uses in a month, for volume prices.")
    ] = None
    size: Annotated[Text, _call_option("--size", "SIZE", "Image size, such as 1024x1024.")] = None
    quality: Annotated[Text, _call_option("--quality", "NAME", "Image quality, such as hd.")] = None
    resolution: Annotated[Text, _call_option("--resolution", "NAME", "Video resolution, such as 720p.")] = None
    time: Annotated[Text, _call_option("--time", "HH:MM", "Time of day in UTC, for off-peak prices.")] = None

    def to_conditions(self, day: str) -> "Conditions":
        """Return the conditions of a call on an ISO day. Raises `UsageError`."""
        from registry_cli.core.billing.call_conditions import Conditions, parse_time  # noqa: PLC0415  # as above

        monthly = self.monthly_tokens
        return Conditions(
            day,
            time=parse_time(self.time, "--time"),
            monthly_tokens=None if monthly is None else parse_tokens(monthly, "--monthly-tokens"),
            service_tier=self.tier,
            region=self.region,
            size=self.size,
            quality=self.quality,
            resolution=self.resolution,
        )


class CallCounts(NamedTuple):
    """What one call sends and gets, and how many calls are made, as the user typed it."""

    input: Annotated[
        Text,
        _call_option("--input", "TOKENS", "Input tokens of one call, cached ones included (250k)."),
    ] = None
    output: Annotated[Text, _call_option("--output", "TOKENS", "Output tokens of one call, reasoning included.")] = None
    cached: Annotated[
        Text, _call_option("--cached", _SHARE, "Input tokens read from the prompt cache; 60% is a share of the input.")
    ] = None
    cache_write: Annotated[Text, _call_option("--cache-write", _SHARE, "Input tokens written to the prompt cache.")] = (
        None
    )
    cache_write_1h: Annotated[
        Text, _call_option("--cache-write-1h", _SHARE, "Input tokens written to the cache for one hour.")
    ] = None
    reasoning_tokens: Annotated[
        Text,
        _call_option("--reasoning-tokens", _SHARE, "Reasoning tokens (part of --output)."),
    ] = None
    input_audio: Annotated[Text, _call_option("--input-audio", _SHARE, "Audio tokens of the input.")] = None
    input_image: Annotated[Text, _call_option("--input-image", _SHARE, "Image tokens of the input.")] = None
    input_video: Annotated[Text, _call_option("--input-video", _SHARE, "Video tokens of the input.")] = None
    output_audio: Annotated[Text, _call_option("--output-audio", _SHARE, "Audio tokens of the output.")] = None
    output_image: Annotated[Text, _call_option("--output-image", _SHARE, "Image tokens of the output.")] = None
    images: Annotated[
        Text,
        _call_option("--images", "N", "Images sent; images made, if the model makes nothing else."),
    ] = None
    images_made: Annotated[Text, _call_option("--images-made", "N", "Images made.")] = None
    seconds: Annotated[
        Text, _call_option("--seconds", "N", "Seconds of audio or video sent; made, if the model makes nothing else.")
    ] = None
    seconds_made: Annotated[Text, _call_option("--seconds-made", "N", "Seconds of audio or video made.")] = None
    pages: Annotated[Text, _call_option("--pages", "N", "Pages of documents read.")] = None
    characters: Annotated[Text, _call_option("--characters", "N", "Characters sent.")] = None
    queries: Annotated[Text, _call_option("--queries", "N", "Queries to a search or rerank model.")] = None
    web_searches: Annotated[Text, _call_option("--web-searches", "N", "Web searches that the model makes.")] = None
    unit: Annotated[
        list[str] | None,
        _call_option("--unit", "NAME=N", "Any other unit of the catalog, such as code_session=2; may be repeated."),
    ] = None
    calls: Annotated[Text, _call_option("--calls", "N", "Number of calls (200, 10k): multiplies the cost of one.")] = (
        None
    )
    per: Annotated[
        Text,
        _call_option(
            "--per", "day|month", "Period of --calls: shows the cost per day and month (30 days), or month and year."
        ),
    ] = None

    @property
    def counts_something(self) -> bool:
        """Whether there is anything to price."""
        return bool(self.unit or self._given_fields(*_TOKENS, *_UNITS))

    def to_plan(self, conditions: CallConditions, day: str) -> "PlannedCall":
        """Return the calls under these conditions on an ISO day. Raises `UsageError`."""
        from registry_cli.core.billing.call_plan import PlannedCall, plan_usage  # noqa: PLC0415  # not for a plain query

        counts: dict[str, Any] = {}
        for name in self._given_fields(*_TOKENS):
            counts[name.removesuffix("_tokens")] = _count_tokens(getattr(self, name), _flag_of(name))
        for name in self._given_fields(*_UNITS):
            counts[name] = _parse_amount(getattr(self, name), _flag_of(name))
        usage = plan_usage(counts, dict(_parse_unit(text) for text in self.unit or ()))
        return PlannedCall(usage, conditions.to_conditions(day), self.count_calls(), self.per)

    def count_calls(self) -> int:
        """Return how often the call is made. Raises `UsageError`."""
        from registry_cli.core.billing.call_plan import PERIODS  # noqa: PLC0415  # not for a plain query

        if self.per is not None and self.per not in PERIODS:
            raise UsageError(f"--per: {self.per!r} is not one of {', '.join(PERIODS)}")
        if self.calls is None:
            if self.per is not None:
                raise UsageError("--per needs --calls: the number of calls per day or month")
            return 1
        try:
            number = parse_tokens(self.calls, "--calls")
        except UsageError:
            number = 0
        if number < 1:
            raise UsageError(f"--calls: {self.calls!r} is not a number of calls such as 200 or 10k")
        return number

    def _given_fields(self, *names: str) -> list[str]:
        return [name for name in names if getattr(self, name) is not None]


def _flag_of(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _count_tokens(text: str, option: str) -> int | str:
    """A number of tokens, or a percentage as it is."""
    return text if text.endswith("%") else parse_tokens(text, option)


def _parse_amount(text: str, option: str) -> "Decimal":
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415  # not for a plain query

    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        raise UsageError(f"{option}: {text!r} is not a number") from None


def _parse_unit(text: str) -> "tuple[str, Decimal]":
    name, _, count = text.partition("=")
    return name, _parse_amount(count, f"--unit {name}")
