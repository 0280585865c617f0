"""Ollama, LM Studio, vLLM, llama.cpp and a LiteLLM proxy."""

import json
from decimal import Decimal

import pytest

from registry_cli.commands.sync.addresses import server_url
from registry_cli.sources.base import Page
from registry_cli.sources.registry import find_source
from tests.support.source_answers import first, following, read

TAGS = {"models": [{"name": "tiny:latest", "model": "tiny:latest"}, {"name": "big:8b", "model": "big:8b"}]}


def shown(name, parameters="", **more):
    body = {
        "parameters": parameters,
        "details": {"family": "gem", "parent_model": ""},
        "capabilities": ["completion", "vision", "thinking"],
        "model_info": {"general.architecture": "gem", "gem.context_length": 131072, "clip.context_length": 77},
        **more,
    }
    return Page(json.dumps(body).encode(), name)


def test_ollama_is_asked_for_each_model():
    request = first("ollama")
    assert request.url == "http://127.0.0.1:11434/api/tags"
    more = find_source("ollama").next_requests(request, json.dumps(TAGS).encode())
    assert [(each.url, each.about, each.json) for each in more] == [
        ("http://127.0.0.1:11434/api/show", "big:8b", '{"model": "big:8b"}'),
        ("http://127.0.0.1:11434/api/show", "tiny:latest", '{"model": "tiny:latest"}'),
    ]
    assert find_source("ollama").next_requests(more[0], b"{}") == ()
    assert first("ollama", "http://box:1/v1").url == "http://box:1/api/tags"


def test_ollama_tells_the_window_of_the_architecture():
    models, notes = read("ollama", TAGS, shown("big:8b"), shown("tiny:latest", "stop a\nnum_ctx   4096\ntemperature 1"))
    assert models["big:8b"].facts == {
        "family": "gem",
        "mode": "chat",
        "context_window": 131072,
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "capabilities": ["text_completion", "reasoning", "vision"],
    }
    assert models["tiny"].facts["context_window"] == 4096
    assert models["tiny"].facts["aliases"] == ["tiny:latest"]
    assert notes == ["the model can; this server gives it 4096 (num_ctx)"]


def test_ollama_models_without_details_and_models_made_here():
    models, _ = read(
        "ollama",
        TAGS,
        shown("big:8b", details={"parent_model": "/Users/me/.ollama/blobs/x"}),
        Page(b"{}", "tiny:latest"),
    )
    assert {name: model.private for name, model in models.items()} == {"big:8b": True, "tiny": False}
    assert models["tiny"].facts == {"aliases": ["tiny:latest"]}
    embedding = shown("big:8b", capabilities=["embedding"])
    facts = read("ollama", TAGS, embedding)[0]["big:8b"].facts
    assert (facts["mode"], facts["capabilities"], "modalities" in facts) == ("embedding", ["embeddings"], False)


def test_models_that_run_on_ollama_s_servers_need_a_subscription():
    rows = [
        {"model": "big:8b", "remote_host": "https://ollama.com:443", "remote_model": "big:8b"},
        {"model": "large:120b-cloud"},
        {"model": "huge:cloud"},
        {"model": "tiny:latest"},
        {"model": "nimbus-cloud:8b"},
    ]
    models, _ = read("ollama", {"models": rows})
    assert {name: model.facts.get("billing") for name, model in models.items()} == {
        "big:8b": "subscription",
        "large:120b-cloud": "subscription",
        "huge:cloud": "subscription",
        "tiny": None,
        "nimbus-cloud:8b": None,
    }


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("box", "http://box:11434"),
        ("box:80", "http://box:80"),
        (":5000", "http://127.0.0.1:5000"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104  # where it listens, not where it is
        ("0.0.0.0:9", "http://127.0.0.1:9"),
        ("[::1]:7", "http://[::1]:7"),
        ("[::]", "http://[::1]:11434"),
        ("https://ollama.example/at/", "https://ollama.example/at"),
        (" http://box:1/ ", "http://box:1"),
    ],
)
def test_where_ollama_is(text, url):
    assert server_url(text, "http://127.0.0.1:11434") == url


def test_lm_studio():
    rows = [
        {
            "type": "llm",
            "key": "org/big",
            "display_name": "Big",
            "max_context_length": 262144,
            "loaded_instances": [{"config": {"context_length": 4096}}],
            "capabilities": {"vision": True, "trained_for_tool_use": False, "reasoning": {"default": "on"}},
        },
        {"type": "embedding", "key": "vec", "max_context_length": 2048},
    ]
    models, _ = read("lmstudio", {"models": rows})
    assert models["org/big"].facts == {
        "name": "Big",
        "mode": "chat",
        "context_window": 262144,
        "capabilities": ["vision", "reasoning"],
    }
    assert models["org/big"].denies == {"function_calling"}
    assert models["vec"].facts == {"mode": "embedding", "context_window": 2048}


def test_an_older_lm_studio():
    request = first("lmstudio", "http://127.0.0.1:1234/v1")
    assert request.url == "http://127.0.0.1:1234/api/v1/models"
    older = "http://127.0.0.1:1234/api/v0/models"
    assert [each.url for each in find_source("lmstudio").next_requests(request, b"")] == [older]
    assert following("lmstudio", request, {"error": "Unexpected endpoint or method."}) == [older]
    assert following("lmstudio", request, {"models": []}) == []
    listed = {"data": [{"id": "see", "type": "vlm", "max_context_length": 32768, "capabilities": ["tool_use"]}]}
    models, _ = read("lmstudio", Page(b""), listed)
    assert models["see"].facts == {
        "mode": "chat",
        "context_window": 32768,
        "capabilities": ["function_calling", "vision"],
    }


def test_vllm_and_llama_cpp_where_they_usually_are():
    assert first("vllm").url == "http://127.0.0.1:8000/v1/models"
    assert first("llamacpp", "http://127.0.0.1:9/v1/models").url == "http://127.0.0.1:9/v1/models"
    vllm = {"object": "list", "data": [{"id": "org/m", "root": "org/m", "parent": None, "max_model_len": 32768}]}
    assert read("vllm", vllm)[0]["org/m"].facts == {"context_window": 32768}
    row = {"id": "m", "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]}}
    llama = {
        "models": [{"name": "m", "model": "m", "capabilities": ["completion"]}],
        "data": [{**row, "meta": {"n_ctx": 4096, "n_ctx_train": 131072}}],
    }
    models, _ = read("llamacpp", llama, provider="mine")
    assert models["m"].facts == {
        "context_window": 4096,
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "capabilities": ["vision"],
    }
    for name in ("vllm", "llamacpp"):
        seen = find_source(name).read_answers([Page(json.dumps(vllm).encode())], "mine").providers[0]
        assert (seen.id, seen.facts, find_source(name).local) == ("mine", {"billing": "local"}, True)


def deployment(name, **info):
    return {"model_name": name, "litellm_params": {"model": "openai/x"}, "model_info": {"id": "0c92", **info}}


def test_a_litellm_proxy():
    assert first("litellm-proxy", "http://box:4000/v1").url == "http://box:4000/model/info"
    known = {
        "litellm_provider": "openai",
        "mode": "chat",
        "max_input_tokens": 128000,
        "max_output_tokens": 16384,
        "input_cost_per_token": 2.5e-06,
        "output_cost_per_token": 1e-05,
        "output_cost_per_second": None,
        "supports_vision": True,
        "supports_reasoning": False,
        "supported_openai_params": ["n"],
    }
    rows = [
        deployment("team-model", **known),
        deployment("team-model", **{**known, "output_cost_per_token": 9e-06, "supports_web_search": True}),
        deployment("openrouter/*", litellm_provider="openrouter"),
        deployment("unknown", litellm_provider="openai"),
        {"model_name": "bare"},
    ]
    models, notes = read("litellm-proxy", {"data": rows})
    assert list(models) == ["team-model", "unknown", "bare"]
    assert models["team-model"].facts == {
        "mode": "chat",
        "context_window": 128000,
        "max_output_tokens": 16384,
        "capabilities": ["vision"],
    }
    assert models["team-model"].denies == {"reasoning"}
    assert notes == ["its deployments differ"]
    assert read("litellm-proxy", {"data": rows[:1]})[0]["team-model"].facts["pricing"] == {
        "input": Decimal("2.5"),
        "output": 10,
    }
    assert models["unknown"].facts == models["bare"].facts == {}
