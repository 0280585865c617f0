"""Small inputs of each family, written for this purpose: what fuzzing begins with."""

import json
from typing import Any

from tests.sources.test_compatible import ROWS
from tests.sources.test_damaged import ANSWERS


def _text(value: Any) -> bytes:
    return json.dumps(value).encode()


def _of(name: str, value: Any) -> bytes:
    return name.encode() + b"\n" + _text(value)


_MODELS_DEV = {
    "acme": {
        "id": "acme",
        "name": "Acme",
        "env": ["ACME_KEY"],
        "api": "https://api.acme.example/v1",
        "npm": "@acme/sdk",
        "doc": "https://acme.example/docs",
        "models": {
            "m1": {
                "id": "m1",
                "name": "M 1",
                "family": "m",
                "attachment": True,
                "reasoning": True,
                "tool_call": True,
                "temperature": True,
                "structured_output": True,
                "open_weights": False,
                "knowledge": "2025-01",
                "release_date": "2026-01-15",
                "last_updated": "2026-02-01",
                "status": "beta",
                "modalities": {"input": ["text", "image", "pdf"], "output": ["text"]},
                "limit": {"context": 200000, "input": 100000, "output": 8000},
                "cost": {
                    "input": 1.25,
                    "output": 5,
                    "cache_read": 0.1,
                    "cache_write": 1.5,
                    "reasoning": 6,
                    "input_audio": 9,
                    "tiers": [{"input": 2.5, "output": 10, "tier": {"type": "context", "size": 200000}}],
                    "context_over_200k": {"input": 2.5, "output": 10},
                },
                "reasoning_options": [
                    {"type": "effort", "values": ["low", "high"]},
                    {"type": "budget_tokens", "min": 1},
                ],
                "experimental": {"modes": {"fast": {"cost": {"input": 5, "output": 20}}}},
                "provider": {"npm": "@acme/other"},
            }
        },
    }
}
_LITELLM = {
    "sample_spec": {"litellm_provider": "one of"},
    "acme/m1": {
        "litellm_provider": "acme",
        "mode": "chat",
        "max_input_tokens": 200000,
        "max_output_tokens": 8000,
        "max_tokens": 8000,
        "input_cost_per_token": 1.25e-6,
        "output_cost_per_token": 5e-6,
        "cache_read_input_token_cost": 1e-7,
        "cache_creation_input_token_cost": 1.5e-6,
        "input_cost_per_token_batches": 6e-7,
        "input_cost_per_token_above_200k_tokens": 2.5e-6,
        "supports_vision": True,
        "supports_function_calling": True,
        "supported_modalities": ["text", "image"],
        "supported_output_modalities": ["text"],
        "supported_endpoints": ["/v1/chat/completions", "/v1/batch"],
        "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_high": 0.02},
        "provider_specific_entry": {"us": 1.1},
        "deprecation_date": "2026-10-01",
        "tiered_pricing": [{"range": [0, 128000], "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}],
        "off_peak_pricing": {"input_cost_per_token": 5e-7, "utc_start": "16:30", "utc_end": "00:30"},
        "source": "https://acme.example/pricing",
    },
}
_GENAI_PRICES = [
    {
        "id": "acme",
        "name": "Acme",
        "api_pattern": "https://api[.]acme[.]example",
        "provider_match": {"contains": "a"},
        "pricing_urls": ["https://acme.example/pricing"],
        "models": [
            {
                "id": "m1",
                "name": "M 1",
                "match": {"or": [{"equals": "m1"}, {"starts_with": "m1-"}]},
                "context_window": 200000,
                "deprecated": False,
                "prices": [
                    {"prices": {"input_mtok": 1, "output_mtok": 5}},
                    {
                        "constraint": {"start_date": "2026-02-01"},
                        "prices": {
                            "input_mtok": {"base": 1.25, "tiers": [{"start": 200000, "price": 2.5}]},
                            "output_mtok": 5,
                            "cache_read_mtok": 0.1,
                            "requests_kcount": 10,
                        },
                    },
                    {
                        "constraint": {"type": "time_of_date", "start_time": "00:30:00Z", "end_time": "16:30:00Z"},
                        "prices": {"input_mtok": 1},
                    },
                ],
            }
        ],
    }
]
_LLM_PRICES = {
    "updated_at": "2026-01-15",
    "prices": [
        {"id": "m1", "vendor": "acme", "name": "M 1", "input": 1.25, "output": 5, "input_cached": 0.1},
        {"id": "m1-200k", "vendor": "acme", "name": "M 1 >200k", "input": 2.5, "output": 10, "input_cached": None},
        {
            "id": "m2",
            "vendor": "acme",
            "name": "M 2",
            "input": 1,
            "output": 2,
            "from_date": "2026-01-01",
            "to_date": None,
        },
    ],
}
_CSV = b"""id,provider,name,context_window,pricing.input,pricing.variants,capabilities,open_weights,release_date
m1,acme,M 1,200000,1.25,"[{""when"":{""service_tier"":""batch""},""multiply"":0.5}]",vision;tools,true,2026-01-15
m2,acme,M 2,,,,,no,2026
"""
_OPENROUTER = {
    "data": [
        {
            "id": "acme/m1",
            "canonical_slug": "acme/m1-20260115",
            "name": "Acme: M 1",
            "created": 1768435200,
            "context_length": 200000,
            "hugging_face_id": "acme/M1",
            "knowledge_cutoff": "2025-01-01",
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "pricing": {
                "prompt": "0.00000125",
                "completion": "0.000005",
                "input_cache_read": "0.0000001",
                "web_search": "0.01",
                "overrides": [{"min_prompt_tokens": 200000, "prompt": "0.0000025", "completion": "0.00001"}],
            },
            "top_provider": {"context_length": 200000, "max_completion_tokens": 8000, "is_moderated": False},
            "supported_parameters": ["tools", "temperature", "reasoning"],
            "expiration_date": "2027-01-01",
        }
    ]
}
_BARE = ("github-models",)  # whose answer is the list itself
_OTHERS = {
    "anthropic": {
        "data": [
            {
                "type": "model",
                "id": "m1",
                "display_name": "M 1",
                "created_at": "2026-01-15T00:00:00Z",
                "max_input_tokens": 200000,
                "max_tokens": 8000,
                "capabilities": {"image_input": {"supported": True}},
            }
        ],
        "has_more": True,
        "first_id": "m1",
        "last_id": "m1",
    },
    "openai": {"object": "list", "data": [{"id": "gpt-m1", "object": "model", "created": 1768435200, "owned_by": "o"}]},
    "gemini": {
        "models": [
            {
                "name": "models/m1",
                "displayName": "M 1",
                "inputTokenLimit": 1000,
                "outputTokenLimit": 100,
                "supportedGenerationMethods": ["generateContent", "createCachedContent"],
                "thinking": True,
            }
        ],
        "nextPageToken": "x",
    },
    "xai": {
        "data": [
            {
                "id": "grok-m1",
                "created": 1768435200,
                "input_modalities": ["text", "image"],
                "aliases": ["grok-m"],
                "output_modalities": ["text"],
                "prompt_text_token_price": 12500,
                "completion_text_token_price": 50000,
                "cached_prompt_text_token_price": 1000,
                "prompt_image_token_price": 0,
                "search_price": 25000000,
            }
        ]
    },
    "mistral": {
        "data": [
            {
                "id": "m1",
                "name": "m1",
                "max_context_length": 1000,
                "aliases": ["m1-latest"],
                "deprecation": None,
                "capabilities": {"completion_chat": True, "vision": True, "function_calling": True},
                "type": "base",
            }
        ]
    },
    "ollama": {
        "models": [
            {
                "name": "m1:7b",
                "model": "m1:7b",
                "modified_at": "2026-01-15T00:00:00Z",
                "size": 5,
                "digest": "0" * 64,
                "details": {"family": "m", "parameter_size": "7B", "quantization_level": "Q4_0"},
                "remote_host": "https://x",
            }
        ]
    },
    "deepinfra": [
        {
            "model_name": "acme/m1",
            "type": "text-generation",
            "max_tokens": 1000,
            "tags": ["vision"],
            "pricing": {"type": "tokens", "cents_per_input_token": 1.25e-4, "cents_per_output_token": 5e-4},
        }
    ],
    "lmstudio": {
        "data": [
            {"id": "m1", "type": "vlm", "max_context_length": 1000, "capabilities": ["tool_use"], "state": "loaded"}
        ]
    },
    "litellm-proxy": {
        "data": [
            {
                "model_name": "m1",
                "litellm_params": {"model": "acme/m1"},
                "model_info": {"mode": "chat", "max_input_tokens": 1000, "input_cost_per_token": 1e-6},
            }
        ]
    },
    "vllm": {"data": [{"id": "m1", "max_model_len": 1000, "created": 1768435200}]},
    "llamacpp": {"data": [{"id": "m1", "meta": {"n_ctx": 1000, "n_ctx_train": 2000}}], "models": [{"name": "m1"}]},
}
SOURCES = (
    _of("models.dev", _MODELS_DEV),
    _of("litellm", _LITELLM),
    _of("genai-prices", _GENAI_PRICES),
    _of("llm-prices", _LLM_PRICES),
    _of("openrouter", _OPENROUTER),
    *(_of(name, answer) for name, answer in _OTHERS.items()),
    *(_of(name, answer) for name, answer in ANSWERS.items()),
    *(
        _of(name, {"object": "list", "data": [{"id": "m1", **row}]})
        for name, (row, _) in ROWS.items()
        if name not in _BARE
    ),
    *(_of(name, [{"id": "m1", **ROWS[name][0]}]) for name in _BARE),
)
IMPORTS = (
    _of("models.dev", _MODELS_DEV),
    _of("litellm", _LITELLM),
    _of("genai-prices", _GENAI_PRICES),
    _of("llm-prices", _LLM_PRICES),
    b"csv\n" + _CSV,
)

_DETAILS = {"cached_tokens": 3, "audio_tokens": 1, "image_tokens": 0, "cache_write_tokens": 0}
_USAGE = (
    {
        "id": "x",
        "model": "m1",
        "service_tier": "default",
        "object": "chat.completion",
        "created": 1768435200,
        "usage": {
            "prompt_tokens": 10,
            "completion_tokens": 20,
            "total_tokens": 30,
            "prompt_tokens_details": _DETAILS,
            "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 0, "accepted_prediction_tokens": 0},
            "cost": 0.001,
            "cost_details": {"upstream_inference_cost": None},
            "citation_tokens": 4,
            "num_search_queries": 1,
            "prompt_cache_hit_tokens": 0,
            "prompt_audio_seconds": 0,
        },
    },
    {
        "object": "response",
        "model": "m1",
        "output": [{"type": "web_search_call", "id": "w"}, {"type": "message", "content": []}],
        "usage": {
            "input_tokens": 10,
            "output_tokens": 20,
            "total_tokens": 30,
            "input_tokens_details": {"cached_tokens": 3},
            "output_tokens_details": {"reasoning_tokens": 5},
        },
    },
    {
        "object": "batch",
        "id": "b",
        "status": "completed",
        "usage": {
            "input_tokens": 10,
            "output_tokens": 20,
            "total_tokens": 30,
            "prompt_tokens": 0,
            "completion_tokens": 0,
        },
    },
    {
        "type": "message",
        "id": "msg",
        "model": "m1",
        "usage": {
            "input_tokens": 10,
            "output_tokens": 20,
            "cache_read_input_tokens": 5,
            "cache_creation_input_tokens": 7,
            "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 3},
            "service_tier": "batch",
            "server_tool_use": {"web_search_requests": 1},
            "inference_geo": "us",
            "speed": "fast",
            "iterations": [{"type": "message", "input_tokens": 10, "output_tokens": 20}],
        },
    },
    {
        "modelVersion": "m1",
        "candidates": [{"groundingMetadata": {"webSearchQueries": ["a", "b"], "groundingChunks": [{"maps": {}}]}}],
        "usageMetadata": {
            "promptTokenCount": 10,
            "candidatesTokenCount": 20,
            "totalTokenCount": 35,
            "thoughtsTokenCount": 5,
            "cachedContentTokenCount": 3,
            "toolUsePromptTokenCount": 0,
            "trafficType": "ON_DEMAND_FLEX",
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}, {"modality": "AUDIO", "tokenCount": 1}],
        },
    },
    {
        "usage": {
            "inputTokens": 10,
            "outputTokens": 20,
            "totalTokens": 37,
            "cacheReadInputTokens": 3,
            "cacheWriteInputTokens": 4,
            "cacheDetails": [{"ttl": "1h", "inputTokens": 4}],
        }
    },
    {"meta": {"billed_units": {"input_tokens": 10, "output_tokens": 20}, "tokens": {"input_tokens": 12}}},
    {"id": "r", "results": [], "meta": {"billed_units": {"search_units": 2}}},
    {"usage": {"inputTokens": 10, "outputTokens": 20, "inputTokenDetails": {"noCacheTokens": 7, "cacheReadTokens": 3}}},
    {
        "usage_metadata": {
            "input_tokens": 10,
            "output_tokens": 20,
            "total_tokens": 30,
            "input_token_details": {"cache_read": 3},
        }
    },
    {"model": "m1", "prompt_eval_count": 10, "eval_count": 20, "total_duration": 5, "done": True},
    {"usage": {"total_tokens": 10}, "model": "m1"},
    {"usage": {"type": "duration", "seconds": 3}},
)
USAGE = (
    *map(_text, _USAGE),
    _text(list(_USAGE[:4])),
    b"\n".join(map(_text, _USAGE[:3])),
    b"\n".join(
        map(
            _text,
            (
                {"custom_id": "1", "response": {"status_code": 200, "body": _USAGE[0]}, "error": None},
                {"custom_id": "2", "response": None, "error": {"code": "batch_expired"}},
                {"custom_id": "3", "result": {"type": "succeeded", "message": _USAGE[3]}},
                {"type": "message_start", "message": _USAGE[3]},
                {"type": "message_delta", "usage": {"output_tokens": 30}},
            ),
        )
    ),
)
RECORDS = (
    b"\n".join(
        map(
            _text,
            (
                {
                    "id": "large-2",
                    "facts": {
                        "@base,acme,models.dev": {"context_window": 200000, "capabilities": ["vision"]},
                        "acme": {"pricing.input": 3.0, "lacks": ["streaming"]},
                    },
                    "checked": {"acme": "2026-11-22T06:00:00Z"},
                    "gone": ["models.dev"],
                    "doubted": [],
                    "listed": ["name"],
                },
                {
                    "id": "m1",
                    "facts": {"@base,models.dev": {"pricing.input": 1.25, "status": "retired"}},
                    "checked": {"models.dev": "2026-11-20T06:00:00Z"},
                    "kept": {"name": ["A", "B"]},
                    "retired": {"by": "models.dev", "on": "2026-11-20", "was": {"status": "active"}},
                },
            ),
        )
    ),
)
SETTINGS = (
    b"""# how this catalog is treated
sync:
  pull_request: true
  base: main
  draft: false
  labels: [llmreg]
  assignees: [ann]
  reviewers: [bob, acme/team]
  groups: {gateways: ['*-gateway', openrouter]}
commit:
  name: llmreg[bot]
  email: llmreg@example.org
validate:
  ignore: [tier-cache-rate]
  strict: false
""",
)
YAML = (
    b"""# Acme's models
provider: acme
name: Acme
aliases: [ac]
homepage: https://acme.example
api: {base_url: 'https://api.acme.example/v1', key_env: [ACME_KEY]}
default_model: m1
models:
  m1: &base
    name: "M 1"  # the first
    mode: chat
    status: active
    context_window: 200000
    max_output_tokens: 8000
    modalities: {input: [text, image], output: [text]}
    capabilities:
      - vision
      - function_calling: {parallel: true}
    pricing:
      input: 1.25
      output: 5
      cache_read: 0.1
      per: {web_search: 0.01}
      variants:
        - when: {service_tier: batch}
          multiply: 0.5
        - when: {input_tokens_above: 100000}
          input: 2.5
    release_date: 2026-01-15
    deprecation_date: '2026-10-01'
    replacement: m2
    aliases: [m1-latest]
  m2:
    <<: *base
    name: >-
      M 2
    reasoning: {effort: [low, high], budget_tokens: {min: 1024}}
""",
    b"provider: acme\nmodels:\n  a: {context_window: 1}\n  'b:c': null\n",
)
