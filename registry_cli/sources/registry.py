"""The registry of sources: find one by its name, or make one for a provider that has an `api.base_url` alone."""

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
from registry_cli.sources.base import Follow, Source, no_more_requests
from registry_cli.sources.plugins import find_plugins, load_plugin

_OF_PROVIDERS = (
    *(openai.SOURCE, anthropic.SOURCE, gemini.SOURCE, xai.SOURCE, mistral.SOURCE, openrouter.SOURCE),
    *(ollama.SOURCE, lmstudio.SOURCE, deepinfra.SOURCE, cohere.SOURCE, vertex_ai.SOURCE, bedrock.SOURCE),
    *(azure.SOURCE, databricks.SOURCE, cloudflare.SOURCE, watsonx.SOURCE, heroku.SOURCE, fireworks.SOURCE),
    *(huggingface.SOURCE, minimax.SOURCE, replicate.SOURCE, deepgram.SOURCE, litellm_proxy.SOURCE),
    *(local_servers.VLLM, local_servers.LLAMA_CPP),
)


def _list_of_many(
    module: ModuleType,
    docs: str,
    base_url: str,
    path: str,
    *,
    follow: Follow = no_more_requests,
    witness: bool = False,
    lifecycle: bool = False,
    verified: bool = True,
) -> Source:
    """The source of a list of many providers' models, whose module has the name in `SOURCE` and a `parse`."""
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
_OF_MANY_PROVIDERS = (
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
_BY_NAME = {
    source.name: source for source in (*_OF_PROVIDERS, *_OF_MANY_PROVIDERS, *deprecation_pages.SOURCES.values())
}


@cache
def find_source(name: str) -> Source | None:
    """The source of this name, one of llmreg's own or a plug-in; None for any other name."""
    known = _BY_NAME.get(name) or compatible_table.table_source(name)
    if known is not None or is_page(name):
        return known
    plugin = find_plugins(_own_names()).get(name)
    return None if plugin is None else load_plugin(plugin)


def find_source_for(name: str, base_url: str | None, key_env: tuple[str, ...] = ()) -> Source | None:
    """The source of this name, else one for the provider's list at `base_url`, which is read like OpenAI's.

    None for an unknown name without an address, or of the form of a deprecation page. `key_env` are the variables
    that the provider's file names.
    """
    known = find_source(name)
    if known is not None or not base_url or is_page(name):
        return known
    return compatible.any_source(name, usable_key_variables(key_env, base_url))


def plugin_names() -> list[str]:
    """The names of the plug-ins, in alphabetical order."""
    return sorted(find_plugins(_own_names()))


def source_names() -> set[str]:
    """The names of all sources, plug-ins among them."""
    return {*_own_names(), *plugin_names()}


@cache
def _own_names() -> frozenset[str]:
    return frozenset(source.name for source in all_sources())


def all_sources() -> Iterator[Source]:
    """Every source of llmreg's own: of providers, of many providers, deprecation pages, the rows of the table."""
    yield from _BY_NAME.values()
    yield from filter(None, map(compatible_table.table_source, compatible_table.TABLE))


def usable_key_variables(variables: tuple[str, ...], base_url: str | None = "") -> tuple[str, ...]:
    """The variables that may hold a key to send to this address."""
    return tuple(name for name in key_names(variables) if may_be_key(name, base_url or ""))
