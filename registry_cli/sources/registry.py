"""Every source by its name."""

from collections.abc import Iterator
from functools import cache
from types import ModuleType

from registry_cli.core.statements.lifecycle_sources import is_page
from registry_cli.core.trust.known import may_be_key
from registry_cli.core.trust.variables import key_names
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
    model_prices,
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
from registry_cli.sources.base import Follow, Source, nothing_more

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


def _list_of_many(
    module: ModuleType,
    docs: str,
    base_url: str,
    path: str,
    *,
    follow: Follow = nothing_more,
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
        parse=lambda pages, _provider: module.parse(pages[-1].body),
        follow=follow,
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
            model_prices,
            "https://github.com/wakamex/model-prices",
            model_prices.BASE_URL,
            model_prices.LATEST,
            follow=model_prices.follow_latest,
            witness=True,
            verified=False,
        ),
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
    """A source by name, or a provider's own list under its `api.base_url`, which is taken to be like OpenAI's. A page
    that nobody knows is no such list."""
    known = find(name)
    if known is not None or not base_url or is_page(name):
        return known
    return compatible.any_source(name, keys_among(key_env, base_url))


def sources() -> Iterator[Source]:
    """All that are known by name: first-class ones, aggregators, the table."""
    yield from _OWN.values()
    yield from _MANY.values()
    yield from _PAGES.values()
    yield from filter(None, map(compatible_table.source, compatible_table.TABLE))


def keys_among(variables: tuple[str, ...], base_url: str | None = "") -> tuple[str, ...]:
    """The variables that may hold a key to send to this address."""
    return tuple(name for name in key_names(variables) if may_be_key(name, base_url or ""))
