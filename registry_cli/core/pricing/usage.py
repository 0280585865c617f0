"""What a call used, in leaves: every token under the one rate that prices it.

People and providers count inclusively (cached tokens are part of the input, reasoning part of the output); a bill
needs each token once. `usage_of` turns the one into the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from registry_cli.errors import UsageError

KINDS = ("audio", "image", "video")
_WRITES = ("cache_write", "cache_write_1h", "cache_write_12h")

# What `usage_of` counts, by name -> what it means. Tokens first, then other units.
TOKENS = {
    "input": "all input tokens, cached ones and those of sound, images and video included",
    "cached": "of the input: read from the prompt cache",
    "cache_write": "of the input: written to the prompt cache",
    "cache_write_1h": "of the input: written to the cache for one hour",
    "cache_write_12h": "of the input: written to the cache for twelve hours",
    "input_audio": "of the input: tokens of sound",
    "input_image": "of the input: tokens of images",
    "input_video": "of the input: tokens of video",
    "cached_audio": "of the cached: tokens of sound",
    "cached_image": "of the cached: tokens of images",
    "cached_video": "of the cached: tokens of video",
    "output": "all output tokens, reasoning included",
    "reasoning": "of the output: hidden thought",
    "output_audio": "of the output: tokens of sound",
    "output_image": "of the output: tokens of images",
    "output_video": "of the output: tokens of video",
    "citation": "tokens of cited sources, where they are billed apart from the input",
}
UNITS = {
    "images": "images sent, or made by a model that only makes images",
    "images_made": "images made",
    "seconds": "seconds of sound or video sent, or made by a model that only makes them",
    "seconds_made": "seconds of sound or video made",
    "pages": "pages of documents read",
    "characters": "characters sent",
    "queries": "queries to a search or rerank model",
    "web_searches": "web searches that the model made",
    "requests": "calls (default: 1)",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """`tokens` by the name of their rate, each token once; `units` by a name of `UNITS` or of the catalog's `per`."""

    tokens: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, Decimal] = field(default_factory=dict)
    requests: Decimal = Decimal(1)

    @property
    def input_tokens(self) -> int:
        """All tokens sent, cached ones included: what thresholds compare."""
        return sum(count for name, count in self.tokens.items() if name.startswith(("input", "cache_")))


def usage_of(counts: Mapping[str, Any], units: Mapping[str, Any] | None = None) -> Usage:
    """Usage from inclusive counts (`TOKENS`, `UNITS`) and from units by the catalog's own names (`code_session`).

    Raises `UsageError` for counts that cannot be: negative, no number, or a part larger than its whole.
    """
    for name in counts:
        if name not in TOKENS and name not in UNITS:
            raise UsageError(f"usage: nothing is counted as {name!r}")
    tokens = {name: _whole(name, counts.get(name)) for name in TOKENS}
    leaves = {**_input_leaves(tokens), **_output_leaves(tokens), "citation": tokens["citation"]}
    others = {name: _number(name, counts[name]) for name in UNITS if counts.get(name) and name != "requests"}
    others |= {name: _number(name, count) for name, count in (units or {}).items()}
    requests = counts.get("requests")
    return Usage(
        {name: count for name, count in leaves.items() if count},
        others,
        Decimal(1) if requests is None else _number("requests", requests),
    )


def _input_leaves(tokens: Mapping[str, int]) -> dict[str, int]:
    written = sum(tokens[name] for name in _WRITES)
    fresh = tokens["input"] - tokens["cached"] - written
    if fresh < 0:
        parts = tokens["cached"] + written
        raise UsageError(f"usage: cached and written tokens are part of the input: {parts} of {tokens['input']}")
    cached = {kind: tokens[f"cached_{kind}"] for kind in KINDS}
    sent = {kind: tokens[f"input_{kind}"] - cached[kind] for kind in KINDS}
    if sum(cached.values()) > tokens["cached"] or any(count < 0 for count in sent.values()):
        raise UsageError("usage: the cached tokens of sound, images and video are part of the cached and of the input")
    excess = max(0, sum(sent.values()) - fresh)
    for kind in KINDS:  # what cannot be fresh was cached: a source may count both and not their overlap
        moved = min(excess, sent[kind], tokens["cached"] - sum(cached.values()))
        sent[kind], cached[kind], excess = sent[kind] - moved, cached[kind] + moved, excess - moved
    if excess:
        raise UsageError(f"usage: tokens of sound, images and video are part of the input of {tokens['input']}")
    return {
        "input": fresh - sum(sent.values()),
        **{f"input_{kind}": count for kind, count in sent.items()},
        "cache_read": tokens["cached"] - sum(cached.values()),
        **{f"cache_read_{kind}": count for kind, count in cached.items()},
        **{name: tokens[name] for name in _WRITES},
    }


def _output_leaves(tokens: Mapping[str, int]) -> dict[str, int]:
    parts = {"reasoning": tokens["reasoning"], **{f"output_{kind}": tokens[f"output_{kind}"] for kind in KINDS}}
    if sum(parts.values()) > tokens["output"]:
        named = ", ".join(name for name, count in parts.items() if count)
        raise UsageError(f"usage: {named} is part of the output: {sum(parts.values())} of {tokens['output']}")
    return {"output": tokens["output"] - sum(parts.values()), **parts}


def _whole(name: str, value: Any) -> int:
    if value is None:
        return 0
    number = _number(name, value)
    if number != number.to_integral_value():
        raise UsageError(f"usage: {name} is {value}, not a whole number of tokens")
    return int(number)


def _number(name: str, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise UsageError(f"usage: {name} is {value!r}, not a number")
    number = Decimal(str(value))
    if not number.is_finite() or number < 0:
        raise UsageError(f"usage: {name} is {value}, not an amount")
    return number
