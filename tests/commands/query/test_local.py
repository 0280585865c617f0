"""Models of local servers that the catalog does not know: asked, remembered for an hour, or made do without."""

import asyncio
import json
import time

import pytest

from registry_cli.api import Registry
from registry_cli.commands.query import local_model as local
from registry_cli.errors import UsageError
from tests.support.http_server import reply, upstream
from tests.support.random_catalogs import write_catalog
from tests.support.small_catalog import QuestionRunner

SHOWN = {
    "capabilities": ["completion", "vision", "tools"],
    "details": {"family": "tiny"},
    "model_info": {"general.architecture": "tiny", "tiny.context_length": 32768, "other.context_length": 1},
}
STUDIO = {
    "models": [{"type": "llm", "key": "org/tiny", "max_context_length": 16384, "capabilities": {"vision": False}}]
}


def answering(asked):
    if asked.path == "/api/show":
        known = json.loads(asked.body)["model"] in {"tiny", "tiny:8b"}
        return reply(SHOWN) if known else reply({"error": "model not found"}, 404)
    return reply(STUDIO) if asked.path == "/api/v1/models" else reply({"error": "?"}, 404)


@pytest.fixture
def server():
    with upstream(answering) as running:
        yield running


@pytest.fixture
def run(tmp_path, capsys, monkeypatch, server):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    monkeypatch.setenv("OLLAMA_HOST", server.url.removeprefix("http://"))
    catalog = {
        "ollama": {
            "billing": "local",
            "defaults": {"context_window": 2048, "capabilities": ["streaming"]},
            "models": {"known": {"context_window": 7}, "sized": {"context_window": 4096}},
        },
        "lmstudio": {"billing": "local", "api": {"base_url": f"{server.url}/v1"}, "models": {}},
        "hosted": {"models": {"m": {}}},
    }
    return QuestionRunner(write_catalog(tmp_path / "catalog", catalog))


def facts(text):
    """Plain output as label -> value."""
    return {line.split("\t")[1]: line.split("\t")[2] for line in text.splitlines()}


def test_the_server_says(run, server):
    told = facts(run("show", "ollama/tiny"))
    assert told["context window"] == "32,768"
    assert told["has"] == "function_calling, text_completion, vision"
    assert told["notice"] == "from the ollama server"
    assert run("show", "ollama/tiny#price.input") == "0\n"
    assert run("show", "ollama/tiny#context_window") == "32768\n"
    assert json.loads(run("show", "ollama/tiny", "--format", "json"))["models"][0]["origin"] == "server"
    assert facts(run("show", "lmstudio/org/tiny"))["context window"] == "16,384"
    assert [asked.path for asked in server.asked] == ["/api/show", "/api/v1/models"]


def test_its_word_is_remembered_for_an_hour(run, server, monkeypatch):
    for _ in range(2):
        run("show", "ollama/tiny")
    assert len(server.asked) == 1
    run("show", "ollama/tiny", "--refresh")
    assert len(server.asked) == 2
    later = time.time() + local.HOUR + 1
    monkeypatch.setattr(local.time, "time", lambda: later)
    run("show", "ollama/tiny")
    assert len(server.asked) == 3
    run("cache", "clear")
    run("show", "ollama/tiny")
    assert len(server.asked) == 4


def test_what_the_catalog_knows_is_not_asked(run, server):
    assert facts(run("show", "ollama/known"))["context window"] == "7"
    run("show", "hosted/x")
    assert run.code == 2
    assert server.asked == []


def test_the_file_then_the_defaults(run, server, monkeypatch):
    told = facts(run("show", "ollama/sized:70b"))
    assert told["context window"] == "4,096"
    assert told["notice"] == "from the entry of ollama/sized: its server has no model 'sized:70b'"
    told = facts(run("show", "ollama/nowhere"))
    assert told["context window"] == "2,048"
    assert told["notice"] == "from the defaults of ollama: its server has no model 'nowhere'"
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    notice = facts(run("show", "ollama/elsewhere"))["notice"]
    assert notice == "from the defaults of ollama: 127.0.0.1:1: Connection refused"


def test_nobody_knows(run):
    run("show", "lmstudio/absent")
    assert run.code == 2
    assert run.err.count("\n") == 1
    assert "lmstudio has no model 'absent'; its server has no model 'absent'" in run.err


def test_through_python(run, server):
    registry = Registry(run.root)
    config = registry.get_model_config_with_defaults("ollama", "tiny:8b")
    assert (config.context_window, config.origin) == (32768, "server")
    assert config.capabilities == ("chat", "function_calling", "text_completion", "vision")
    assert registry.get_model_config_with_defaults("ollama", "sized:1b").origin == "file"
    assert registry.get_model_config_with_defaults("ollama", "nowhere").origin == "defaults"
    assert registry.get_model_config_with_defaults("ollama", "known").origin == "both"
    with pytest.raises(UsageError):
        registry.get_model_config_with_defaults("lmstudio", "absent")


def test_from_within_an_event_loop(run):
    async def ask():
        return Registry(run.root).get_model_config_with_defaults("ollama", "tiny")

    assert asyncio.run(ask()).origin == "server"
