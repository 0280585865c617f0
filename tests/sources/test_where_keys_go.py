"""A catalog says where keys are sent, and never has a token that may push to repositories sent anywhere."""

import pytest

from registry_cli.commands.sync.targets import target
from registry_cli.core.sync.answers import Failure
from registry_cli.sources.base import Target
from registry_cli.sources.registry import find_for

FORGES = (
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "gh_TOKEN",
    "LLMREG_APP_PRIVATE_KEY",
)
ENVIRON = dict.fromkeys((*FORGES, "ACME_API_KEY", "ACME_REGION"), "secret")


def asked(name: str, base_url: str, *key_env: str) -> Target | Failure:
    source = find_for(name, base_url, key_env)
    assert source is not None
    return target(source, name, {"base_url": base_url, "key_env": list(key_env)}, ENVIRON)


@pytest.mark.parametrize("variable", FORGES)
@pytest.mark.parametrize("name", ["acme", "github-models", "groq"])
def test_a_forges_token_is_no_key(name, variable):
    found = asked(name, "https://acme.example/v1", variable)
    assert isinstance(found, Failure)
    assert (found.kind, "secret" in found.message) == ("no-key", False)
    assert f"{variable} cannot be its key" in found.message or name != "acme"
    other = asked("acme", "https://acme.example/v1", variable, "ACME_API_KEY")
    assert other.key.variable == "ACME_API_KEY"


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
        ("https://models.github.ai${ACME_REGION}", False),
    ],
)
def test_github_takes_its_own_token(name, base_url, is_sent):
    found = asked(name, base_url, "GITHUB_TOKEN")
    assert (isinstance(found, Target) and found.key is not None) == is_sent


@pytest.mark.parametrize("variable", [*FORGES, "ACME_API_KEY"])
@pytest.mark.parametrize("pattern", ["https://acme.example/${%s}", "https://${ACME_REGION,%s}.acme.example"])
def test_no_secret_becomes_part_of_an_address(pattern, variable):
    found = asked("acme", pattern % variable)
    assert isinstance(found, Failure)
    assert f"its address holds {variable}" in found.message
