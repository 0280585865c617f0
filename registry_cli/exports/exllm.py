"""ExLLM's `config/models/`: one YAML file a provider, of which its loader reads string keys and lists of names.

Modalities and endpoints are under the names that ExLLM's own files have for them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.format.layout import is_on_one_line, needs_blank_line, sort_provider
from registry_cli.core.format.legacy import OLDER_LISTS
from registry_cli.core.pricing.expand import expand_prices
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses
from registry_cli.yamledit.layout import Style, emit_document

_SAME = ("name", "description", "mode", "context_window", "max_output_tokens", "deprecation_date", "metadata")
_RATES = ("input", "output", "reasoning")


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """A file a provider, by the names that ExLLM loads them by."""
    losses: Counter[str] = Counter()
    files = {}
    for shelf in shelves:
        provider = shelf.provider
        body: dict[str, Any] = {"provider": provider.id}
        if provider.default_model in {model.id for model in shelf.models}:
            body["default_model"] = provider.default_model
        if provider.body.get("metadata"):
            body["metadata"] = provider.body["metadata"]
        losses += provider_losses(provider, set(body))
        body["models"] = {}
        for model in shelf.models:
            facts = Facts(model)
            body["models"][model.id] = _export_model(facts, day)
            losses += facts.count_left()
        text = emit_document(sort_provider(body), Style(flow=is_on_one_line, parted=needs_blank_line))
        files[f"{provider.id}.yml"] = text.encode()
    return Exported(files, losses)


def _export_model(facts: Facts, day: str) -> Mapping[str, Any]:
    entry = {name: value for name in _SAME if (value := facts.take(name)) is not None}
    prices = expand_prices(facts.model, day, lambda _: False).prices.base.tokens
    pricing = {name: prices[name] for name in _RATES if name in prices}
    if pricing:
        facts.cross_off(*(f"pricing.{name}" for name in pricing))
        entry["pricing"] = pricing
    if facts.model.capabilities or "capabilities" in facts.model.body:
        entry["capabilities"] = facts.take_capabilities(dict.fromkeys(sorted(facts.model.capabilities)))
    renamed = {theirs: list(value) for ours, theirs in OLDER_LISTS.items() if (value := facts.take(ours))}
    return {**entry, **renamed}
