"""What follows from a model's facts, and which facts cannot be true beside the others.

The sources are aggregators: now and then they contradict themselves or each other. The fact that is the less
likely of two is left out, with a note; nothing is corrected by guess.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from registry_cli.core.checks.rules.per_unit_range import RANGES
from registry_cli.core.format.fields import rates_of
from registry_cli.core.merging.mode_names import find_mode, find_vector_mode
from registry_cli.core.pricing.doubtful_rates import (
    is_cheaper_long_write,
    is_copied_write,
    is_filler_zero,
    is_price_of_a_minute,
    takes_audio,
)
from registry_cli.core.pricing.merge import condition_of, drop_unreachable, settle_variants

_ANSWERS_IN_TEXT = frozenset({"chat", "completion", "responses"})
_VECTORS = frozenset({"embedding", "rerank"})
_ROUTER = re.compile(r"\brouter\b|_router\b", re.IGNORECASE)
_MAKES = {"image": "image_generation", "video": "video_generation", "audio": "audio_speech"}
# USD per 1M tokens between which every known rate lies; beyond, another unit is likelier than the price.
_LEAST, _MOST = Decimal("0.001"), Decimal(1000)
_MOST_FOR_VECTORS = Decimal(20)  # the highest known rate of a model for embeddings or ranking is 0.8

Omission = tuple[str, Any, str]  # the field, its value, the reason


def complete_facts(model_id: str, facts: dict[str, Any], denied: set[str], on: str) -> Iterator[Omission]:
    """Add to the facts what follows from them and remove what cannot be true as of an ISO day; yields the removed.

    A model that answers in text streams, unless a source denies it: see docs/catalog.md.
    """
    implied = implied_mode(model_id, facts)
    if facts.setdefault("mode", implied) == "chat" and implied in _VECTORS:
        facts["mode"] = implied
        yield "mode", "chat", f"its name says {implied}"
    capabilities = facts.get("capabilities", ())
    if "streaming" in capabilities or (facts["mode"] in _ANSWERS_IN_TEXT and "streaming" not in denied):
        facts["capabilities"] = ["streaming", *(name for name in capabilities if name != "streaming")]
    yield from _complete_limits(facts)
    yield from _complete_dates(facts, on)
    if "pricing" in facts:
        yield from _complete_prices(model_id, facts)


def implied_mode(model_id: str, facts: Mapping[str, Any]) -> str:
    """The mode of a model whose source names none: from what it takes and makes, else from its name."""
    modalities = facts.get("modalities", {})
    makes, takes = modalities.get("output", ["text"]), modalities.get("input", ["text"])
    if "text" not in makes:
        return _MAKES.get(makes[0], "chat")
    name = f"{model_id} {facts.get('family', '')}"
    if by_name := find_vector_mode(name):
        return by_name
    if list(takes) == ["audio"]:
        return "audio_transcription"
    says_more = "output" in modalities or "mode" in facts
    return "chat" if says_more else find_mode(name) or "chat"


def _complete_limits(facts: dict[str, Any]) -> Iterator[Omission]:
    output, context = facts.get("max_output_tokens"), facts.get("context_window")
    if output and facts["mode"] in _VECTORS:
        yield _omit_fact(facts, "max_output_tokens", "the length of a vector, not of an answer")
    elif output and context and output > context:
        yield _omit_fact(facts, "max_output_tokens", f"output above the context window of {context}")
    if context and facts.get("max_input_tokens", 0) >= context:
        del facts["max_input_tokens"]  # adds nothing to the window


def _complete_dates(facts: dict[str, Any], on: str) -> Iterator[Omission]:
    released, retires = facts.get("release_date"), facts.get("retirement_date")
    cutoff = facts.get("knowledge_cutoff")
    if released and cutoff and cutoff[:7] == released[:7] and _ends_month(cutoff):
        facts["knowledge_cutoff"] = cutoff[:7]  # a list that has days alone has the last one for a month
    elif released and cutoff and cutoff[: len(released)] > released[: len(cutoff)]:
        yield _omit_fact(facts, "knowledge_cutoff", f"after the release on {released}")
    if released and retires and retires < released:
        yield _omit_fact(facts, "retirement_date", f"before the release on {released}")
    deprecated, retires = facts.get("deprecation_date"), facts.get("retirement_date")
    if deprecated and retires and deprecated > retires:
        yield _omit_fact(facts, "deprecation_date", f"after the retirement on {retires}")
    elif deprecated and released and deprecated < released[: len(deprecated)]:
        yield _omit_fact(facts, "deprecation_date", f"before the release on {released}")
    if (status := _status_by_date(facts, on)) is not None:
        facts["status"] = status


def _ends_month(text: str) -> bool:
    """Whether a date is the last day of its month; a month alone is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return monthrange(day.year, day.month)[1] == day.day


def _status_by_date(facts: Mapping[str, Any], on: str) -> str | None:
    """What a model's days make of it, which beats any word of a status: words grow old. None where they tell nothing.

    A model that is announced to end later is not deprecated thereby, unless a source says so.
    """
    retires, deprecated, status = (facts.get(name) for name in ("retirement_date", "deprecation_date", "status"))
    if retires and retires <= on:
        return "retired"
    if retires and status == "retired":
        return "deprecated"
    if deprecated and deprecated <= on and status in (None, "active", "preview"):
        return "deprecated"
    return None


def _complete_prices(model_id: str, facts: dict[str, Any]) -> Iterator[Omission]:
    if _ROUTER.search(model_id) and not facts["pricing"].get("output", 1):
        fee = ", ".join(f"{name} {rate:f}" for name, rate in rates_of(facts.pop("pricing")).items())
        yield "pricing", fee, "a fee on top of the price of the model chosen"
        return
    pricing = dict(facts["pricing"])
    for name, rate in rates_of(pricing).items():
        if rate and _is_in_another_unit(facts, name, rate):
            yield f"pricing.{name}", f"{rate:f}", "the unit is doubtful: not what a million tokens costs"
            pricing = {key: pricing[key] for key in ("currency", "per") if key in pricing}
            break
    yield from _units_beyond_range(pricing)
    read, full = pricing.get("cache_read"), pricing.get("input")
    if read and full is not None and read > full:
        yield _omit_fact(pricing, "cache_read", f"dearer than the input it saves ({full:f})")
    yield from _doubtful_rates(pricing)
    if facts.get("context_window"):
        reachable, thresholds = drop_unreachable(pricing, facts["context_window"])
        for threshold in thresholds:
            reason = f"no input is that long: the context window is {facts['context_window']}"
            yield "pricing.variants", f"input_tokens_above: {threshold}", reason
        pricing = dict(reachable)
    pricing, derived = settle_variants(pricing)  # type: ignore[assignment]
    for variant in derived:
        condition = ", ".join(f"{name}: {value}" for name, value in condition_of(variant).items())
        yield "pricing.variants", condition, "not stated by the source: the product of both changes"
    if pricing.keys() - {"currency"}:
        facts["pricing"] = pricing
    else:
        del facts["pricing"]


def _units_beyond_range(pricing: dict[str, Any]) -> Iterator[Omission]:
    """Removes the prices of one image, second or the like that are far from what such a unit can cost."""
    per = dict(pricing.pop("per", {}))
    for unit, price in list(per.items()):
        usual = RANGES.get(unit) if pricing.get("currency", "USD") == "USD" else None
        if usual and price and not usual.least <= price <= usual.most:
            yield f"pricing.per.{unit}", f"{per.pop(unit):f}", f"the unit is doubtful: not what one {unit} costs"
    if per:
        pricing["per"] = per


def _is_in_another_unit(facts: Mapping[str, Any], name: str, rate: Decimal) -> bool:
    """Whether a rate is beyond all that such a model costs per 1M tokens."""
    most = _MOST_FOR_VECTORS if facts["mode"] in _VECTORS else _MOST
    return not _LEAST <= rate <= most or (takes_audio(facts) and is_price_of_a_minute(name, rate))


def _doubtful_rates(pricing: dict[str, Any]) -> Iterator[Omission]:
    """Removes the rates that cannot be true beside the others, from the list and from its variants."""
    base = rates_of(pricing)
    for name, reason in _doubts_by_rate(base, base).items():
        yield _omit_fact(pricing, name, reason)
    variants = []
    for variant in pricing.pop("variants", ()):
        doubts = _doubts_by_rate(rates_of(variant), base)
        for name, reason in doubts.items():
            yield f"variants.{name}", variant[name], reason
        kept = {name: value for name, value in variant.items() if name not in doubts}
        if kept.keys() - {"when"}:
            variants.append(kept)
    if variants:
        pricing["variants"] = variants


def _doubts_by_rate(table: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, str]:
    """The rates that cannot be true, each with the reason."""
    doubts = {}
    for name in table:
        if is_filler_zero(name, table, base):
            doubts[name] = "0 beside a price for other tokens stands for an unknown price"
        elif is_cheaper_long_write(name, table):
            doubts[name] = "writing to the cache for longer cannot cost less"
        elif is_copied_write(name, table, base):
            doubts[name] = "writing to the cache cannot cost the discount for reading from it"
    return doubts


def _omit_fact(facts: dict[str, Any], name: str, reason: str) -> Omission:
    return name, facts.pop(name), reason
