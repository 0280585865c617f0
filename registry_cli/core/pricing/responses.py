"""Usage as providers report it -> `Usage`: a whole response of theirs, or just the block that counts tokens.

| shape | what its input includes | what its output includes |
|---|---|---|
| OpenAI (chat, responses, images, speech), OpenRouter | cached tokens | reasoning |
| Anthropic | neither cache reads nor writes: they are added here | thinking |
| Gemini | cached tokens, not what tools brought in: added here | no thoughts: added here |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.usage import Usage, usage_of
from registry_cli.errors import UsageError

_BLOCKS = ("usage", "usageMetadata", "usage_metadata")
_ENVELOPES = ("response", "message", "body")  # a batch's line, a stream's event
_STANDARD = frozenset({"default", "standard", "auto"})
_ANTHROPIC = frozenset(
    {"cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "server_tool_use", "inference_geo"}
)
_GEMINI_KINDS = {"AUDIO": "audio", "IMAGE": "image", "VIDEO": "video"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its provider reported it. `provider` is who answers in this shape and in no other; `billed` is what
    the provider itself says it cost (OpenRouter)."""

    usage: Usage
    model: str | None = None
    provider: str | None = None
    service_tier: str | None = None
    billed: Decimal | None = None


def read_call(value: Any) -> Call:
    """The call that a response, or its usage block, is about. Raises `UsageError` where it counts nothing known."""
    outer, block = _found(value)
    provider = None
    if {"promptTokenCount", "prompt_token_count", "totalTokenCount"} & block.keys():
        provider, counts = "gemini", _gemini(block)
    elif "prompt_tokens" in block:
        provider, counts = "openrouter" if "cost" in block else None, _openai(block, "prompt", "completion")
    elif "input_tokens" in block and _ANTHROPIC & block.keys():
        provider, counts = "anthropic", _anthropic(block)
    elif "input_tokens" in block:
        counts = _openai(block, "input", "output")
    elif "seconds" in block:
        counts = {"seconds": block["seconds"]}
    else:
        keys = ", ".join(sorted(block)[:5]) or "nothing"
        raise UsageError(f"usage: no shape that is known counts with {keys}")
    tier = block.get("service_tier") or outer.get("service_tier")
    billed = block.get("cost")
    return Call(
        usage_of({name: count for name, count in counts.items() if count}),
        _text(outer.get("model") or outer.get("modelVersion") or outer.get("model_version")),
        provider,
        None if tier in _STANDARD else _text(tier),
        Decimal(billed) if isinstance(billed, int | Decimal) and not isinstance(billed, bool) else None,
    )


def _found(value: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The response and the usage block in it; the block for both where it stands alone."""
    if not isinstance(value, Mapping):
        raise UsageError("usage: not a JSON object")
    for name in _BLOCKS:
        if isinstance(value.get(name), Mapping):
            return value, value[name]
    for name in _ENVELOPES:
        if isinstance(value.get(name), Mapping):
            return _found(value[name])
    return value, value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _openai(block: Mapping[str, Any], sent: str, made: str) -> dict[str, Any]:
    """OpenAI's two spellings; OpenRouter adds written tokens and web searches, DeepSeek has hits at the top."""
    inner = _details(block, f"{sent}_tokens_details", f"{sent}_token_details")
    outer = _details(block, f"{made}_tokens_details", f"{made}_token_details")
    cached = _details(inner, "cached_tokens_details")
    return {
        "input": block.get(f"{sent}_tokens"),
        "cached": inner.get("cached_tokens") or block.get("prompt_cache_hit_tokens"),
        "cache_write": inner.get("cache_write_tokens") or inner.get("cache_creation_tokens"),
        "output": block.get(f"{made}_tokens"),
        "reasoning": outer.get("reasoning_tokens"),
        "citation": block.get("citation_tokens"),
        "web_searches": _details(block, "server_tool_use").get("web_search_requests")
        or block.get("num_search_queries"),
        **{
            name: count
            for kind in ("audio", "image", "video")
            for name, count in (
                (f"input_{kind}", inner.get(f"{kind}_tokens")),
                (f"cached_{kind}", cached.get(f"{kind}_tokens")),
                (f"output_{kind}", outer.get(f"{kind}_tokens")),
            )
        },
    }


def _anthropic(block: Mapping[str, Any]) -> dict[str, Any]:
    read, written = block.get("cache_read_input_tokens") or 0, block.get("cache_creation_input_tokens") or 0
    lifetimes = _details(block, "cache_creation")
    hour = lifetimes.get("ephemeral_1h_input_tokens") or 0
    short = lifetimes.get("ephemeral_5m_input_tokens")
    return {
        "input": block["input_tokens"] + read + max(written, hour + (short or 0)),
        "cached": read,
        "cache_write": written - hour if short is None else short,
        "cache_write_1h": hour,
        "output": block.get("output_tokens"),
        "reasoning": _details(block, "output_tokens_details").get("thinking_tokens"),
        "web_searches": _details(block, "server_tool_use").get("web_search_requests"),
    }


def _gemini(block: Mapping[str, Any]) -> dict[str, Any]:
    camel = {_camel(name): value for name, value in block.items()}
    tools, thoughts = camel.get("toolUsePromptTokenCount") or 0, camel.get("thoughtsTokenCount") or 0
    counts: dict[str, Any] = {
        "input": (camel.get("promptTokenCount") or 0) + tools,
        "cached": camel.get("cachedContentTokenCount"),
        "output": (camel.get("candidatesTokenCount") or camel.get("responseTokenCount") or 0) + thoughts,
        "reasoning": thoughts,
    }
    for prefix, names in (
        ("input", ("promptTokensDetails", "toolUsePromptTokensDetails")),
        ("cached", ("cacheTokensDetails",)),
        ("output", ("candidatesTokensDetails", "responseTokensDetails")),
    ):
        for entry in (entry for name in names for entry in _listed(camel.get(name))):
            kind = _GEMINI_KINDS.get(str(entry.get("modality")).upper())
            if kind:
                count = entry.get("tokenCount", entry.get("token_count")) or 0
                counts[f"{prefix}_{kind}"] = counts.get(f"{prefix}_{kind}", 0) + count
    return counts


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _details(block: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return next((block[name] for name in names if isinstance(block.get(name), Mapping)), {})


def _listed(value: Any) -> Sequence[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
