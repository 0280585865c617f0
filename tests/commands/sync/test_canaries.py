"""A canary in every key variable that the program knows, a hostile catalog, and every command: what leaves is kept,
and no canary is in it but at a host that is trusted with just that variable."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from registry_cli.cli import COMMANDS
from registry_cli.core.text.secrets import SecretKey
from registry_cli.core.trust.known import known_apis, known_hosts
from registry_cli.core.trust.variables import FOREIGN_SECRETS, key_names
from registry_cli.sources.registry import all_sources
from tests.support.cli import run_llmreg
from tests.support.http_server import listing, reply
from tests.support.request_recorder import certify, recording

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")

CYRILLIC = "api.\u043epenai.com"
OTHERS = ["GH_TOKEN", "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "CI_JOB_TOKEN", "LLMREG_APP_PRIVATE_KEY", "ACME_API_KEY",
          "DATABASE_URL", "SENTRY_DSN", "PGPASSWD", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "SLACK_WEBHOOK",
          "AZURE_STORAGE_CONNECTION_STRING", "GATEWAY_API_KEY"]  # fmt: skip
VARIABLES = sorted({
    *known_hosts().homes, *FOREIGN_SECRETS, *OTHERS,
    *(name for source in all_sources() for name in source.header_variables.values()),
    *(name for api in known_apis().values() for name in key_names(api.key_env)),
})  # fmt: skip
CANARIES = {name: f"sk-CANARY-{name}-0123456789abcdef" for name in VARIABLES}
PLACES = {"AZURE_OPENAI_ENDPOINT": "mine.azure.example", "DATABRICKS_HOST": "https://dbc.example/", "AWS_REGION": "eu",
          "SNOWFLAKE_ACCOUNT": "mine", "CLOUDFLARE_ACCOUNT_ID": "an-account"}  # fmt: skip
# What may leave: for each provider of the catalog that is as it should be, and for the gateway that the user trusts.
ALLOWED = {
    ("api.openai.com:443", "OPENAI_API_KEY"), ("api.openai.com:443", "OPENAI_ORG_ID"),
    ("api.openai.com:443", "OPENAI_PROJECT_ID"), ("api.mistral.ai:443", "MISTRAL_API_KEY"),
    ("mine.azure.example:443", "AZURE_OPENAI_API_KEY"), ("dbc.example:443", "DATABRICKS_TOKEN"),
    ("mine.snowflakecomputing.com:443", "SNOWFLAKE_CORTEX_PAT"), ("gateway.example:443", "GATEWAY_API_KEY"),
    ("api.z.ai:443", "ZHIPU_API_KEY"),
}  # fmt: skip
GOOD = {
    "openai": {"key_env": ["OPENAI_API_KEY"]},
    "mistral": {},
    "azure": {},
    "databricks": {"base_url": "https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1", "key_env": ["DATABRICKS_TOKEN"]},
    "snowflake": {
        "base_url": "https://${SNOWFLAKE_ACCOUNT}.snowflakecomputing.com/api", "key_env": ["SNOWFLAKE_CORTEX_PAT"],
    },
    "gateway": {"base_url": "https://gateway.example/v1", "key_env": ["GATEWAY_API_KEY"]},
    "zai": {"base_url": "https://api.z.ai/api/paas/v4", "key_env": ["ZHIPU_API_KEY"]},
}  # fmt: skip
HOSTILE = [
    "https://evil.example/v1", "https://api.openai.com@evil.example/v1", "https://api.openai.com.evil.example/v1",
    "https://api-openai.com/v1", f"https://{CYRILLIC}/v1", "https://api.openai.com:8443/v1", "http://api.openai.com/v1",
    "http://134744072/v1", "https://134744072/v1", "http://10.0.0.5/v1", "http://gpu-box:8000/v1",
    "http://169.254.169.254/latest/meta-data?", "http://{local}/v1", "https://{local}/v1", "http://localhost:{port}/v1",
    "https://evil.example/${DATABASE_URL}", "https://evil.example/${OPENAI_API_KEY}", "${SENTRY_DSN}/v1",
    "https://evil.example/${AWS_REGION,AWS_ACCESS_KEY_ID}", "https://dbc.example/v1", "https://mine.azure.example/v1",
    "https://${DATABRICKS_HOST}.evil.example", "https://${AWS_REGION}@evil.example", "https://api.groq.com/openai/v1",
    "https://gateway.example.evil.example/v1",
]  # fmt: skip
HOSTS = ["evil.example", "api.openai.com.evil.example", "api-openai.com", "api.xn--penai-iye.com", "8.8.8.8",
         "api.openai.com", "mine.azure.example", "dbc.example", "dbc.example.evil.example", "eu.evil.example",
         "mine.snowflakecomputing.com", "gateway.example", "gateway.example.evil.example", "api.z.ai", "api.groq.com",
         "api.mistral.ai", "127.0.0.1", "models.dev", "raw.githubusercontent.com"]  # fmt: skip

# How each command is called on the catalog, one that reads and asks as much as it can. A new command needs a line.
CALLS = {
    "query": [["query", "--vision"]],
    "show": [["show", "gateway/m"], ["show", "box/m2"]],
    "compare": [["compare", "gateway/m", "openai/m"]],
    "providers": [["providers"]],
    "capabilities": [["capabilities"]],
    "default": [["default", "openai"]],
    "cost": [["cost", "box/m2", "--input", "1k"]],
    "sql": [["sql", "SELECT * FROM models"]],
    "sync": [
        ["sync", "--all", "--dry-run"],
        ["sync", "--all", "--commit", "--accept", "all"],
        ["sync", "--all", "--no-pr", "--record", "recorded", "--report", "report.md"],
        ["sync", "--all", "--no-pr", "--sources", "openai,anthropic,groq,vllm,genai-prices"],
    ],
    "diff": [["diff", "--all", "--format", "json"]],
    "explain": [["explain", "gateway/m"]],
    "deprecations": [["deprecations"]],
    "audit": [["audit"]],
    "recover": [["recover", "--finish"]],
    "doctor": [["doctor"], ["doctor", "--ping"], ["doctor", "evil-0", "openai", "--ping", "--format", "json"]],
    "trust": [["trust", "--list"]],
    "validate": [["validate", "--strict"], ["validate", "--new-since", "HEAD"]],
    "schema": [["schema"]],
    "set": [["set", "gateway/m", "name=M"]],
    "unset": [["unset", "gateway/m", "name"]],
    "add": [["add", "gateway/m9", "context_window=5"]],
    "remove": [["remove", "gateway/m9"]],
    "rename": [["rename", "gateway/m", "m8"]],
    "deprecate": [["deprecate", "gateway/m8"]],
    "alias": [["alias", "gateway/m8", "m7"]],
    "fmt": [["fmt"]],
    "history": [["history", "openai/m"]],
    "changelog": [["changelog"]],
    "blame": [["blame", "openai/m"]],
    "restore": [["restore", "openai/m", "--to", "HEAD~1", "--dry-run"]],
    "import": [["import", "models.dev=models.dev.json", "--to", "imported"]],
    "export": [["export", "json", "-o", "catalog.json"]],
    "init": [["init", "new", "--provider", "openai", "--no-git"]],
    "cache": [["cache", "info"]],
}


def write_catalog(folder: Path, place: str) -> None:
    models = folder / "config" / "models"
    models.mkdir(parents=True)
    named = [name for name in VARIABLES if name.endswith(("KEY", "TOKEN", "PAT"))]
    bodies = {name: {"api": api} if api else {} for name, api in GOOD.items()}
    for number, address in enumerate(HOSTILE):
        base_url = address.replace("{local}", place).replace("{port}", place.rpartition(":")[2])
        bodies[f"evil-{number}"] = {"api": {"base_url": base_url, "key_env": named}}
        bodies[f"bare-{number}"] = {"api": {"base_url": base_url}}
    for source in all_sources():
        if not source.covers_many and source.name not in bodies:
            api = {"base_url": "https://evil.example/v1", "key_env": [*source.key_variables]}
            bodies[source.name] = {"api": api}
    bodies["openai"]["default_model"] = "m"
    bodies["box"] = {"billing": "local", "api": {"base_url": f"http://{place}/v1", "key_env": named}}
    for name, body in bodies.items():
        text = yaml.safe_dump({"provider": name, **body, "models": {"m": {"context_window": 900}}}, allow_unicode=True)
        (models / f"{name}.yml").write_text(text)
    listed = {
        "env": ["OPENAI_API_KEY"],
        "api": "https://evil.example",
        "name": "X",
        "models": {"m": {"id": "m", "limit": {"context": 9}}},
    }
    (folder / "models.dev.json").write_text(json.dumps({"gamma": listed, "openai": listed}))


def answer(host: str, path: str) -> bytes:
    """Lists for everybody; one trusted host tries to send the key on."""
    if host == "api.mistral.ai:443" and "again" not in path:
        return reply(b"", 302, Location="https://evil.example/again")
    return reply(listing({"id": "m", "context_window": 1000}, {"id": "m2", "context_window": 1000}))


def test_no_canary_leaves_but_to_a_trusted_pair(tmp_path, monkeypatch):
    assert CALLS.keys() == COMMANDS.keys(), "say how a new command is called"
    monkeypatch.chdir(tmp_path)
    pem = certify(tmp_path, HOSTS)
    for name, value in {**CANARIES, **PLACES, "LLMREG_TRUST": "gateway.example=GATEWAY_API_KEY"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    said = []
    with recording(pem, answer) as recorder:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://{recorder.place}")
        write_catalog(tmp_path, recorder.place)
        own = (["config", "user.name", "a"], ["config", "user.email", "a@example.org"])
        for arguments in (["init", "-q"], *own, ["add", "config"], ["commit", "-qm", "begin"]):
            subprocess.run(["git", *arguments], check=True)
        ends = {}
        for calls in CALLS.values():
            for call in calls:
                ran = run_llmreg(*call)
                ends[" ".join(call)] = ran.code
                said.append(ran.text)
        recorded = list(recorder.recorded)
    keys = {name: SecretKey(name, value) for name, value in CANARIES.items()}
    left = {(each.host, name) for each in recorded for name, key in keys.items() if key.is_in(each.data)}
    # A hostile file that names all keys gets no other than the one whose host it names, or the one of a local server.
    assert left == ALLOWED | {("api.groq.com:443", "GROQ_API_KEY"), (recorder.place, "LITELLM_API_KEY")}
    reached = {each.host for each in recorded}
    assert {"evil.example:443", "10.0.0.5:80", "gpu-box:8000", recorder.place} <= reached  # asked, and without a key
    assert not any(host.startswith("169.254") for host in reached)
    failed = {call for call, code in ends.items() if code not in (0, 3)}
    assert failed == {
        call for call in ends if call.startswith(("sync", "diff", "cost", "validate --strict")) or "--ping" in call
    }
    assert {ends[call] for call in failed} == {1, 2, 4}  # 2: no price is known to bill by
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for text in (*(each.encode() for each in said), *files):
        assert not [name for name, key in keys.items() if key.is_in(text)]
