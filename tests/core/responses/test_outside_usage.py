"""What responses bill outside their usage block."""

import pytest

from registry_cli.core.responses.call import read_call

USED = {"input_tokens": 10, "output_tokens": 1, "total_tokens": 11}


def units(response):
    return {name: int(count) for name, count in read_call(response).usage.units.items()}


def test_tools_of_the_responses_api() -> None:
    output = [
        {"type": "web_search_call", "status": "completed", "action": {"type": "search"}},
        {"type": "web_search_call", "status": "completed", "action": {"type": "open_page"}},
        {"type": "web_search_call", "status": "completed", "action": {"type": "find_in_page"}},
        {"type": "web_search_call", "status": "failed", "action": {"type": "search"}},
        {"type": "web_search_call"},
        {"type": "file_search_call", "status": "completed"},
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "code_interpreter_call", "container_id": "c1"},
        {"type": "code_interpreter_call", "container_id": "c2"},
        {"type": "function_call"},
        "odd",
    ]
    assert units({"output": output, "usage": USED}) == {"web_searches": 2, "file_search": 1, "code_session": 2}
    assert units({"type": "response.completed", "response": {"output": output[:1], "usage": USED}}) == {
        "web_searches": 1
    }
    assert units({"output": "text", "usage": USED}) == {}


def test_a_count_in_the_block_is_not_added_to_the_items() -> None:
    items = [{"type": "web_search_call"}, {"type": "web_search_call"}]
    block = {**USED, "server_side_tool_usage_details": {"web_search_calls": 2}}
    assert units({"output": items, "usage": block}) == {"web_searches": 2}


def test_images_of_another_model_make_the_bill_a_lower_bound() -> None:
    response = {"output": [{"type": "image_generation_call", "status": "completed"}], "usage": USED}
    assert read_call(response).usage.unread == ("output[].image_generation_call",)


@pytest.mark.parametrize(
    ("model", "searches"), [("gemini-3-pro", 3), (None, 3), ("gemini-2.5-flash", 1), ("gemini-2.0-flash-001", 1)]
)
def test_grounding_by_query_or_once_for_older_models(model, searches) -> None:
    response = {
        "modelVersion": model,
        "candidates": [
            {"groundingMetadata": {"webSearchQueries": ["a", "b", "a", "", " "]}},
            {"grounding_metadata": {"web_search_queries": ["c", 5]}},
            {"content": {}},
        ],
        "usageMetadata": {"promptTokenCount": 1, "totalTokenCount": 1},
    }
    assert units(response) == {"web_searches": searches}


def test_maps_once_for_a_response() -> None:
    chunks = [{"maps": {"uri": "x"}}, {"maps": {"uri": "y"}}, {"web": {"uri": "z"}}]
    response = {"candidates": [{"groundingMetadata": {"groundingChunks": chunks}}]}
    assert units({**response, "usageMetadata": {"promptTokenCount": 1}}) == {"maps_search": 1}


def test_citations_of_a_chat_model_prove_a_search() -> None:
    message = {"content": "...", "annotations": [{"type": "url_citation"}, {"type": "url_citation"}]}
    assert units({"choices": [{"message": message}], "usage": {"prompt_tokens": 1}}) == {"web_searches": 1}
    assert units({"choices": [{"message": {"annotations": None}}], "usage": {"prompt_tokens": 1}}) == {}


def test_cache_writes_that_the_ai_sdk_states_beside_its_usage() -> None:
    usage = {"inputTokens": 10, "outputTokens": 1, "totalTokens": 11}
    metadata = {"anthropic": {"cacheCreationInputTokens": 5}}
    lacking = ("providerMetadata.anthropic.cacheCreationInputTokens",)
    assert read_call({"usage": usage, "providerMetadata": metadata}).usage.unread == lacking
    assert read_call({"totalUsage": usage, "provider_metadata": metadata}).usage.unread == lacking
    counted = {**usage, "inputTokenDetails": {"cacheWriteTokens": 5, "noCacheTokens": 5}}
    assert read_call({"usage": counted, "providerMetadata": metadata}).usage.unread == ()
    for none in ({"anthropic": {"cacheCreationInputTokens": 0}}, {"anthropic": None}, {"openai": {}}, "odd", None):
        assert read_call({"usage": usage, "providerMetadata": none}).usage.unread == ()


def test_cache_reads_that_the_ai_sdk_states_beside_its_usage() -> None:
    old = {"promptTokens": 10, "completionTokens": 1, "totalTokens": 11}
    metadata = {"anthropic": {"cacheReadInputTokens": 20, "cacheCreationInputTokens": 0}}
    lacking = ("providerMetadata.anthropic.cacheReadInputTokens",)
    assert read_call({"usage": old, "providerMetadata": metadata}).usage.unread == lacking
    usage = {"inputTokens": 10, "outputTokens": 1, "totalTokens": 11, "cachedInputTokens": 8}
    beside = {"anthropic": {"usage": {"input_tokens": 10, "cache_read_input_tokens": 8}}}
    lacking = ("providerMetadata.anthropic.usage.cache_read_input_tokens",)
    assert read_call({"usage": usage, "providerMetadata": beside}).usage.unread == lacking
    included = {"anthropic": {"usage": {"input_tokens": 2, "cache_read_input_tokens": 8}}}
    assert read_call({"usage": usage, "providerMetadata": included}).usage.unread == ()
