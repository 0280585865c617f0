"""Observations of several sources -> the bodies of provider files, by precedence and by groups of fields.

The first source that states a field decides it. `pricing` is one group: its rates come from one source, and a
lower source adds only variants, and only where every base rate that both state agrees. `capabilities` is a set:
lower sources add to it, except what a higher one denies.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry_cli.core.checks.rules import key_host
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.format.schema import Broken, Contract, remove_violations
from registry_cli.core.matching.addresses import known_api, states_another
from registry_cli.core.merging.implausible import drop_implausible
from registry_cli.core.merging.inference import complete_facts
from registry_cli.core.pricing.merge import merge_pricing
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.layout import Style, emit_document

_GROUPS = frozenset({"pricing", "capabilities"})
_PLAN = re.compile(r"\bplan\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merged:
    """`providers` maps each id to the value of its file; `notes` say what the merge left out."""

    providers: Mapping[str, dict[str, Any]]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Model:
    """One model while it is put together: what each source states, in the order of precedence.

    `other_ids` are the spellings of sources that differ from the model's id.
    """

    own: bool
    stated: list[tuple[str, ObservedModel]] = field(default_factory=list)
    other_ids: dict[str, str] = field(default_factory=dict)


def merge_observations(observations: Sequence[Observations], *, on: str) -> Merged:
    """Precedence is the order given; `on` is the ISO day to judge dates by."""
    notes: list[Note] = []
    providers: dict[str, dict[str, Any]] = {}
    models: dict[str, dict[str, _Model]] = {}
    own: set[str] = set()
    for seen in observations:
        for provider in seen.providers:
            body = providers.setdefault(provider.id, {"provider": provider.id})
            facts = provider.facts if seen.own else _replace_api(seen.source, provider, notes)
            _fill_provider(body, facts, provider.spelled)
            mine = models.setdefault(provider.id, {})
            if seen.own:
                own.add(provider.id)
            spellings = {model_id.casefold(): model_id for model_id in mine}
            for model in provider.models:
                model_id = spellings.setdefault(model.id.casefold(), model.id)
                merged = mine.setdefault(model_id, _Model(seen.own))
                merged.stated.append((seen.source, model))
                if model_id != model.id:
                    merged.other_ids.setdefault(seen.source, model.id)
    for provider_id, body in providers.items():
        body["models"] = {
            model_id: _complete_model(provider_id, model_id, model, on, notes)
            for model_id, model in sorted(models[provider_id].items(), key=lambda pair: pair[0].casefold())
        }
        if provider_id not in own:
            _check_billing(body, notes)
    return Merged(providers, tuple(notes))


def keep_sound(seen: Observations, contract: Contract) -> Observations:
    """What a source states without what breaks the schema of a provider file; each such fact is noted."""
    providers = []
    notes = list(seen.notes)
    for provider in seen.providers:
        models = {model.id: model.facts for model in provider.models}
        body = {"provider": "any", **provider.facts, "models": models}  # whether it can be a file's name is seen later
        sound, broken = remove_violations(body, contract)
        notes += [note_of(provider.id, fault) for fault in broken]
        facts = {name: value for name, value in provider.facts.items() if name in sound}
        kept = [model for model in provider.models if model.id in sound["models"]]
        if seen.own and _why_unreadable({model.id: model.facts for model in kept}):
            faults = {model.id: _why_unreadable({model.id: model.facts}) for model in kept}
            notes += [Note(provider.id, name, "", "", f"{fault}; left out") for name, fault in faults.items() if fault]
            kept = [model for model in kept if not faults[model.id]]
        providers.append(replace(provider, facts=facts, models=tuple(kept)))
    return replace(seen, providers=tuple(providers), notes=tuple(notes))


def _why_unreadable(value: Mapping[str, Any]) -> str:
    """Why a text of these values would not be read back, such as a number beyond all bounds; empty where it would."""
    try:
        load_value(emit_document(value, Style()))
    except YamlError as fault:
        return fault.message
    except (TypeError, ValueError) as error:  # a value that YAML has no word for
        return str(error)
    return ""


def note_of(provider_id: str, fault: Broken) -> Note:
    """What the schema refuses, and is left out."""
    key, *rest = (*map(str, fault.pointer), "")
    model_id, *below = rest if key in MODEL_KEYS else ("", key)
    return Note(provider_id, model_id, ".".join(filter(None, below)), "", f"{fault.message}; left out")


def _replace_api(source: str, provider: ObservedProvider, notes: list[Note]) -> Mapping[str, Any]:
    """The facts of a provider with the `api` that llmreg itself knows for it: no list says where its keys go. The
    address of another provider is left out where it is made to be taken for another host's."""
    known, stated = known_api(provider.id), provider.facts.get("api")
    if not stated:
        return provider.facts
    if known is not None:
        if states_another(provider.id, stated, known):
            reason = f"{source} does not decide where the keys of a provider go that llmreg knows"
            notes.append(Note(provider.id, "", "api", str(stated), reason))
        facts: dict[str, Any] = {key: value for key, value in provider.facts.items() if key != "api"}
        return {**facts, "api": known} if known else facts
    if fault := key_host.fault_of_address(stated):
        notes.append(Note(provider.id, "", "api", str(stated), f"{fault}; left out"))
        rest = {key: value for key, value in stated.items() if key != "base_url"}
        return {**provider.facts, "api": rest}
    return provider.facts


def _fill_provider(body: dict[str, Any], facts: Mapping[str, Any], spelled: str) -> None:
    names = [*body.get("aliases", ()), *facts.get("aliases", ()), spelled]
    aliases = [name for name in dict.fromkeys(names) if name != body["provider"]]
    if aliases:
        body["aliases"] = aliases
    for key, value in facts.items():
        body.setdefault(key, value)


def _complete_model(provider_id: str, model_id: str, model: _Model, on: str, notes: list[Note]) -> dict[str, Any]:
    """The facts of a model from all that its sources state; notes say what was left out."""
    words = [(source, stated.facts) for source, stated in model.stated]
    believed, left_out = (words, ()) if model.own else drop_implausible(words)
    facts = dict(believed[0][1])
    denied = set(model.stated[0][1].denies)
    for (_, stated), (_, lower) in zip(model.stated[1:], believed[1:], strict=True):
        _fill_model(facts, denied, lower, stated.denies)
    for source, spelled in model.other_ids.items():
        facts["upstream_ids"] = {source: spelled, **facts.get("upstream_ids", {})}
    if model.own:
        return facts
    notes += [Note(provider_id, model_id, item.field, str(item.value), item.reason) for item in left_out]
    notes += [
        Note(provider_id, model_id, name, str(value), reason)
        for name, value, reason in complete_facts(model_id, facts, denied, on)
    ]
    return facts


def _fill_model(facts: dict[str, Any], denied: set[str], lower: Mapping[str, Any], denies: frozenset[str]) -> None:
    """Add what a lower source states to the facts, and what it denies to what is denied."""
    for key, value in lower.items():
        if key not in _GROUPS:
            facts.setdefault(key, value)
    names = [name for name in lower.get("capabilities", ()) if name not in denied]
    merged = list(dict.fromkeys([*facts.get("capabilities", ()), *names]))
    if merged:
        facts["capabilities"] = merged
    denied |= denies - set(merged)
    pricing = merge_pricing(facts.get("pricing"), lower.get("pricing"))
    if pricing:
        facts["pricing"] = pricing


def _check_billing(body: dict[str, Any], notes: list[Note]) -> None:
    """A provider that one source takes for a subscription, and another has prices for, sells by use."""
    models: Iterable[Mapping[str, Any]] = body["models"].values()
    priced = any("input" in model.get("pricing", {}) for model in models)
    if body.get("billing") == "subscription" and priced and not _PLAN.search(body.get("name", "")):
        del body["billing"]
        notes.append(Note(body["provider"], "", "billing", "subscription", "another source has prices by use"))
