"""Several sources -> one body: who decides what, and what cannot stand beside the rest."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.core.merging.inference import implied_mode
from registry_cli.core.pricing.merge import drop_unreachable, merge_pricing, settle_variants
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider

ON = "2026-11-22"


def source(
    name: str, facts: dict[str, Any] | None = None, *models: ObservedModel, spelled: str = "acme"
) -> Observations:
    return Observations(name, (ObservedProvider("acme", spelled, facts or {}, models),))


def model(model_id: str = "large", *, denies: Sequence[str] = (), **facts: Any) -> ObservedModel:
    return ObservedModel(model_id, model_id, facts, frozenset(denies))


def merged(*models: ObservedModel) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """One model that several sources, the first the most trusted, tell of."""
    result = merge_observations([source(f"source{number}", None, one) for number, one in enumerate(models)], on=ON)
    [facts] = result.providers["acme"]["models"].values()
    return facts, result.notes


def test_the_first_source_decides_and_the_others_fill() -> None:
    facts, _ = merged(
        model(name="Large", context_window=1000), model(name="large", context_window=9, max_output_tokens=5)
    )
    assert (facts["name"], facts["context_window"], facts["max_output_tokens"]) == ("Large", 1000, 5)


def test_capabilities_add_up_but_for_what_a_higher_source_denies() -> None:
    facts, _ = merged(
        model(capabilities=["reasoning"], denies=["function_calling"]),
        model(capabilities=["function_calling", "vision"]),
    )
    assert facts["capabilities"] == ["streaming", "reasoning", "vision"]


def test_a_lower_source_may_deny_what_nobody_states() -> None:
    facts, _ = merged(model(), model(denies=["streaming"]), model(capabilities=["streaming"]))
    assert "capabilities" not in facts


@pytest.mark.parametrize(("mode", "streams"), [("chat", True), ("responses", True), ("embedding", False)])
def test_what_answers_in_text_streams(mode: str, streams: bool) -> None:
    facts, _ = merged(model(mode=mode))
    assert ("streaming" in facts.get("capabilities", ())) is streams


@pytest.mark.parametrize(
    ("higher", "lower", "taken"),
    [
        ({"input": 0, "output": 0}, {"input": 2, "output": 3}, {"input": 2, "output": 3}),
        ({"input": 0, "output": 0}, {"input": 0, "output": 0}, {"input": 0, "output": 0}),
        ({"input": 0, "output": 3}, {"input": 2, "output": 3}, {"input": 0, "output": 3}),
        ({"input": 0, "output": 0}, {"cache_read": 1}, {"input": 0, "output": 0}),
    ],
)
def test_a_price_of_zero_that_another_source_has_a_price_for_is_unknown(
    higher: dict[str, Any], lower: dict[str, Any], taken: dict[str, Any]
) -> None:
    assert merge_pricing(higher, lower) == taken


def test_ids_that_differ_by_case_are_one_model() -> None:
    result = merge_observations(
        [source("one", None, model("Large")), source("two", None, model("large", family="x"))], on=ON
    )
    assert result.providers["acme"]["models"]["Large"]["upstream_ids"] == {"two": "large"}
    assert result.providers["acme"]["models"].keys() == {"Large"}


def test_provider_facts_and_spellings_gather() -> None:
    result = merge_observations(
        [source("one", {"name": "Acme"}), source("two", {"name": "ACME", "aliases": ["a1"]}, spelled="acme-ai")], on=ON
    )
    assert result.providers["acme"] == {
        "provider": "acme", "name": "Acme", "aliases": ["a1", "acme-ai"], "models": {},
    }  # fmt: skip


@pytest.mark.parametrize(("name", "billing"), [("Acme", None), ("Acme Coding Plan", "subscription")])
def test_prices_from_another_source_end_a_supposed_subscription(name: str, billing: str | None) -> None:
    result = merge_observations(
        [
            source("one", {"name": name, "billing": "subscription"}, model("a")),
            source("two", None, model("b", pricing={"input": Decimal(1)})),
        ],
        on=ON,
    )
    assert result.providers["acme"].get("billing") == billing


BASE: dict[str, Any] = {"input": Decimal(2), "output": Decimal(8)}
BATCH: dict[str, Any] = {"when": {"service_tier": "batch"}, "input": Decimal(1), "output": Decimal(5)}
LONG: dict[str, Any] = {"when": {"input_tokens_above": 200_000}, "input": Decimal(4), "output": Decimal(12)}


@pytest.mark.parametrize(
    ("higher", "lower", "expected"),
    [
        (None, BASE, BASE),
        (BASE, None, BASE),
        (BASE, {**BASE, "cache_read": Decimal(1)}, {**BASE, "cache_read": Decimal(1)}),
        (BASE, {**BASE, "input": Decimal(3), "cache_read": Decimal(1)}, BASE),  # rates of lists that differ never mix
        (BASE, {"output": BASE["output"], "cache_write_1h": Decimal(4)}, {**BASE, "cache_write_1h": Decimal(4)}),
        (BASE, {"cache_read": Decimal(1)}, BASE),  # agrees at nothing
        (BASE, {**BASE, "cache_read": Decimal(0)}, BASE),  # 0 beside a price is an unknown one
        (BASE, {**BASE, "per": {"web_search": Decimal("0.01"), "image": Decimal(0)}},
         {**BASE, "per": {"web_search": Decimal("0.01")}}),
        ({**BASE, "per": {"image": Decimal(2)}}, {**BASE, "per": {"image": Decimal(3), "page": Decimal(1)}},
         {**BASE, "per": {"image": Decimal(2), "page": Decimal(1)}}),
        (BASE, {**BASE, "currency": "EUR", "cache_read": Decimal(1)}, BASE),
        ({**BASE, "variants": [BATCH]}, {**BASE, "cache_read": Decimal(1), "variants": [BATCH]},
         {**BASE, "cache_read": Decimal(1), "variants": [BATCH]}),
        ({**BASE, "variants": [LONG]},
         {**BASE, "output_image": Decimal(60), "variants": [{**LONG, "output_image": Decimal(90)}]},
         {**BASE, "output_image": Decimal(60), "variants": [{**LONG, "output_image": Decimal(90)}]}),
        ({**BASE, "variants": [{"when": {"region": "eu"}, "multiply": Decimal(2)}]}, {**BASE, "cache_read": Decimal(1)},
         {**BASE, "variants": [{"when": {"region": "eu"}, "multiply": Decimal(2)}]}),
        (BASE, {**BASE, "variants": [BATCH]}, {**BASE, "variants": [BATCH]}),
        (BASE, {**BASE, "input": Decimal(3), "variants": [BATCH]}, BASE),
        ({"cache_read": Decimal(1)}, {**BASE, "variants": [BATCH]}, {"cache_read": Decimal(1)}),
        ({**BASE, "variants": [LONG]}, {**BASE, "variants": [{**LONG, "input": Decimal(9)}, BATCH]},
         {**BASE, "variants": [LONG, BATCH]}),
        ({**BASE, "variants": [LONG]}, {**BASE, "variants": [{**LONG, "when": {"input_tokens_above": 272_000}}]},
         {**BASE, "variants": [LONG]}),
        ({**BASE, "reasoning": Decimal(9)}, {**BASE, "variants": [{"when": {"region": "eu"}, "multiply": Decimal(2)}]},
         {**BASE, "reasoning": Decimal(9)}),
    ],
)  # fmt: skip
def test_lists_that_agree_complete_each_other_and_others_never_mix(higher: Any, lower: Any, expected: Any) -> None:
    assert merge_pricing(higher, lower) == expected


def test_two_changes_that_meet_are_settled_by_their_product() -> None:
    pricing, derived = settle_variants({**BASE, "variants": [LONG, BATCH]})
    both = {
        "when": {"input_tokens_above": 200_000, "service_tier": "batch"}, "input": Decimal(2), "output": Decimal("7.5"),
    }  # fmt: skip
    assert derived == [both]
    assert pricing["variants"] == [LONG, BATCH, both]
    assert settle_variants(pricing) == (pricing, [])


def test_three_changes_that_meet_are_settled_too() -> None:
    region = {"when": {"region": "eu"}, "input": Decimal(3)}
    pricing, _ = settle_variants({**BASE, "variants": [LONG, BATCH, region]})
    whole = next(variant for variant in pricing["variants"] if len(variant["when"]) == 3)
    assert whole["input"] == Decimal(3)  # 2 base x 2 long x 0.5 batch x 1.5 region


def test_higher_thresholds_and_factors_need_no_settling() -> None:
    longer = {"when": {"input_tokens_above": 300_000}, "input": Decimal(5)}
    factor = {"when": {"region": "eu"}, "multiply": Decimal(2)}
    assert settle_variants({**BASE, "variants": [LONG, longer, factor]})[1] == []


def test_a_tier_that_no_input_reaches_is_left_out() -> None:
    assert drop_unreachable({**BASE, "variants": [LONG, BATCH]}, 200_000) == (
        {**BASE, "variants": [BATCH]},
        [200_000],
    )
    assert drop_unreachable({**BASE, "variants": [LONG]}, 200_001) == ({**BASE, "variants": [LONG]}, [])


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"context_window": 10, "max_output_tokens": 11}, "max_output_tokens", "output above the context window of 10"),
        ({"mode": "embedding", "max_output_tokens": 5}, "max_output_tokens", "the length of a vector"),
        ({"release_date": "2025-03", "knowledge_cutoff": "2025-04-01"}, "knowledge_cutoff", "after the release"),
        ({"release_date": "2025-03-02", "retirement_date": "2025-03-01"}, "retirement_date", "before the release"),
        ({"mode": "chat", "family": "x-embed"}, "mode", "its name says embedding"),
        ({"pricing": {"input": Decimal(3200)}}, "pricing.input", "the unit is doubtful"),
        ({"pricing": {"input": Decimal("0.0005")}}, "pricing.input", "the unit is doubtful"),
        ({"pricing": {"per": {"input_image": Decimal("0.000003")}}}, "pricing.per.input_image", "the unit is doubtful"),
        (
            {"pricing": {"cache_write": Decimal(19), "cache_write_1h": Decimal(6)}},
            "cache_write_1h",
            "writing to the cache for longer",
        ),
        ({"pricing": {"input": Decimal(1), "cache_read": Decimal(2)}}, "cache_read", "dearer than the input"),
        ({"pricing": {"input": Decimal(1), "cache_read": Decimal(0)}}, "cache_read", "0 beside a price"),
        ({"pricing": {"output": Decimal(1), "output_audio": Decimal(0)}}, "output_audio", "0 beside a price"),
        (
            {"pricing": {"input": Decimal(3), "cache_read": Decimal("0.3"), "cache_write": Decimal("0.3")}},
            "cache_write",
            "writing to the cache cannot cost",
        ),
    ],
)
def test_what_cannot_be_true_is_left_out_and_noted(facts: dict[str, Any], field: str, reason: str) -> None:
    result, notes = merged(model(**facts))
    [note] = notes
    assert note.field == field
    assert note.reason.startswith(reason)
    left = result.get("pricing", {}) if "pricing" in facts else result
    assert left.get(field.removeprefix("pricing.")) in {None, "embedding"}


def test_a_zero_that_fills_a_variant_is_left_out_with_a_variant_of_nothing_else() -> None:
    zero, batch = {"cache_write": Decimal(0)}, {"service_tier": "batch"}
    variants = [{"when": {"region": "eu"}, **zero}, {"when": batch, "input": Decimal(1), **zero}]
    facts, notes = merged(model(pricing={"input": Decimal(2), "variants": variants}))
    assert facts["pricing"] == {"input": Decimal(2), "variants": [{"when": batch, "input": Decimal(1)}]}
    assert [note.field for note in notes] == ["variants.cache_write", "variants.cache_write"]


def test_a_zero_of_a_model_that_is_free_stays() -> None:
    free = {"input": Decimal(0), "output": Decimal(0), "cache_read": Decimal(0)}
    facts, notes = merged(model(pricing=free))
    assert (facts["pricing"], notes) == (free, ())


@pytest.mark.parametrize(("model_id", "priced"), [("model-router", False), ("model_router", False), ("large", True)])
def test_a_routers_fee_is_not_the_price_of_an_answer(model_id: str, priced: bool) -> None:
    facts, notes = merged(model(model_id, pricing={"input": Decimal("0.14"), "output": Decimal(0)}))
    assert ("pricing" in facts) is priced
    assert bool(notes) is not priced


def test_a_cutoff_in_the_month_of_release_stays() -> None:
    facts, notes = merged(model(release_date="2025-03-10", knowledge_cutoff="2025-03"))
    assert (facts["knowledge_cutoff"], notes) == ("2025-03", ())


@pytest.mark.parametrize(
    ("released", "stated", "written"),
    [
        ("2025-09-19", "2025-09-30", "2025-09"),
        ("2025-09", "2025-09-30", "2025-09"),
        ("2024-02-03", "2024-02-29", "2024-02"),
        ("2025-09-19", "2025-09-29", None),
        ("2025-09-19", "2025-10-31", None),
        ("2025-10-19", "2025-09-30", "2025-09-30"),
        ("2025", "2025-09-30", "2025-09-30"),
    ],
)
def test_a_cutoff_on_the_last_day_of_the_month_of_the_release_is_that_month(released, stated, written):
    facts, notes = merged(model(release_date=released, knowledge_cutoff=stated))
    assert facts.get("knowledge_cutoff") == written
    assert len(notes) == (written is None)


@pytest.mark.parametrize(("retires", "status"), [("2026-11-22", "retired"), ("2026-11-23", "deprecated")])
def test_a_model_past_its_retirement_is_retired(retires: str, status: str) -> None:
    facts, _ = merged(model(status="deprecated", retirement_date=retires))
    assert facts["status"] == status


@pytest.mark.parametrize(
    ("model_id", "facts", "mode"),
    [
        ("large", {}, "chat"),
        ("text-embedding-x", {}, "embedding"),
        ("bge-m3", {}, "embedding"),
        ("bge-reranker-v2", {}, "rerank"),
        ("x", {"family": "cohere-embed"}, "embedding"),
        ("whisper-1", {}, "audio_transcription"),
        ("gpt-realtime-whisper", {}, "audio_transcription"),
        ("gpt-4o-mini-tts", {}, "audio_speech"),
        ("gpt-realtime-2", {}, "realtime"),
        ("omni-moderation-latest", {}, "moderation"),
        ("dall-e-3", {}, "image_generation"),
        ("FLUX.2-pro", {}, "image_generation"),
        ("sora-2-pro", {}, "video_generation"),
        ("grok-imagine-video-1.5", {}, "video_generation"),
        ("davinci-002", {}, "completion"),
        ("gpt-6-instruct", {}, "chat"),
        ("llama-3.2-vision-instruct", {}, "chat"),
        ("gemini-9-tts-lite", {"modalities": {"input": ["text"], "output": ["text"]}}, "chat"),
        ("soraya-7b", {}, "chat"),
        ("x", {"modalities": {"input": ["audio"], "output": ["text"]}}, "audio_transcription"),
        ("x", {"modalities": {"input": ["text", "audio"], "output": ["text"]}}, "chat"),
        ("x", {"modalities": {"input": ["text"], "output": ["image"]}}, "image_generation"),
        ("x", {"modalities": {"input": ["text"], "output": ["video"]}}, "video_generation"),
        ("x", {"modalities": {"input": ["text"], "output": ["audio"]}}, "audio_speech"),
        ("x", {"modalities": {"input": ["text"], "output": ["text", "image"]}}, "chat"),
    ],
)
def test_the_mode_of_a_model_whose_source_names_none(model_id: str, facts: dict[str, Any], mode: str) -> None:
    assert implied_mode(model_id, facts) == mode
