"""Which model an entry is, whoever hosts it."""

import pytest

from registry_cli.core.names.identity import Identities, NamedModel
from registry_cli.core.names.vendors import DOTTED, HOST_WORDS, VENDORS
from tests.support.paths import ROOT
from tests.support.random_catalogs import write_catalog
from tests.support.small_catalog import QuestionRunner

OWN = [
    NamedModel("anthropic", "claude-haiku-4-5"),
    NamedModel("anthropic", "claude-haiku-4-5-20251001"),
    NamedModel("anthropic", "claude-3-5-sonnet-20240620"),
    NamedModel("anthropic", "claude-3-5-sonnet-20241022"),
    NamedModel("anthropic", "claude-opus-4-0"),
    NamedModel("anthropic", "claude-opus-4-20250514"),
    NamedModel("openai", "gpt-4o"),
    NamedModel("openai", "gpt-4o-2024-05-13"),
    NamedModel("openai", "gpt-4o-2024-08-06"),
    NamedModel("openai", "o3-2025-04-16"),
    NamedModel("gemini", "gemini-2.5-pro"),
    NamedModel("mistral", "mistral-large-2512"),
    NamedModel("mistral", "mistral-large-latest"),
    NamedModel("deepseek", "deepseek-r1"),
    NamedModel("deepseek", "deepseek-chat"),
    NamedModel("xai", "grok-4-0709"),
    NamedModel("xai", "grok-4", alias_of="grok-4-0709"),
    NamedModel("zai", "glm-4.6"),
    NamedModel("bedrock", "amazon.titan-embed-text-v1"),
    NamedModel("bedrock", "amazon.titan-embed-text-v2:0"),
    NamedModel("bedrock", "amazon.nova-pro-v1:0"),
]
HOSTED = [
    NamedModel("together_ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    NamedModel("deepinfra", "meta-llama/Llama-3.3-70B-Instruct"),
    NamedModel("groq", "llama-3.3-70b-versatile"),
    NamedModel("vercel", "anthropic/claude-3.5-sonnet"),
    NamedModel("kilo", "anthropic/claude-3.5-sonnet"),
    NamedModel("openrouter", "anthropic/claude-3.5-sonnet"),
    NamedModel("groq", "moonshotai/kimi-k9"),
    NamedModel("together_ai", "moonshotai/kimi-k9"),
]


@pytest.fixture(scope="module")
def identities() -> Identities:
    return Identities([*OWN, *HOSTED])


@pytest.mark.parametrize(
    ("provider", "model_id", "identity"),
    [
        ("anthropic", "claude-haiku-4-5", "anthropic/claude-haiku-4-5"),
        ("anthropic", "claude-haiku-4-5-20251001", "anthropic/claude-haiku-4-5"),
        ("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic/claude-haiku-4-5"),
        ("bedrock", "anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic/claude-haiku-4-5"),
        ("bedrock", "us-gov.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic/claude-haiku-4-5"),
        ("vertex_ai", "claude-haiku-4-5@20251001", "anthropic/claude-haiku-4-5"),
        ("databricks", "databricks-claude-haiku-4-5", "anthropic/claude-haiku-4-5"),
        ("openrouter", "anthropic/claude-haiku-4.5:thinking", "anthropic/claude-haiku-4-5"),
        ("replicate", "anthropic/claude-4.5-haiku", "anthropic/claude-haiku-4-5"),
        ("openrouter", "anthropic/claude-opus-4", "anthropic/claude-opus-4-0"),
        ("azure", "o3", "openai/o3"),
        ("openai", "gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06"),
        ("azure", "gpt-4o", "openai/gpt-4o"),
        ("openrouter", "google/gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("fireworks_ai", "accounts/fireworks/models/glm-4p6", "zai/glm-4.6"),
        ("azure_ai", "FW-GLM-4.6", "zai/glm-4.6"),
        ("chutes", "zai-org/GLM-4.6-FP8", "zai/glm-4.6"),
        ("vercel", "xai/grok-4", "xai/grok-4-0709"),
        ("openrouter", "amazon/nova-pro-v1", "amazon/nova-pro-v1"),
        ("bedrock", "eu.amazon.nova-pro-v1:0", "amazon/nova-pro-v1"),
        ("bedrock", "amazon.titan-embed-text-v2:0", "amazon/titan-embed-text-v2"),
        ("bedrock", "amazon.titan-embed-text-v1", "amazon/titan-embed-text-v1"),
        ("groq", "llama-3.3-70b-versatile", "meta/llama-3.3-70b-instruct"),
        ("novita-ai", "meta-llama/llama-3.3-70b-instruct", "meta/llama-3.3-70b-instruct"),
        ("perplexity", "anthropic/claude-haiku-4-5", "anthropic/claude-haiku-4-5"),
        ("perplexity", "perplexity/glm-4.6", "zai/glm-4.6"),
    ],
)
def test_a_model_is_recognized_at_every_host(
    identities: Identities, provider: str, model_id: str, identity: str
) -> None:
    assert identities.identity_of(provider, model_id) == identity


@pytest.mark.parametrize(
    ("provider", "model_id"),
    [
        ("openrouter", "anthropic/claude-3.5-sonnet"),  # which of the two is not said
        ("bedrock", "anthropic.claude-haiku-4-5-20240101-v1:0"),  # a date nobody else knows
        ("azure", "mistral-large"),  # a pointer, and to another model there
        ("openrouter", "openai/gpt-latest"),
        ("nano-gpt", "deepseek-chat"),
        ("openrouter", "deepseek/deepseek-r1-0528"),  # a model of its own, that no list has
        ("groq", "moonshotai/kimi-k9"),  # two hosts are not enough
        ("snowflake", "llama3-8b"),  # follows instructions, or not
        ("nano-gpt", "huihui-ai/DeepSeek-R1-abliterated"),
        ("openrouter", "unsloth/glm-4.6"),  # somebody's copy
        ("acme", "large-2"),
        ("acme", "pro"),
    ],
)
def test_what_is_not_certain_has_no_identity(identities: Identities, provider: str, model_id: str) -> None:
    assert identities.identity_of(provider, model_id) is None


def test_the_spelling_that_is_written_stays(identities: Identities) -> None:
    assert (
        identities.identity_of("openrouter", "google/gemini-2.5-pro", "google/gemini-2-5-pro")
        == "google/gemini-2-5-pro"
    )
    assert identities.identity_of("openrouter", "google/gemini-2.5-pro", "google/another") == "google/gemini-2.5-pro"


def test_the_order_of_the_entries_does_not_matter() -> None:
    entries = [*OWN, *HOSTED]
    forward, backward = Identities(entries), Identities(reversed(entries))
    assert [forward.identity_of(*entry[:2]) for entry in entries] == [
        backward.identity_of(*entry[:2]) for entry in entries
    ]


HOSTS = {
    "maker": {
        "models": {
            "one": {"base_model": "maker/one", "aliases": ["uno"], "pricing": {"input": 3, "output": 6}},
            "two": {"base_model": "maker/two"},
            "three": {},
        }
    },
    "cheap": {"models": {"m-one": {"base_model": "maker/one", "pricing": {"input": 1, "output": 2}}}},
    "other": {
        "models": {
            "maker/one": {"base_model": "maker/one", "pricing": {"input": 2, "output": 4}},
            "uno": {"base_model": "maker/two"},
        }
    },
}


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    return QuestionRunner(write_catalog(tmp_path / "catalog", HOSTS))


@pytest.mark.parametrize("text", ["maker/one", "one", "cheap/m-one", "m-one", "other/maker/one", "maker/uno"])
def test_any_name_of_a_model_finds_its_hosts_the_cheapest_first(run, text):
    assert run("query", "--base-model", text, "--columns", "model").split() == [
        "cheap/m-one",
        "other/maker/one",
        "maker/one",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uno", "is maker/one and maker/two: write which is meant"),
        ("three", "maker/three states no base model"),
        ("nine", "unknown model 'nine'"),
        ("maker/nine", "maker has no model 'nine'"),
    ],
)
def test_a_name_that_leads_to_no_base_model_is_told(run, text, said):
    assert (run("query", "--base-model", text), run.code) == ("", 2)
    assert said in run.err


def test_every_host_and_home_of_the_tables_is_a_provider_of_the_catalog():
    shipped = {path.stem for path in (ROOT / "config" / "models").glob("*.yml")}
    assert {*HOST_WORDS, *DOTTED, *(home for vendor in VENDORS for home in vendor.homes)} <= shipped


def test_no_spelling_is_two_makers():
    spellings = [spelled for vendor in VENDORS for spelled in (vendor.id, *vendor.orgs)]
    assert len(spellings) == len(set(spellings))
