"""OpenRouter's list and its traps."""

import json
from decimal import Decimal

import pytest

from registry_cli.sources.base import Page
from registry_cli.sources.registry import all_sources, find_source
from tests.support.source_answers import first, following, read


def row(model_id="acme/large", prices=None, made=("text",), **more):
    return {
        "id": model_id,
        "name": "Acme: Large",
        "context_length": 100000,
        "architecture": {"input_modalities": ["text", "image", "file"], "output_modalities": list(made)},
        "top_provider": {"context_length": 90000, "max_completion_tokens": 8000},
        "pricing": {"prompt": "0.000002", "completion": "0.00001"} if prices is None else prices,
        "supported_parameters": ["tools", "temperature"],
        **more,
    }


def facts(**options):
    models, notes = read("openrouter", {"data": [row(**options)]})
    return next(iter(models.values())).facts, notes


def test_a_model():
    models, notes = read(
        "openrouter", {"data": [row(expiration_date="2026-12-31", created=1785858831), row("b/b", created=5)]}
    )
    model = models["acme/large"]
    assert model.facts == {
        "name": "Large",
        "mode": "chat",
        "context_window": 100000,
        "max_output_tokens": 8000,
        "modalities": {"input": ["text", "image", "pdf"], "output": ["text"]},
        "pricing": {"input": 2, "output": 10},
        "capabilities": ["function_calling", "temperature", "vision", "pdf_input"],
        "release_date": "2026-08-04",
        "retirement_date": "2026-12-31",
    }
    assert {"reasoning", "structured_output", "audio_input"} <= model.denies
    assert notes == []


def test_overrides_are_a_list_among_texts():
    overrides = [
        {"min_prompt_tokens": 200000, "prompt": "0.000004", "completion": "0.00002"},
        {"utc_start": "16:30", "utc_end": "00:30", "prompt": "0.000001"},
        {"phase_of_moon": "full", "prompt": "1"},
        "free on Sundays",
    ]
    prices = {"prompt": "0.000002", "completion": "0.00001", "overrides": overrides}
    pricing, notes = facts(prices=prices)
    assert pricing["pricing"]["variants"] == [
        {"when": {"input_tokens_above": 200000}, "input": 4, "output": 20},
        {"when": {"utc": ["16:30-00:30"]}, "input": 1},
    ]
    assert notes == ["a condition the catalog does not have"]


@pytest.mark.parametrize(
    ("model_id", "made", "free"),
    [
        ("a/b:free", ("text",), True),
        ("a/free", ("text",), True),
        ("a/vectors:free", ("embeddings",), True),
        ("a/b", ("text",), False),
        ("a/b", ("image",), False),
    ],
)
def test_zero_is_free_only_where_the_id_says_so(model_id, made, free):
    got, notes = facts(model_id=model_id, made=made, prices={"prompt": "0", "completion": "0"})
    assert got.get("pricing") == ({"input": 0, "output": 0} if free else None)
    assert bool(notes) is not free


def test_an_override_with_a_condition_that_is_not_known_is_left_out_whole():
    known = {"min_prompt_tokens": 200000, "prompt": "0.000004", "completion": "0.00002"}
    overrides = [{**known, "max_prompt_tokens": 400000}, {**known, "days": ["sat"]}, {**known, "plan": "pro"}]
    got, notes = facts(prices={"prompt": "0.000002", "completion": "0.00001", "overrides": overrides})
    assert got["pricing"] == {"input": 2, "output": 10}
    assert notes == ["a condition the catalog does not have"] * 3
    got, notes = facts(
        prices={"prompt": "0.000002", "completion": "0.00001", "overrides": [{**known, "smell": "0.1", "image": "1"}]}
    )
    assert got["pricing"]["variants"][0]["input"] == 4
    assert notes == ["a price the catalog has no field for"]


def test_modalities_of_answers_before_2025():
    def read_one(**architecture):
        return read("openrouter", {"data": [{"id": "a/b", "architecture": architecture}]})[0]["a/b"]

    older = read_one(modality="text+image->text")
    assert older.facts["modalities"] == {"input": ["text", "image"], "output": ["text"]}
    assert "vision" in older.facts["capabilities"]
    newer = read_one(modality="text->text", input_modalities=["text", "file"], output_modalities=["text"])
    assert newer.facts["modalities"]["input"] == ["text", "pdf"]
    assert read_one(modality="text").facts.get("modalities") is None


def test_other_units():
    prices = {
        "prompt": "0.000002",
        "completion": "0.00001",
        "web_search": "0.01",
        "image": "0.000003",
        "input_cache_write_1h": "0.000004",
        "internal_reasoning": "0.00001",
        "audio": "0.000005",
        "input_audio_cache": "0",
        "discount": 0.5,
        "novelty": "1",
    }
    got, notes = facts(prices=prices)
    assert got["pricing"] == {
        "input": 2,
        "output": 10,
        "input_image": 3,
        "cache_write_1h": 4,
        "input_audio": 5,
        "per": {"web_search": Decimal("0.01")},
    }
    assert notes == ["a price the catalog has no field for"]


def test_the_price_of_one_image_is_not_a_token_rate():
    """Until early 2026 `image` was the price of one image: 258 tokens of Gemini 2.0 Flash, 217 of GPT-4o mini."""
    for prompt, image in (("0.0000001", "0.0000258"), ("0.00000015", "0.000217"), ("0.00000025", "0.0004")):
        got, notes = facts(prices={"prompt": prompt, "completion": "0.0000004", "image": image})
        assert got["pricing"]["per"] == {"input_image": Decimal(image)}
        assert "input_image" not in got["pricing"]
        assert notes == []


def test_the_price_of_an_image_and_of_its_tokens():
    got, _ = facts(
        made=("image",), prices={"prompt": "0", "completion": "0", "image": "0.01", "image_output": "0.00004"}
    )
    assert got["mode"] == "image_generation"
    assert got["pricing"] == {"output_image": 40, "per": {"input_image": Decimal("0.01")}}


@pytest.mark.parametrize(
    ("made", "mode"),
    [("speech", "audio_speech"), ("transcription", "audio_transcription"), ("video", "video_generation")],
)
def test_sound_and_video_have_no_unit(made, mode):
    got, notes = facts(made=(made,))
    assert got["mode"] == mode
    assert "pricing" not in got
    assert notes == ["prices of sound and video, whose unit is not stated"]


def test_an_alias_is_no_model():
    alias = row("~acme/large-latest", alias_target={"name": "Large", "slug": "acme/large"})
    lost = row("~acme/lost-latest", alias_target={"slug": "acme/gone"})
    models, _ = read("openrouter", {"data": [alias, row(), lost]})
    assert models["acme/large"].facts["aliases"] == ["~acme/large-latest"]
    assert set(models) == {"acme/large", "~acme/lost-latest"}


def test_the_slug_that_responses_have_is_an_alias():
    alias = row("~acme/large-latest", alias_target={"slug": "acme/large"}, canonical_slug="acme/large-20260115")
    listed = [
        alias,
        row(canonical_slug="acme/large-20260115"),
        row("acme/large:free", canonical_slug="acme/large-20260115"),
        row("acme/same", canonical_slug="acme/same"),
        row("acme/same:free", canonical_slug="acme/same"),
        row("b/only:free", canonical_slug="b/only-20260301"),
        row("b/one", canonical_slug="b/shared"),
        row("b/two", canonical_slug="b/shared"),
        row("b/odd", canonical_slug="a\u0000b"),
        row("b/number", canonical_slug=7),
    ]
    models, _ = read("openrouter", {"data": listed})
    aliases = {name: model.facts["aliases"] for name, model in models.items() if "aliases" in model.facts}
    assert aliases == {
        "acme/large": ["acme/large-20260115", "~acme/large-latest"],
        "b/only:free": ["b/only-20260301"],
    }


def test_no_facts():
    top = {"context_length": None, "max_completion_tokens": None}
    got, notes = facts(context_length=0, top_provider=top, expiration_date="2098-12-31", knowledge_cutoff=None)
    assert not {"context_window", "max_output_tokens", "retirement_date", "knowledge_cutoff"} & got.keys()
    assert notes == []


def test_an_output_above_the_window():
    got, notes = facts(context_length=4000)
    assert "max_output_tokens" not in got
    assert notes == ["output above the context window of 4000"]


def test_thinking():
    got, _ = facts(reasoning={"supported_efforts": ["high", "low", "medium", "??"]}, supported_parameters=["reasoning"])
    assert got["reasoning"] == {"effort": ["low", "medium", "high"]}
    assert "reasoning" in got["capabilities"]


def test_pages():
    request = first("openrouter")
    assert request.url == "https://openrouter.ai/api/v1/models?output_modalities=all"
    assert following("openrouter", request, {"data": [], "links": {"next": None}}) == []
    assert following("openrouter", request, {"data": [], "links": {"next": "/api/v1/models?offset=2"}}) == [
        "https://openrouter.ai/api/v1/models?offset=2"
    ]


def test_what_it_asks_for_a_vendors_own_model_bears_witness():
    priced = {
        "architecture": {"output_modalities": ["text"]},
        "pricing": {"prompt": "0.000005", "completion": "0.00001"},
    }
    rows = [
        {"id": "openai/gpt-x", "context_length": 9, "name": "OpenAI: X", **priced},
        {"id": "anthropic/claude-opus-4.5", **priced},
        {"id": "google/gemini-2.5-pro", **priced},
        {"id": "deepseek/open", "hugging_face_id": "deepseek-ai/open", **priced},
        {"id": "openai/gpt-x:free", **priced},
        {"id": "somebody/else", **priced},
        {"id": "openai/auto", "pricing": {"prompt": "-1", "completion": "-1"}},
        {"id": "~openai/gpt-latest", "alias_target": {"slug": "openai/gpt-x"}, **priced},
        {"id": "openai/", **priced},
    ]
    seen = find_source("openrouter-prices").read_answers([Page(json.dumps({"data": rows}).encode())], "")
    assert {each.id: [(model.id, model.spelled) for model in each.models] for each in seen.providers} == {
        "openai": [("gpt-x", "openai/gpt-x")],
        "anthropic": [("claude-opus-4-5", "anthropic/claude-opus-4.5")],
        "gemini": [("gemini-2.5-pro", "google/gemini-2.5-pro")],
    }
    assert {model.facts == {"pricing": {"input": 5, "output": 10}} for _, model in seen.models()} == {True}
    assert first("openrouter-prices").url == first("openrouter").url
    witnesses = {each.name for each in all_sources() if each.witness}
    assert witnesses == {"genai-prices", "llm-prices", "model-prices", "openrouter-prices"}
