"""Bedrock: limits in free text, sizes that are no models, and AWS's signature."""

import builtins
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from registry_cli.commands.sync.fetch import Asking, fetch_answers
from registry_cli.commands.sync.targets import find_target
from registry_cli.core.statements.answers import Failure
from registry_cli.sources.registry import find_source
from tests.support.http_server import reply, trusting, upstream
from tests.support.source_answers import read

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalr/XUtnFEMI+K7MDENG",
    "AWS_REGION": "eu-west-1",
}
URL = "https://bedrock.eu-west-1.amazonaws.com/foundation-models"


def row(name, *, window=None, most=None, maker="Qwen", life=None, documents=(), **more):
    return {
        "modelId": name,
        "modelName": name.upper(),
        "providerName": maker,
        "inputModalities": ["TEXT"],
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": True,
        "modelLifecycle": {"status": "ACTIVE", **(life or {})},
        "description": {"maxContextWindow": window} if window else None,
        "converse": {"maxTokensMaximum": most, "userDocumentTypesSupported": list(documents)},
        **more,
    }


def models(*rows):
    found, notes = read("bedrock", {"modelSummaries": list(rows)})
    return {name: dict(model.facts) for name, model in found.items()}, notes


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("200K", 200000), ("200k", 200000), ("1M", 1000000), ("163,840", 163840), ("128000", 128000), ("1.5M", 1500000)],
)
def test_a_window_in_free_text(text, tokens):
    assert models(row("a", window=text))[0]["a"]["context_window"] == tokens


@pytest.mark.parametrize("text", ["a lot", "1,5K tokens", "1.2345", 5, ["1M"]])
def test_a_window_that_is_no_number_is_noted(text):
    found, notes = models(row("a", window=text))
    assert "context_window" not in found["a"]
    assert notes == ["not a number of tokens"]


def test_the_most_that_may_be_asked_for_is_an_output_limit_only_where_it_is_none_of_the_window():
    found, _ = models(
        row("below", window="1M", most=65535),
        row("same", window="163,840", most=163840),
        row("unknown", most=262144),
        row("claude", most=64000, maker="Anthropic"),
    )
    assert {name: facts.get("max_output_tokens") for name, facts in found.items()} == {
        "below": 65535,
        "same": None,
        "unknown": None,
        "claude": 64000,
    }


def test_sizes_of_provisioned_throughput_are_no_models():
    found, notes = models(
        row("m.claude-v2:1"), row("m.claude-v2:1:18k"), row("m.nova-v1:0:mm"), row("m.embed-v3:0:512")
    )
    assert list(found) == ["m.claude-v2:1"]
    assert notes == ["a size of provisioned throughput, not a model"] * 3
    assert list(models(row("us.m.claude-v2:1"), row("eu.m.claude-v2:1"))[0]) == ["us.m.claude-v2:1", "eu.m.claude-v2:1"]


def test_lifecycle():
    life = {"status": "LEGACY", "startOfLifeTime": "2025-05-22T00:00:00Z", "legacyTime": "2026-04-14T00:00:00Z"}
    found, _ = models(row("old", life=life | {"endOfLifeTime": "2026-10-14T00:00:00Z"}))
    assert {key: value for key, value in found["old"].items() if key.endswith(("date", "status"))} == {
        "status": "deprecated",
        "deprecation_date": "2026-04-14",
        "retirement_date": "2026-10-14",
    }


def test_what_a_row_does_not_say_is_not_denied():
    bare = row("bare", inputModalities=["TEXT", "IMAGE"]) | {"converse": None, "description": None}
    speaks = row("speaks", inputModalities=["SPEECH"], outputModalities=["SPEECH", "TEXT"])
    reads = row("reads", documents=["pdf", "docx"], inputModalities=["TEXT", "IMAGE", "VIDEO"])
    found, _ = models(
        bare, speaks, reads, row("vector", outputModalities=["EMBEDDING"]), row("draws", outputModalities=["IMAGE"])
    )
    assert found["bare"] == {"name": "BARE", "capabilities": ["streaming", "vision"]}
    assert found["speaks"]["modalities"] == {"input": ["audio"], "output": ["text", "audio"]}
    assert found["reads"]["modalities"] == {"input": ["text", "image", "pdf", "video"], "output": ["text"]}
    assert found["vector"] == {"name": "VECTOR", "mode": "embedding", "capabilities": ["streaming"]}
    assert found["draws"]["mode"] == "image_generation"
    edits = row("edits", inputModalities=["TEXT", "IMAGE"], outputModalities=["IMAGE"])
    assert "mode" not in models(edits)[0]["edits"]
    seen, _ = read("bedrock", {"modelSummaries": [bare, edits]})
    assert [model.denies for model in seen.values()] == [frozenset(), frozenset()]


def asked(environ):
    found = find_target(find_source("bedrock"), "bedrock", {"key_env": ["AWS_ACCESS_KEY_ID", "AWS_REGION"]}, environ)
    return found.message if isinstance(found, Failure) else find_source("bedrock").first_request(found)


def test_a_request_is_signed_as_aws_says_each_time_it_is_sent():
    pytest.importorskip("botocore")
    request = asked(KEYS)
    assert request.url == URL
    headers = dict(request.sign(URL))
    stamp = headers["X-Amz-Date"]
    day = stamp[:8]
    sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=5)
    scope = f"{day}/eu-west-1/bedrock/aws4_request"
    canonical = (
        "GET\n/foundation-models\n\n"
        f"host:bedrock.eu-west-1.amazonaws.com\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{hashlib.sha256(b'').hexdigest()}"
    )
    key = f"AWS4{KEYS['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in (day, "eu-west-1", "bedrock", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    assert headers["Authorization"] == (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders=host;x-amz-date, "
        f"Signature={hmac.new(key, text.encode(), 'sha256').hexdigest()}"
    )
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str(headers) + repr(request)
    assert request.key.variable == "AWS_SECRET_ACCESS_KEY"  # kept to https, and out of redirects and answers
    assert dict(asked(KEYS | {"AWS_SESSION_TOKEN": "tok"}).sign(URL))["X-Amz-Security-Token"] == "tok"


def test_it_is_asked_with_a_signature_and_the_secret_stays_here(tmp_path):
    pytest.importorskip("botocore")
    with upstream(lambda asked: reply({"modelSummaries": [row("a")]})) as server:
        wanted = [("bedrock", "bedrock", {"api": {"base_url": server.url}})]
        trust = {"LLMREG_TRUST": trusting(server.url, "AWS_SECRET_ACCESS_KEY"), "LLMREG_CACHE": str(tmp_path)}
        (answer,) = fetch_answers(wanted, Asking(environ=KEYS | trust, record=tmp_path / "kept"))
    assert answer.failure is None
    assert [model.id for model in answer.observations.providers[0].models] == ["a"]
    assert "Credential=AKIDEXAMPLE/" in server.asked[0].headers["authorization"]
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["bedrock.json"]
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str(server.asked[0].headers) + kept[0].read_text()


def test_a_refused_signature_names_the_variable():
    pytest.importorskip("botocore")
    with upstream(lambda asked: reply({"message": "no"}, status=403)) as server:
        wanted = [("bedrock", "bedrock", {"api": {"base_url": server.url}})]
        environ = KEYS | {"LLMREG_TRUST": trusting(server.url, "AWS_SECRET_ACCESS_KEY")}
        (answer,) = fetch_answers(wanted, Asking(environ=environ, keep=False))
        (refused,) = fetch_answers(wanted, Asking(environ=KEYS, keep=False))
    assert (refused.failure.kind, len(server.asked)) == ("untrusted", 1)  # a file may not say what is signed
    assert answer.failure.kind == "refused"
    assert "AWS_SECRET_ACCESS_KEY (403)" in answer.failure.message


def test_what_is_missing_is_said(monkeypatch):
    address = "AWS_REGION or AWS_DEFAULT_REGION not set, which its address needs"
    assert asked({"AWS_BEARER_TOKEN_BEDROCK": "b"}) == address
    keys = "AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not set"
    assert asked({}) == f"{address}; {keys}"
    region = {"AWS_DEFAULT_REGION": "us-east-1"}
    assert asked(region) == keys
    bearer = asked(region | KEYS | {"AWS_BEARER_TOKEN_BEDROCK": "b"})
    assert (bearer.sign, bearer.key.variable) == (None, "AWS_BEARER_TOKEN_BEDROCK")
    real = builtins.__import__

    def without_extra(name, *arguments):
        if name.startswith("botocore"):
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without_extra)
    assert "pip install 'llmreg[bedrock]'" in asked(KEYS)
