"""DeepInfra's own list."""

from decimal import Decimal

from registry_cli.sources.registry import find_source
from tests.support.source_answers import first, following, read

CENTS = {"type": "tokens", "cents_per_input_token": 0.0001, "cents_per_output_token": 0.0004}  # USD 1 and 4 per 1M


def row(**more):
    return {"model_name": "org/big", "reported_type": "text-generation", "max_tokens": 131072, **more}


def pricing(**more):
    models, notes = read("deepinfra", [row(pricing={**CENTS, **more})])
    return models["org/big"].facts.get("pricing"), notes


def test_two_lists_are_asked():
    request = first("deepinfra", "https://api.deepinfra.com/v1/openai")
    assert request.url == "https://api.deepinfra.com/models/list"
    second = "https://api.deepinfra.com/v1/openai/models?filter=with_meta"
    assert following("deepinfra", request, []) == [second]
    assert (
        find_source("deepinfra").next_requests(find_source("deepinfra").next_requests(request, b"[]")[0], b"{}") == ()
    )


def test_a_model():
    listed = row(tags=["tools", "json", "multimodal", "openai"], replaced_by=None, deprecated=None, pricing=CENTS)
    meta = {"data": [{"id": "org/big", "metadata": {"context_length": 131072, "max_tokens": 16384}}, {"id": 7}]}
    models, notes = read("deepinfra", [listed], meta)
    assert models["org/big"].facts == {
        "mode": "chat",
        "context_window": 131072,
        "max_output_tokens": 16384,
        "pricing": {"input": 1, "output": 4},
        "capabilities": ["function_calling", "json_mode", "vision"],
    }
    assert notes == []
    assert read("deepinfra", [row(tags=["non-reasoning"])])[0]["org/big"].denies == {"reasoning"}


def test_what_is_cached_is_a_factor():
    rates, _ = pricing(rate_per_input_token_cached=0.2, rate_per_input_token_cache_write=1.25)
    assert rates == {"input": 1, "output": 4, "cache_read": Decimal("0.2"), "cache_write": Decimal("1.25")}
    assert pricing(rate_per_input_token_cached=None)[0] == {"input": 1, "output": 4}


def test_a_discount():
    cheaper = {"input": Decimal("0.75"), "output": 3, "cache_read": Decimal("0.075")}
    assert pricing(discount=0.25, rate_per_input_token_cached=0.1)[0] == cheaper
    until = {"when": {"until": "2026-11-30"}, "multiply": Decimal("0.75")}
    assert pricing(discount=0.25, discount_ends_at=1796000000)[0] == {"input": 1, "output": 4, "variants": [until]}
    assert pricing(discount=None)[0] == {"input": 1, "output": 4}
    assert pricing(discount=25) == ({"input": 1, "output": 4}, ["not a fraction; the full prices are taken"])


def test_rates_by_length():
    rates, notes = pricing(
        full="$1 in $4 out $0.1 cached <= 32K, $2 in $8 out $0.2 cached <= 128K, $3 in $9 out > 128K"
    )
    assert rates["variants"] == [
        {"when": {"input_tokens_above": 32000}, "input": 2, "output": 8, "cache_read": Decimal("0.2")},
        {"when": {"input_tokens_above": 128000}, "input": 3, "output": 9},
    ]
    assert notes == []
    assert pricing(full="$1 in, more <= 2K") == (
        {"input": 1, "output": 4},
        ["rates by length, written otherwise than expected"],
    )
    assert pricing(full="$1 in $4 out") == ({"input": 1, "output": 4}, [])


def test_what_is_not_sold_by_token():
    spoken = {"type": "input_character_length", "cents_per_input_chars": 0.0001, "discount": 0.5}
    heard = {"type": "input_length", "cents_per_input_sec": 0.0075}
    drawn = {"type": "image_units", "cents_per_image_unit": 1}
    rows = [{"model_name": name, "pricing": each} for name, each in (("tts", spoken), ("stt", heard), ("image", drawn))]
    models, notes = read("deepinfra", rows)
    assert models["tts"].facts["pricing"] == {"per": {"input_character": Decimal("0.0000005")}}
    assert models["stt"].facts["pricing"] == {"per": {"input_audio_second": Decimal("0.000075")}}
    assert "pricing" not in models["image"].facts
    assert notes == ["sold by something else than tokens, seconds or characters"]


def test_what_goes():
    models, _ = read("deepinfra", [row(deprecated=1796000000, replaced_by="org/new")])
    assert models["org/big"].facts["deprecation_date"] == "2026-11-30"
    assert models["org/big"].facts["replacement"] == "org/new"
    assert read("deepinfra", [row(deprecated=True)])[0]["org/big"].facts["status"] == "deprecated"
    assert "status" not in read("deepinfra", [row(deprecated=False)])[0]["org/big"].facts


def test_a_model_of_somebodys_own():
    assert read("deepinfra", [row(private=1)])[0] == {}


def test_nothing_is_not_free():
    assert read("deepinfra", [row(pricing={"type": "tokens", "cents_per_input_token": 0})])[0]["org/big"].facts == {
        "mode": "chat",
        "context_window": 131072,
    }
