"""The Gemini API's list."""

from tests.support.source_answers import first, following, read


def row(name, **more):
    return {"name": f"models/{name}", "version": "001", "displayName": name.title(), **more}


def test_limits_and_methods():
    rows = [
        row(
            "gemini-x",
            inputTokenLimit=1048576,
            outputTokenLimit=65536,
            supportedGenerationMethods=[
                "generateContent",
                "countTokens",
                "createCachedContent",
                "batchGenerateContent",
            ],
            thinking=True,
        ),
        row("embed-x", inputTokenLimit=2048, outputTokenLimit=1, supportedGenerationMethods=["embedContent"]),
        row("paint-x", inputTokenLimit=480, outputTokenLimit=8192, supportedGenerationMethods=["predict"]),
        row("write-x", inputTokenLimit=480, outputTokenLimit=8192, supportedGenerationMethods=["generateContent"]),
    ]
    models, notes = read("gemini", {"models": rows})
    assert models["gemini-x"].spelled == "models/gemini-x"
    assert models["gemini-x"].facts == {
        "name": "Gemini-X",
        "context_window": 1048576,
        "max_output_tokens": 65536,
        "capabilities": ["batch_operations", "prompt_caching", "token_counting", "reasoning"],
    }
    assert models["embed-x"].facts == {"name": "Embed-X", "mode": "embedding", "context_window": 2048}
    assert models["paint-x"].facts == {
        "name": "Paint-X",
        "mode": "image_generation",
        "max_input_tokens": 480,
        "max_output_tokens": 8192,
    }
    assert models["write-x"].facts == {
        "name": "Write-X",
        "context_window": 8672,
        "max_input_tokens": 480,
        "max_output_tokens": 8192,
    }
    assert notes == []


def test_thinking_that_is_not_mentioned_is_not_denied():
    model = read("gemini", {"models": [row("gemini-x")]})[0]["gemini-x"]
    assert "capabilities" not in model.facts
    assert model.denies == frozenset()


def test_a_tuned_model_is_private():
    models, _ = read("gemini", {"models": [{"name": "tunedModels/mine-1"}, row("gemini-x")]})
    assert {name: model.private for name, model in models.items()} == {"tunedModels/mine-1": True, "gemini-x": False}


def test_pages():
    request = first("gemini")
    assert request.key_header == "x-goog-api-key"
    assert following("gemini", request, {"models": []}) == []
    assert following("gemini", request, {"models": [], "nextPageToken": "x=&y"}) == [
        "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000&pageToken=x%3D%26y"
    ]
