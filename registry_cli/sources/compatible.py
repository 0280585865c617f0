"""Providers whose list looks like OpenAI's, told apart by a table and not by code.

A `Shape` says where a list keeps what we want, as dotted paths, and in which unit its prices are. A provider without
a row is read by `ANY`: the id, and limits under the names that are common; its prices are not, as their unit is
unknown. `verified` rows were tried on recorded answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from registry_cli.core.observations import Observations, ObservedModel, ObservedProvider
from registry_cli.sources.base import KeyUse, Page, Source
from registry_cli.sources.modalities import denied_capabilities, implied_capabilities, known
from registry_cli.sources.price_list import PriceList
from registry_cli.sources.rows import Rows, flags, is_fine_tune, stated

PER_MILLION, PER_TOKEN, PER_TEN_THOUSANDTH = Decimal(1), Decimal(1_000_000), Decimal("0.0001")

_CONTEXT = ("context_window", "context_length", "max_model_len", "max_context_length", "max_input_tokens", "meta.n_ctx")
_OUTPUT = ("max_output_tokens", "max_completion_tokens")
_MODES = frozenset({"chat", "completion", "embedding", "rerank", "responses", "image_generation", "moderation"})
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_GGUF = ".gguf"


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a list keeps its facts. Of several paths the first that states something counts.

    `rates` maps ours to their path, each in `unit` (what one of theirs is in USD per 1M tokens); 0 throughout counts
    as unknown. `flags` maps their booleans to capabilities, `words` the entries of a list.
    """

    containers: tuple[str, ...] = ("data",)
    id: str = "id"
    name: str = ""
    context: tuple[str, ...] = _CONTEXT
    output: tuple[str, ...] = _OUTPUT
    input_modalities: str = ""
    output_modalities: str = ""
    rates: Mapping[str, str] = field(default_factory=dict)
    unit: Decimal = PER_MILLION
    says_unit: str = ""  # a path that must say `usd_per_1m_tokens`
    flags: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    vocabulary: Mapping[str, str] = field(default_factory=dict)
    efforts: str = ""
    modes: Mapping[str, str] = field(default_factory=dict)
    mode: str = "mode"
    deprecated: str = ""
    preview: str = ""
    retires: str = ""
    only: tuple[str, str] | None = None  # a path, and what it must say for a row to count


@dataclass(frozen=True, slots=True)
class Row:
    """A provider of the table: where its list is and who may ask for it."""

    base_url: str
    docs: str
    shape: Shape
    key_variables: tuple[str, ...] = ()
    key: KeyUse = "needed"
    path: str = "/models"
    suffixes: tuple[str, ...] = ()
    verified: bool = False


ANY = Shape(
    name="name",
    input_modalities="architecture.input_modalities",
    output_modalities="architecture.output_modalities",
    retires="shutdown_date",
)
_TYPES = {"chat": "chat", "language": "completion", "image": "image_generation", "embedding": "embedding",
          "moderation": "moderation", "rerank": "rerank"}  # fmt: skip
_TOKENS = {"input": "pricing.input", "output": "pricing.output", "cache_read": "pricing.cache_read",
           "cache_write": "pricing.cache_write"}  # fmt: skip
_PROMPT = {"input": "pricing.prompt", "output": "pricing.completion"}

TABLE: Mapping[str, Row] = {
    "groq": Row(
        "https://api.groq.com/openai/v1", "https://console.groq.com/docs/api-reference#models-list",
        Shape(only=("active", "True")), ("GROQ_API_KEY",), verified=True,
    ),
    "deepseek": Row(
        "https://api.deepseek.com", "https://api-docs.deepseek.com/api/list-models",
        Shape(name="name", input_modalities="input_modalities", output_modalities="output_modalities",
              efforts="effort.supported_levels"),
        ("DEEPSEEK_API_KEY",),
    ),
    "perplexity": Row(
        "https://api.perplexity.ai/v1", "https://docs.perplexity.ai/api-reference",
        Shape(rates=_TOKENS, says_unit="pricing.unit"), ("PERPLEXITY_API_KEY",), verified=True,
    ),
    "together_ai": Row(
        "https://api.together.ai/v1", "https://docs.together.ai/reference/models",
        Shape(containers=("", "data"), name="display_name", mode="type", modes=_TYPES,
              rates={"input": "pricing.input", "output": "pricing.output"}),
        ("TOGETHER_API_KEY",),
    ),
    "cerebras": Row(
        "https://api.cerebras.ai", "https://inference-docs.cerebras.ai/api-reference/models/public-list-models",
        Shape(name="name", context=("limits.max_context_length",), output=("limits.max_completion_tokens",),
              rates=_PROMPT, unit=PER_TOKEN, deprecated="deprecated", preview="preview",
              flags={"capabilities.function_calling": "function_calling", "capabilities.json_mode": "json_mode",
                     "capabilities.parallel_tool_calls": "parallel_function_calling",
                     "capabilities.reasoning": "reasoning", "capabilities.streaming": "streaming",
                     "capabilities.structured_outputs": "structured_output",
                     "capabilities.tool_choice": "tool_choice", "capabilities.vision": "vision"}),
        key="none", path="/public/v1/models", suffixes=("/v1",), verified=True,
    ),
    "sambanova": Row(
        "https://api.sambanova.ai/v1", "https://docs.sambanova.ai",
        Shape(rates=_PROMPT, unit=PER_TOKEN), key="none",
    ),
    "deepinfra": Row(
        "https://api.deepinfra.com/v1/openai", "https://deepinfra.com/docs/openai_api",
        Shape(context=("metadata.context_length",), output=("metadata.max_tokens",),
              rates={"input": "metadata.pricing.input_tokens", "output": "metadata.pricing.output_tokens",
                     "cache_read": "metadata.pricing.cache_read_tokens"},
              words="metadata.tags", vocabulary={"vision": "vision", "reasoning": "reasoning"}),
        key="none", path="/models?filter=with_meta",
    ),
    "novita-ai": Row(
        "https://api.novita.ai/openai/v1", "https://novita.ai/docs/api-reference/model-apis-llm-list-models",
        Shape(name="display_name", context=("context_size",), mode="model_type", modes=_TYPES,
              rates={"input": "input_token_price_per_m", "output": "output_token_price_per_m"},
              unit=PER_TEN_THOUSANDTH, only=("status", "1")),
        key="none", suffixes=("/v1",) , path="/v1/models",
    ),
    "nebius": Row(
        "https://api.tokenfactory.nebius.com/v1", "https://docs.tokenfactory.nebius.com/api-reference/models",
        Shape(name="name", rates=_PROMPT, unit=PER_TOKEN, words="supported_features",
              vocabulary={"tools": "function_calling", "json_mode": "json_mode", "reasoning": "reasoning",
                          "structured_outputs": "structured_output"}),
        ("NEBIUS_API_KEY",), path="/models?verbose=true",
    ),
    "moonshotai": Row(
        "https://api.moonshot.ai/v1", "https://platform.kimi.ai/docs/api/list-models",
        Shape(flags={"supports_image_in": "vision", "supports_video_in": "video_input",
                     "supports_reasoning": "reasoning"}),
        ("MOONSHOT_API_KEY",),
    ),
    "venice": Row(
        "https://api.venice.ai/api/v1", "https://docs.venice.ai/api-reference/endpoint/models/list",
        Shape(containers=("data", ""), name="model_spec.name", context=("model_spec.availableContextTokens",),
              output=("model_spec.maxCompletionTokens",), mode="type",
              modes={"text": "chat", "image": "image_generation", "embedding": "embedding"},
              rates={"input": "model_spec.pricing.input.usd", "output": "model_spec.pricing.output.usd",
                     "cache_read": "model_spec.pricing.cache_input.usd",
                     "cache_write": "model_spec.pricing.cache_write.usd"},
              flags={"model_spec.capabilities.supportsFunctionCalling": "function_calling",
                     "model_spec.capabilities.supportsReasoning": "reasoning",
                     "model_spec.capabilities.supportsResponseSchema": "structured_output",
                     "model_spec.capabilities.supportsVision": "vision",
                     "model_spec.capabilities.supportsAudioInput": "audio_input",
                     "model_spec.capabilities.supportsVideoInput": "video_input",
                     "model_spec.capabilities.supportsLogProbs": "logprobs",
                     "model_spec.capabilities.supportsWebSearch": "web_search"},
              retires="model_spec.deprecation.removesAt"),
        key="none", path="/models?type=all", verified=True,
    ),
    "vercel": Row(
        "https://ai-gateway.vercel.sh/v1", "https://vercel.com/docs/ai-gateway/models-and-providers",
        Shape(name="name", output=("max_tokens",), mode="type", modes=_TYPES | {"language": "chat"},
              rates={"input": "pricing.input", "output": "pricing.output",
                     "cache_read": "pricing.input_cache_read", "cache_write": "pricing.input_cache_write"},
              unit=PER_TOKEN, words="tags",
              vocabulary={"tool-use": "function_calling", "reasoning": "reasoning", "vision": "vision",
                          "file-input": "pdf_input"}),
        key="none",
    ),
    "requesty": Row(
        "https://router.requesty.ai/v1", "https://docs.requesty.ai/api-reference/endpoint/models-list",
        Shape(rates={"input": "input_price", "output": "output_price", "cache_read": "cached_price",
                     "cache_write": "caching_price"},
              unit=PER_TOKEN,
              flags={"supports_caching": "prompt_caching", "supports_vision": "vision",
                     "supports_computer_use": "computer_use", "supports_reasoning": "reasoning"}),
        ("REQUESTY_API_KEY",),
    ),
    "chutes": Row(
        "https://llm.chutes.ai/v1", "https://chutes.ai/docs",
        Shape(rates={"input": "pricing.prompt", "output": "pricing.completion"}), key="none",
    ),
    "nvidia": Row(
        "https://integrate.api.nvidia.com/v1", "https://docs.api.nvidia.com/nim/reference/models-1",
        Shape(), key="none", verified=True,
    ),
}  # fmt: skip


def source(name: str) -> Source | None:
    """The source of a provider of the table."""
    row = TABLE.get(name)
    if row is None:
        return None
    return Source(
        name=name,
        docs=row.docs,
        base_url=row.base_url,
        path=row.path,
        parse=partial(parse, name, row.shape),
        key=row.key,
        key_variables=row.key_variables,
        suffixes=row.suffixes,
        verified=row.verified,
    )


def any_source(name: str, key_variables: tuple[str, ...]) -> Source:
    """The source of a provider that is known by its `api.base_url` alone, and asked with a key where there is one."""
    return Source(
        name=name,
        docs="https://platform.openai.com/docs/api-reference/models/list",
        base_url="",
        path="/models",
        parse=partial(parse, name, ANY),
        key="needed" if key_variables else "none",
        key_variables=key_variables,
        suffixes=("/chat/completions", "/models"),
    )


def parse(source_name: str, shape: Shape, pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows(source_name, provider)
    listed = [row for page in pages for row in rows.listed(page, *shape.containers)]
    models = rows.observe(
        [row for row in listed if _counts(shape, row)],
        lambda row: at(row, shape.id),
        lambda reading, row: _model(shape, reading, row),
    )
    return Observations(source_name, (ObservedProvider(provider, source_name, {}, models),), tuple(rows.notes))


def _counts(shape: Shape, row: Mapping[str, Any]) -> bool:
    """Whether the row is about something that can be called; a list that does not say means yes."""
    value = at(row, shape.only[0]) if shape.only else None
    return value is None or shape.only is None or str(value) == shape.only[1]


def at(row: Mapping[str, Any], path: str) -> Any:
    """What stands at a dotted path, None where nothing does."""
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _model(shape: Shape, rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    model_id = at(row, shape.id)
    modalities = stated(
        input=known(rows.texts(at(row, shape.input_modalities)))[0],
        output=known(rows.texts(at(row, shape.output_modalities)))[0],
    )
    has, denied = flags({path: at(row, path) for path in shape.flags}, shape.flags)
    words = rows.texts(at(row, shape.words))
    has += [ours for theirs, ours in shape.vocabulary.items() if theirs in words]
    has += implied_capabilities(modalities)
    mode = str(at(row, shape.mode))
    name = rows.text(shape.name, at(row, shape.name))
    facts = stated(
        name=name if name != model_id else None,
        mode=shape.modes.get(mode) or (mode if not shape.modes and mode in _MODES else None),
        status=_status(shape, row),
        **rows.limits(_first(rows, row, shape.context), _first(rows, row, shape.output)),
        modalities=modalities,
        reasoning=stated(effort=[level for level in _EFFORTS if level in rows.texts(at(row, shape.efforts))]),
        pricing=_pricing(shape, rows, row),
        capabilities=list(dict.fromkeys(has)),
        retirement_date=rows.day(shape.retires, at(row, shape.retires)) if shape.retires else None,
    )
    own = is_fine_tune(model_id) or model_id.endswith(_GGUF)  # a file of the machine that serves it
    return ObservedModel(model_id, model_id, facts, (denied | denied_capabilities(modalities)) - set(has), private=own)


def _first(rows: Rows, row: Mapping[str, Any], paths: Sequence[str]) -> int | None:
    return next(filter(None, (rows.tokens(path, at(row, path)) for path in paths)), None)


def _status(shape: Shape, row: Mapping[str, Any]) -> str | None:
    if shape.deprecated and at(row, shape.deprecated) is True:
        return "deprecated"
    return "preview" if shape.preview and at(row, shape.preview) is True else None


def _pricing(shape: Shape, rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    if shape.says_unit and at(row, shape.says_unit) != "usd_per_1m_tokens":
        if at(row, shape.says_unit) is not None:
            rows.note(shape.says_unit, at(row, shape.says_unit), "another unit than USD per 1M tokens")
        return {}
    prices = PriceList()
    for ours, path in shape.rates.items():
        rate = rows.price(path, at(row, path), shape.unit)
        if rate is not None and (rate or ours in {"input", "output"}):
            prices.base.tokens[ours] = rate
    if not any(prices.base.tokens.values()):
        return {}
    return prices.facts()
