"""Anthropic's list."""

from tests.support.source_answers import first, following, read

YES, NO = {"supported": True}, {"supported": False}


def test_limits_and_the_tree_of_capabilities():
    tree = {
        "batch": YES,
        "citations": NO,
        "context_management": {"supported": True, "compact_20990101": YES, "clear_thinking_20990101": YES},
        "effort": {"supported": True, "low": YES, "medium": NO, "high": YES, "someday": YES},
        "image_input": YES,
        "pdf_input": NO,
        "thinking": {"supported": True, "types": {"enabled": NO, "adaptive": YES}},
    }
    row = {
        "type": "model",
        "id": "claude-x",
        "display_name": "Claude X",
        "created_at": "2026-07-24T00:00:00Z",
        "max_input_tokens": 1000000,
        "max_tokens": 128000,
        "capabilities": tree,
    }
    models, _ = read("anthropic", {"data": [row], "has_more": False})
    assert models["claude-x"].facts == {
        "name": "Claude X",
        "context_window": 1000000,
        "max_output_tokens": 128000,
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "reasoning": {"effort": ["low", "high"]},
        "capabilities": [
            "batch_operations",
            "context_management",
            "reasoning_effort",
            "vision",
            "reasoning",
            "compaction",
            "adaptive_thinking",
        ],
        "release_date": "2026-07-24",
    }
    assert models["claude-x"].denies == {"citations", "pdf_input"}


def test_an_older_answer_has_neither():
    rows = [
        {"type": "model", "id": "claude-old", "display_name": "Claude Old", "created_at": "1970-01-01T00:00:00Z"},
        {"type": "model", "id": "claude-odd", "capabilities": ["vision"], "max_tokens": None},
    ]
    models, _ = read("anthropic", {"data": rows})
    assert models["claude-old"].facts == {"name": "Claude Old"}
    assert models["claude-odd"].facts == {}


def test_pages():
    request = first("anthropic")
    assert request.url.endswith("/v1/models?limit=1000")
    assert request.headers == {"anthropic-version": "2023-06-01"}
    assert following("anthropic", request, {"data": [], "has_more": False, "last_id": "z"}) == []
    more = following("anthropic", request, {"data": [], "has_more": True, "last_id": "a/b&c"})
    assert more == ["https://api.anthropic.com/v1/models?limit=1000&after_id=a%2Fb%26c"]
    models, _ = read("anthropic", {"data": [{"id": "a"}]}, {"data": [{"id": "b"}]})
    assert list(models) == ["a", "b"]
