"""The meaning of the counters of a usage block, by the names that providers, gateways and SDKs give them.

One table serves all shapes. Names are compared without case, `_` and `-`: `inputTokens` is `input_tokens`. A positive
number under an unknown name makes a bill inexact. To support a name, add it to a row.

A meaning is a name of `billing.usage.TOKENS` or `UNITS`, a unit of the catalog (`file_search`), or one of these:

| meaning | what it counts |
|---|---|
| `total` | input and output together |
| `fresh` | input that was neither read from the cache nor written to it |
| `cache_write_any`, `cache_write_5m` | written to the cache: with any lifetime, for five minutes |
| `tool_input` | input that the provider's own tools brought in |
| `perplexity_searches` | web searches, of Perplexity |
| `tool_calls` | calls of the provider's own tools, of whatever kind |
| `input_text`, `cached_text`, `output_text` | what is neither audio nor image nor video |
| `extra_input_image` | image tokens that are billed beside the input |
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from registry_cli.core.pricing.rates import KINDS as MEDIA

KINDS = ("text", *MEDIA)
_LONGEST_NAME = 60
_T = TypeVar("_T")


class CountPlace(IntEnum):
    """Whether the total of its kind includes a count, according to its name; the clearest first."""

    INCLUDED = 0
    BESIDE = 1
    BESIDE_INPUT_TOKENS = 2  # beside `input_tokens` (Anthropic, Bedrock), but part of `prompt_tokens` (LiteLLM)
    UNCLEAR = 3  # programs use this name both ways


class Counter(NamedTuple):
    """The meaning of the number under a name."""

    meaning: str
    place: CountPlace = CountPlace.INCLUDED


class EntryList(NamedTuple):
    """A list of counts: the name of the label of an entry, the names of its count, and the counters by label."""

    label: str
    counts: frozenset[str]
    counters: Mapping[str, Counter]


class NameTable(NamedTuple):
    """The names in one mapping of a usage block: counters, mappings with names of their own, and lists of counts."""

    counters: Mapping[str, Counter]
    tables: "Mapping[str, NameTable]"
    lists: Mapping[str, EntryList]


def fold_name(name: str) -> str:
    """Return a name without case, `_` and `-`. A name that is longer than any known one is returned unchanged."""
    return _fold_text(name) if len(name) <= _LONGEST_NAME else name


@lru_cache(maxsize=4096)
def _fold_text(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _name_sequence(text: str) -> tuple[str, ...]:
    return tuple(map(fold_name, text.split()))


def _name_set(text: str) -> frozenset[str]:
    return frozenset(_name_sequence(text))


def _by_name(rows: Iterable[tuple[_T, str]]) -> dict[str, _T]:
    return {fold_name(name): value for value, names in rows for name in names.split()}


def _make_table(
    *counters: tuple[Counter, str],
    tables: Iterable[tuple[NameTable, str]] = (),
    lists: Iterable[tuple[EntryList, str]] = (),
) -> NameTable:
    return NameTable(_by_name(counters), _by_name(tables), _by_name(lists))


def count_names(whole: str) -> list[str]:
    """Return the meanings of the counts of a total by kind: `input_text`, `input_audio` and so on."""
    return [f"{whole}_{kind}" for kind in KINDS]


def _kind_counters(whole: str) -> list[tuple[Counter, str]]:
    return [(Counter(f"{whole}_{kind}"), f"{kind} {kind}_tokens") for kind in KINDS]


def _modality_list(whole: str) -> EntryList:
    rows = [(Counter(f"{whole}_{kind}"), kind) for kind in KINDS]
    rows += [(Counter(f"{whole}_image"), "document"), (Counter(f"{whole}_text"), "modality_unspecified")]
    return EntryList("modality", _name_set("token_count tokens"), _by_name(rows))


def _lifetime_counters(place: CountPlace) -> list[tuple[Counter, str]]:
    return [
        (Counter("cache_write_5m", place), "ephemeral_5m_input_tokens 5m"),
        (Counter("cache_write_1h", place), "ephemeral_1h_input_tokens 1h"),
    ]


_WRITES = _make_table(*_lifetime_counters(CountPlace.BESIDE_INPUT_TOKENS))
_INCLUDED_WRITES = _make_table(*_lifetime_counters(CountPlace.INCLUDED))
_CACHED_DETAILS = _make_table(*_kind_counters("cached"))
_INPUT_DETAILS = _make_table(
    *_kind_counters("input"),
    *_lifetime_counters(CountPlace.INCLUDED),
    (Counter("fresh"), "no_cache no_cache_tokens"),
    (Counter("cached"), "cached_tokens cache_read cache_read_tokens cache_read_input_tokens"),
    (
        Counter("cache_write_any"),
        "cache_write cache_write_tokens cache_creation cache_creation_tokens cache_creation_input_tokens",
    ),
    tables=[
        (_CACHED_DETAILS, "cached_tokens_details cached_token_details"),
        (_INCLUDED_WRITES, "cache_creation cache_creation_token_details cache_creation_tokens_details"),
    ],
)
_OUTPUT_DETAILS = _make_table(
    *_kind_counters("output"),
    (Counter("reasoning"), "reasoning reasoning_tokens thinking_tokens"),
)
# A provider of the AI SDK returns a total and its parts under a name that elsewhere has a number.
_WHOLE_INPUT = _INPUT_DETAILS._replace(counters={**_INPUT_DETAILS.counters, fold_name("total"): Counter("input")})
_WHOLE_OUTPUT = _OUTPUT_DETAILS._replace(counters={**_OUTPUT_DETAILS.counters, fold_name("total"): Counter("output")})
_TOOLS = _make_table(
    (
        Counter("web_searches"),
        "web_search web_search_requests web_search_calls google_search server_side_tool_web_search",
    ),
    (Counter("maps_search"), "google_maps"),
    (Counter("file_search"), "file_search file_search_calls document_search_calls"),
    (Counter("code_session"), "code_interpreter code_interpreter_calls server_side_tool_code_execution"),
    (Counter("x_search"), "x_search_calls server_side_tool_x_search"),
)
TOOL_UNITS = frozenset(counter.meaning for counter in _TOOLS.counters.values())
_TOKENS = _make_table((Counter("input"), "input_tokens"), (Counter("output"), "output_tokens"))
_BILLED_UNITS = _make_table(
    (Counter("input"), "input_tokens"),
    (Counter("output"), "output_tokens"),
    (Counter("extra_input_image"), "image_tokens"),
    (Counter("images"), "images"),
    (Counter("queries"), "search_units"),
)

# A whole usage block. Details are mappings at OpenAI and lists at Google, under the same names.
USAGE_BLOCK = _make_table(
    (Counter("total"), "total_tokens total_token_count"),
    (
        Counter("input"),
        """prompt_tokens input_tokens prompt_token_count input_token_count total_input_tokens prompt_eval_count
        input_text_token_count""",
    ),
    (
        Counter("output"),
        """completion_tokens output_tokens candidates_token_count response_token_count output_token_count
        total_output_tokens eval_count generation_token_count""",
    ),
    (Counter("fresh"), "prompt_cache_miss_tokens"),
    (
        Counter("cached"),
        "cached_tokens prompt_cache_hit_tokens cached_input_tokens cached_content_token_count total_cached_tokens",
    ),
    (Counter("cached", CountPlace.BESIDE_INPUT_TOKENS), "cache_read_input_tokens cache_read_input_token_count"),
    (Counter("cached", CountPlace.UNCLEAR), "cache_read_tokens"),
    (
        Counter("cache_write_any", CountPlace.BESIDE_INPUT_TOKENS),
        "cache_creation_input_tokens cache_write_input_tokens cache_write_input_token_count",
    ),
    (Counter("cache_write_any", CountPlace.UNCLEAR), "cache_write_tokens cache_creation_tokens"),
    (Counter("reasoning"), "reasoning_tokens"),
    (Counter("reasoning", CountPlace.BESIDE), "thoughts_token_count total_thought_tokens"),
    (Counter("tool_input", CountPlace.BESIDE), "tool_use_prompt_token_count total_tool_use_tokens connector_tokens"),
    (Counter("tool_calls"), "num_server_side_tools_used"),
    (Counter("citation"), "citation_tokens"),
    (Counter("perplexity_searches"), "num_search_queries"),
    (Counter("seconds"), "seconds prompt_audio_seconds"),
    (Counter("pages"), "pages_processed"),
    (Counter("characters"), "characters"),
    (Counter("input_image"), "image_tokens"),
    (Counter("input_audio"), "audio_tokens"),
    (Counter("input_video"), "video_tokens"),
    tables=[
        (
            _INPUT_DETAILS,
            "prompt_tokens_details prompt_token_details input_tokens_details input_token_details",
        ),
        (
            _OUTPUT_DETAILS,
            "completion_tokens_details completion_token_details output_tokens_details output_token_details",
        ),
        (_WHOLE_INPUT, "input_tokens"),
        (_WHOLE_OUTPUT, "output_tokens"),
        (_WRITES, "cache_creation"),
        (
            _TOOLS,
            "server_tool_use server_tool_usage server_side_tool_usage server_side_tool_usage_details connectors",
        ),
        (_BILLED_UNITS, "billed_units"),
        (_TOKENS, "tokens"),
    ],
    lists=[
        (_modality_list("input"), "prompt_tokens_details prompt_token_details input_tokens_by_modality"),
        (_modality_list("cached"), "cache_tokens_details cached_tokens_by_modality"),
        (_modality_list("output"), "candidates_tokens_details response_tokens_details output_tokens_by_modality"),
        (_modality_list("tool_input"), "tool_use_prompt_tokens_details tool_use_tokens_by_modality"),
        (EntryList("ttl", _name_set("input_tokens"), _WRITES.counters), "cache_details"),
        (EntryList("type", _name_set("count"), _TOOLS.counters), "grounding_tool_count"),
    ],
)

# If a block has these, they are billed, and its other counts are not.
BILLED_UNITS = fold_name("billed_units")
# With this name in the block, `CountPlace.BESIDE_INPUT_TOKENS` means a part of its count.
PROMPT_TOKENS = fold_name("prompt_tokens")

# The passes of one call (Anthropic), each with counts of its own.
ITERATIONS = fold_name("iterations")

# Numbers that are never billed, and mappings and lists of them.
_DURATIONS = """
    total_duration load_duration prompt_eval_duration eval_duration queue_time prompt_time completion_time total_time
    latency latency_ms first_byte_latency invocation_latency time_to_first_token duration_ms elapsed_ms
"""
_TIMESTAMPS = "created created_at started_at completed_at expires_at timestamp"
_COSTS = """
    cost cost_usd cost_in_usd_ticks cost_details cost_estimate estimated_cost total_cost total_cost_usd response_cost
    spend
"""
# Mistral's `num_cached_tokens` are those that its servers had computed before; only its `cached_tokens` cost less.
_PARTS_AT_THE_PRICE_OF_THE_WHOLE = "accepted_prediction_tokens rejected_prediction_tokens num_cached_tokens"
_FREE_TOOLS = "web_fetch_requests tool_search_requests mcp_calls tool_calls_requested"
_NO_COUNTS = "index status_code doc_size_bytes"
NOT_BILLED = (
    _name_set(_DURATIONS)
    | _name_set(_TIMESTAMPS)
    | _name_set(_COSTS)
    | _name_set(_PARTS_AT_THE_PRICE_OF_THE_WHOLE)
    | _name_set(_FREE_TOOLS)
    | _name_set(_NO_COUNTS)
)
# A copy of the provider's own usage block (AI SDK).
COPY = fold_name("raw")
# Names beside the counts in a response that has no usage block around them.
CONTENT = _name_set("choices content candidates context data embedding embeddings message output response")

# The names of a usage block, and of the envelopes of a response.
BLOCKS = _name_sequence("total_usage usage usage_metadata token_usage usage_info amazon-bedrock-invocation_metrics")
ENVELOPES = _name_sequence("response message body result delta model_output metadata meta llm_output response_metadata")

# Service tiers and regions by their names in responses, if price lists have other names; None for words that name no
# tier.
TIERS = _by_name([
    ("standard", "standard default on_demand"),
    ("priority", "on_demand_priority"),
    ("flex", "on_demand_flex"),
    (None, "auto unspecified traffic_type_unspecified not_available"),
])  # fmt: skip


class ProviderMark(NamedTuple):
    """Names that only one provider uses, unless the names in `but_not` stand beside them."""

    provider: str
    names: frozenset[str]
    but_not: frozenset[str] = frozenset()


# The first that fits counts.
PROVIDER_MARKS = (
    ProviderMark("vertex_ai", _name_set("traffic_type")),
    ProviderMark("bedrock", _name_set("cache_write_input_tokens server_tool_usage generation_token_count")),
    ProviderMark("gemini", _name_set("prompt_token_count total_token_count total_input_tokens")),
    ProviderMark("cohere", _name_set("billed_units")),
    ProviderMark("perplexity", _name_set("citation_tokens num_search_queries search_context_size")),
    ProviderMark("xai", _name_set("cost_in_usd_ticks num_sources_used")),
    ProviderMark("openrouter", _name_set("is_byok cost_details cost")),
    ProviderMark("deepseek", _name_set("prompt_cache_hit_tokens")),
    ProviderMark("mistral", _name_set("num_cached_tokens prompt_audio_seconds connector_tokens pages_processed")),
    ProviderMark("ollama", _name_set("prompt_eval_count")),
    ProviderMark(
        "anthropic",
        _name_set("cache_creation cache_creation_input_tokens cache_read_input_tokens server_tool_use inference_geo"),
        but_not=_name_set("prompt_tokens"),
    ),
)
ALL_PROVIDER_MARKS = frozenset().union(*(mark.names for mark in PROVIDER_MARKS))
