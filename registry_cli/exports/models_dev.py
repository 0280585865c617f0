"""models.dev's `api.json`: providers with their models, prices in USD per 1M tokens.

It has no word for unknown: flags that it requires are false and limits 0. Prices of 0 throughout a provider are how
it writes a subscription, so a provider that is wholly free keeps its zeros to itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.catalog.models import Model
from registry_cli.core.pricing.expand import expand_prices
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.text.exact_json import dumps
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses, unpriced_side
from registry_cli.sources import models_dev, provider_ids
from registry_cli.sources.modalities import implied_capabilities

SPELLED = {
    "bedrock": "amazon-bedrock", "cloudflare": "cloudflare-workers-ai", "fireworks_ai": "fireworks-ai",
    "friendliai": "friendli", "gemini": "google", "meta_llama": "llama", "snowflake": "snowflake-cortex",
    "together_ai": "togetherai", "vertex_ai": "google-vertex",
}  # fmt: skip
_RATES = ("input", "output", "cache_read", "cache_write", "reasoning", "input_audio", "output_audio", "citation")
_STATUS = {"preview": "beta", "deprecated": "deprecated", "unlisted": "deprecated", "retired": "deprecated"}
_FLAGS = {"reasoning": "reasoning", "tool_call": "function_calling"}
_FREE = {"input": 0, "output": 0}
_ATTACHED = frozenset({"image", "pdf", "audio", "video"})


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """One JSON object of providers."""
    losses: Counter[str] = Counter()
    providers: dict[str, Mapping[str, Any]] = {}
    for shelf in shelves:
        spelled = SPELLED.get(shelf.provider.id, shelf.provider.id)
        providers[spelled] = _export_provider(shelf, spelled, day, losses)
    return Exported({"": f"{dumps(providers, 1)}\n".encode()}, losses)


def _export_provider(shelf: Shelf, spelled: str, day: str, losses: Counter[str]) -> Mapping[str, Any]:
    body = shelf.provider.body
    api = body.get("api") or {}
    entry: dict[str, Any] = {"id": spelled, "env": list(api.get("key_env") or ())}
    if api.get("base_url"):
        entry["api"] = api["base_url"]
    entry["name"] = shelf.provider.name or spelled
    if body.get("documentation"):
        entry["doc"] = body["documentation"]
    zeros = _Zeros(shelf, day)
    models = {}
    for model in shelf.models:
        facts = Facts(model)
        name = (model.body.get("upstream_ids") or {}).get("models.dev", model.id)
        models[name] = _export_model(facts, name, day, zeros)
        losses += facts.count_left()
    taken = {"name", "documentation", "api.key_env", "api.base_url", "aliases"}
    if zeros.billing_held:
        taken.add("billing")
    losses += provider_losses(shelf.provider, taken)
    return {**entry, "models": models}


class _Zeros:
    """What a price of 0 would say of this provider."""

    def __init__(self, shelf: Shelf, day: str) -> None:
        costs = [expand_prices(model, day, lambda _: False).prices.base.tokens for model in shelf.models]
        priced = any(tokens.get(name) for tokens in costs for name in _FREE)
        subscription = shelf.provider.billing == "subscription"
        local = shelf.provider.id in provider_ids.LOCAL
        # A name with "plan" in it is read as a subscription, too.
        plan = bool(models_dev.PLAN.search(shelf.provider.name or ""))
        self.written = subscription and not priced and not local and not plan
        self.kept = local or (priced and not plan)
        self.plan = plan and not local
        self.billing_held = local or self.written or (subscription and plan)


def _export_model(facts: Facts, name: str, day: str, zeros: _Zeros) -> Mapping[str, Any]:
    body, model = facts.model.body, facts.model
    entry: dict[str, Any] = {"id": name, "name": facts.take("name") or name}
    if family := facts.take("family"):
        entry["family"] = family
    capabilities = facts.take_capabilities(dict.fromkeys(["reasoning", "function_calling", "structured_output"]))
    entry["attachment"] = not _ATTACHED.isdisjoint(model.modalities.input)
    entry |= {flag: ours in capabilities for flag, ours in _FLAGS.items()}
    if "structured_output" in capabilities:
        entry["structured_output"] = True
    if facts.take_capabilities({"interleaved_thinking": None}):
        entry["interleaved"] = True
    if options := _export_reasoning(facts):
        entry["reasoning_options"] = options
    for ours, theirs in (("knowledge_cutoff", "knowledge"), ("release_date", "release_date")):
        if value := facts.take(ours):
            entry[theirs] = value
    if modalities := {way: facts.take(f"modalities.{way}") for way in ("input", "output") if body.get("modalities")}:
        entry["modalities"] = {way: list(kinds) for way, kinds in modalities.items() if kinds}
        facts.cross_off(*(f"capabilities.{capability}" for capability in implied_capabilities(entry["modalities"])))
    entry["open_weights"] = bool(facts.take("open_weights"))
    entry |= _export_prices(facts, day, zeros)
    entry["limit"] = _export_limits(facts)
    if model.status in _STATUS:
        entry["status"] = _STATUS[model.status]
        facts.cross_off(*(["status"] if model.status not in ("unlisted", "retired") else []))
    return entry


def _export_reasoning(facts: Facts) -> list[Mapping[str, Any]]:
    options: list[Mapping[str, Any]] = []
    if facts.take("reasoning.toggle"):
        options.append({"type": "toggle"})
    if efforts := facts.take("reasoning.effort"):
        options.append({"type": "effort", "values": list(efforts)})
    if budget := facts.take("reasoning.budget_tokens"):
        bounds = {name: value for name, value in budget.items() if value is not None}
        options.append({"type": "budget_tokens", **bounds})
    return options


def _export_limits(facts: Facts) -> Mapping[str, int]:
    context, output = facts.take("context_window") or 0, facts.model.max_output_tokens or 0
    limit: dict[str, int] = {"context": context}
    if facts.model.max_input_tokens and facts.model.max_input_tokens < context:
        limit["input"] = facts.take("max_input_tokens")
    if not context or output <= context:
        facts.cross_off("max_output_tokens")
        return {**limit, "output": output}
    return {**limit, "output": 0}


def _export_prices(facts: Facts, day: str, zeros: _Zeros) -> dict[str, Any]:
    window = facts.model.context_window
    written = expand_prices(facts.model, day, lambda when: _is_expressible(when, window))
    prices = written.prices
    stated = prices.base.tokens
    # Under a name with "plan" in it, a 0 is read as no price.
    prices.base.tokens = {name: stated[name] for name in _RATES if name in stated and (stated[name] or not zeros.plan)}
    if zeros.written:
        return {"cost": _FREE}
    if _has_doubtful_unit(facts.model, prices) or not (zeros.kept or any(prices.base.tokens.values())):
        return {}
    # Both sides are required there, and an absent one is 0 to some readers.
    sides = _FREE.keys() & prices.base.tokens.keys()
    if not sides or unpriced_side(facts.model, sides) or (zeros.plan and len(sides) < len(_FREE)):
        return {}
    facts.cross_off(*(f"pricing.{name}" for name in prices.base.tokens))
    for variant in written.used:
        if variant.when and set(_RATES) >= variant.rates.keys() and not variant.per:
            facts.cross_off_variant(variant)
    prices.drop_usual_rates()
    cost: dict[str, Any] = {**_FREE, **prices.base.tokens}  # 0 for a side that has no price because it does not apply
    tiers, modes = [], {}
    for when, rates in prices.variants.items():
        table = {name: rates.tokens[name] for name in _RATES if name in rates.tokens}
        if table and "input_tokens_above" in when:
            tiers.append({**table, "tier": {"type": "context", "size": when["input_tokens_above"]}})
        elif table:
            tier = when["service_tier"]
            modes[tier] = {"cost": table, "provider": {"body": {"service_tier": tier}}}
    if tiers:
        cost["tiers"] = tiers
    return {"cost": cost, **({"experimental": {"modes": modes}} if modes else {})}


def _is_expressible(when: Mapping[str, Any], window: int | None) -> bool:
    if when.keys() == {"input_tokens_above"}:
        return window is None or when["input_tokens_above"] < window
    return when.keys() == {"service_tier"}


def _has_doubtful_unit(model: Model, prices: PriceList) -> bool:
    """Whether its reader would doubt the unit: token prices of a model that only makes pictures, sound or video."""
    modalities = {"input": list(model.modalities.input), "output": list(model.modalities.output)}
    stated = prices.base.tokens
    media = models_dev.is_media_only({"modalities": {way: kinds for way, kinds in modalities.items() if kinds}})
    return media and stated.get("output") in {None, 0, stated.get("input")}
