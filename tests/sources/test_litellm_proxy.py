"""A server that this project did not write: a LiteLLM proxy, listed as an OpenAI-compatible provider.

pip install 'litellm[proxy]'        # into an environment of its own
LLMREG_TEST_PROXY=/there/bin/litellm pytest -m proxy
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from registry_cli.commands.sync.fetch import Asking, fetch_answers
from registry_cli.http import Limits
from registry_cli.yamledit.document import load_value
from tests.support.random_catalogs import write_catalog

PROXY = os.environ.get("LLMREG_TEST_PROXY", "")
pytestmark = [
    pytest.mark.proxy,
    pytest.mark.skipif(not PROXY, reason="LLMREG_TEST_PROXY names no litellm program"),
]
NAMES = {
    "our-gpt": "openai/gpt-4o",
    "our-claude": "anthropic/claude-sonnet-4-5",
    "our-vectors": "openai/text-embedding-3-small",
}
START = 120  # seconds until it listens, on a slow machine


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = "sk-" + secrets.token_hex(16)
    served = [
        {"model_name": name, "litellm_params": {"model": model, "api_key": "no-key"}} for name, model in NAMES.items()
    ]
    config = folder / "config.yaml"
    config.write_text(json.dumps({"model_list": served, "general_settings": {"master_key": key}}))
    command = [PROXY, "--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
    environ = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "*"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environ, cwd=folder, start_new_session=True)
        try:
            _wait(f"http://127.0.0.1:{port}/health/liveliness", process, folder / "log")
            yield f"http://127.0.0.1:{port}/v1", key
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait(url, process, log):
    for _ in range(START * 2):
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310
            return
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-2000:])


def ask(proxy, tmp_path, **environ):
    body = {"api": {"base_url": proxy[0], "key_env": ["OUR_PROXY_KEY"]}}
    environ["LLMREG_CACHE"] = str(tmp_path)
    (answer,) = fetch_answers([("our-proxy", "our-proxy", body)], Asking(environ=environ, limits=Limits(pause=0.1)))
    return answer


def test_its_models(proxy, tmp_path):
    answer = ask(proxy, tmp_path, OUR_PROXY_KEY=proxy[1])
    assert answer.failure is None, answer.failure
    models = {model.id: model for model in answer.observations.providers[0].models}
    assert set(models) == set(NAMES)
    assert models["our-gpt"].facts["context_window"] == 128000
    assert models["our-gpt"].facts["max_output_tokens"] == 16384
    assert "release_date" not in models["our-gpt"].facts


def test_a_wrong_key_and_none(proxy, tmp_path):
    wrong = ask(proxy, tmp_path, OUR_PROXY_KEY="sk-" + "0" * 32).failure
    assert "OUR_PROXY_KEY" in wrong.message
    assert "0" * 32 not in wrong.message
    assert wrong.kind == "refused"
    assert ask(proxy, tmp_path).failure.kind in {"refused", "unreachable"}


def test_synced(proxy, tmp_path):
    api = {"base_url": proxy[0], "key_env": ["OUR_PROXY_KEY"]}
    catalog = {"our-proxy": {"api": api, "sync": {"sources": ["our-proxy"]}, "models": {}}}
    root = write_catalog(tmp_path / "config" / "models", catalog)
    environ = {**os.environ, "LLMREG_CACHE": str(tmp_path / "cache"), "LLMREG_OVERLAY": "", "OUR_PROXY_KEY": proxy[1]}
    command = ["llmreg", "sync", "our-proxy", "--catalog", str(root)]
    first = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    written = (root / "our-proxy.yml").read_text()
    assert load_value(written)["models"]["our-gpt"]["context_window"] == 128000
    assert proxy[1] not in written + first.stdout + first.stderr
    again = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert (root / "our-proxy.yml").read_text() == written
