"""Whether a web page that a source names for a price is the provider's own.

A page counts by its host: the host of the provider's documentation or API, one of the same registered domain, or one
of the reviewed table. A domain under which anyone can publish counts for no provider, whatever a list states.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.matching.addresses import known_api
from registry_cli.core.trust.hosts import split_address

# Where the hosts of documentation and API do not tell all of a provider's own pages. Reviewed 2026-11-30.
_PAGES: Mapping[str, tuple[str, ...]] = {
    "alibaba": ("alibabacloud.com", "qwencloud.com"),
    "azure": ("azure.microsoft.com", "learn.microsoft.com", "prices.azure.com", "ai.azure.com", "management.azure.com"),
    "azure_ai": ("azure.microsoft.com", "learn.microsoft.com", "prices.azure.com", "ai.azure.com"),
    "bedrock": ("aws.amazon.com", "docs.aws.amazon.com", "pricing.us-east-1.amazonaws.com"),
    "byteplus": ("byteplus.com",),
    "cognition": ("devin.ai", "cognition.ai"),
    "deepseek": ("deepseek.com",),
    "gemini": ("ai.google.dev", "cloud.google.com", "docs.cloud.google.com"),
    "longcat": ("longcat.chat",),
    "meta": ("dev.meta.ai", "ai.developer.meta.com", "llama.developer.meta.com"),
    "meta_llama": ("dev.meta.ai", "ai.developer.meta.com", "llama.developer.meta.com"),
    "minimax": ("minimax.io",),
    "mistral": ("mistral.ai",),
    "moonshotai": ("moonshot.ai", "kimi.ai", "kimi.com"),
    "nova": ("nova.amazon.com", "aws.amazon.com"),
    "oci": ("oracle.com",),
    "openai": ("openai.com",),
    "perplexity": ("perplexity.ai",),
    "qwen_ai_platform": ("alibabacloud.com", "qwencloud.com"),
    "stepfun-ai": ("stepfun.ai", "stepfun.com"),
    "tencent": ("tencentcloud.com", "cloud.tencent.com"),
    "tencent-tokenhub": ("cloud.tencent.com", "tencentcloud.com"),
    "thinkingmachines": ("thinkingmachines.ai",),
    "together_ai": ("together.ai", "together.xyz"),
    "vertex_ai": ("cloud.google.com", "docs.cloud.google.com", "ai.google.dev"),
    "volcengine": ("volcengine.com",),
    "wandb": ("wandb.ai", "coreweave.com"),
    "watsonx": ("ibm.com",),
    "xai": ("x.ai",),
    "xiaomi": ("xiaomimimo.com",),
    "zai": ("z.ai",),
    "zhipuai": ("bigmodel.cn",),
}
# Domains under which strangers have pages: a host of these is the provider's own only by the table.
_SHARED = frozenset(
    {
        "amazon.com", "amazonaws.com", "azure.com", "github.com", "github.io", "githubusercontent.com", "gitbook.io",
        "google.com", "huggingface.co", "hf.space", "medium.com", "microsoft.com", "mintlify.app", "netlify.app",
        "notion.site", "pages.dev", "readthedocs.io", "run.app", "substack.com", "vercel.app", "web.app",
        "windows.net", "wordpress.com", "workers.dev",
    }
)  # fmt: skip
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})  # of a country: example.co.uk
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/[0-9]+(?:id_|if_)?/(https?://.+)")


def is_own_page(provider: str, body: Mapping[str, Any], page: str) -> bool:
    """Whether a page is the provider's own; `body` is its file. A copy in the Internet Archive is what it copies."""
    host = _host_of(_archived_address(page))
    if not host:
        return False
    if any(host == own or host.endswith(f".{own}") for own in _PAGES.get(provider, ())):
        return True
    domain = _registered_domain(host)
    return domain not in _SHARED and domain in {_registered_domain(own) for own in _own_hosts(provider, body)}


def _own_hosts(provider: str, body: Mapping[str, Any]) -> Iterator[str]:
    apis = (body.get("api") or {}, known_api(provider) or {})
    for address in (body.get("documentation"), *(api.get("base_url") for api in apis)):
        if isinstance(address, str) and (host := _host_of(address)):
            yield host


def _archived_address(page: str) -> str:
    """The address that an archived page is a copy of; any other address itself."""
    found = _ARCHIVED.fullmatch(page)
    return found[1] if found else page


def _host_of(address: str) -> str:
    """The host of a web address, empty for what is none."""
    try:
        return split_address(address).hostname or ""
    except ValueError:
        return ""


def _registered_domain(host: str) -> str:
    """`example.com` of `docs.example.com`, and `example.co.uk` of its hosts."""
    labels = host.split(".")
    is_country = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004
    return ".".join(labels[-3:] if is_country else labels[-2:])
