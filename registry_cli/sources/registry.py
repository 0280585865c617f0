"""Every source by its name."""

import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from urllib.parse import urlsplit

from registry_cli.sources import (
    anthropic,
    azure,
    bedrock,
    cloudflare,
    cohere,
    compatible,
    compatible_table,
    databricks,
    deepgram,
    deepinfra,
    deprecation_pages,
    fireworks,
    gemini,
    genai_prices,
    heroku,
    huggingface,
    litellm,
    litellm_proxy,
    llm_prices,
    lmstudio,
    local_servers,
    minimax,
    mistral,
    modeldeprecations,
    models_dev,
    ollama,
    openai,
    openrouter,
    openrouter_prices,
    replicate,
    vertex_ai,
    watsonx,
    xai,
)
from registry_cli.sources.base import Source

_OWN = {
    module.SOURCE.name: module.SOURCE
    for module in (
        *(openai, anthropic, gemini, xai, mistral, openrouter, ollama, lmstudio, deepinfra, cohere),
        *(vertex_ai, bedrock, azure, databricks, cloudflare, watsonx, heroku),
        *(fireworks, huggingface, minimax, replicate, deepgram),
        litellm_proxy,
    )
} | {server.name: server for server in (local_servers.VLLM, local_servers.LLAMA_CPP)}
_PAGES = {source.name: source for source in deprecation_pages.SOURCES.values()}
# What a forge, its runners and llmreg are given may push to repositories: a catalog has it sent to nobody.
_NO_KEYS = re.compile(r"(?:GH|GITHUB|ACTIONS|RUNNER|CI|LLMREG)_.*", re.IGNORECASE)
_GITHUB_MODELS = frozenset({"models.github.ai", "api.githubcopilot.com"})  # whose keys are tokens of GitHub
_SECRET = re.compile(r".*(?:KEY|TOKEN|PAT|SECRET|PASSWORD|CREDENTIALS?)|" + _NO_KEYS.pattern, re.IGNORECASE)


def _list_of_many(
    module: ModuleType,
    docs: str,
    base_url: str,
    path: str,
    *,
    witness: bool = False,
    lifecycle: bool = False,
    verified: bool = True,
) -> Source:
    """The list of somebody who tells of many providers' models, in one answer."""
    name = module.SOURCE
    return Source(
        name=name,
        docs=docs,
        base_url=base_url,
        path=path,
        host_variable=f"LLMREG_{name.upper().replace('.', '_').replace('-', '_')}_URL",
        parse=lambda pages, _provider: module.parse(pages[0].body),
        covers_many=True,
        witness=witness,
        lifecycle=lifecycle,
        verified=verified,
    )


_RAW = "https://raw.githubusercontent.com"
_MANY = {
    source.name: source
    for source in (
        _list_of_many(models_dev, "https://models.dev", "https://models.dev", "/api.json"),
        _list_of_many(
            litellm,
            "https://docs.litellm.ai/docs/provider_registration/add_model_pricing",
            f"{_RAW}/BerriAI/litellm/main",
            "/model_prices_and_context_window.json",
        ),
        _list_of_many(
            genai_prices,
            "https://github.com/pydantic/genai-prices",
            f"{_RAW}/pydantic/genai-prices/main/prices",
            "/new_data/v2/data.json",
            witness=True,
        ),
        _list_of_many(
            llm_prices,
            "https://github.com/simonw/llm-prices",
            "https://www.llm-prices.com",
            "/current-v1.json",
            witness=True,
            verified=False,
        ),
        openrouter_prices.SOURCE,
        _list_of_many(
            modeldeprecations,
            "https://modeldeprecations.dev",
            "https://modeldeprecations.dev",
            "/api/v1/models.json",
            lifecycle=True,
        ),
    )
}


@cache
def find(name: str) -> Source | None:
    """A source that needs no catalog to be asked."""
    return _OWN.get(name) or _MANY.get(name) or _PAGES.get(name) or compatible_table.source(name)


def find_for(name: str, base_url: str | None, key_env: tuple[str, ...] = ()) -> Source | None:
    """A source by name, or a provider's own list under its `api.base_url`, which is taken to be like OpenAI's."""
    return find(name) or (compatible.any_source(name, keys_among(key_env, base_url)) if base_url else None)


def sources() -> Iterator[Source]:
    """All that are known by name: first-class ones, aggregators, the table."""
    yield from _OWN.values()
    yield from _MANY.values()
    yield from _PAGES.values()
    yield from filter(None, map(compatible_table.source, compatible_table.TABLE))


def keys_among(variables: tuple[str, ...], base_url: str = "") -> tuple[str, ...]:
    """The variables that hold a key to send to this address, not a region, a name or half of a signature."""
    named = (name for name in variables if name.endswith(("KEY", "TOKEN", "PAT")) and not name.startswith("AWS_"))
    return tuple(name for name in named if may_be_sent(name, base_url))


def may_be_sent(variable: str, base_url: str) -> bool:
    """Whether a variable's value may be a key at an address: a forge's token at GitHub's own models alone."""
    parts = urlsplit(base_url)
    return not _NO_KEYS.fullmatch(variable) or (parts.scheme == "https" and parts.netloc in _GITHUB_MODELS)


def is_secret(variable: str) -> bool:
    """Whether a variable's name says that it has no place in an address."""
    return _SECRET.fullmatch(variable) is not None
