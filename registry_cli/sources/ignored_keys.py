"""The keys of answers that llmreg knows and does not read. Any other that it does not read is reported, as a new one.

A pattern may end in `*`. A key that holds others stands for them.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

# What lists in the shape of OpenAI's fill in: constants, who serves the model, when the entry was made, and a text
# for people, who write their own into the catalog.
_EVERYWHERE = ("object", "type", "created", "created_at", "owned_by", "publisher", "description", "permission", "root")
# Settings of one call, and what a model is made of: the catalog has no place for them.
_SAMPLING = ("temperature", "maxTemperature", "topP", "topK", "default_parameters", "default_model_temperature")
_MADE_OF = ("quantization", "architecture*", "tokenizer_url", "hugging_face_id", "license", "size_bytes", "meta.*")

_IGNORED: Mapping[str, Sequence[str]] = {
    # Names that carry the date of a version, and what every model that thinks has.
    "anthropic": ("capabilities.context_management.*", "capabilities.thinking.types.enabled"),
    # Fine-tuning has an end of its own; `status` is that of the row.
    "azure": ("deprecation.fine_tune", "capabilities.*", "status"),
    # Texts, limits of the console, and what an account may do; `releaseDate` is that of Bedrock.
    "bedrock": (
        "description.*", "converse.*", "batchSupported.*", "consoleIDEMetadata", "customizationsSupported",
        "featuresSupported", "guardrailsSupported", "inferenceTypesSupported", "intelligentPromptRouting",
        "latencyOptimizationSupported", "modelArn", "modelFamily",
    ),
    "bedrock_mantle": ("data_retention",),
    # Said twice (`tools` is `function_calling`), the limits of an account, and settings of a call.
    "cerebras": (
        "capabilities.response_format", "capabilities.tools", "datacenter_locations", "limits.*",
        "supported_parameters.*",
    ),
    "cohere": ("default_endpoints",),
    "deepgram": ("batch", "formatted_output", "languages", "metadata", "multilingual", "name", "uuid", "version"),
    "deepseek": ("api_capabilities", "effort.default_level"),
    "gemini": ("version",),
    "genai-prices": ("prices_checked", "price_comments"),
    "github-models": ("html_url", "rate_limit_tier", "registry", "summary", "tags", "version"),
    "groq": ("public_apps",),
    "heroku": ("regions",),
    "litellm-proxy": ("litellm_params",),
    "llamacpp": ("aliases", "tags"),
    "lmstudio": (
        "arch", "compatibility_type", "state", "capabilities.reasoning.*", "format", "loaded_instances",
        "params_string", "selected_variant", "variants",
    ),
    "modeldeprecations": ("last_verified", "sources", "status"),
    # Said twice, when the list was edited, and how a library calls the model.
    "models.dev": (
        "id", "attachment", "last_updated", "provider", "interleaved.field", "cost.context_over_200k*",
        "experimental.*",
    ),
    "novita-ai": ("tags", "title"),
    # Said twice, defaults, and what others measured.
    "openrouter": (
        "alias_target.name", "benchmarks", "links", "per_request_limits", "reasoning.*", "supported_voices",
        "top_provider.*",
    ),
    # Prices of the hour and of fine-tuning, for whom the catalog has no field.
    "together_ai": ("link", "organization", "pricing.base", "pricing.finetune", "pricing.hourly"),
    # Another currency than dollars, and the terms of the service.
    "venice": (
        "model_spec.capabilities.*", "model_spec.deprecation.autoRemap", "model_spec.pricing.*", "model_spec.privacy",
        "model_spec.traits", "model_spec.uncensored", "model_spec.voices",
    ),
    "vertex_ai": ("openSourceCategory", "publisherModelTemplate", "supportedActions"),
}  # fmt: skip


def is_ignored(source: str, key: str) -> bool:
    patterns = (*_EVERYWHERE, *_SAMPLING, *_MADE_OF, *_IGNORED.get(source, ()))
    return any(fnmatchcase(key, pattern) for pattern in patterns)
