"""LiteLLM's keys -> our provider, the id a caller sends, and the condition that the entry's price is under.

Its map is keyed by route: `azure/eu/gpt-4o` is the model `gpt-4o` as sold in a region, and
`low/1024-x-1024/gpt-image-1` the price of one kind of image. `us.anthropic.claude-...` and the like stay whole:
those are ids that a caller sends.
"""

import re
from dataclasses import dataclass

from registry_cli.core.names.routes import COMMITMENT, KIND_OF_IMAGE, REGIONS
from registry_cli.core.pricing.conditions import When
from registry_cli.sources import provider_ids

_NOT_MODELS = {
    "search": "a web search service, not a model",
    "guardrail": "a guardrail, not a model",
    "vector_store": "a store, not a model",
}
_PRICE_CLASS = re.compile(r"(?:fireworks|together)-ai-(?:default|embedding-.*|.*[0-9]b(?:-.*)?)")


@dataclass(frozen=True, slots=True)
class RouteName:
    provider: str
    id: str
    condition: When  # empty: the entry is about the model itself
    bare: bool  # the key does not name the provider


def read_key(key: str, spelled_provider: str, mode: str | None) -> RouteName | str:
    """The model that the key names, or a text that says why it names none."""
    if mode in _NOT_MODELS:
        return _NOT_MODELS[mode]
    if _PRICE_CLASS.fullmatch(key):
        return "a class of prices by a model's size, not a model"
    if COMMITMENT.search(key):
        return "the price of reserved capacity per second"
    provider = provider_ids.from_litellm(spelled_provider)
    rest = without_provider(key, spelled_provider, provider)
    bare = rest == key
    conditions: dict[str, str] = {}
    region = REGIONS.get(provider)
    if region and not bare and (found := region.fullmatch(rest)):
        conditions["region"], rest = found.groups()
    if found := KIND_OF_IMAGE.fullmatch(rest):
        conditions["size"] = found["size"].replace("-x-", "x")
        quality = found["quality"] or (found["steps"] and f"{found['steps']}-steps")
        if quality:
            conditions["quality"] = quality
        rest = without_provider(found["rest"], spelled_provider, provider)
    return RouteName(provider, rest, When(**conditions), bare)


def without_provider(key: str, spelled: str, provider: str) -> str:
    for prefix in (spelled, spelled.replace("_", "-"), provider):
        if key.startswith(f"{prefix}/"):
            return key[len(prefix) + 1 :]
    return key
