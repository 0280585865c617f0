"""No list of an aggregator decides where keys go: not for a provider that llmreg knows, and for others not unseen."""

import json

import pytest

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.addresses import find_address_changes
from registry_cli.core.matching.items import Item
from registry_cli.core.matching.listening import Heard
from registry_cli.core.proposals.commit_message import CommitSummary, commit_message
from registry_cli.yamledit.document import load_value
from tests.support.cli import run_llmreg
from tests.support.http_server import listing, reply, upstream
from tests.support.sync_workspace import run  # noqa: F401  # the fixture

EVIL = "https://evil.example/v1"


def listed(*env, api=EVIL, **more):
    model = {"name": "M1", "limit": {"context": 1000, "output": 100}, "cost": {"input": 1, "output": 2}}
    return {"name": "Name", "env": list(env), "api": api, "models": {"m1": model}, **more}


def api_of(run, provider):  # noqa: F811
    return load_value((run.file.parent / f"{provider}.yml").read_text()).get("api")


@pytest.mark.parametrize(
    ("provider", "api"),
    [
        ("openai", {"key_env": ["OPENAI_API_KEY"]}),
        ("groq", {"key_env": ["GROQ_API_KEY"]}),
        ("moonshotai-cn", {"base_url": "https://api.moonshot.cn/v1", "key_env": ["MOONSHOT_API_KEY"]}),
        ("ai21", None),
    ],
)
def test_a_known_provider_has_the_address_that_llmreg_knows(run, provider, api):  # noqa: F811
    shown = run.sync({provider: listed("STRIPE_SECRET_KEY")}, "--no-pr", command=("sync", provider))
    assert (run.code, api_of(run, provider)) == (0, api)
    assert ("llmreg" in shown.splitlines()[0]) == (api is not None)
    if api:
        assert "not taken: models.dev states https://evil.example/v1 for STRIPE_SECRET_KEY" in shown.splitlines()[0]


def test_import_takes_no_address_of_a_known_provider(run, tmp_path, monkeypatch):  # noqa: F811
    path = tmp_path / "models.dev.json"
    path.write_text(json.dumps({"openai": listed("ANTHROPIC_API_KEY"), "OpenAI": listed("X_KEY"), "delta": listed()}))
    notes = tmp_path / "notes"
    ran = run_llmreg("import", f"models.dev={path}", "--to", str(tmp_path / "new"), "--notes", str(notes))
    texts = {file.stem: load_value(file.read_text()).get("api") for file in (tmp_path / "new").iterdir()}
    assert texts == {"openai": {"key_env": ["OPENAI_API_KEY"]}, "OpenAI": texts["OpenAI"], "delta": {"base_url": EVIL}}
    assert texts["OpenAI"] == {"key_env": ["OPENAI_API_KEY"]}  # the same provider in other letters
    assert "does not decide where the keys of a provider go" in notes.read_text()
    assert ran.err.splitlines()[:2] == ["Where keys go:", "  delta: no key -> evil.example"]


def test_the_plan_says_first_where_keys_of_a_new_provider_go(run):  # noqa: F811
    answer = {
        "delta": listed("DELTA_API_KEY", api="https://api.delta.example"),
        "gamma": listed("OPENAI_API_KEY", "NPM_TOKEN", "GITHUB_TOKEN"),
        "acme": {"name": "Acme", "models": {"large": listed()["models"]["m1"]}},
    }
    command = ("sync", "acme", "delta", "gamma")
    gamma = (
        "OPENAI_API_KEY -> evil.example (NOT its host, which is api.openai.com); "
        "NPM_TOKEN -> evil.example (another program's secret); "
        "GITHUB_TOKEN -> evil.example (NOT its host, which is models.github.ai or api.githubcopilot.com)"
    )
    delta = "DELTA_API_KEY -> api.delta.example (not sent before you run: llmreg trust api.delta.example=DELTA_API_KEY)"
    shown = run.sync(answer, "--dry-run", command=command).splitlines()
    assert [line.split("\t")[:2] for line in shown[:2]] == [["address", "delta"], ["address", "gamma"]]
    assert [line.split("\t")[-1] for line in shown[:2]] == [delta, gamma]
    assert run.err.startswith(f"Where keys go:\n  delta: {delta}\n  gamma: {gamma}\n")
    assert "2 new API hosts" in run.err
    rows = json.loads(run.sync(answer, "--dry-run", "--format", "json", command=command))["changes"]
    assert {row["model"]: row["reason"] for row in rows if row["status"] == "address"} == {
        "delta": delta,
        "gamma": gamma,
    }
    report = run.sync(answer, "--dry-run", "--format", "markdown", command=command)
    assert report.index("## Where keys go") < report.index("## New models")
    run.sync(answer, "--no-pr", command=command)
    assert api_of(run, "gamma") == {"base_url": EVIL, "key_env": ["OPENAI_API_KEY", "NPM_TOKEN", "GITHUB_TOKEN"]}


def test_the_commit_says_it_first():
    item = Item("gamma", "api", "address", ABSENT, {}, "models.dev", f"OPENAI_API_KEY -> x @team #1 {EVIL}")
    message = commit_message(CommitSummary("gamma", [Item("gamma/m1", "", "new"), item]))
    assert message.split("\n\n")[:3] == [
        "gamma: 1 new model, 1 new API host",
        "Where keys go:\n- gamma: OPENAI_API_KEY -> x @\u200bteam #\u200b1 https:\u200b//evil.example/v1",
        "- new: gamma/m1",
    ]
    assert commit_message(CommitSummary("gamma", [item])).startswith("gamma: 1 new API host\n")


def test_a_change_of_an_address_says_what_it_was():
    old = {"base_url": "https://api.delta.example/v1", "key_env": ["DELTA_API_KEY"]}
    (item,) = find_address_changes("delta", old, {**old, "base_url": EVIL}, [])
    assert (item.old, item.source) == (old, "llmreg")
    assert item.reason.startswith("DELTA_API_KEY -> evil.example (not sent before")
    assert item.reason.endswith("; before: DELTA_API_KEY -> api.delta.example")
    assert find_address_changes("delta", old, dict(old), []) == ()


def test_the_same_route_in_other_words_is_not_mentioned():
    heard = Heard(
        "models.dev",
        (),
        "",
        {"api": {"base_url": "https://API.openai.com/v2", "key_env": ["OPENAI_API_KEY"]}},
        "openai",
    )
    (item,) = find_address_changes("openai", {}, {"key_env": ["OPENAI_API_KEY"]}, [heard])
    assert item.reason == "OPENAI_API_KEY -> api.openai.com (built-in source openai)"


def test_the_next_sync_sends_no_key_to_the_address_that_a_list_chose(run, monkeypatch):  # noqa: F811
    monkeypatch.setenv("OPENAI_API_KEY", "sk-CANARY-0123456789abcdef")
    with upstream(lambda _: reply(listing("m1"))) as server:
        run.sync({"gamma": listed("OPENAI_API_KEY", api=f"{server.url}/v1")}, "--no-pr", command=("sync", "gamma"))
        for arguments in (("sync", "gamma", "--no-pr"), ("diff", "gamma"), ("doctor", "gamma", "--ping")):
            run(*arguments, *(("--sources", "gamma") if arguments[0] != "doctor" else ()))
            assert run.code == 4
        assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "https://api.openai.com@evil.example/v1",
        "https://api.openai.com.evil.example",
        "https://api.\u043epenai.com",
        "http://evil.example",
    ],
)
def test_an_address_that_imitates_another_is_not_written(run, address):  # noqa: F811
    shown = run.sync({"gamma": listed("GAMMA_KEY", api=address)}, "--no-pr", command=("sync", "gamma"))
    assert api_of(run, "gamma") == {"key_env": ["GAMMA_KEY"]}
    told = "not taken: models.dev states http" in shown.splitlines()[0]
    assert told == address.isascii()  # what is not, the reader of the list has left out
