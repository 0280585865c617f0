"""OpenRouter's `/api/v1/models`: prices as texts in USD per token, for clients that read its list.

A price that it states for every model, and ours does not know, is left out: there `0` would be free.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.pricing.expand import expand_prices
from registry_cli.core.text.exact_json import dumps, format_plain
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses
from registry_cli.exports.openai import unix_time

_TOKENS = {
    "input": "prompt", "output": "completion", "cache_read": "input_cache_read", "cache_write": "input_cache_write",
    "cache_write_1h": "input_cache_write_1h", "reasoning": "internal_reasoning", "input_audio": "audio",
}  # fmt: skip
_UNITS = {"request": "request", "input_image": "image", "output_image": "image_output", "web_search": "web_search"}
_PARAMETERS = {
    "function_calling": ("tools",), "tool_choice": ("tool_choice",), "structured_output": ("structured_outputs",),
    "json_mode": ("response_format",), "reasoning": ("reasoning", "include_reasoning"),
}  # fmt: skip
_KINDS = {"pdf": "file"}


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """`{"data": [...]}`, ids as `provider/id`, OpenRouter's own as they are."""
    losses: Counter[str] = Counter()
    data = []
    for shelf in shelves:
        losses += provider_losses(shelf.provider, set())
        for model in shelf.models:
            facts = Facts(model)
            data.append(_export_model(facts, day))
            losses += facts.count_left()
    return Exported({"": f"{dumps({'data': data}, 1)}\n".encode()}, losses)


def _export_model(facts: Facts, day: str) -> Mapping[str, Any]:
    model = facts.model
    name = model.id if model.provider == "openrouter" else model.full_id
    context, output = facts.take("context_window"), facts.take("max_output_tokens")
    inputs = [_KINDS.get(kind, kind) for kind in facts.take("modalities.input") or ("text",)]
    outputs = [_KINDS.get(kind, kind) for kind in facts.take("modalities.output") or ("text",)]
    names = facts.take_capabilities(_PARAMETERS)
    entry = {
        "id": name,
        "canonical_slug": name,
        "name": facts.take("name") or name,
        "created": unix_time(facts.take("release_date")),
        "description": facts.take("description") or "",
        "context_length": context,
        "architecture": {
            "modality": f"{'+'.join(inputs)}->{'+'.join(outputs)}",
            "input_modalities": inputs,
            "output_modalities": outputs,
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": _export_prices(facts, day),
        "top_provider": {"context_length": context, "max_completion_tokens": output, "is_moderated": False},
        "per_request_limits": None,
        "supported_parameters": [parameter for name in names for parameter in _PARAMETERS[name]],
    }
    if retires := facts.take("retirement_date"):
        entry["expiration_date"] = retires
    return entry


def _export_prices(facts: Facts, day: str) -> Mapping[str, Any]:
    written = expand_prices(facts.model, day, lambda when: when.keys() == {"input_tokens_above"})
    base = written.prices.base
    facts.cross_off(*(f"pricing.{rate}" for rate in base.tokens if rate in _TOKENS))
    facts.cross_off(*(f"pricing.per.{unit}" for unit in base.per if unit in _UNITS))
    for variant in written.used:
        if variant.when and _TOKENS.keys() >= variant.rates.keys() and not variant.per:
            facts.cross_off_variant(variant)
    overrides = [
        {"min_prompt_tokens": condition["input_tokens_above"] + 1, **_price_texts(rates.tokens)}
        for condition, rates in written.prices.variants.items()
    ]
    units = {key: format_plain(base.per[unit]) for unit, key in _UNITS.items() if unit in base.per}
    return {**_price_texts(base.tokens), **units, **({"overrides": overrides} if overrides else {})}


def _price_texts(tokens: Mapping[str, Any]) -> dict[str, str]:
    return {key: format_plain(tokens[rate].scaleb(-6)) for rate, key in _TOKENS.items() if rate in tokens}
