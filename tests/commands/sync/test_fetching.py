"""Asking many sources: at once, in no order, at most once for what has not changed; and what is kept of it."""

import json
import random
import threading
import time
from contextlib import ExitStack

import pytest

from registry_cli.commands.sync.fetch import Asking, fetch_answers
from registry_cli.errors import UpstreamError, UsageError
from registry_cli.http import Limits
from registry_cli.http.loop import run_coroutine
from registry_cli.sources.base import Page, unpack_pages
from registry_cli.sources.registry import all_sources, find_source
from tests.support.http_server import listing, reply, trusting, upstream

MODELS_DEV = {"acme": {"id": "acme", "name": "Acme", "env": [], "models": {"m": {"id": "m", "limit": {"context": 9}}}}}


@pytest.fixture
def environ(tmp_path):
    return {"LLMREG_CACHE": str(tmp_path / "cache")}


def models_of(answer):
    return {model.id for _, model in answer.observations.models()}


def test_what_has_not_changed_costs_one_304(environ):
    def answering(asked):
        if asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since") == "Mon":
            return reply(b"", 304)
        return reply(MODELS_DEV, ETag='"v1"', Last_Modified="Mon")

    with upstream(answering) as server:
        environ["LLMREG_MODELS_DEV_URL"] = server.url
        wanted = [("models.dev", "acme", {}), ("models.dev", "other", {})]
        first, second = (fetch_answers(wanted, Asking(environ=environ)) for _ in range(2))
        assert [models_of(answer) for answer in (*first, *second)] == [{"m"}, {"m"}]
        assert first[0].provider is None
        assert [len(asked.headers.get("if-none-match", "")) for asked in server.asked] == [0, 4]
        fetch_answers(wanted, Asking(environ=environ, keep=False))
        assert "if-none-match" not in server.asked[2].headers


def test_other_work_is_done_while_nobody_has_answered(environ):
    begun, steps = threading.Event(), 0

    def answering(_):
        begun.wait(5)
        return reply(MODELS_DEV)

    def work():
        nonlocal steps
        while True:
            steps += 1
            if steps == 100:
                begun.set()
            yield

    with upstream(answering) as server:
        environ["LLMREG_MODELS_DEV_URL"] = server.url
        assert models_of(fetch_answers([("models.dev", "acme", {})], Asking(environ=environ), work())[0]) == {"m"}
        assert begun.is_set()
        assert models_of(fetch_answers([("models.dev", "acme", {})], Asking(environ=environ), iter([1]))[0]) == {"m"}


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(path.read_bytes()[:-5]), lambda path: path.unlink()])
def test_a_spoilt_cache_is_as_good_as_none(environ, tmp_path, spoil):
    with upstream(lambda _: reply(MODELS_DEV, ETag='"v1"')) as server:
        environ["LLMREG_MODELS_DEV_URL"] = server.url
        for _ in range(2):
            assert models_of(fetch_answers([("models.dev", "acme", {})], Asking(environ=environ))[0]) == {"m"}
            for path in (tmp_path / "cache" / "answers").iterdir():
                spoil(path)
        assert not [asked for asked in server.asked if "if-none-match" in asked.headers]


def test_what_cannot_be_read_or_came_with_a_key_is_not_kept(environ, tmp_path):
    environ["OPENAI_API_KEY"] = "k" * 30
    with upstream(lambda _: reply(listing("a"), ETag='"v1"')) as server:
        environ["LLMREG_MODELS_DEV_URL"] = server.url  # where it is no answer
        environ["LLMREG_TRUST"] = trusting(server.url, "OPENAI_API_KEY")
        body = {"api": {"base_url": server.url}}
        answers = fetch_answers([("openai", "openai", body), ("models.dev", "openai", body)], Asking(environ=environ))
    assert [answer.failure is None for answer in answers] == [True, False]
    assert not (tmp_path / "cache").exists()


def test_a_recording_is_the_same_answer(environ, tmp_path):
    def answering(asked):
        if "after_id" in asked.path:
            return reply({"data": [{"id": "b"}], "has_more": False})
        return reply({"data": [{"id": "a"}], "has_more": True, "last_id": "a"})

    environ |= {"ANTHROPIC_API_KEY": "k" * 30, "XAI_API_KEY": "k" * 30}
    with upstream(answering) as pages, upstream(lambda _: reply(listing("g"))) as single:
        wanted = [
            ("anthropic", "anthropic", {"api": {"base_url": pages.url}}),
            ("xai", "mine", {"api": {"base_url": single.url}}),
        ]
        environ["LLMREG_TRUST"] = f"{trusting(pages.url, 'ANTHROPIC_API_KEY')},{trusting(single.url, 'XAI_API_KEY')}"
        live = fetch_answers(wanted, Asking(environ=environ, record=tmp_path / "kept"))
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["anthropic.json", "xai@mine.json"]
    recorded = unpack_pages((tmp_path / "kept" / "anthropic.json").read_bytes())
    assert find_source("anthropic").read_answers(recorded, "anthropic") == live[0].observations
    assert json.loads((tmp_path / "kept" / "xai@mine.json").read_bytes()) == listing("g")
    assert live[1].provider == "mine"
    assert live[1].url == f"{single.url}/models"


def test_order_of_arrival_does_not_matter(environ):
    names = ["groq", "nvidia", "sambanova", "chutes", "deepinfra"]
    environ["GROQ_API_KEY"] = "k" * 30

    def ask(seed):
        delays = random.Random(seed).sample([0, 0.05, 0.1, 0.15, 0.2], k=5)
        arrived = []
        with ExitStack() as stack:
            wanted = []
            for name, delay in zip(names, delays, strict=True):

                def slowly(_, name=name, delay=delay):
                    time.sleep(delay)
                    return reply(listing(f"{name}-1")) if name != "chutes" else reply({"data": 7})

                url = stack.enter_context(upstream(slowly)).url
                wanted.append((name, name, {"api": {"base_url": url}}))
                if name == "groq":
                    environ["LLMREG_TRUST"] = trusting(url, "GROQ_API_KEY")
            steps = Asking(environ=environ, progress=arrived.append)
            answers = fetch_answers(wanted, steps)
        assert [(step.done, step.total) for step in arrived] == [(number, 5) for number in range(1, 6)]
        kinds = [(each.source, each.observations, each.failure and each.failure.kind) for each in answers]
        return kinds, [step.source for step in arrived]

    first, second = ask(1), ask(2)
    assert first[0] == second[0]
    assert first[1] != second[1]
    assert [source for source, _, _ in first[0]] == names


def test_few_at_once_for_one_host(environ):
    lock, now, most = threading.Lock(), [0], [0]

    def counting(_):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.05)
        with lock:
            now[0] -= 1
        return reply(listing("a"))

    with upstream(counting) as server:
        wanted = [("any", f"p{number}", {"api": {"base_url": server.url}}) for number in range(12)]
        assert all(answer.failure is None for answer in fetch_answers(wanted, Asking(environ=environ)))
    assert most[0] <= 4


def test_what_the_environment_lacks(environ):
    cases = [
        (("openai", "openai", {}), "OPENAI_API_KEY not set"),
        (
            ("gemini", "gemini", {"api": {"key_env": ["MINE_KEY"]}}),
            "GEMINI_API_KEY or GOOGLE_API_KEY or MINE_KEY not set",
        ),
        (
            ("mine", "mine", {"api": {"base_url": "https://${SNOWFLAKE_ACCOUNT}.example/v1"}}),
            "SNOWFLAKE_ACCOUNT not set, which its address needs",
        ),
    ]
    for wanted, message in cases:
        (answer,) = fetch_answers([wanted], Asking(environ=environ))
        assert answer.failure.is_skip
        assert answer.failure.message == message
    with pytest.raises(UsageError, match="no source is called 'nobody'"):
        fetch_answers([("nobody", "nobody", {})], Asking(environ=environ))


def test_a_key_of_the_catalogs_own_variable(environ):
    environ |= {"MINE_REGION": "eu", "MINE_TOKEN": "t" * 20, "SNOWFLAKE_ACCOUNT": "v7"}
    with upstream(lambda _: reply(listing("a"))) as server:
        environ["LLMREG_TRUST"] = trusting(server.url, "MINE_TOKEN")
        api = {"base_url": server.url + "/${SNOWFLAKE_ACCOUNT}", "key_env": ["MINE_REGION", "MINE_TOKEN"]}
        assert models_of(fetch_answers([("mine", "mine", {"api": api})], Asking(environ=environ))[0]) == {"a"}
        assert server.asked[0].headers["authorization"] == "Bearer " + "t" * 20
        assert server.asked[0].path == "/v7/models"


def test_the_account_of_openai(environ):
    environ |= {"OPENAI_API_KEY": "k" * 30, "OPENAI_ORG_ID": "org-1"}
    with upstream(lambda _: reply(listing("a"))) as server:
        environ["LLMREG_TRUST"] = trusting(server.url, "OPENAI_API_KEY")
        fetch_answers([("openai", "openai", {"api": {"base_url": server.url}})], Asking(environ=environ))
        assert server.asked[0].headers["openai-organization"] == "org-1"
        assert "openai-project" not in server.asked[0].headers


def test_a_local_server_is_there_or_not(environ):
    environ["OLLAMA_HOST"] = "127.0.0.1:1"
    started = time.monotonic()
    (answer,) = fetch_answers([("ollama", "ollama", {})], Asking(environ=environ, limits=Limits(pause=30)))
    assert answer.failure.kind == "unreachable"
    assert time.monotonic() - started < 10
    del environ["OLLAMA_HOST"]
    nowhere = {"base_url": "http://127.0.0.1:1/v1"}
    wanted = [("ollama", "ollama", {"api": nowhere}), ("mine", "mine", {"api": nowhere, "billing": "local"})]
    answers = fetch_answers(
        [*wanted, ("other", "other", {"api": nowhere})], Asking(environ=environ, limits=Limits(pause=0.01))
    )
    assert [answer.failure.is_skip for answer in answers] == [True, True, False]  # nobody said that the first two run
    assert answers[0].failure.message == "127.0.0.1:1: Connection refused"


def test_one_deadline_does_not_end_another(environ):
    def slowly(_):
        time.sleep(1.5)
        return reply(listing("late"))

    with upstream(slowly) as slow, upstream(lambda _: reply(listing("a"))) as quick:
        wanted = [("any", name, {"api": {"base_url": url}}) for name, url in (("slow", slow.url), ("quick", quick.url))]
        answers = fetch_answers(wanted, Asking(environ=environ, limits=Limits(deadline=1, attempts=1)))
    assert [answer.failure is None for answer in answers] == [False, True]


def test_an_interruption_passes_through():
    async def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_coroutine(interrupted())


VALUES = [None, 0, -1, 1.5, "", "x", "\x1b[31m", [], [[]], {}, {"id": {}}, True, 10**30, "9" * 50, ["a", 1], "../x"]


def _mutated(value, chance):
    """The same JSON with here and there another value, key or row."""
    if chance.random() < 0.04:
        return chance.choice(VALUES)
    if isinstance(value, dict):
        return {key: _mutated(each, chance) for key, each in value.items() if chance.random() > 0.02}
    if isinstance(value, list):
        rows = [_mutated(each, chance) for each in value if chance.random() > 0.02]
        return rows + rows[:1] if chance.random() < 0.05 else rows
    return value


FULL = {
    "id": "a/b", "key": "k", "name": "models/x", "model": "m:1", "created": 1785858831, "type": "llm", "aliases": ["b"],
    "display_name": "A", "max_input_tokens": 9, "max_tokens": 3,
    "capabilities": {"vision": True, "effort": {"low": {}}},
    "inputTokenLimit": 8, "supportedGenerationMethods": ["generateContent"], "context_length": 7, "image_price": 2,
    "prompt_text_token_price": 20000, "long_context_threshold": 5, "max_context_length": 4, "deprecation": "2026-01-01",
    "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]}, "alias_target": {"slug": "a/b"},
    "pricing": {"prompt": "0.1", "completion": "1e-6", "input": 3,
                "overrides": [{"min_prompt_tokens": 5, "prompt": "1"}]},
    "top_provider": {"max_completion_tokens": 5}, "supported_parameters": ["tools"],
    "reasoning": {"supported_efforts": []},
    "limits": {"max_context_length": 5}, "model_spec": {"pricing": {"input": {"usd": 1}}, "capabilities": {}},
    "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 0.1, "limit": {"context": 5},
    "cost": {"input": 1},
}  # fmt: skip


def test_a_thousand_mutated_answers_raise_nothing_else():
    """Whatever an answer holds, a parser gives observations with sound ids, or says that it cannot."""
    chance, everyone, read = random.Random(20261122), list(all_sources()), 0
    for number in range(1200):
        row = _mutated(FULL, chance)
        bodies = [{"data": [row, FULL]}, {"models": [row, FULL]}, [row], {"p": {"models": {"m": row}}}, {"m": row}]
        data = json.dumps(_mutated(bodies[number % 5], chance)).encode()
        for source in chance.sample(everyone, k=8):
            try:
                seen = source.parse([Page(data), Page(data, "m:1")], source.name)
            except UpstreamError:
                continue
            except Exception as error:
                if source.covers_many:
                    continue  # made for whole files; `observe` turns this into an UpstreamError
                raise AssertionError(f"{source.name}: {data!r}") from error
            read += 1
            for _, model in seen.models():
                assert source.covers_many or (
                    isinstance(model.id, str) and "\x1b" not in model.id and ".." not in model.id
                )
    assert read > 1500


def test_a_local_server_is_not_behind_the_proxy(environ, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with upstream(lambda _: reply(listing("a"))) as server:
        assert models_of(
            fetch_answers([("any", "any", {"api": {"base_url": server.url}})], Asking(environ=environ))[0]
        ) == {"a"}
