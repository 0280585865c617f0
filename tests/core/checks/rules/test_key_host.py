"""The rule `key-host`: what it reports, how much it weighs, and what it says nothing of."""

import subprocess

import pytest

from tests.support.cli import run_llmreg
from tests.support.findings import findings_in
from tests.support.http_server import listing, reply, upstream

CYRILLIC = "api.\u043epenai.com"


def found(tmp_path, base_url, *key_env, provider="acme", sources=None):
    address = f"  base_url: {base_url!r}\n" if base_url else ""
    names = f"  key_env: [{', '.join(key_env)}]\n" if key_env else ""
    api = f"api:\n{address}{names}" if address or names else ""
    sync = f"sync: {{sources: [{sources}]}}\n" if sources else ""
    text = f"provider: {provider}\n{api}{sync}models: {{}}\n"
    return [(each.severity, each.message) for each in findings_in(tmp_path, {f"{provider}.yml": text})]


@pytest.mark.parametrize(
    ("base_url", "said"),
    [
        ("https://api.openai.com@evil.example/v1", "a user name stands before the host, which is evil.example"),
        ("https://word@api.openai.com", "a user name stands before the host, which is api.openai.com"),
        ("https://api.openai.com.evil.example", "api.openai.com.evil.example looks like api.openai.com"),
        ("https://api-openai.com", "api-openai.com looks like api.openai.com"),
        ("https://api.openai.com-evil.net", "looks like api.openai.com"),
        ("https://api.0penai.com", "api.0penai.com looks like api.openai.com"),
        ("https://api.opneai.com", "looks like api.openai.com"),
        ("https://api.openai.co/v1", "looks like api.openai.com"),
        ("https://api.rnistral.ai", "looks like api.mistral.ai"),
        ("https://api.xn--penai-iye.com", "looks like api.openai.com"),
        (f"https://{CYRILLIC}/v1", "not ASCII: it is api.xn--penai-iye.com, and looks like api.openai.com"),
        ("https://b\u00fccher.example", "not ASCII: it is xn--bcher-kva.example"),
        ("http://api.zenith.example", "a key is not sent to api.zenith.example over http: write https"),
        ("http://134744072/v1", "a key is not sent to 8.8.8.8 over http"),
    ],
)
def test_an_error_whatever_the_key(tmp_path, base_url, said):
    ((severity, message),) = found(tmp_path, base_url, "ACME_API_KEY")
    assert severity == "error"
    assert said in message


@pytest.mark.parametrize(
    ("base_url", "variable", "said"),
    [
        ("https://gateway.example", "OPENAI_API_KEY", "is known for api.openai.com, not for gateway.example"),
        ("https://api.openai.com:8443", "OPENAI_API_KEY", "not for api.openai.com:8443"),
        ("https://api.groq.com/openai/v1", "OPENAI_API_KEY", "is known for api.openai.com, not for api.groq.com"),
        ("https://gateway.example", "ZHIPU_API_KEY", "is known for api.z.ai and open.bigmodel.cn"),
        ("https://gateway.example", "NPM_TOKEN", "is known for something else"),
        ("https://gateway.example", "GITLAB_TOKEN", "is known for something else"),
        ("https://gateway.example", "GITHUB_TOKEN", "is known for models.github.ai"),
        ("https://${SNOWFLAKE_ACCOUNT}.evil.example", "SNOWFLAKE_CORTEX_PAT", "${SNOWFLAKE_ACCOUNT}.evil.example"),
        ("https://dbc-1.example", "DATABRICKS_TOKEN", "is known for ${DATABRICKS_HOST}"),
        ("http://169.254.169.254", "OPENAI_API_KEY", "not for 169.254.169.254:80"),
    ],
)
def test_a_known_variable_at_another_host_is_a_warning(tmp_path, base_url, variable, said):
    ((severity, message),) = found(tmp_path, base_url, "ACME_API_KEY", variable)
    assert (severity, message.startswith(f"api.key_env[1]: {variable} ")) == ("warning", True)
    assert said in message


def test_the_variable_of_a_source_counts_where_the_file_names_none(tmp_path):
    assert [severity for severity, _ in found(tmp_path, "https://gateway.example", provider="openai")] == ["warning"]
    (tmp_path / "openai.yml").unlink()
    ((severity, message),) = found(tmp_path, "https://gateway.example", sources="anthropic")
    assert (severity, message.startswith("api.base_url: ANTHROPIC_API_KEY")) == ("warning", True)
    (tmp_path / "acme.yml").unlink()
    ((severity, message),) = found(tmp_path, None, "OPENAI_API_KEY", provider="groq")
    assert message.endswith("not for api.groq.com")


@pytest.mark.parametrize(
    ("base_url", "key_env"),
    [
        ("http://127.0.0.1:8000/v1", ["OPENAI_API_KEY"]),
        ("http://localhost:8000/v1", ["NPM_TOKEN"]),
        ("http://10.0.0.5", ["OPENAI_API_KEY"]),
        ("https://192.168.1.9", ["OPENAI_API_KEY"]),
        ("http://gpu-box:8000", ["OPENAI_API_KEY"]),
        ("http://[::1]:8000", ["OPENAI_API_KEY"]),
        ("https://api.openai.com/v1", ["OPENAI_API_KEY"]),
        ("https://API.openai.com:443/v2", ["OPENAI_API_KEY"]),
        ("https://api.minimaxi.com/anthropic/v1", ["MINIMAX_API_KEY"]),
        ("https://${DATABRICKS_HOST}/x", ["DATABRICKS_HOST", "DATABRICKS_TOKEN"]),
        ("https://api.acme.example", ["ACME_API_KEY", "ACME_REGION"]),
        ("http://api.acme.example", []),
        ("https://eu.api.openai.com", []),
        ("https://openai.azure.com", ["ACME_API_KEY"]),
        (None, ["OPENAI_API_KEY"]),
    ],
)
def test_what_it_says_nothing_of(tmp_path, base_url, key_env):
    assert found(tmp_path, base_url, *key_env) == []


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    """A catalog in git whose last commit, a "fix of a typo", moves the key of openai."""
    folder = tmp_path / "repository"
    models = folder / "config" / "models"
    models.mkdir(parents=True)
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org"]

    def save(base_url, message):
        api = f"api: {{base_url: '{base_url}', key_env: [OPENAI_API_KEY]}}\n"
        (models / "openai.yml").write_text(f"provider: openai\n{api}models: {{}}\n")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-qm", message], check=True)

    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    save("https://api.openai.com/v1", "begin")
    save("https://gateway.example/v1", "fix typo")
    monkeypatch.chdir(folder)
    return models


def validate(monkeypatch, *arguments):
    ran = run_llmreg("validate", *arguments)
    return ran.code, ran.out.count("key-host"), " error" in ran.err and "1 error" in ran.err


def test_a_pull_request_that_moves_a_key_fails_its_check(catalog, monkeypatch):
    assert validate(monkeypatch) == (0, 1, False)
    assert validate(monkeypatch, "--strict") == (1, 1, False)
    assert validate(monkeypatch, "--new-since", "HEAD^1") == (1, 1, True)
    assert validate(monkeypatch, "--new-since", "HEAD") == (0, 0, False)
    annotated = run_llmreg("validate", "--new-since", "HEAD^1", "--format", "github").out
    assert annotated.startswith("::error file=config/models/openai.yml,line=2,")


def test_a_host_that_the_user_trusts_is_not_reported(catalog, monkeypatch):
    monkeypatch.setenv("LLMREG_TRUST", "gateway.example=ANTHROPIC_API_KEY")
    assert validate(monkeypatch, "--new-since", "HEAD^1") == (1, 1, True)
    monkeypatch.setenv("LLMREG_TRUST", "gateway.example=OPENAI_API_KEY")
    assert validate(monkeypatch, "--new-since", "HEAD^1", "--strict") == (0, 0, False)
    monkeypatch.delenv("LLMREG_TRUST")
    assert validate(monkeypatch)[1] == 1  # what is remembered of the file does not depend on it


@pytest.mark.parametrize("base_url", ["https://api.openai.com@gateway.example", "http://gateway.example"])
def test_what_trust_cannot_make_right_stays_an_error(tmp_path, monkeypatch, base_url):
    monkeypatch.setenv("LLMREG_TRUST", "gateway.example=ACME_API_KEY,gateway.example:80=ACME_API_KEY")
    text = f"provider: acme\napi: {{base_url: '{base_url}', key_env: [ACME_API_KEY]}}\nmodels: {{}}\n"
    (tmp_path / "acme.yml").write_text(text)
    assert run_llmreg("validate", str(tmp_path)).code == 1


def test_ignoring_the_rule_sends_no_key(tmp_path, monkeypatch):
    models = tmp_path / "config" / "models"
    models.mkdir(parents=True)
    (tmp_path / "config" / "llmreg.yml").write_text("validate: {ignore: [key-host]}\n")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-CANARY-0123456789abcdef")
    with upstream(lambda _: reply(listing("m"))) as server:
        url = server.url.replace("127.0.0.1", "2130706433")
        text = f"provider: openai\napi: {{base_url: '{url}', key_env: [OPENAI_API_KEY]}}\nmodels: {{m: {{}}}}\n"
        (models / "openai.yml").write_text(text)
        assert run_llmreg("validate", "--catalog", str(models)).code == 0
        ran = run_llmreg("sync", "openai", "--sources", "openai", "--no-pr", "--catalog", str(models))
        assert (ran.code, server.asked) == (4, [])
