"""Observations of several sources -> the bodies of provider files, by precedence and by groups of fields.

The first source that states a field decides it. `pricing` is one group: its rates come from one source, and a
lower source adds only variants, and only where every base rate that both state agrees. `capabilities` is a set:
lower sources add to it, except what a higher one denies.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.observations import Note, Observations, ObservedModel

_NOT_RATES = frozenset({"variants", "per", "currency", "effective_date"})
_GROUPS = frozenset({"pricing", "capabilities"})
_ANSWERS_IN_TEXT = frozenset({"chat", "completion", "responses"})
_NO_OUTPUT_LIMIT = frozenset({"embedding", "rerank"})  # what a source states there is the length of a vector
_EMBEDS = re.compile(r"embed|(?:^|[/_-])(?:bge|e5|gte)-(?!rerank)", re.IGNORECASE)
_RERANKS = re.compile(r"rerank", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merged:
    """`providers` maps each id to the value of its file; `notes` say what the merge left out."""

    providers: Mapping[str, dict[str, Any]]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Model:
    """One model while it is put together, and the capabilities that a source so far denies."""

    facts: dict[str, Any]
    denied: set[str]


def merge(observations: Sequence[Observations]) -> Merged:
    """Precedence is the order given."""
    notes: list[Note] = []
    providers: dict[str, dict[str, Any]] = {}
    models: dict[str, dict[str, _Model]] = {}
    for seen in observations:
        for provider in seen.providers:
            body = providers.setdefault(provider.id, {"provider": provider.id})
            _fill_provider(body, provider.facts, provider.spelled)
            mine = models.setdefault(provider.id, {})
            spellings = {model_id.casefold(): model_id for model_id in mine}
            for model in provider.models:
                model_id = spellings.setdefault(model.id.casefold(), model.id)
                if model_id not in mine:
                    mine[model_id] = _Model(dict(model.facts), set(model.denies))
                    continue
                _fill_model(mine[model_id], model)
                if model_id != model.id:
                    mine[model_id].facts.setdefault("upstream_ids", {}).setdefault(seen.source, model.id)
    for provider_id, body in providers.items():
        body["models"] = {
            model_id: _finished(provider_id, model_id, model, notes)
            for model_id, model in models[provider_id].items()
        }
        _check_billing(body, notes)
    return Merged(providers, tuple(notes))


def _fill_provider(body: dict[str, Any], facts: Mapping[str, Any], spelled: str) -> None:
    names = [*body.get("aliases", ()), *facts.get("aliases", ()), spelled]
    aliases = [name for name in dict.fromkeys(names) if name != body["provider"]]
    if aliases:
        body["aliases"] = aliases
    for key, value in facts.items():
        body.setdefault(key, value)


def _fill_model(model: _Model, lower: ObservedModel) -> None:
    facts = model.facts
    for key, value in lower.facts.items():
        if key not in _GROUPS:
            facts.setdefault(key, value)
    names = [name for name in lower.facts.get("capabilities", ()) if name not in model.denied]
    merged = list(dict.fromkeys([*facts.get("capabilities", ()), *names]))
    if merged:
        facts["capabilities"] = merged
    model.denied |= lower.denies - set(merged)
    pricing = merge_pricing(facts.get("pricing"), lower.facts.get("pricing"))
    if pricing:
        facts["pricing"] = pricing


def merge_pricing(higher: Mapping[str, Any] | None, lower: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The higher list with the lower one's variants that it may take; the lower one where there is no higher.

    A variant is taken where its condition is new, its thresholds are among the higher list's (two lists that put
    the long context at different lengths are two lists), and no rate of the higher list would be multiplied that
    the lower one does not know.
    """
    if not higher or not lower:
        return higher or lower
    ours, theirs = base_rates(higher), base_rates(lower)
    shared = ours.keys() & theirs.keys()
    if not shared or not {"input", "output"} & shared or any(ours[name] != theirs[name] for name in shared):
        return higher
    variants = list(higher.get("variants", ()))
    conditions = [variant["when"] for variant in variants]
    thresholds = {when["input_tokens_above"] for when in conditions if "input_tokens_above" in when}
    added = [
        variant
        for variant in lower.get("variants", ())
        if variant["when"] not in conditions
        and (not thresholds or variant["when"].get("input_tokens_above") in {None, *thresholds})
        and ("multiply" not in variant or ours.keys() <= theirs.keys())
    ]
    if not added:
        return higher
    return {**higher, "variants": sorted([*variants, *added], key=_generality)}


def base_rates(pricing: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: rate for name, rate in pricing.items() if name not in _NOT_RATES}


def _generality(variant: Mapping[str, Any]) -> tuple[bool, int, bool, int]:
    """A later variant overrides an earlier one, so the more special condition comes later; multiplying is last."""
    when = variant["when"]
    return (
        "multiply" in variant,
        len(when),
        "input_tokens_above" not in when,
        when.get("input_tokens_above", 0),
    )


def _finished(provider_id: str, model_id: str, model: _Model, notes: list[Note]) -> dict[str, Any]:
    """The facts with what follows from them: the mode, streaming, and an output limit that can be true."""
    facts = model.facts
    facts.setdefault("mode", implied_mode(model_id, facts))
    if facts["mode"] in _ANSWERS_IN_TEXT and "streaming" not in model.denied:
        capabilities = facts.get("capabilities", ())
        if "streaming" not in capabilities:
            facts["capabilities"] = ["streaming", *capabilities]
    output, context = facts.get("max_output_tokens"), facts.get("context_window")
    if output and facts["mode"] in _NO_OUTPUT_LIMIT:
        reason = "the length of a vector, not of an answer"
    elif output and context and output > context:
        reason = f"output above the context window of {context}"
    else:
        reason = None
    if reason:
        del facts["max_output_tokens"]
        notes.append(Note(provider_id, model_id, "max_output_tokens", str(output), reason))
    most_input = facts.get("max_input_tokens")
    if most_input and context and most_input >= context:
        del facts["max_input_tokens"]
    return facts


def implied_mode(model_id: str, facts: Mapping[str, Any]) -> str:
    """The mode of a model whose source names none, from what it takes and makes."""
    modalities = facts.get("modalities", {})
    makes, takes = modalities.get("output", ["text"]), modalities.get("input", ["text"])
    if "text" not in makes:
        return {"image": "image_generation", "video": "video_generation", "audio": "audio_speech"}.get(
            makes[0], "chat"
        )
    name = f"{model_id} {facts.get('family', '')}"
    if _RERANKS.search(name):
        return "rerank"
    if _EMBEDS.search(name):
        return "embedding"
    return "audio_transcription" if list(takes) == ["audio"] else "chat"


def _check_billing(body: dict[str, Any], notes: list[Note]) -> None:
    """A provider that one source takes for a subscription, and another has prices for, sells by use."""
    models: Iterable[Mapping[str, Any]] = body["models"].values()
    if body.get("billing") == "subscription" and any("input" in model.get("pricing", {}) for model in models):
        plan = re.search(r"\bplan\b", body.get("name", ""), re.IGNORECASE)
        if not plan:
            del body["billing"]
            notes.append(
                Note(body["provider"], "", "billing", "subscription", "another source has prices by use")
            )
