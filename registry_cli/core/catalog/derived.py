"""Capabilities that an entry proves without stating them.

`PROOFS` is the one table of them: filters, the Python API, `sql`, `capabilities`, exports, the rules and
docs/capabilities.md follow it. A capability that the entry denies (`supported: false`) is never derived.

What looks like a proof and is none:

- a price of 0: several sources write 0 for what is unknown or not offered;
- a cache-read price that is not below the input price: nothing is cached for less;
- a price of a kind of input or output that the entry's list of modalities leaves out: the list is complete, and hosts
  copy price lists from each other;
- `per.output_image` and `output_image`: LiteLLM writes the price of a song there;
- the price of a tool call, such as `per.web_search`: hosts that lack the tool copy it;
- `endpoints: completions`: proxies translate it for chat models.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from registry_cli.core.format.fields import rates_of


class ProvingValue(NamedTuple):
    """What an entry says: a field, and the value in it where the field alone proves nothing."""

    field: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.value}" if self.value else self.field


class Proof(NamedTuple):
    """A capability, and what in an entry proves it."""

    capability: str
    evidence: ProvingValue


_SEVERAL = "several levels"
_EMBEDS_IMAGES = "embedding, with image input"

# Of several proofs of one capability, answers name the first that holds.
PROOFS = tuple(
    Proof(capability, ProvingValue(*evidence))
    for capability, *evidence in (
        ("chat", "mode", "chat"),
        ("chat", "mode", "responses"),
        ("chat", "endpoints", "chat"),
        ("chat", "endpoints", "messages"),
        ("chat", "endpoints", "responses"),
        ("text_completion", "mode", "completion"),
        ("citations", "pricing.citation"),
        ("reasoning", "reasoning.effort"),
        ("reasoning", "reasoning.toggle"),
        ("reasoning", "reasoning.budget_tokens"),
        ("reasoning", "pricing.reasoning"),
        ("reasoning_effort", "reasoning.effort", _SEVERAL),
        ("vision", "modalities.input", "image"),
        ("vision", "pricing.input_image"),
        ("vision", "pricing.per.input_image"),
        ("audio_input", "modalities.input", "audio"),
        ("audio_input", "mode", "audio_transcription"),
        ("audio_input", "endpoints", "audio_transcriptions"),
        ("audio_input", "pricing.input_audio"),
        ("audio_input", "pricing.per.input_audio_second"),
        ("video_input", "modalities.input", "video"),
        ("video_input", "pricing.input_video"),
        ("video_input", "pricing.per.input_video_second"),
        ("pdf_input", "modalities.input", "pdf"),
        ("audio_output", "modalities.output", "audio"),
        ("audio_output", "mode", "audio_speech"),
        ("audio_output", "endpoints", "audio_speech"),
        ("audio_output", "pricing.output_audio"),
        ("image_generation", "modalities.output", "image"),
        ("image_generation", "mode", "image_generation"),
        ("image_generation", "endpoints", "image_generations"),
        ("image_editing", "mode", "image_edit"),
        ("image_editing", "endpoints", "image_edits"),
        ("video_generation", "modalities.output", "video"),
        ("video_generation", "mode", "video_generation"),
        ("video_generation", "endpoints", "videos"),
        ("speech_recognition", "mode", "audio_transcription"),
        ("speech_recognition", "endpoints", "audio_transcriptions"),
        ("speech_synthesis", "mode", "audio_speech"),
        ("speech_synthesis", "endpoints", "audio_speech"),
        ("realtime", "mode", "realtime"),
        ("realtime", "endpoints", "realtime"),
        ("embeddings", "mode", "embedding"),
        ("embeddings", "endpoints", "embeddings"),
        ("multimodal_embeddings", "mode", _EMBEDS_IMAGES),
        ("reranking", "mode", "rerank"),
        ("reranking", "endpoints", "rerank"),
        ("moderation", "mode", "moderation"),
        ("moderation", "endpoints", "moderations"),
        ("ocr", "mode", "ocr"),
        ("ocr", "endpoints", "ocr"),
        ("prompt_caching", "pricing.cache_read"),
        ("batch_operations", "pricing.variants", "service_tier batch"),
        ("batch_operations", "endpoints", "batches"),
        ("fast_mode", "pricing.variants", "service_tier fast"),
        ("fast_mode", "pricing.variants", "service_tier ultrafast"),
    )
)

# Capability -> the direction and kind of the modality that says the same: `vision` is an image among the input.
MODALITY_OF: Mapping[str, tuple[str, str]] = {
    proof.capability: (proof.evidence.field.removeprefix("modalities."), proof.evidence.value)
    for proof in PROOFS
    if proof.evidence.field.startswith("modalities.")
}

# Prices of one kind of input or output -> the list of modalities that says more about it where there is one.
_PRICED_KINDS = {
    "input_image": "input",
    "input_audio": "input",
    "input_video": "input",
    "output_audio": "output",
    "per.input_image": "input",
    "per.input_audio_second": "input",
    "per.input_video_second": "input",
}
_OTHER_PROVING_PRICES = ("reasoning", "citation")


def derive_capabilities(body: Mapping[str, Any]) -> dict[str, str]:
    """Return what an entry in today's spelling proves: capability -> the evidence, such as `mode: embedding`."""
    evidence = find_evidence(body)
    return {proof.capability: str(proof.evidence) for proof in reversed(PROOFS) if proof.evidence in evidence}


def find_evidence(body: Mapping[str, Any]) -> set[ProvingValue]:
    """Return all evidence in an entry, whether or not it proves a capability."""
    found = {ProvingValue("endpoints", endpoint) for endpoint in body.get("endpoints") or ()}
    modalities = body.get("modalities") or {}
    for direction in ("input", "output"):
        found.update(ProvingValue(f"modalities.{direction}", kind) for kind in modalities.get(direction) or ())
    found.update(_read_reasoning(body.get("reasoning") or {}))
    pricing = body.get("pricing") or {}
    found.update(_read_prices(pricing, modalities))
    found.update(_read_variants(pricing))
    mode = body.get("mode")
    if mode is not None:
        found.add(ProvingValue("mode", mode))
    if mode == "embedding" and _takes_images(found):
        found.add(ProvingValue("mode", _EMBEDS_IMAGES))
    return found


def _takes_images(evidence: Iterable[ProvingValue]) -> bool:
    return any(proof.capability == "vision" and proof.evidence in evidence for proof in PROOFS)


def _read_reasoning(reasoning: Mapping[str, Any]) -> Iterator[ProvingValue]:
    levels = reasoning.get("effort") or ()
    if any(level != "none" for level in levels):
        yield ProvingValue("reasoning.effort")
    if len(levels) > 1:
        yield ProvingValue("reasoning.effort", _SEVERAL)
    if reasoning.get("toggle"):
        yield ProvingValue("reasoning.toggle")
    if reasoning.get("budget_tokens"):
        yield ProvingValue("reasoning.budget_tokens")


def _read_prices(pricing: Mapping[str, Any], modalities: Mapping[str, Any]) -> Iterator[ProvingValue]:
    prices = dict(rates_of(pricing))
    prices.update({f"per.{unit}": price for unit, price in (pricing.get("per") or {}).items()})
    for name, price in prices.items():
        if not price:
            continue
        direction = _PRICED_KINDS.get(name)
        has_no_list = direction is not None and modalities.get(direction) is None
        if has_no_list or name in _OTHER_PROVING_PRICES:
            yield ProvingValue(f"pricing.{name}")
    if _caches_for_less(pricing):
        yield ProvingValue("pricing.cache_read")


def _caches_for_less(pricing: Mapping[str, Any]) -> bool:
    """Whether cached input has a price above 0 and below that of other input, in the base prices or in a variant."""
    for prices in (pricing, *(pricing.get("variants") or ())):
        cached, usual = prices.get("cache_read"), prices.get("input", pricing.get("input"))
        if cached and (usual is None or cached < usual):
            return True
    return False


def _read_variants(pricing: Mapping[str, Any]) -> Iterator[ProvingValue]:
    for variant in pricing.get("variants") or ():
        tier = (variant.get("when") or {}).get("service_tier")
        prices = [variant.get("multiply"), *rates_of(variant).values(), *(variant.get("per") or {}).values()]
        if tier is not None and any(prices):
            yield ProvingValue("pricing.variants", f"service_tier {tier}")
