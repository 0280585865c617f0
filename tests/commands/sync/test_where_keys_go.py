"""A key goes to a host that is trusted with it, and nowhere else, whatever a file of the catalog says."""

from dataclasses import replace

import pytest

from registry_cli.commands.sync.targets import find_target
from registry_cli.core.statements.answers import Failure
from registry_cli.core.trust.decision import parse_pair
from registry_cli.core.trust.known import known_apis
from registry_cli.core.trust.variables import ADDRESS_VARIABLES, names_in
from registry_cli.sources.base import Target
from registry_cli.sources.registry import all_sources, find_source_for

FORGES = (
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "gh_TOKEN",
    "LLMREG_APP_PRIVATE_KEY",
)
KEYS = ("ACME_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "NPM_TOKEN", "STRIPE_SECRET_KEY", "SSH_PRIVATE_KEY")
ENVIRON = dict.fromkeys((*FORGES, *KEYS), "secret") | {"AWS_REGION": "eu"}
CYRILLIC = "api.\u043epenai.com"


def ask(name, base_url, *key_env, trust=(), environ=ENVIRON):
    source = find_source_for(name, base_url, key_env)
    assert source is not None
    pairs = {parse_pair(text): "llmreg trust" for text in trust}
    return find_target(source, name, {"base_url": base_url, "key_env": list(key_env)}, environ, pairs)


def sent(found):
    """The variable whose value would leave, if any."""
    return found.key.variable if isinstance(found, Target) and found.key else None


@pytest.mark.parametrize("variable", FORGES)
@pytest.mark.parametrize("name", ["acme", "github-models", "groq"])
def test_a_forges_token_is_no_key(name, variable):
    found = ask(name, "https://acme.example/v1", variable)
    assert isinstance(found, Failure)
    assert (found.kind, "secret" in found.message) == ("no-key", False)
    assert f"{variable} cannot be its key" in found.message or name != "acme"
    other = ask("acme", "https://acme.example/v1", variable, "ACME_API_KEY", trust=["acme.example=ACME_API_KEY"])
    assert sent(other) == "ACME_API_KEY"


@pytest.mark.parametrize("name", ["acme", "github-models", "github-copilot"])
@pytest.mark.parametrize(
    ("base_url", "is_sent"),
    [
        ("https://models.github.ai/inference", True),
        ("https://api.githubcopilot.com", True),
        ("http://models.github.ai", False),
        ("https://models.github.ai.acme.example", False),
        ("https://models.github.ai@acme.example", False),
        ("https://models.github.ai:8443", False),
        ("https://models.github.ai${AWS_REGION}", False),
    ],
)
def test_github_takes_its_own_token(name, base_url, is_sent):
    assert (sent(ask(name, base_url, "GITHUB_TOKEN")) == "GITHUB_TOKEN") == is_sent


@pytest.mark.parametrize("name", ["openai", "acme"])
@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "NPM_TOKEN", "SSH_PRIVATE_KEY"])
@pytest.mark.parametrize(
    "base_url",
    [
        "https://evil.example/v1",
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com@evil.example/v1",
        "https://user:word@api.openai.com/v1",
        "https://api-openai.com/v1",
        f"https://{CYRILLIC}/v1",
        "https://api.openai.com:8443/v1",
        "https://evil.example/api.openai.com/v1",
        "https://evil.example#@api.openai.com/v1",
        "https://evil.example\\@api.openai.com.evil.example/v1",
        "https://134744072/v1",
        "https://[::ffff:8.8.8.8]/v1",
        "http://127.0.0.1:4000/v1",
        "http://localhost:8000/v1",
        "http://10.0.0.5/v1",
        "http://gpu-box/v1",
        "https://169.254.169.254/v1",
        "https://${AWS_REGION}.evil.example/v1",
    ],
)
def test_no_key_goes_to_a_host_that_only_the_file_names(name, variable, base_url):
    found = ask(name, base_url, variable)
    assert sent(found) is None
    assert isinstance(found, Failure)
    assert "secret" not in found.message


@pytest.mark.parametrize(
    ("name", "base_url", "variable"),
    [
        ("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        ("openai", "https://API.OpenAI.com./v1", "OPENAI_API_KEY"),
        ("acme", "https://api.openai.com/elsewhere", "OPENAI_API_KEY"),
        ("openai", "https://api.openai.com:443/v1", "OPENAI_API_KEY"),
    ],
)
def test_a_key_goes_to_its_own_host(name, base_url, variable):
    found = ask(name, base_url, variable)
    assert (sent(found), found.why_trusted) == (variable, "built-in source openai")
    assert found.base_url.partition("/")[2].startswith("/api.openai.com")


def test_another_providers_key_is_not_sent_to_a_known_host():
    found = ask("groq", "https://api.groq.com/openai/v1", "OPENAI_API_KEY")
    assert (found.kind, str(found.pair)) == ("untrusted", "api.groq.com=OPENAI_API_KEY")


@pytest.mark.parametrize(
    ("place", "base_url"),
    [
        ("gateway.example", "https://gateway.example/v1"),
        ("GateWay.Example.", "https://gateway.example/v1"),
        ("gateway.example:8443", "https://gateway.example:8443/v1"),
        ("10.0.0.5:80", "http://10.0.0.5/v1"),
        ("0x0a000005:80", "http://10.0.0.5/v1"),
        ("[::1]:8000", "http://[::1]:8000/v1"),
    ],
)
def test_the_user_trusts_a_host_with_a_variable_and_no_other(place, base_url):
    environ = ENVIRON | {"OTHER_API_KEY": "secret"}
    assert sent(ask("acme", base_url, "ACME_API_KEY", trust=[f"{place}=ACME_API_KEY"])) == "ACME_API_KEY"
    both = ask("acme", base_url, "OTHER_API_KEY", "ACME_API_KEY", trust=[f"{place}=ACME_API_KEY"], environ=environ)
    assert sent(both) == "ACME_API_KEY"
    assert sent(ask("acme", base_url, "OTHER_API_KEY", trust=[f"{place}=ACME_API_KEY"], environ=environ)) is None
    other = base_url.replace("/v1", "x/v1") if "gateway" in base_url else base_url.replace("5", "6").replace("8", "9")
    assert sent(ask("acme", other, "ACME_API_KEY", trust=[f"{place}=ACME_API_KEY"])) is None


def test_trust_does_not_send_a_key_in_clear_over_the_internet():
    found = ask("acme", "http://gateway.example/v1", "ACME_API_KEY", trust=["gateway.example:80=ACME_API_KEY"])
    assert isinstance(found, Failure)
    assert found.message == "gateway.example:80: a key is sent over https only"


class TestHostsFromTheEnvironment:
    def test_a_built_in_address_may_take_its_host_from_it(self):
        environ = {"DATABRICKS_HOST": "https://DBC-1.example/", "DATABRICKS_TOKEN": "secret"}
        for base_url in ("", "https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1"):
            found = ask("databricks", base_url, environ=environ)
            assert sent(found) == "DATABRICKS_TOKEN"
            assert found.why_trusted == "built-in source databricks, host from DATABRICKS_HOST"

    @pytest.mark.parametrize(
        "base_url",
        [
            "https://dbc-1.example/api",
            "https://${DATABRICKS_HOST}.evil.example/",
            "https://${DATABRICKS_HOST}@evil.example/",
            "https://evil.example/${DATABRICKS_HOST}",
            "http://${DATABRICKS_HOST}/",
            "https://${DATABRICKS_HOST}\\.evil.example/",
        ],
    )
    def test_the_same_host_in_a_file_is_not_trusted_by_that(self, base_url):
        environ = {"DATABRICKS_HOST": "dbc-1.example", "DATABRICKS_TOKEN": "secret"}
        assert sent(ask("databricks", base_url, environ=environ)) is None

    @pytest.mark.parametrize("host", ["user:hidden@dbc.example", "https://hidden@dbc.example", "hid den"])
    def test_a_value_that_is_no_host_is_not_repeated(self, host):
        found = ask("databricks", "", environ={"DATABRICKS_HOST": host, "DATABRICKS_TOKEN": "secret"})
        assert isinstance(found, Failure)
        assert "hid" not in found.message

    def test_another_variable_is_not_sent_there(self):
        environ = {"DATABRICKS_HOST": "dbc-1.example", "OPENAI_API_KEY": "secret"}
        assert sent(ask("acme", "https://${DATABRICKS_HOST}/v1", "OPENAI_API_KEY", environ=environ)) is None

    def test_a_variable_may_name_the_whole_host_of_a_built_in_source(self):
        source = replace(find_source_for("ollama", None), key="optional", key_variables=("OLLAMA_KEY",))
        environ = {"OLLAMA_HOST": "https://gpu.example:8443", "OLLAMA_KEY": "secret", "OTHER_KEY": "secret"}
        found = find_target(source, "ollama", {"key_env": ["OTHER_KEY"]}, environ)
        assert (sent(found), found.why_trusted) == ("OLLAMA_KEY", "built-in source, host from OLLAMA_HOST")
        assert sent(find_target(source, "ollama", {"key_env": ["OTHER_KEY"]}, environ | {"OLLAMA_KEY": ""})) is None
        in_file = {"base_url": "https://gpu.example:8443"}
        assert sent(find_target(source, "ollama", in_file, environ | {"OLLAMA_HOST": ""})) is None


class TestLocalServers:
    @pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost:7777", "[::1]:1", "127.1", "2130706433:8"])
    def test_their_own_variable_goes_to_any_port_of_this_machine(self, host):
        found = ask("vllm", f"http://{host}/v1", environ={"VLLM_API_KEY": "secret"})
        assert (sent(found), found.why_trusted) == ("VLLM_API_KEY", "local server of this machine")

    @pytest.mark.parametrize("url", ["http://gpu-box:8000/v1", "http://10.0.0.5/v1", "https://gpu.example/v1"])
    def test_elsewhere_an_optional_key_is_left_out(self, url):
        found = ask("vllm", url, environ={"VLLM_API_KEY": "secret"})
        assert sent(found) is None
        assert isinstance(found, Target)
        assert f"llmreg trust {found.left_out}" in found.key_hint

    def test_no_other_key_goes_there(self):
        assert sent(ask("vllm", "http://127.0.0.1:8000/v1", "OPENAI_API_KEY")) is None


class TestLinkLocal:
    @pytest.mark.parametrize("host", ["169.254.169.254", "0xa9fea9fe", "2852039166", "[fe80::1]", "[::ffff:a9fe:a9fe]"])
    @pytest.mark.parametrize("name", ["acme", "vllm", "ollama", "nvidia"])
    def test_there_is_no_request_without_trust(self, name, host):
        found = ask(name, f"http://{host}/latest/meta-data?")
        assert isinstance(found, Failure)
        assert (found.kind, "link-local" in found.message) == ("untrusted", True)
        assert f"llmreg trust '{found.pair}'" in found.message or f"llmreg trust {found.pair}" in found.message
        asked = ask(name, f"http://{host}/v1", trust=[str(found.pair)])
        assert isinstance(asked, Target)

    def test_the_user_may_run_a_server_there(self):
        found = ask("ollama", "", environ={"OLLAMA_HOST": "169.254.1.2"})
        assert isinstance(found, Target)


@pytest.mark.parametrize(
    "variable",
    [*FORGES, "ACME_API_KEY", "ACME_REGION", "DATABASE_URL", "SENTRY_DSN", "PGPASSWD", "HOME", "ACME_HOST",
     "X_ENDPOINT", "AWS_ACCESS_KEY_ID", "AZURE_STORAGE_CONNECTION_STRING", "SLACK_WEBHOOK"],
)  # fmt: skip
@pytest.mark.parametrize("pattern", ["https://acme.example/${%s}", "https://${AWS_REGION,%s}.acme.example", "${%s}/x"])
def test_no_other_variable_becomes_part_of_an_address(pattern, variable):
    found = ask("acme", pattern % variable, environ=ENVIRON | {variable: "secret"})
    assert isinstance(found, Failure)
    assert found.message == f"its address holds {variable}, which may not be part of an address"


def test_the_list_of_these_variables_is_what_known_addresses_need():
    needed = {name for source in all_sources() for name in names_in(source.base_url)}
    needed |= {name for api in known_apis().values() for name in names_in(api.base_url or "")}
    assert needed == ADDRESS_VARIABLES


def test_a_page_of_documentation_is_asked_at_its_own_address():
    found = ask("openai-deprecations", "https://evil.example", "OPENAI_API_KEY")
    assert (found.place, sent(found)) == (
        find_source_for("openai-deprecations", None).base_url.partition("//")[2],
        None,
    )
