"""The providers whose list looks like OpenAI's: its address and key, the paths of its facts, and the unit of prices.

A row is all it takes to add one. `verified` rows were tried on recorded answers, the others on documentation alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from registry_cli.sources.base import KeyUse, Source
from registry_cli.sources.compatible import PER_TEN_THOUSANDTH, PER_TOKEN, Shape, parse


@dataclass(frozen=True, slots=True)
class Row:
    """A provider of the table: the address of its list, the key, and the shape of its rows."""

    base_url: str
    docs: str
    shape: Shape
    key_variables: tuple[str, ...] = ()
    key: KeyUse = "needed"
    path: str = "/models"
    suffixes: tuple[str, ...] = ()
    verified: bool = False


_TYPES = {"chat": "chat", "language": "completion", "image": "image_generation", "embedding": "embedding",
          "moderation": "moderation", "rerank": "rerank", "reranking": "rerank", "video": "video_generation",
          "audio": "audio_speech", "speech": "audio_speech", "transcribe": "audio_transcription",
          "transcription": "audio_transcription"}  # fmt: skip
_OF_TOKENS = frozenset({"chat", "language", "code", "embedding", "moderation", "rerank"})
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
              rates={"input": "pricing.input", "output": "pricing.output", "cache_read": "pricing.cached_input"},
              priced=_OF_TOKENS),
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
                     "capabilities.tool_choice": "tool_choice", "capabilities.vision": "vision",
                     "supported_parameters.logit_bias": "logit_bias", "supported_parameters.logprobs": "logprobs",
                     "supported_parameters.seed": "seed_control"}),
        key="none", path="/public/v1/models", suffixes=("/v1",), verified=True,
    ),
    "sambanova": Row(
        "https://api.sambanova.ai/v1", "https://docs.sambanova.ai",
        Shape(rates=_PROMPT, unit=PER_TOKEN), key="none",
    ),
    "novita-ai": Row(
        "https://api.novita.ai/openai", "https://novita.ai/docs/api-reference/model-apis-llm-list-models",
        Shape(name="display_name", context=("context_size",), mode="model_type", modes=_TYPES,
              rates={"input": "input_token_price_per_m", "output": "output_token_price_per_m"},
              unit=PER_TEN_THOUSANDTH, only=("status", "1"),
              input_modalities="input_modalities", output_modalities="output_modalities", words="features",
              vocabulary={"function-calling": "function_calling", "reasoning": "reasoning",
                          "structured-outputs": "structured_output"}),
        key="none", suffixes=("/v1",), path="/v1/models",
    ),
    "nebius": Row(
        "https://api.tokenfactory.nebius.com/v1", "https://docs.tokenfactory.nebius.com/api-reference/models",
        Shape(name="name", modality="architecture.modality", rates=_PROMPT, unit=PER_TOKEN, words="supported_features",
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
              modes={"text": "chat", "image": "image_generation", "embedding": "embedding", "inpaint": "image_edit",
                     "tts": "audio_speech", "asr": "audio_transcription", "video": "video_generation",
                     "upscale": "image_edit"},
              others=frozenset({"music"}),
              rates={"input": "model_spec.pricing.input.usd", "output": "model_spec.pricing.output.usd",
                     "cache_read": "model_spec.pricing.cache_input.usd",
                     "cache_write": "model_spec.pricing.cache_write.usd"},
              priced=frozenset({"text", "embedding"}),
              units={"image": {"output_image": ("model_spec.pricing.generation.usd", Decimal(1))},
                     "inpaint": {"output_image": ("model_spec.pricing.inpaint.usd", Decimal(1))},
                     "asr": {"input_audio_second": ("model_spec.pricing.per_audio_second.usd", Decimal(1))},
                     "tts": {"input_character": ("model_spec.pricing.input.usd", Decimal("0.000001"))}},
              threshold="model_spec.pricing.extended.context_token_threshold",
              long_rates={"input": "model_spec.pricing.extended.input.usd",
                          "output": "model_spec.pricing.extended.output.usd",
                          "cache_read": "model_spec.pricing.extended.cache_input.usd",
                          "cache_write": "model_spec.pricing.extended.cache_write.usd"},
              flags={"model_spec.capabilities.supportsFunctionCalling": "function_calling",
                     "model_spec.capabilities.supportsMultipleImages": "multiple_images",
                     "model_spec.capabilities.supportsReasoning": "reasoning",
                     "model_spec.capabilities.supportsReasoningEffort": "reasoning_effort",
                     "model_spec.capabilities.supportsResponseSchema": "structured_output",
                     "model_spec.capabilities.supportsVision": "vision",
                     "model_spec.capabilities.supportsAudioInput": "audio_input",
                     "model_spec.capabilities.supportsVideoInput": "video_input",
                     "model_spec.capabilities.supportsLogProbs": "logprobs",
                     "model_spec.capabilities.supportsWebSearch": "web_search"},
              efforts="model_spec.capabilities.reasoningEffortOptions", preview="model_spec.betaModel",
              deprecates="model_spec.deprecation.date", retires="model_spec.deprecation.removesAt",
              replacement="model_spec.deprecation.replacementModelId"),
        key="none", path="/models?type=all", verified=True,
    ),
    "vercel": Row(
        "https://ai-gateway.vercel.sh/v1", "https://vercel.com/docs/ai-gateway/models-and-providers",
        Shape(name="name", output=("max_tokens",), mode="type", modes=_TYPES | {"language": "chat"},
              rates={"input": "pricing.input", "output": "pricing.output",
                     "cache_read": "pricing.input_cache_read", "cache_write": "pricing.input_cache_write"},
              tiers={"input": "pricing.input_tiers", "output": "pricing.output_tiers",
                     "cache_read": "pricing.input_cache_read_tiers",
                     "cache_write": "pricing.input_cache_write_tiers"},
              unit=PER_TOKEN, priced=frozenset({"language", "embedding"}), releases="released",
              input_modalities="modalities.input", output_modalities="modalities.output", words="tags",
              vocabulary={"tool-use": "function_calling", "reasoning": "reasoning", "vision": "vision",
                          "file-input": "pdf_input"}),
        key="none",
    ),
    "requesty": Row(
        "https://router.requesty.ai/v1", "https://docs.requesty.ai/api-reference/endpoint/models-list",
        Shape(rates={"input": "input_price", "output": "output_price", "cache_read": "cached_price",
                     "cache_write": "caching_price"},
              unit=PER_TOKEN, bands="pricing", band_from="prompt_tokens_threshold",
              flags={"supports_caching": "prompt_caching", "supports_vision": "vision",
                     "supports_computer_use": "computer_use", "supports_reasoning": "reasoning",
                     "supports_tool_calling": "function_calling",
                     "supports_output_json_schema": "structured_output"}),
        ("REQUESTY_API_KEY",),
    ),
    "chutes": Row(
        "https://llm.chutes.ai/v1", "https://chutes.ai/docs",
        Shape(output=("max_output_length",), input_modalities="input_modalities",
              output_modalities="output_modalities",
              rates=_PROMPT | {"cache_read": "pricing.input_cache_read"}, words="supported_features",
              vocabulary={"tools": "function_calling", "json_mode": "json_mode", "reasoning": "reasoning",
                          "structured_outputs": "structured_output"}),
        key="none",
    ),
    "nvidia": Row(
        "https://integrate.api.nvidia.com/v1", "https://docs.api.nvidia.com/nim/reference/models-1",
        Shape(), key="none", verified=True,
    ),
    "hyperbolic": Row(
        "https://api.hyperbolic.xyz/v1", "https://docs.hyperbolic.xyz/docs/rest-api",
        Shape(flags={"supports_image_input": "vision", "supports_tools": "function_calling"}),
        ("HYPERBOLIC_API_KEY",),
    ),
    "ai21": Row(
        "https://api.ai21.com/studio/v1", "https://docs.ai21.com/reference", Shape(), ("AI21_API_KEY",),
    ),
    "github-models": Row(
        "https://models.github.ai", "https://docs.github.com/en/rest/models/catalog",
        Shape(containers=("",), name="name", context=("limits.max_input_tokens",), output=("limits.max_output_tokens",),
              input_modalities="supported_input_modalities", output_modalities="supported_output_modalities",
              words="capabilities",
              vocabulary={"streaming": "streaming", "tool-calling": "function_calling", "reasoning": "reasoning"}),
        ("GITHUB_TOKEN",), path="/catalog/models", suffixes=("/inference",),
    ),
    "jina_ai": Row(
        "https://api.jina.ai/v1", "https://api.jina.ai/docs", Shape(containers=("data", "models", "")), key="none",
    ),
    "bedrock_mantle": Row(
        "https://bedrock-mantle.${AWS_REGION,AWS_DEFAULT_REGION}.api.aws/v1",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
        Shape(only=("status", "available")), ("AWS_BEARER_TOKEN_BEDROCK",), verified=True,
    ),
}  # fmt: skip


def table_source(name: str) -> Source | None:
    """The source of a provider of the table; None for another name."""
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
