"""Servers that people run, on real sockets: whatever a file calls them, their windows are read."""

import pytest

from tests.commands.sync.test_live import live  # noqa: F401  # the fixture
from tests.support.http_server import reply, upstream

VLLM = {"id": "org/m", "object": "model", "owned_by": "vllm", "root": "org/m", "parent": None, "max_model_len": 32768}
ADAPTER = {**VLLM, "id": "mine", "root": "/adapters/mine", "parent": "org/m", "max_model_len": None}
LLAMA = {"id": "org/m", "owned_by": "llamacpp", "meta": {"n_ctx": 32768, "n_ctx_train": 131072}}


def answering(*rows):
    return lambda asked: reply({"object": "list", "data": list(rows)}) if asked.path == "/v1/models" else reply({}, 404)


def file_of(live, url, sources=""):  # noqa: F811
    path = live.folder / "config" / "models" / "my-box.yml"
    path.parent.mkdir(parents=True)
    text = f"provider: my-box\nbilling: local\napi: {{base_url: '{url}/v1'}}\n{sources}models: {{}}\n"
    path.write_text(text)
    return path


@pytest.mark.parametrize("row", [VLLM, LLAMA], ids=["vllm", "llama.cpp"])
@pytest.mark.parametrize("source", ["my-box", "vllm", "llamacpp"])
def test_a_server_by_any_name(live, row, source):  # noqa: F811
    with upstream(answering(row, ADAPTER)) as server:
        path = file_of(live, server.url, "" if source == "my-box" else f"sync: {{sources: [{source}]}}\n")
        if source == "my-box":
            assert "32,768" in live("show", "my-box/org/m")
            assert live("show", "my-box/org/m#context_window") == "32768\n"
        live("sync", "my-box", "--sources", source, "--accept", "my-box#models")
    assert live.code == 0
    assert "  org/m:\n    mode: chat\n    context_window: 32768\n" in path.read_text()
    assert "mine" not in path.read_text()  # an adapter is of this machine


@pytest.mark.parametrize("source", ["my-box", "vllm", "llamacpp", "litellm-proxy"])
def test_nobody_runs_one(live, source):  # noqa: F811
    with upstream(answering()) as server:
        gone = server.url
    path = file_of(live, gone, f"sync: {{sources: [{source}]}}\n")
    before = path.read_text()
    live("sync", "my-box")
    assert f"{source} for my-box skipped" in live.err or f"{source} skipped" in live.err
    assert path.read_text() == before


def test_a_litellm_proxy_that_wants_a_key(live):  # noqa: F811
    def answer(asked):
        if "authorization" not in asked.headers:
            return reply(b"Internal Server Error", 500, Content_Type="text/plain")
        return reply({"error": {"message": "Authentication Error, Invalid proxy server token passed"}}, 400)

    with upstream(answer) as server:
        path = file_of(live, server.url, "sync: {sources: [litellm-proxy]}\n")
        path.write_text(path.read_text().replace("api: {", "api: {key_env: [BOX_KEY], "))
        live("sync", "my-box")
        assert live.code == 4
        hint = "if it wants a key, set LITELLM_PROXY_API_KEY or LITELLM_API_KEY or BOX_KEY"
        assert f"500 Internal Server Error; {hint}" in live.err
        live._monkeypatch.setenv("LITELLM_API_KEY", "sk-wrong-key")
        live("sync", "my-box")
        assert live.code == 4
        assert "refused the key in LITELLM_API_KEY" in live.err
    assert {asked.path for asked in server.asked} == {"/model/info"}
