"""The usage of a call: every token under the one rate that prices it.

People and providers count inclusively: cached tokens are part of the input, reasoning is part of the output. A bill
needs each token once. `usage_of` converts inclusive counts.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.core.pricing.rates import CACHE_WRITES, KINDS
from registry_cli.errors import UsageError

_INPUT_MEDIA = frozenset({f"{place}_{kind}" for place in ("input", "cached") for kind in KINDS})
_OUTPUT_PARTS = ("reasoning", *(f"output_{kind}" for kind in KINDS))
_NOT_SENT = frozenset({"output", "citation", *_OUTPUT_PARTS})

# What `usage_of` counts, by name -> what it means. Tokens first, then other units.
TOKENS = {
    "input": "all input tokens, cached ones and those of audio, images and video included",
    "cached": "of the input: read from the prompt cache",
    "cache_write": "of the input: written to the prompt cache",
    "cache_write_1h": "of the input: written to the cache for one hour",
    "cache_write_12h": "of the input: written to the cache for twelve hours",
    "input_audio": "of the input: tokens of audio",
    "input_image": "of the input: tokens of images",
    "input_video": "of the input: tokens of video",
    "cached_audio": "of the cached: tokens of audio",
    "cached_image": "of the cached: tokens of images",
    "cached_video": "of the cached: tokens of video",
    "output": "all output tokens, reasoning included",
    "reasoning": "of the output: hidden thought",
    "output_audio": "of the output: tokens of audio",
    "output_image": "of the output: tokens of images",
    "output_video": "of the output: tokens of video",
    "citation": "tokens of cited sources, where they are billed apart from the input",
}
UNITS = {
    "images": "images sent, or made by a model that only makes images",
    "images_made": "images made",
    "seconds": "seconds of audio or video sent, or made by a model that only makes them",
    "seconds_made": "seconds of audio or video made",
    "pages": "pages of documents read",
    "characters": "characters sent",
    "queries": "queries to a search or rerank model",
    "web_searches": "web searches that the model made",
}


class MergedCalls(NamedTuple):
    """The number of calls in a usage, and the largest number of tokens of one of them.

    Of a batch, only the sums are known. Then these are the tokens of an average call, and one call may have up to
    `possible_input_tokens`.
    """

    calls: int
    input_tokens: int
    output_tokens: int
    all_tokens: int
    possible_input_tokens: int = 0


class Usage(NamedTuple):
    """`tokens` by the name of their rate, each token once; `units` by a name of `UNITS` or of the catalog's `per`.

    `unread` names what a response reports and these counts lack: their bill is a lower bound. `doubts` names the
    contradictions in a response: its bill is an estimate. `undivided` means that a response states only a total, which
    counts as input. `merged` is None for one call.
    """

    tokens: Mapping[str, int] = {}
    units: Mapping[str, Decimal] = {}
    requests: Decimal = Decimal(1)
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    undivided: bool = False
    merged: MergedCalls | None = None

    @property
    def input_tokens(self) -> int:
        """All tokens sent in one call, cached ones included. Price thresholds apply to this number."""
        if self.merged is not None:
            return self.merged.input_tokens
        total = 0
        for name, count in self.tokens.items():  # a loop: this runs for every bill, and `sum` takes twice as long
            if name not in _NOT_SENT:
                total += count
        return total

    @property
    def output_tokens(self) -> int:
        """All tokens made in one call, reasoning included."""
        if self.merged is not None:
            return self.merged.output_tokens
        return sum(count for name, count in self.tokens.items() if name.startswith(("output", "reasoning")))

    @property
    def all_tokens(self) -> int:
        """All tokens of one call."""
        return self.merged.all_tokens if self.merged is not None else self.input_tokens + self.output_tokens


def usage_of(counts: Mapping[str, Any], units: Mapping[str, Any] | None = None) -> Usage:
    """Return the usage for inclusive counts (`TOKENS`, `UNITS`) and units by the catalog's own names (`code_session`).

    Raises `UsageError` for an invalid count: negative, not a number, or a part larger than its whole.
    """
    tokens: dict[str, int] = {}
    others: dict[str, Decimal] = {}
    for name, count in counts.items():
        if name in TOKENS:
            tokens[name] = count if type(count) is int and count >= 0 else _read_whole_number(name, count)
        elif name not in UNITS:
            hint = "; calls multiplies the whole call" if name == "requests" else ""
            raise UsageError(f"usage: nothing is counted as {name!r}{hint}")
        elif count:
            others[name] = check_amount(name, count)
    for name, count in units.items() if units else ():
        others[name] = check_amount(name, count)
    leaves = {**_input_leaves(tokens), **_output_leaves(tokens)}
    if "citation" in tokens:
        leaves["citation"] = tokens["citation"]
    return Usage(
        {name: count for name, count in leaves.items() if count},
        dict(sorted(others.items())) if len(others) > 1 else others,
    )


def _input_leaves(tokens: Mapping[str, int]) -> dict[str, int]:
    total, cached = tokens.get("input", 0), tokens.get("cached", 0)
    writes = {} if tokens.keys().isdisjoint(CACHE_WRITES) else {name: tokens.get(name, 0) for name in CACHE_WRITES}
    fresh = total - cached - sum(writes.values())
    if fresh < 0:
        raise UsageError(f"usage: cached and written tokens are part of the input: {total - fresh} of {total}")
    if tokens.keys().isdisjoint(_INPUT_MEDIA):
        return {"input": fresh, "cache_read": cached, **writes}
    return {**_media_leaves(tokens, fresh, cached), **writes}


def _media_leaves(tokens: Mapping[str, int], fresh: int, cached: int) -> dict[str, int]:
    """Return fresh and cached input by kind of media."""
    read = {kind: tokens.get(f"cached_{kind}", 0) for kind in KINDS}
    sent = {kind: tokens.get(f"input_{kind}", 0) - read[kind] for kind in KINDS}
    if sum(read.values()) > cached or any(count < 0 for count in sent.values()):
        raise UsageError("usage: the cached tokens of audio, images and video are part of the cached and of the input")
    excess = max(0, sum(sent.values()) - fresh)
    for kind in KINDS:  # media tokens beyond the fresh input were cached: a provider may count both, not their overlap
        moved = min(excess, sent[kind], cached - sum(read.values()))
        sent[kind], read[kind], excess = sent[kind] - moved, read[kind] + moved, excess - moved
    if excess:
        raise UsageError(f"usage: tokens of audio, images and video are part of the input of {tokens.get('input', 0)}")
    return {
        "input": fresh - sum(sent.values()),
        **{f"input_{kind}": count for kind, count in sent.items()},
        "cache_read": cached - sum(read.values()),
        **{f"cache_read_{kind}": count for kind, count in read.items()},
    }


def _output_leaves(tokens: Mapping[str, int]) -> dict[str, int]:
    total = tokens.get("output", 0)
    if tokens.keys().isdisjoint(_OUTPUT_PARTS):
        return {"output": total}
    parts = {name: tokens.get(name, 0) for name in _OUTPUT_PARTS}
    rest = total - sum(parts.values())
    if rest < 0:
        named = ", ".join(name for name, count in parts.items() if count)
        raise UsageError(f"usage: {named} is part of the output: {total - rest} of {total}")
    return {"output": rest, **parts}


def _read_whole_number(name: str, value: Any) -> int:
    if value is None:
        return 0
    number = check_amount(name, value)
    if number != number.to_integral_value():
        raise UsageError(f"usage: {name} is {value}, not a whole number of tokens")
    return int(number)


def check_amount(name: str, value: Any) -> Decimal:
    """Return a count as an exact number. Raises `UsageError` if it is not a number, or negative."""
    if not is_number(value):
        raise UsageError(f"usage: {name} is {value!r}, not a number")
    number = Decimal(str(value))
    if not number.is_finite() or number < 0:
        raise UsageError(f"usage: {name} is {value}, not an amount")
    return number


def is_number(value: Any) -> bool:
    """Return whether a value of JSON or Python is a number. True and False are not."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
