"""LiteLLM's `model_prices_and_context_window.json`: what its `model_cost` holds, prices in USD per token.

The keys are those its reader knows (`sources/litellm*`), turned round. An unknown price is an absent key, which
LiteLLM bills at 0; a price of 0 throughout cannot be told from that and is counted as a loss.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.merging.inference import implied_mode
from registry_cli.core.text.exact_json import dumps
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses
from registry_cli.exports.litellm_prices import Prices
from registry_cli.sources import litellm, litellm_ids, provider_ids
from registry_cli.sources.modalities import FOLLOWS, in_catalog_order

# Routing names are LiteLLM's ways to one provider; these are its spellings of the provider itself.
SPELLED = {
    "abliteration-ai": "abliteration", "alibaba": "dashscope", "digitalocean": "gradient_ai",
    "github-copilot": "github_copilot", "gmicloud": "gmi", "moonshotai": "moonshot", "nova": "amazon_nova",
    "novita-ai": "novita", "nvidia": "nvidia_nim", "opencode-go": "opencode_go", "vercel": "vercel_ai_gateway",
    "xiaomi": "xiaomi_mimo", "zhipuai": "bigmodel",
}  # fmt: skip
_BARE = frozenset({"ai21", "anthropic", "bedrock", "cohere", "nlp_cloud", "openai"})  # keyed by the id alone
_FLAGS = {ours: theirs for theirs, ours in litellm.CAPABILITIES.items() if theirs != "supports_image_input"}
_ANSWERS_IN_TEXT = frozenset({"chat", "completion", "responses"})
_VECTORS = frozenset({"embedding", "rerank"})
_ENDPOINTS = {ours: theirs for theirs, ours in litellm.ENDPOINTS.items()}


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """One JSON object: an entry a model, with entries of their own for regions and kinds of pictures."""
    entries: dict[str, Mapping[str, Any]] = {}
    losses: Counter[str] = Counter()
    for shelf in shelves:
        losses += provider_losses(shelf.provider, {"aliases", "updated_at"} if shelf.provider.id in provider_ids.LOCAL
                                  else {"aliases"})  # fmt: skip
        for model in shelf.models:
            facts = Facts(model)
            _write_model(entries, facts, day)
            losses += facts.count_left()
    return Exported({"": f"{dumps(entries, 1)}\n".encode()}, losses)


def _write_model(entries: dict[str, Mapping[str, Any]], facts: Facts, day: str) -> None:
    model = facts.model
    spelled = SPELLED.get(model.provider, model.provider)
    name = (model.body.get("upstream_ids") or {}).get("litellm", model.id)
    mode = model.mode or implied_mode(model.id, model.body)
    facts.cross_off("mode")
    head = {"litellm_provider": spelled, "mode": mode}
    common = {**head, **_write_limits(facts, mode), **_write_capabilities(facts, mode)}
    prices = Prices(facts, day, mode, common.get("max_input_tokens"))
    entries[_entry_key(entries, model.provider, spelled, name)] = {**common, **prices.base_keys()}
    for region, regional in prices.regional_entries():
        entries[f"{spelled}/{region}/{name}"] = {**common, **regional}
    for kind, picture in prices.image_entries():
        entries[f"{spelled}/{kind}/{name}"] = {**head, **picture}


def _entry_key(taken: Mapping[str, Any], provider: str, spelled: str, name: str) -> str:
    """The id alone where LiteLLM's own map has it so, as callers then name it so; else under its provider."""
    read_back = litellm_ids.read_key(name, spelled, None)
    alone = isinstance(read_back, litellm_ids.RouteName) and read_back.id == name and not read_back.condition
    return name if provider in _BARE and alone and name not in taken else f"{spelled}/{name}"


def _write_limits(facts: Facts, mode: str) -> dict[str, Any]:
    """LiteLLM's input limit: ours, else the window. Its reader takes no output above it, nor of vectors."""
    most_input = facts.take("max_input_tokens") or facts.take("context_window")
    limits = {"max_input_tokens": most_input} if most_input else {}
    output = facts.model.max_output_tokens
    if output and mode not in _VECTORS and not (most_input and output > most_input):
        facts.cross_off("max_output_tokens")
        limits |= {"max_output_tokens": output, "max_tokens": output}
    dimensions = facts.take("output_dimensions")
    return {**limits, **({"output_vector_size": dimensions} if dimensions else {})}


def _write_capabilities(facts: Facts, mode: str) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    names = facts.take_capabilities(_FLAGS)
    if mode in _ANSWERS_IN_TEXT and "streaming" in names:
        names.remove("streaming")  # its reader takes it for granted
    for direction, key in (("input", "supported_modalities"), ("output", "supported_output_modalities")):
        kinds = [kind for kind in getattr(facts.model.modalities, direction) if kind != "pdf"]
        if kinds:
            facts.cross_off(f"modalities.{direction}")
            kinds += [kind for name, (way, kind) in FOLLOWS.items() if way == direction and name in names]
            stated[key] = [kind for kind in in_catalog_order(kinds) if kind != "pdf"]
    endpoints = [_ENDPOINTS[name] for name in facts.model.body.get("endpoints") or () if name in _ENDPOINTS]
    if endpoints:
        facts.cross_off("endpoints")
        stated["supported_endpoints"] = endpoints
    if efforts := facts.take("reasoning.effort"):
        stated["reasoning_effort_levels"] = list(efforts)
    if retires := facts.take("retirement_date"):
        stated["deprecation_date"] = retires  # LiteLLM's word for the day from which calls fail
    return {**stated, **{_FLAGS[name]: True for name in names}}
