"""LiteLLM's `model_prices_and_context_window.json`: one entry a route, prices in USD per token.

The source is github.com/BerriAI/litellm (MIT). Several entries may be one model of ours (a region, a size of
image, a routing name), so entries are gathered by the model they name before they become facts. `max_tokens` is
not read, as it is sometimes the input limit and sometimes the output limit.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from typing import Any

from registry_cli.core.catalog.models import is_cloud_model
from registry_cli.core.pricing.conditions import ALWAYS
from registry_cli.core.pricing.merge import merge_pricing
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.query.filters import MODES
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.currencies import in_currency
from registry_cli.sources.json_text import read_json, refuse_long_list
from registry_cli.sources.litellm_ids import RouteName, read_key
from registry_cli.sources.litellm_prices import drop_zeros, is_price_key, read_prices
from registry_cli.sources.modalities import FOLLOWS, implied_capabilities, in_catalog_order, split_known
from registry_cli.sources.rows import MOST_TOKENS, Rows, read_flags, read_number
from registry_cli.sources.shapes import object_or_empty, read_text, read_texts
from registry_cli.sources.wording import EFFORTS, is_date

SOURCE = "litellm"

CAPABILITIES = {
    "supports_adaptive_thinking": "adaptive_thinking",
    "supports_anthropic_compaction": "compaction",
    "supports_assistant_prefill": "assistant_prefill",
    "supports_audio_input": "audio_input",
    "supports_audio_output": "audio_output",
    "supports_computer_use": "computer_use",
    "supports_fast_mode": "fast_mode",
    "supports_forced_tool_use": "forced_tool_use",
    "supports_function_calling": "function_calling",
    "supports_image_input": "vision",
    "supports_mid_conversation_system": "mid_conversation_system",
    "supports_native_streaming": "streaming",
    "supports_parallel_function_calling": "parallel_function_calling",
    "supports_pdf_input": "pdf_input",
    "supports_prompt_cache_breakpoint": "prompt_cache_breakpoints",
    "supports_prompt_caching": "prompt_caching",
    "supports_reasoning": "reasoning",
    "supports_response_schema": "structured_output",
    "supports_system_messages": "system_messages",
    "supports_tool_choice": "tool_choice",
    "supports_tool_search": "tool_search",
    "supports_url_context": "url_context",
    "supports_video_input": "video_input",
    "supports_vision": "vision",
    "supports_web_search": "web_search",
}
ENDPOINTS = {
    "/v1/audio/speech": "audio_speech",
    "/v1/audio/transcriptions": "audio_transcriptions",
    "/v1/batch": "batches",
    "/v1/chat/completions": "chat",
    "/v1/completions": "completions",
    "/v1/decisions": "decisions",
    "/v1/embeddings": "embeddings",
    "/v1/images/edits": "image_edits",
    "/v1/images/generations": "image_generations",
    "/v1/messages": "messages",
    "/v1/ocr": "ocr",
    "/v1/realtime": "realtime",
    "/v1/responses": "responses",
    "/v1/videos": "videos",
}
# The input and output limits of OpenAI's models since GPT-5, whose documents tell the window that both make up.
_WINDOWS: Mapping[tuple[int | None, int | None], int] = {
    (272_000, 128_000): 400_000,
    (922_000, 128_000): 1_050_000,
    (111_616, 16_384): 128_000,
}
_SECOND_ENDPOINTS = ("bedrock_mantle", "text-completion-")
_NOT_ENTRIES = frozenset({"sample_spec", "fallback_generalizations"})
FREE_ID = re.compile(r"[:/-]free$")


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    named: RouteName
    spelled_provider: str
    stated: Mapping[str, Any]
    prices: PriceList


def parse(data: bytes) -> Observations:
    """Return the observations of the whole map. An entry of another kind is noted and left out.

    Raises `UpstreamError` for anything but a map of models.
    """
    notes: list[Note] = []
    document = read_json(data, SOURCE, lambda key: notes.append(Note("", key, "", "", "stated twice, differently")))
    if not any("litellm_provider" in object_or_empty(entry) for entry in object_or_empty(document).values()):
        raise UpstreamError(f"{SOURCE}: not a map of models, each with a litellm_provider")
    refuse_long_list(SOURCE, len(document))
    rows = Rows(SOURCE, "", notes=notes, has_disputes=bool(notes))
    gathered: dict[str, dict[str, list[_Entry]]] = {}
    for key, stated in document.items():
        rows.provider = ""
        with rows.guard_row(key):
            entry = _gather_entry(rows, key, stated)
            if entry:
                gathered.setdefault(entry.named.provider, {}).setdefault(entry.named.id, []).append(entry)
    providers = []
    for provider, models in gathered.items():
        rows.provider = provider
        if not rows.skip_too_long(models):
            providers.append(_read_provider(rows, provider, models))
    return Observations(SOURCE, tuple(providers), tuple(notes), unread_keys=_unread_keys(document.values()))


def read_entry(model_id: str, stated: Mapping[str, Any]) -> ObservedModel:
    """Return the model of a map entry from another list, under a name of that list. Foreign keys are ignored.

    Facts that the catalog cannot hold are not noted here: `parse` notes them in the map. Raises `OddValueError`.
    """
    rows = Rows(SOURCE, "")  # its notes are dropped
    prices = read_prices(stated, ALWAYS, rows)
    drop_zeros(prices, free=False, note=rows.note)
    facts, denied = _read_facts(rows, stated)
    pricing = prices.to_pricing()
    return ObservedModel(model_id, model_id, {**facts, "pricing": pricing} if pricing else facts, denied)


def _gather_entry(rows: Rows, key: str, stated: Any) -> _Entry | None:
    if key in _NOT_ENTRIES:
        return None
    if not isinstance(stated, dict) or not isinstance(stated.get("litellm_provider"), str):
        rows.note("litellm_provider", "", "an entry without a provider")
        return None
    spelled = stated["litellm_provider"]
    rows.provider = provider_ids.from_litellm(spelled)
    named = read_key(key, spelled, read_text("mode", stated.get("mode")))
    if isinstance(named, str):
        rows.note("", "", named)
        return None
    if rows.skip_disputed(stated) or rows.read_id(named.id) is None:
        return None
    prices = read_prices(stated, named.condition, rows)
    is_local = named.provider in provider_ids.LOCAL and not is_cloud_model(named.id)
    free = is_local or bool(FREE_ID.search(named.id))
    drop_zeros(prices, free=free, note=rows.note)
    return _Entry(key, named, spelled, stated, prices)


def _read_provider(rows: Rows, provider: str, models: Mapping[str, Sequence[_Entry]]) -> ObservedProvider:
    spellings = sorted({entry.spelled_provider for entries in models.values() for entry in entries})
    other = rows.read_provider_ids("litellm_provider", [name for name in spellings if name != provider])
    other += provider_ids.everyday_names(provider)
    facts: dict[str, Any] = {"aliases": other} if other else {}
    if provider in provider_ids.LOCAL:
        facts["billing"] = "local"
    observed = []
    for model_id, entries in models.items():
        with rows.guard_row(model_id):
            model = _read_model(rows, entries)
            if model:
                observed.append(model)
    return ObservedProvider(provider, spellings[0], facts, tuple(observed))


def _read_model(rows: Rows, entries: Sequence[_Entry]) -> ObservedModel | None:
    """One model from all the entries that name it."""
    plain = [entry for entry in entries if not entry.named.condition]
    sized = [entry for entry in entries if "size" in entry.named.condition]
    regional = [entry for entry in entries if "region" in entry.named.condition and entry not in sized]
    if not plain and not sized:
        _note_each(rows, regional, "", lambda _entry: "", "sold in a region only; no price elsewhere")
        return None
    main = _choose_entry(rows, plain) if plain else sized[0]
    prices = main.prices if plain else PriceList()
    for entry in sized:
        rates = prices.rates_at(entry.named.condition)
        rates.tokens.update(entry.prices.base.tokens)
        rates.per.update(entry.prices.base.per)
    for entry in regional:
        prices.add_region(entry.named.condition["region"], entry.prices)
    facts, denied = _read_facts(rows, main.stated)
    pricing: Mapping[str, Any] | None = prices.to_pricing()
    for entry in plain:
        if entry is not main:
            pricing = merge_pricing(pricing, entry.prices.to_pricing())
    if pricing:
        facts["pricing"] = in_currency(rows, pricing)
    page = main.stated.get("source")
    return ObservedModel(main.named.id, main.key, facts, denied, price_page=page if isinstance(page, str) else "")


def _choose_entry(rows: Rows, entries: Sequence[_Entry]) -> _Entry:
    """Choose the main one of several entries for one model.

    In this order it prefers an entry with prices, one routed by the provider's own name, one that is not of a second
    endpoint, one whose key names the provider, and the one with the most keys.
    """
    best = max(
        entries,
        key=lambda entry: (
            bool(entry.prices.base),
            entry.spelled_provider == entry.named.provider,
            not entry.spelled_provider.startswith(_SECOND_ENDPOINTS),
            not entry.named.bare,
            len(entry.stated),
        ),
    )
    others = [entry for entry in entries if entry is not best and entry.prices.to_pricing() != best.prices.to_pricing()]
    reason = f"the same model as {best.key} at {_price_summary(best.prices)}"
    _note_each(rows, others, "pricing", lambda entry: _price_summary(entry.prices), reason)
    return best


def _note_each(
    rows: Rows, entries: Iterable[_Entry], field: str, value_of: Callable[[_Entry], str], reason: str
) -> None:
    """A note about each entry under its own key of the map."""
    rows.notes += [Note(rows.provider, entry.key, field, value_of(entry), reason) for entry in entries]


def _price_summary(prices: PriceList) -> str:
    return ", ".join(f"{name} {rate:f}" for name, rate in [*prices.base.tokens.items(), *prices.base.per.items()])


def _read_facts(rows: Rows, stated: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    facts: dict[str, Any] = {}
    mode = stated.get("mode")
    if mode in MODES:
        facts["mode"] = mode
    elif mode:
        rows.note("mode", mode, "a mode the catalog does not have")
    facts |= _read_limits(rows, stated)
    modalities = _read_modalities(rows, stated)
    if modalities:
        facts["modalities"] = modalities
    paths = read_texts("supported_endpoints", stated.get("supported_endpoints"))
    endpoints = [ENDPOINTS[path] for path in paths if path in ENDPOINTS]
    if endpoints:
        facts["endpoints"] = endpoints
    levels = read_texts("reasoning_effort_levels", stated.get("reasoning_effort_levels"))
    efforts = [level for level in levels if level in EFFORTS]
    if efforts:
        facts["reasoning"] = {"effort": efforts}
    names, denied = read_flags(stated, CAPABILITIES)
    capabilities = list(dict.fromkeys([*names, *implied_capabilities(modalities)]))
    if capabilities:
        facts["capabilities"] = capabilities
    if "deprecation_date" in stated:  # LiteLLM's word for the day from which calls fail
        if is_date(stated["deprecation_date"], whole=True):
            facts["retirement_date"] = stated["deprecation_date"]
        else:
            rows.note("deprecation_date", stated["deprecation_date"], "not a date")
    if replacement := _read_replacement(stated):
        facts["replacement"] = replacement
    return facts, denied - set(capabilities)


def _read_replacement(stated: Mapping[str, Any]) -> str:
    """The model of the same provider that replaces this one; empty if the map names none."""
    successor = read_text("successor_model", stated.get("successor_model"))
    named = read_key(successor, read_text("litellm_provider", stated.get("litellm_provider")), None)
    return named.id if isinstance(named, RouteName) else ""


def _read_limits(rows: Rows, stated: Mapping[str, Any]) -> dict[str, int]:
    """Limits in tokens.

    LiteLLM has no context window. The input limit stands for it, except for pairs of limits that are parts of a known
    window.
    """
    facts: dict[str, int] = {}
    most_input, output, dimensions = (
        _read_limit(rows, name, stated.get(name))
        for name in ("max_input_tokens", "max_output_tokens", "output_vector_size")
    )
    window = _WINDOWS.get((most_input, output))
    if window and most_input:
        facts |= {"context_window": window, "max_input_tokens": most_input}
    elif most_input:
        facts["context_window"] = most_input
    if output and most_input and output > most_input:
        rows.note("max_output_tokens", output, f"output above the input limit of {most_input}")
    elif output:
        facts["max_output_tokens"] = output
    if dimensions:
        facts["output_dimensions"] = dimensions
    return facts


def _read_limit(rows: Rows, name: str, value: Any) -> int | None:
    """A positive whole number; 0 is noted as wrong."""
    number = None if isinstance(value, str) else read_number(value)
    if value is None:
        return None
    if number is None or not 0 < number <= MOST_TOKENS or number != number.to_integral_value():
        rows.note(name, value, "not a positive whole number")
        return None
    return int(number)


def _read_modalities(rows: Rows, stated: Mapping[str, Any]) -> dict[str, list[str]]:
    """The lists that the map states, and the modalities that its flags add: the lists never have PDF."""
    modalities: dict[str, list[str]] = {}
    capabilities, _ = read_flags(stated, CAPABILITIES)
    for direction, name in (("input", "supported_modalities"), ("output", "supported_output_modalities")):
        names, others = split_known(read_texts(name, stated.get(name)))
        for other in others:
            rows.note(name, other, "a modality the catalog does not have")
        if names:
            extra = [kind for flag, (way, kind) in FOLLOWS.items() if way == direction and flag in capabilities]
            modalities[direction] = in_catalog_order([*names, *extra])
    return modalities


# Stated by LiteLLM for its own routing, or of no use without it.
_OTHER_FAMILIES = ("supports_", "max_", "reasoning_", "supported_", "gemini_", "token_count_", "bedrock_")
_OTHER_KEYS = frozenset(
    {
        "litellm_provider", "mode", "source", "metadata", "comment", "deprecation_date", "rpm", "tpm",
        "output_vector_size", "provider_specific_entry", "prompt_cache_min_tokens", "search_free_requests",
        "web_search_billing_unit", "thinking_always_on", "default_reasoning_effort", "uses_embed_content",
        "use_openai_responses_path", "vertex_ai_audio_api", "audio_transcription_config",
    }
)  # fmt: skip


def _unread_keys(entries: Iterable[Any]) -> tuple[str, ...]:
    keys: set[str] = set()
    for entry in entries:
        keys.update(object_or_empty(entry))
    return tuple(sorted(filterfalse(_is_other_key, keys)))


def _is_other_key(key: str) -> bool:
    return key in _OTHER_KEYS or is_price_key(key) or key.startswith(_OTHER_FAMILIES)
