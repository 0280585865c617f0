"""The usage blocks of every provider, gateway and SDK: what they count, with the figures by hand."""

from decimal import Decimal

import pytest

from registry_cli.core.responses.call import read_call
from registry_cli.errors import UsageError


def counts(value):
    """The tokens and units of a response, each token once; the response must leave nothing uncertain."""
    usage = read_call(value).usage
    assert (usage.unread, usage.doubts) == ((), ())
    return dict(usage.tokens) | {name: int(count) for name, count in usage.units.items()}


SHAPES = {
    "OpenAI chat": (
        {
            "prompt_tokens": 100,
            "completion_tokens": 50,
            "total_tokens": 150,
            "prompt_tokens_details": {"cached_tokens": 60, "audio_tokens": 10},
            "completion_tokens_details": {
                "reasoning_tokens": 20, "audio_tokens": 5,
                "accepted_prediction_tokens": 3, "rejected_prediction_tokens": 4,
            },
        },
        {"input": 30, "input_audio": 10, "cache_read": 60, "output": 25, "reasoning": 20, "output_audio": 5},
    ),
    "OpenAI Responses": (
        {
            "input_tokens": 9,
            "input_tokens_details": {"cached_tokens": 4},
            "output_tokens": 3,
            "output_tokens_details": {"reasoning_tokens": 3},
            "total_tokens": 12,
        },
        {"input": 5, "cache_read": 4, "reasoning": 3},
    ),
    "OpenAI Realtime": (
        {
            "type": "response.done",
            "response": {
                "id": "resp_1",
                "usage": {
                    "total_tokens": 700,
                    "input_tokens": 500,
                    "output_tokens": 200,
                    "input_token_details": {
                        "text_tokens": 100,
                        "audio_tokens": 400,
                        "cached_tokens": 300,
                        "cached_tokens_details": {"text_tokens": 50, "audio_tokens": 250},
                    },
                    "output_token_details": {"text_tokens": 40, "audio_tokens": 160},
                },
            },
        },
        {
            "input": 50, "input_audio": 150, "cache_read": 50, "cache_read_audio": 250,
            "output": 40, "output_audio": 160,
        },
    ),
    "OpenAI images": (
        {
            "created": 1700000000,
            "data": [{"b64_json": "x"}],
            "usage": {
                "total_tokens": 350,
                "input_tokens": 50,
                "input_tokens_details": {"text_tokens": 10, "image_tokens": 40},
                "output_tokens": 300,
                "output_tokens_details": {"text_tokens": 0, "image_tokens": 300},
            },
        },
        {"input": 10, "input_image": 40, "output_image": 300},
    ),
    "OpenAI embeddings": ({"usage": {"prompt_tokens": 8, "total_tokens": 8}}, {"input": 8}),
    "OpenAI transcription by time": ({"usage": {"type": "duration", "seconds": 12}}, {"seconds": 12}),
    "OpenAI batch object": (
        {
            "object": "batch",
            "usage": {
                "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 110,
                "input_tokens": 100, "output_tokens": 10,
                "input_tokens_details": {"cached_tokens": 20},
            },
        },
        {"input": 80, "cache_read": 20, "output": 10},
    ),
    "Anthropic": (
        {
            "input_tokens": 1000,
            "output_tokens": 5,
            "cache_read_input_tokens": 300,
            "cache_creation_input_tokens": 30,
            "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
            "output_tokens_details": {"thinking_tokens": 2},
            "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 7},
        },
        {
            "input": 1000, "cache_read": 300, "cache_write": 10, "cache_write_1h": 20, "output": 3, "reasoning": 2,
            "web_searches": 2,
        },
    ),
    "Anthropic, only the lifetimes of what is written": (
        {"input_tokens": 1000, "output_tokens": 1, "cache_creation": {"ephemeral_1h_input_tokens": 20}},
        {"input": 1000, "cache_write_1h": 20, "output": 1},
    ),
    "Gemini": (
        {
            "usageMetadata": {
                "promptTokenCount": 100,
                "cachedContentTokenCount": 40,
                "toolUsePromptTokenCount": 7,
                "candidatesTokenCount": 20,
                "thoughtsTokenCount": 30,
                "totalTokenCount": 157,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 60}, {"modality": "AUDIO", "tokenCount": 40},
                ],
                "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 15}, {"modality": "TEXT", "tokenCount": 25}],
                "toolUsePromptTokensDetails": [{"modality": "TEXT", "tokenCount": 7}],
            }
        },
        {"input": 42, "input_audio": 25, "cache_read": 25, "cache_read_audio": 15, "output": 20, "reasoning": 30},
    ),
    "Gemini, a document": (
        {
            "usage_metadata": {
                "prompt_token_count": 300,
                "candidates_token_count": 2,
                "total_token_count": 302,
                "prompt_tokens_details": [
                    {"modality": "DOCUMENT", "token_count": 258}, {"modality": "TEXT", "token_count": 42},
                ],
            }
        },
        {"input": 42, "input_image": 258, "output": 2},
    ),
    "Gemini Interactions": (
        {
            "usage": {
                "total_input_tokens": 100,
                "input_tokens_by_modality": [{"modality": "text", "tokens": 60}, {"modality": "image", "tokens": 40}],
                "total_cached_tokens": 30,
                "total_output_tokens": 20,
                "total_thought_tokens": 5,
                "total_tool_use_tokens": 4,
                "total_tokens": 129,
                "grounding_tool_count": [{"type": "google_search", "count": 3}, {"type": "google_maps", "count": 1}],
            }
        },
        {
            "input": 34, "input_image": 40, "cache_read": 30, "output": 20, "reasoning": 5, "web_searches": 3,
            "maps_search": 1,
        },
    ),
    "Bedrock Converse": (
        {
            "usage": {
                "inputTokens": 100,
                "outputTokens": 10,
                "totalTokens": 310,
                "cacheReadInputTokens": 150,
                "cacheReadInputTokenCount": 150,
                "cacheWriteInputTokens": 50,
                "cacheWriteInputTokenCount": 50,
                "cacheDetails": [{"ttl": "1h", "inputTokens": 20}, {"ttl": "5m", "inputTokens": 30}],
                "serverToolUsage": {},
            },
            "metrics": {"latencyMs": 900},
        },
        {"input": 100, "cache_read": 150, "cache_write": 30, "cache_write_1h": 20, "output": 10},
    ),
    "Bedrock Converse stream": (
        {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}, "metrics": {"latencyMs": 9}}},
        {"input": 3, "output": 2},
    ),
    "Bedrock invoke, metrics of a stream": (
        {
            "type": "message_stop",
            "amazon-bedrock-invocationMetrics": {
                "inputTokenCount": 7, "outputTokenCount": 3, "invocationLatency": 812, "firstByteLatency": 300,
                "cacheReadInputTokenCount": 90, "cacheWriteInputTokenCount": 0,
            },
        },
        {"input": 7, "cache_read": 90, "output": 3},
    ),
    "Bedrock invoke, Llama": (
        {"generation": "text", "prompt_token_count": 10, "generation_token_count": 20, "stop_reason": "stop"},
        {"input": 10, "output": 20},
    ),
    "Bedrock invoke, Titan embeddings": ({"embedding": [0.1, 0.2], "inputTextTokenCount": 6}, {"input": 6}),
    "Azure": (
        {
            "model": "gpt-4.1",
            "prompt_filter_results": [{"prompt_index": 0}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
        },
        {"input": 10, "output": 2},
    ),
    "Cohere chat": (
        {
            "usage": {
                "billed_units": {"input_tokens": 41, "output_tokens": 28},
                "tokens": {"input_tokens": 1442, "output_tokens": 29},
                "cached_tokens": 1040,
            }
        },
        {"input": 41, "output": 28},
    ),
    "Cohere without billed units": (
        {"usage": {"tokens": {"input_tokens": 42, "output_tokens": 29}}}, {"input": 42, "output": 29},
    ),
    "Cohere rerank": (
        {"id": "x", "results": [{"index": 3, "relevance_score": 0.9}], "meta": {"billed_units": {"search_units": 2}}},
        {"queries": 2},
    ),
    "Cohere embeddings of images": (
        {"meta": {"billed_units": {"images": 1, "input_tokens": 3, "image_tokens": 500}}},
        {"input": 3, "input_image": 500},
    ),
    "Mistral": (
        {
            "usage": {
                "prompt_tokens": 801, "completion_tokens": 2, "total_tokens": 803, "num_cached_tokens": 800,
                "prompt_tokens_details": {"cached_tokens": 768},
            }
        },
        {"input": 33, "cache_read": 768, "output": 2},
    ),
    "Mistral audio": (
        {"usage": {"prompt_audio_seconds": 60, "prompt_tokens": 4, "completion_tokens": 9, "total_tokens": 13}},
        {"input": 4, "output": 9, "seconds": 60},
    ),
    "Mistral connectors": (
        {
            "usage": {
                "prompt_tokens": 10, "completion_tokens": 5, "connector_tokens": 100, "total_tokens": 115,
                "connectors": {"web_search": 2},
            }
        },
        {"input": 110, "output": 5, "web_searches": 2},
    ),
    "Mistral OCR": ({"usage_info": {"pages_processed": 3, "doc_size_bytes": 123456}}, {"pages": 3}),
    "xAI chat, reasoning beside the completion": (
        {
            "prompt_tokens": 30,
            "completion_tokens": 10,
            "total_tokens": 110,
            "prompt_tokens_details": {"text_tokens": 30, "cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 70},
            "num_sources_used": 0,
            "cost_in_usd_ticks": 94000,
        },
        {"input": 26, "cache_read": 4, "output": 10, "reasoning": 70},
    ),
    "xAI Responses, reasoning in the output": (
        {
            "input_tokens": 30,
            "output_tokens": 80,
            "total_tokens": 110,
            "output_tokens_details": {"reasoning_tokens": 70},
            "num_server_side_tools_used": 3,
            "server_side_tool_usage_details": {"web_search_calls": 2, "x_search_calls": 1, "mcp_calls": 0},
        },
        {"input": 30, "output": 10, "reasoning": 70, "web_searches": 2, "x_search": 1},
    ),
    "Perplexity deep research": (
        {
            "prompt_tokens": 20,
            "completion_tokens": 300,
            "total_tokens": 320,
            "reasoning_tokens": 100,
            "citation_tokens": 50,
            "num_search_queries": 7,
            "search_context_size": "low",
            "cost": {"input_tokens_cost": 0.1, "total_cost": 0.5},
        },
        {"input": 20, "output": 300, "reasoning": 100, "citation": 50, "web_searches": 7},
    ),
    "Perplexity, with its fee per request": (
        {"prompt_tokens": 20, "completion_tokens": 300, "total_tokens": 320, "search_context_size": "low"},
        {"input": 20, "output": 300, "web_searches": 1},
    ),
    "Perplexity, with a stated fee": (
        {
            "prompt_tokens": 20,
            "completion_tokens": 300,
            "total_tokens": 320,
            "search_context_size": "high",
            "cost": {"input_tokens_cost": 0.1, "request_cost": 0.014, "total_cost": 0.5},
        },
        {"input": 20, "output": 300, "web_searches": 1},
    ),
    "Perplexity without a search": (
        {
            "prompt_tokens": 20,
            "completion_tokens": 300,
            "total_tokens": 320,
            "search_context_size": "low",
            "cost": {"input_tokens_cost": 0.1, "request_cost": 0, "total_cost": 0.5},
        },
        {"input": 20, "output": 300},
    ),
    "DeepSeek": (
        {
            "prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14, "prompt_cache_hit_tokens": 9,
            "prompt_cache_miss_tokens": 1, "prompt_tokens_details": {"cached_tokens": 9},
        },
        {"input": 1, "cache_read": 9, "output": 4},
    ),
    "Kimi": (
        {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14, "cached_tokens": 9},
        {"input": 1, "cache_read": 9, "output": 4},
    ),
    "DashScope": (
        {
            "prompt_tokens": 10,
            "completion_tokens": 4,
            "total_tokens": 14,
            "prompt_tokens_details": {
                "cached_tokens": 2,
                "cache_creation": {"ephemeral_5m_input_tokens": 3},
                "cache_creation_input_tokens": 3,
                "cache_type": "ephemeral",
            },
        },
        {"input": 5, "cache_read": 2, "cache_write": 3, "output": 4},
    ),
    "OpenRouter": (
        {
            "prompt_tokens": 10,
            "completion_tokens": 6,
            "total_tokens": 16,
            "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 3, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 5, "image_tokens": 0},
            "cost": 0.01,
            "is_byok": False,
            "cost_details": {"upstream_inference_cost": None, "upstream_inference_prompt_cost": 0.004},
            "server_tool_use": {"web_search_requests": 1},
        },
        {"input": 3, "cache_read": 4, "cache_write": 3, "output": 1, "reasoning": 5, "web_searches": 1},
    ),
    "AI SDK 6": (
        {
            "usage": {
                "inputTokens": 10,
                "inputTokenDetails": {"noCacheTokens": 1, "cacheReadTokens": 7, "cacheWriteTokens": 2},
                "outputTokens": 5,
                "outputTokenDetails": {"textTokens": 2, "reasoningTokens": 3},
                "totalTokens": 15,
                "cachedInputTokens": 7,
                "reasoningTokens": 3,
                "raw": {"input_tokens": 1, "something_else": 99},
            }
        },
        {"input": 1, "cache_read": 7, "cache_write": 2, "output": 2, "reasoning": 3},
    ),
    "AI SDK, from a provider": (
        {
            "usage": {
                "inputTokens": {"total": 10, "noCache": 1, "cacheRead": 7, "cacheWrite": 2},
                "outputTokens": {"total": 5, "text": 2, "reasoning": 3},
            }
        },
        {"input": 1, "cache_read": 7, "cache_write": 2, "output": 2, "reasoning": 3},
    ),
    "AI SDK, all steps": (
        {"usage": {"inputTokens": 1, "outputTokens": 1}, "totalUsage": {"inputTokens": 10, "outputTokens": 5}},
        {"input": 10, "output": 5},
    ),
    "AI SDK 4": ({"promptTokens": 10, "completionTokens": 5, "totalTokens": 15}, {"input": 10, "output": 5}),
    "LangChain": (
        {
            "content": "hi",
            "usage_metadata": {
                "input_tokens": 10,
                "output_tokens": 5,
                "total_tokens": 15,
                "input_token_details": {"audio": 1, "cache_read": 6, "cache_creation": 2},
                "output_token_details": {"audio": 1, "reasoning": 3},
            },
            "response_metadata": {"token_usage": {"prompt_tokens": 10, "completion_tokens": 5}},
        },
        {
            "input": 1, "input_audio": 1, "cache_read": 6, "cache_write": 2, "output": 1, "output_audio": 1,
            "reasoning": 3,
        },
    ),
    "LangChain, lifetimes of what is written": (
        {
            "usage_metadata": {
                "input_tokens": 10,
                "output_tokens": 5,
                "total_tokens": 15,
                "input_token_details": {
                    "cache_read": 2, "cache_creation": 0,
                    "ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4,
                },
            }
        },
        {"input": 1, "cache_read": 2, "cache_write": 3, "cache_write_1h": 4, "output": 5},
    ),
    "LiteLLM": (
        {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 15,
            "cache_creation_input_tokens": 4,
            "cache_read_input_tokens": 3,
            "prompt_tokens_details": {
                "cached_tokens": 3,
                "cache_creation_tokens": 4,
                "cache_creation_token_details": {"ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 3},
            },
        },
        {"input": 3, "cache_read": 3, "cache_write": 1, "cache_write_1h": 3, "output": 5},
    ),
    "Ollama": (
        {
            "model": "llama3",
            "message": {"role": "assistant", "content": "hi"},
            "context": [1, 2, 3],
            "total_duration": 5589157167,
            "load_duration": 3013701500,
            "prompt_eval_count": 46,
            "prompt_eval_duration": 1160282000,
            "eval_count": 113,
            "eval_duration": 1325948000,
        },
        {"input": 46, "output": 113},
    ),
    "Voyage": ({"object": "list", "data": [{"embedding": [0.1]}], "usage": {"total_tokens": 10}}, {"input": 10}),
    "Groq": (
        {
            "queue_time": 0.1, "prompt_tokens": 9, "prompt_time": 0.001,
            "completion_tokens": 3, "completion_time": 0.01,
            "total_tokens": 12, "total_time": 0.011,
        },
        {"input": 9, "output": 3},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("response", "expected"), SHAPES.values(), ids=SHAPES)
def test_shapes(response, expected) -> None:
    assert counts(response) == expected


def test_cached_audio_is_not_billed_twice() -> None:
    details = {"cached_tokens": 60, "audio_tokens": 50}
    block = {"prompt_tokens": 100, "completion_tokens": 0, "prompt_tokens_details": details}
    assert counts(block) == {"input_audio": 40, "cache_read": 50, "cache_read_audio": 10}


@pytest.mark.parametrize(
    ("response", "tier"),
    [
        ({"service_tier": "flex", "usage": {"prompt_tokens": 1}}, "flex"),
        ({"service_tier": "default", "usage": {"prompt_tokens": 1}}, "standard"),
        ({"service_tier": "auto", "usage": {"prompt_tokens": 1}}, None),
        ({"usage": {"input_tokens": 1, "service_tier": "batch"}}, "batch"),
        ({"usage": {"input_tokens": 1, "service_tier": "standard", "speed": "fast"}}, "fast"),
        ({"usage": {"input_tokens": 1, "speed": "standard", "service_tier": "standard"}}, "standard"),
        ({"usage": {"input_tokens": 1}}, None),
        ({"usageMetadata": {"promptTokenCount": 1, "trafficType": "ON_DEMAND"}}, "standard"),
        ({"usageMetadata": {"promptTokenCount": 1, "trafficType": "ON_DEMAND_FLEX"}}, "flex"),
        ({"usageMetadata": {"promptTokenCount": 1, "trafficType": "ON_DEMAND_PRIORITY"}}, "priority"),
        ({"usageMetadata": {"promptTokenCount": 1, "trafficType": "PROVISIONED_THROUGHPUT"}}, "provisioned_throughput"),
        ({"usageMetadata": {"promptTokenCount": 1, "serviceTier": "priority"}}, "priority"),
        ({"serviceTier": {"type": "priority"}, "usage": {"inputTokens": 1, "outputTokens": 0}}, "priority"),
        ({"object": "batch", "usage": {"input_tokens": 1}}, "batch"),
        ({"custom_id": "a", "response": {"status_code": 200, "body": {"usage": {"prompt_tokens": 1}}}}, "batch"),
        ({"custom_id": "a", "response": {"body": {"service_tier": "default", "usage": {"prompt_tokens": 1}}}}, "batch"),
        ({"custom_id": "a", "result": {"type": "succeeded", "message": {"usage": {"input_tokens": 1}}}}, "batch"),
        ({"key": "a", "response": {"usageMetadata": {"promptTokenCount": 1}}}, "batch"),
        ({"recordId": "a", "modelOutput": {"usage": {"input_tokens": 1}}}, "batch"),
    ],
)
def test_service_tiers(response, tier) -> None:
    assert read_call(response).service_tier == tier


def test_a_service_tier_beside_fast_mode_is_not_passed_over() -> None:
    usage = read_call({"usage": {"input_tokens": 1, "service_tier": "priority", "speed": "fast"}}).usage
    assert usage.unread == ("service tier priority in fast mode",)


@pytest.mark.parametrize(("geo", "region"), [("us", "us"), ("EU", "eu"), ("global", "global"), ("not_available", None)])
def test_regions(geo, region) -> None:
    assert read_call({"usage": {"input_tokens": 1, "inference_geo": geo}}).region == region


@pytest.mark.parametrize(
    ("response", "model"),
    [
        ({"model": "m", "usage": {"prompt_tokens": 1}}, "m"),
        ({"modelVersion": "m", "usageMetadata": {"promptTokenCount": 1}}, "m"),
        ({"model_version": "m", "usage_metadata": {"prompt_token_count": 1}}, "m"),
        ({"model": "outer", "message": {"model": "m", "usage": {"input_tokens": 1}}}, "m"),
        ({"usage": {"inputTokens": 1}, "response": {"modelId": "m"}}, "m"),
        ({"usage_metadata": {"input_tokens": 1}, "response_metadata": {"model_name": "m"}}, "m"),
        ({"usage": {"prompt_tokens": 1}}, None),
    ],
)
def test_models(response, model) -> None:
    assert read_call(response).model == model


@pytest.mark.parametrize(
    ("block", "provider"),
    [
        ({"input_tokens": 1, "cache_read_input_tokens": 0}, "anthropic"),
        ({"prompt_tokens": 1, "cache_read_input_tokens": 0}, None),
        ({"promptTokenCount": 1}, "gemini"),
        ({"promptTokenCount": 1, "trafficType": "ON_DEMAND"}, "vertex_ai"),
        ({"prompt_tokens": 1, "completion_tokens": 1, "cost": Decimal("0.01")}, "openrouter"),
        ({"prompt_tokens": 1, "num_search_queries": 2, "cost": {"total_cost": 1}}, "perplexity"),
        ({"inputTokens": 1, "cacheWriteInputTokens": 0}, "bedrock"),
        ({"prompt_tokens": 1, "prompt_cache_hit_tokens": 0}, "deepseek"),
        ({"prompt_tokens": 1}, None),
        ({"input_tokens": 1}, None),
    ],
)
def test_providers_that_alone_use_a_name(block, provider) -> None:
    assert read_call(block).provider == provider


@pytest.mark.parametrize(
    ("block", "cost"),
    [
        ({"prompt_tokens": 3, "cost": Decimal("0.01")}, "0.01"),
        (
            {"prompt_tokens": 3, "cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}},
            "0.02",
        ),
        ({"prompt_tokens": 3, "cost": {"total_cost": 0.5, "request_cost": 0.4}}, "0.5"),
        ({"prompt_tokens": 3, "cost_in_usd_ticks": 37756000}, "0.0037756"),
        ({"prompt_tokens": 3, "estimated_cost": 0.07}, "0.07"),
        ({"model": "m", "prompt_tokens": 3, "completion_tokens": 1, "spend": 0.07}, "0.07"),
        ({"costUSD": 0.3, "message": {"usage": {"input_tokens": 1}}}, "0.3"),
        ({"prompt_tokens": 3, "cost": "much"}, None),
        ({"prompt_tokens": 3}, None),
    ],
)
def test_costs_that_responses_state(block, cost) -> None:
    assert read_call(block).stated_cost == (None if cost is None else Decimal(cost))


@pytest.mark.parametrize(
    ("response", "says"),
    [
        ([], "a list is not an object"),
        ("x", '"x" is not an object'),
        ({}, "no known counts"),
        ({"usage": None}, "no known counts in usage"),
        ({"usage": 5}, "5 is not an object"),
        ({"usage": {"tokens": 3}}, "tokens is 3, not an object"),
        ({"usage": {"foo": 3, "bar": 1}}, "no known counts in bar, foo"),
        ({"input_tokens": 1, "cache_read_input_tokens": "30"}, 'cache_read_input_tokens is "30", not a number'),
        ({"promptTokenCount": 1, "candidatesTokenCount": "20"}, 'candidatesTokenCount is "20", not a number'),
        ({"prompt_tokens": True}, "prompt_tokens is true, not a number"),
        ({"prompt_tokens": -1}, "prompt_tokens is -1, not an amount"),
        ({"prompt_tokens": 1.5}, "prompt_tokens is 1.5, not a whole number"),
        ({"prompt_tokens": float("nan")}, "prompt_tokens is nan, not an amount"),
        ({"prompt_tokens": Decimal("1E+9999")}, "not an amount"),
        ({"prompt_tokens": 10**5000}, "a number of more than 15 digits, not an amount"),
        ({"prompt_tokens": {"a": 1}}, "prompt_tokens is an object, not a number"),
        ({"prompt_tokens": [1]}, "prompt_tokens is a list, not a number"),
        ({"prompt_tokens": 1, "prompt_tokens_details": 5}, "prompt_tokens_details is 5, not an object"),
        ({"prompt_tokens": 1, "prompt_tokens_details": [5]}, r"prompt_tokens_details\[\] is 5, not an object"),
        (
            {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": "x"}},
            "prompt_tokens_details.cached_tokens is",
        ),
        ({"input_tokens": 1, "iterations": 5}, "iterations is 5, not a list"),
        ({"input_tokens": 1, "iterations": [5]}, r"iterations\[\] is 5, not an object"),
        ({"input_tokens": 1, "iterations": [{"model": 5}]}, r"iterations\[\].model is 5, not text"),
        ({"model": 5, "usage": {"input_tokens": 1}}, "model is 5, not text"),
        ({"usage": {"input_tokens": 1, "service_tier": 5}}, "service_tier is 5, not text"),
        ({"usage": {"input_tokens": 1, "in\nput\u202e_tokens": "x", "output_tokens": "\x1b[31m"}}, r'"\\x1b\[31m"'),
        ({"prompt_tokens": 5, "prompt_tokens_details": {"audio_tokens": 6}}, "part of the input of 5"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(response, says) -> None:
    with pytest.raises(UsageError, match="^usage: .*" + says) as caught:
        read_call(response)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200


def test_null_counts_nothing() -> None:
    assert counts({"input_tokens": None, "output_tokens": 50, "cache_read_input_tokens": 30}) == {
        "cache_read": 30,
        "output": 50,
    }
    assert counts({"prompt_tokens": 5, "prompt_tokens_details": None, "completion_tokens_details": {}}) == {"input": 5}
