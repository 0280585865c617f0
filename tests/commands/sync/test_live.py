"""sync on real sockets: providers that answer, fail and refuse, and keys that turn up nowhere."""

import base64
import json
import os
from urllib.parse import quote

import pytest

from tests.support.cli import run_llmreg
from tests.support.http_server import reply, trusting, upstream

CANARY = "sk-canary/0123456789+abcdef"


class Live:
    def __init__(self, folder, capsys, monkeypatch):
        self.folder, self._capsys, self._monkeypatch = folder, capsys, monkeypatch
        self.code, self.out, self.err = 0, "", ""

    def __call__(self, *arguments):
        ran = run_llmreg(*arguments, "--catalog", self.folder / "config/models")
        self.code, self.out, self.err = ran.code, self.out + ran.out, self.err + ran.err
        return ran.out

    def provider(self, name, url, extra=""):
        path = self.folder / "config" / "models" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"provider: {name}\napi: {{base_url: '{url}/v1', key_env: [{name.upper()}_API_KEY]}}\n"
            f"sync: {{sources: [{name}]}}\nmodels:\n  large:\n    name: Large\n{extra}"
        )
        self._monkeypatch.setenv(f"{name.upper()}_API_KEY", CANARY)
        trusted = [os.environ.get("LLMREG_TRUST", ""), trusting(url, f"{name.upper()}_API_KEY")]
        self._monkeypatch.setenv("LLMREG_TRUST", ",".join(trusted))
        return path


@pytest.fixture
def live(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    live = Live(tmp_path, capsys, monkeypatch)
    yield live
    seen = [live.out, live.err, *(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())]
    for form in (CANARY, quote(CANARY, safe=""), base64.b64encode(CANARY.encode()).decode()):
        assert not [text for text in seen if form in text]


def listing(*ids, context=1000):
    return reply(
        {"object": "list", "data": [{"id": name, "object": "model", "context_window": context} for name in ids]}
    )


def test_a_provider_like_openai_is_synced_with_its_key(live):
    with upstream(lambda asked: listing("large", "small")) as server:
        path = live.provider("acme", server.url)
        before = path.read_text()
        live("sync", "acme")
        assert (live.code, path.read_text()) == (3, before)  # nobody has tried this provider's list
        assert "--accept acme#models" in live.out
        live("sync", "acme", "--accept", "acme#models")
        assert live.code == 0
        assert server.asked[0].headers["authorization"] == f"Bearer {CANARY}"
        text = path.read_text()
        assert "    context_window: 1000\n" in text
        assert "  small:\n" in text
        live("sync", "acme")
        assert path.read_text() == text


def test_h19_one_provider_of_two_is_down_and_the_other_is_written(live):
    with upstream(lambda asked: listing("large")) as good, upstream(lambda asked: reply({}, status=404)) as bad:
        path, other = live.provider("acme", good.url), live.provider("beta", bad.url)
        before = other.read_text()
        live("sync", "--all", "--accept", "acme#models")
        assert live.code == 4
        assert "context_window: 1000" in path.read_text()
        assert other.read_text() == before
        assert "beta: no source answered" in live.err
        assert "127.0.0.1" in live.err


def test_h16_a_refused_key_is_named_by_its_variable(live):
    with upstream(lambda asked: reply({"error": {"message": f"bad key {CANARY}"}}, status=401)) as server:
        before = live.provider("acme", server.url).read_text()
        live("sync", "acme", "--format", "json")
        assert live.code == 4
        assert "ACME_API_KEY" in live.err
        assert len(server.asked) == 1
        assert (live.folder / "config/models/acme.yml").read_text() == before


def test_what_was_recorded_replays_without_a_network(live):
    with upstream(lambda asked: listing("large", "small")) as server:
        live.provider("acme", server.url)
        live("diff", "acme", "--format", "json")
        tried = ("sync", "acme", "--accept", "acme#models", "--dry-run", "--format", "json")
        shown = live(*tried, "--record", str(live.folder / "kept"))
    (kept,) = (live.folder / "kept").iterdir()
    again = live(*tried, "--from", f"acme={kept}")
    strip = [{**each, "new": None} for each in json.loads(shown)["changes"]]
    assert [{**each, "new": None} for each in json.loads(again)["changes"]] == strip
    assert live.code == 0


def test_doctor_pings_what_can_be_asked(live):
    with upstream(lambda asked: listing("large", "small")) as server:
        live.provider("acme", server.url)
        assert "2 models" in live("doctor", "acme", "--ping")
        assert live.code == 0
    live("doctor", "acme", "--ping")
    assert live.code == 4


def test_doctor_asks_a_named_provider_and_not_those_that_cover_many(live, monkeypatch):
    with upstream(lambda asked: reply({"error": "no"}, 500)) as many, upstream(lambda _: listing("large")) as server:
        monkeypatch.setenv("LLMREG_MODELS_DEV_URL", many.url)
        path = live.provider("acme", server.url)
        path.write_text(path.read_text().replace("sources: [acme]", "sources: [acme, models.dev]"))
        shown = live("doctor", "acme", "--ping")
        assert (live.code, "1 models" in shown, "answered 500" in shown) == (0, True, False)
        shown = live("doctor", "--ping")
        assert (live.code, "failed: " in shown, "answered 500" in shown, "unreachable" in shown) == (
            4,
            True,
            True,
            False,
        )
