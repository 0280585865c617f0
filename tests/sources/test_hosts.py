"""Lists of makers and hosts: Cohere, Fireworks, Hugging Face, MiniMax, Replicate, Deepgram."""

from decimal import Decimal

from registry_cli.sources.registry import find_source
from tests.support.source_answers import first, following, read


def facts(models):
    return {name: dict(model.facts) for name, model in models.items()}


class TestCohere:
    def row(self, name, *endpoints, **more):
        return {"name": name, "endpoints": list(endpoints), "finetuned": False, "features": None, **more}

    def test_what_a_row_says(self):
        tools = ["json_mode", "json_schema", "safety_modes", "tools"]
        rows = [
            self.row("talks", "generate", "chat", context_length=132096, features=tools, supports_vision=False),
            self.row("sees", "chat", context_length=16384, features=["vision"], supports_vision=True),
            self.row("vector-image", "embed_image", context_length=0),
            self.row("ranks", "rerank", context_length=4096.0, is_deprecated=True),
            self.row("mine-ft", "chat", finetuned=True),
        ]
        models, notes = read("cohere", {"models": rows})
        assert facts(models) == {
            "talks": {
                "mode": "chat",
                "context_window": 132096,
                "capabilities": ["function_calling", "json_mode", "structured_output"],
            },
            "sees": {"mode": "chat", "context_window": 16384, "capabilities": ["vision"]},
            "vector-image": {"mode": "embedding"},
            "ranks": {"mode": "rerank", "status": "deprecated", "context_window": 4096},
            "mine-ft": {"mode": "chat"},
        }
        assert [name for name, model in models.items() if model.private] == ["mine-ft"]
        assert (notes, {model.denies for model in models.values()}) == ([], {frozenset()})

    def test_pages(self):
        request = first("cohere")
        assert request.url == "https://api.cohere.com/v1/models?page_size=1000"
        assert following("cohere", request, {"models": [], "next_page_token": "a+b"}) == [
            "https://api.cohere.com/v1/models?page_size=1000&page_token=a%2Bb"
        ]
        assert following("cohere", request, {"models": [], "next_page_token": ""}) == []


class TestFireworks:
    def row(self, name, **more):
        return {"name": f"accounts/fireworks/models/{name}", "state": "READY", "supportsServerless": True, **more}

    def test_what_a_row_says(self):
        rows = [
            self.row(
                "talks",
                displayName="Talks",
                contextLength=131072,
                supportsImageInput=True,
                supportsTools=False,
                deprecationDate={"year": 2026, "month": 9, "day": 1},
            ),
            self.row("bare", contextLength=0, deprecationDate={"year": 2026, "month": 0, "day": 0}),
            self.row("vector", kind="EMBEDDING_MODEL"),
            self.row("off", supportsServerless=False),
            self.row("coming", state="UPLOADING"),
            {"name": "accounts/mine/models/own"},
        ]
        models, notes = read("fireworks_ai", {"models": rows, "totalSize": 5})
        start = "accounts/fireworks/models/"
        assert facts(models) == {
            f"{start}talks": {
                "name": "Talks",
                "context_window": 131072,
                "capabilities": ["vision"],
                "retirement_date": "2026-09-01",
            },
            f"{start}bare": {},
            f"{start}vector": {"mode": "embedding"},
            "accounts/mine/models/own": {},
        }
        assert models[f"{start}talks"].denies == {"function_calling"}
        assert models[f"{start}bare"].denies == frozenset()
        assert [name for name, model in models.items() if model.private] == ["accounts/mine/models/own"]
        assert notes == []

    def test_a_date_that_is_none(self):
        _, notes = read(
            "fireworks_ai", {"models": [self.row("a", deprecationDate={"year": 2026, "month": 13, "day": 1})]}
        )
        assert notes == ["not a date"]

    def test_pages(self):
        request = first("fireworks_ai", "https://api.fireworks.ai/inference/v1/")
        wanted = "https://api.fireworks.ai/v1/accounts/fireworks/models?filter=supports_serverless%3Dtrue&pageSize=200"
        assert request.url == wanted
        assert following("fireworks_ai", request, {"models": [], "nextPageToken": "t"}) == [f"{wanted}&pageToken=t"]


class TestHuggingFace:
    def host(self, name, status="live", **more):
        return {"provider": name, "status": status, **more}

    def row(self, *hosts):
        return {
            "id": "maker/model",
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "providers": list(hosts),
        }

    def test_hosts_that_differ_leave_no_price(self):
        hosts = [
            self.host("one", context_length=1000, pricing={"input": 1, "output": 2}, supports_tools=True),
            self.host("two", context_length=3000, pricing={"input": 1.5, "output": 2}, supports_tools=False),
            self.host("gone", "error", context_length=9000, supports_structured_output=True),
            self.host("silent"),
        ]
        models, _ = read("huggingface", {"data": [self.row(*hosts), {"id": "dead", "providers": []}]})
        assert facts(models) == {
            "maker/model": {
                "context_window": 3000,
                "modalities": {"input": ["text", "image"], "output": ["text"]},
                "capabilities": ["function_calling", "vision"],
            }
        }

    def test_one_price_is_the_price(self):
        price = {"input": 0.25, "output": 2}
        hosts = [
            self.host("one", pricing=price),
            self.host("two", pricing={"input": 0, "output": 0}),
            self.host("three"),
        ]
        models, _ = read("huggingface", {"data": [self.row(*hosts)]})
        assert models["maker/model"].facts["pricing"] == {"input": Decimal("0.25"), "output": 2}


def test_minimax_answers_as_anthropic_does():
    row = {"id": "M9", "created_at": "2026-06-01T00:00:00Z", "display_name": "M Nine", "type": "model"}
    models, _ = read("minimax", {"data": [row], "has_more": False, "last_id": "M9"})
    assert facts(models) == {"M9": {"name": "M Nine", "release_date": "2026-06-01"}}
    request = first("minimax")
    assert (request.key_header, request.key_prefix, request.headers) == ("X-Api-Key", "", {})
    assert following("minimax", request, {"data": [], "has_more": True, "last_id": "M9"}) == [
        "https://api.minimax.io/anthropic/v1/models?limit=1000&after_id=M9"
    ]
    assert find_source("minimax").parse([], "minimax").source == "minimax"
    assert find_source("anthropic").parse([], "anthropic").source == "anthropic"


def test_replicate():
    rows = [
        {"owner": "meta", "name": "llama-9", "visibility": "public", "latest_version": {"id": "x"}, "weights_url": "u"},
        {"owner": "me", "name": "mine", "visibility": "private"},
        {"owner": "meta"},
    ]
    for body in ({"models": rows, "slug": "language-models"}, {"results": rows, "next": None}):
        models, notes = read("replicate", body)
        assert facts(models) == {"meta/llama-9": {"open_weights": True}, "me/mine": {}}
        assert [model.private for model in models.values()] == [False, True]
        assert notes == ["a model without an id"]
    request = first("replicate")
    whole = "https://api.replicate.com/v1/models?cursor=c"
    assert following("replicate", request, {"next": whole}) == [whole]
    assert following("replicate", request, {"next": None}) == following("replicate", request, {"next": 7}) == []


def test_deepgram():
    hears = [
        {"name": "general", "canonical_name": "nova-9-general", "languages": ["en"], "streaming": False, "uuid": "1"},
        {"name": "general", "canonical_name": "nova-9-general", "languages": ["de"], "streaming": True, "uuid": "2"},
        {"name": "general", "canonical_name": "whisper-9", "streaming": False, "uuid": "3"},
        {"name": "nameless"},
    ]
    speaks = [
        {"name": "ada", "canonical_name": f"aura-9-{name}-en", "architecture": "aura-9"} for name in ("ada", "eve")
    ]
    models, notes = read("deepgram", {"stt": hears, "tts": speaks})
    hearing = {"mode": "audio_transcription", "modalities": {"input": ["audio"], "output": ["text"]}}
    assert facts(models) == {
        "nova-9-general": {**hearing, "capabilities": ["streaming"]},
        "whisper-9": hearing,
        "aura-9": {"mode": "audio_speech", "modalities": {"input": ["text"], "output": ["audio"]}},
    }
    assert notes == ["a model without an id"]
    assert first("deepgram").key_prefix == "Token "
