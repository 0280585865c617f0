"""xAI's list."""

from decimal import Decimal

from tests.support.source_answers import read

ROW = {
    "id": "grok-x",
    "created": 1773014400,
    "aliases": ["grok-x-latest", "grok-x", "../grok"],
    "context_length": 1000000,
    "prompt_text_token_price": 20000,
    "cached_prompt_text_token_price": 2000,
    "completion_text_token_price": 25000,
    "prompt_image_token_price": 20000,
}


def test_prices_are_integers_of_a_tenth_of_a_billionth():
    models, _ = read("xai", {"data": [ROW, {"id": "other", "created": 1}]})
    facts = models["grok-x"].facts
    assert facts["pricing"] == {"input": 2, "output": Decimal("2.5"), "cache_read": Decimal("0.2")}
    assert facts["context_window"] == 1000000
    assert facts["aliases"] == ["grok-x-latest"]
    assert facts["release_date"] == "2026-03-09"


def test_dearer_above_a_length():
    long = {"prompt_text_token_price_long_context": 40000, "completion_text_token_price_long_context": 50000}
    models, _ = read("xai", {"models": [{**ROW, **long, "long_context_threshold": 200000}]})
    assert models["grok-x"].facts["pricing"]["variants"] == [
        {"when": {"input_tokens_above": 200000}, "input": 4, "output": 5}
    ]
    models, _ = read("xai", {"data": [{**ROW, **long}]})
    assert "variants" not in models["grok-x"].facts["pricing"]


def test_zero_beside_a_price_is_no_free_rate():
    """A model without a cache or image input has 0 there, also above the threshold."""
    zeros = {"cached_prompt_text_token_price": 0, "prompt_image_token_price": 0}
    long = {"prompt_text_token_price_long_context": 40000, "cached_prompt_text_token_price_long_context": 0}
    models, _ = read("xai", {"models": [{**ROW, **zeros, **long, "long_context_threshold": 200000}]})
    assert models["grok-x"].facts["pricing"] == {
        "input": 2,
        "output": Decimal("2.5"),
        "variants": [{"when": {"input_tokens_above": 200000}, "input": 4}],
    }


def test_the_price_of_an_image():
    image = {"id": "paint", "image_price": 200000000, "prompt_text_token_price": 0, "completion_text_token_price": 0}
    facts = read("xai", {"data": [image]})[0]["paint"].facts
    assert facts == {"mode": "image_generation", "pricing": {"per": {"output_image": Decimal("0.02")}}}


def test_an_answer_of_early_2026_has_no_prices():
    assert read("xai", {"data": [{"id": "grok-x", "created": 0, "owned_by": "xai"}]})[0]["grok-x"].facts == {}


def test_one_date_for_all_is_the_time_of_asking():
    models, _ = read("xai", {"data": [{"id": "a", "created": 1773014400}, {"id": "b", "created": 1773014400}]})
    assert not any("release_date" in model.facts for model in models.values())
