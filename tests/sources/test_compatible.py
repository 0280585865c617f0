"""The table of providers whose list looks like OpenAI's, and any provider known by its address alone."""

import json
from decimal import Decimal

import pytest

from registry_cli.sources.base import Page, Target
from registry_cli.sources.compatible_table import TABLE
from registry_cli.sources.registry import all_sources, find_source, find_source_for, usable_key_variables
from tests.support.source_answers import first, read

# For each row of the table one model in the provider's shape, and the facts it comes to.
ROWS = {
    "groq": (
        {"active": True, "context_window": 448, "max_completion_tokens": 448},
        {"context_window": 448, "max_output_tokens": 448},
    ),
    "deepseek": (
        {
            "name": "Deep",
            "context_window": 1000,
            "max_output_tokens": 500,
            "input_modalities": ["text", "image"],
            "output_modalities": ["text"],
            "effort": {"supported_levels": ["max", "low"], "default_level": "low"},
        },
        {
            "name": "Deep",
            "context_window": 1000,
            "max_output_tokens": 500,
            "modalities": {"input": ["text", "image"], "output": ["text"]},
            "reasoning": {"effort": ["low", "max"]},
            "capabilities": ["vision"],
        },
    ),
    "perplexity": (
        {"created": 0, "pricing": {"input": 10, "output": 50, "cache_read": 1, "unit": "usd_per_1m_tokens"}},
        {"pricing": {"input": 10, "output": 50, "cache_read": 1}},
    ),
    "together_ai": (
        {
            "type": "chat",
            "display_name": "Together",
            "context_length": 2048,
            "pricing": {"hourly": 0, "input": 0.3, "output": 0.6, "cached_input": 0.03, "base": 0, "finetune": 0},
        },
        {
            "name": "Together",
            "mode": "chat",
            "context_window": 2048,
            "pricing": {"input": Decimal("0.3"), "output": Decimal("0.6"), "cache_read": Decimal("0.03")},
        },
    ),
    "cerebras": (
        {
            "name": "Cere",
            "pricing": {"prompt": "0.00000099", "completion": "0.00000149"},
            "capabilities": {"streaming": True, "vision": False},
            "supported_parameters": {"seed": True, "logprobs": False},
            "limits": {"max_context_length": 131072, "max_completion_tokens": 40960},
            "deprecated": False,
            "preview": True,
        },
        {
            "name": "Cere",
            "status": "preview",
            "context_window": 131072,
            "max_output_tokens": 40960,
            "pricing": {"input": Decimal("0.99"), "output": Decimal("1.49")},
            "capabilities": ["streaming", "seed_control"],
        },
    ),
    "sambanova": (
        {
            "context_length": 16384,
            "max_completion_tokens": 4096,
            "pricing": {"prompt": "0.0000001", "completion": "0.0000002"},
        },
        {
            "context_window": 16384,
            "max_output_tokens": 4096,
            "pricing": {"input": Decimal("0.1"), "output": Decimal("0.2")},
        },
    ),
    "novita-ai": (
        {
            "display_name": "Nova",
            "model_type": "chat",
            "context_size": 160000,
            "status": 1,
            "input_token_price_per_m": 7000,
            "output_token_price_per_m": 25000,
            "max_output_tokens": 32000,
            "features": ["function-calling", "serverless"],
            "input_modalities": ["text"],
            "output_modalities": ["text"],
        },
        {
            "name": "Nova",
            "mode": "chat",
            "context_window": 160000,
            "max_output_tokens": 32000,
            "modalities": {"input": ["text"], "output": ["text"]},
            "pricing": {"input": Decimal("0.7"), "output": Decimal("2.5")},
            "capabilities": ["function_calling"],
        },
    ),
    "nebius": (
        {
            "name": "Neb",
            "context_length": 9,
            "supported_features": ["tools"],
            "architecture": {"modality": "text+image->text"},
            "pricing": {"prompt": "0.000001", "completion": "0"},
        },
        {
            "name": "Neb",
            "context_window": 9,
            "pricing": {"input": 1, "output": 0},
            "modalities": {"input": ["text", "image"], "output": ["text"]},
            "capabilities": ["function_calling", "vision"],
        },
    ),
    "moonshotai": (
        {"context_length": 262144, "supports_image_in": True, "supports_video_in": False, "supports_reasoning": True},
        {"context_window": 262144, "capabilities": ["vision", "reasoning"]},
    ),
    "venice": (
        {
            "type": "text",
            "model_spec": {
                "name": "Ven",
                "availableContextTokens": 32768,
                "pricing": {"input": {"usd": 0.5, "diem": 5}, "output": {"usd": 2}},
                "capabilities": {"supportsVision": True, "reasoningEffortOptions": ["high", "low"]},
                "betaModel": True,
                "deprecation": {
                    "date": "2026-05-01",
                    "removesAt": "2026-06-01T00:00:00Z",
                    "replacementModelId": "newer",
                },
            },
        },
        {
            "name": "Ven",
            "mode": "chat",
            "context_window": 32768,
            "pricing": {"input": Decimal("0.5"), "output": 2},
            "status": "preview",
            "reasoning": {"effort": ["low", "high"]},
            "capabilities": ["vision"],
            "deprecation_date": "2026-05-01",
            "retirement_date": "2026-06-01",
            "replacement": "newer",
        },
    ),
    "vercel": (
        {
            "name": "Verc",
            "type": "language",
            "context_window": 0,
            "max_tokens": 4096,
            "tags": ["tool-use"],
            "modalities": {"input": ["text"], "output": ["text"]},
            "released": 1767225600,
            "pricing": {"input": "0.000003", "output": "0.000015", "input_cache_read": "0"},
        },
        {
            "name": "Verc",
            "mode": "chat",
            "max_output_tokens": 4096,
            "modalities": {"input": ["text"], "output": ["text"]},
            "pricing": {"input": 3, "output": 15},
            "capabilities": ["function_calling"],
            "release_date": "2026-01-01",
        },
    ),
    "requesty": (
        {
            "context_window": 7,
            "input_price": 0.000001,
            "output_price": 0.000002,
            "cached_price": 0.0000001,
            "caching_price": 0.00000125,
            "max_output_tokens": 0,
            "supports_tool_calling": True,
        },
        {
            "context_window": 7,
            "pricing": {"input": 1, "output": 2, "cache_read": Decimal("0.1"), "cache_write": Decimal("1.25")},
            "capabilities": ["function_calling"],
        },
    ),
    "chutes": (
        {
            "max_model_len": 40960,
            "max_output_length": 8192,
            "supported_features": ["tools"],
            "pricing": {"prompt": 0.1, "completion": 0.4, "input_cache_read": 0.05},
        },
        {
            "context_window": 40960,
            "max_output_tokens": 8192,
            "pricing": {"input": Decimal("0.1"), "output": Decimal("0.4"), "cache_read": Decimal("0.05")},
            "capabilities": ["function_calling"],
        },
    ),
    "github-models": (
        {
            "name": "Hub",
            "capabilities": ["streaming", "tool-calling"],
            "limits": {"max_input_tokens": 1048576, "max_output_tokens": 32768},
            "supported_input_modalities": ["text", "image", "audio"],
            "supported_output_modalities": ["text"],
        },
        {
            "name": "Hub",
            "context_window": 1048576,
            "max_output_tokens": 32768,
            "modalities": {"input": ["text", "image", "audio"], "output": ["text"]},
            "capabilities": ["streaming", "function_calling", "vision", "audio_input"],
        },
    ),
    "jina_ai": ({"owned_by": "jina-ai"}, {}),
    "bedrock_mantle": ({"status": "available", "owned_by": "system", "data_retention": {"mode": "default"}}, {}),
    "nvidia": ({"created": 735790403, "owned_by": "maker"}, {}),
    "hyperbolic": ({"supports_tools": True, "supports_image_input": False}, {"capabilities": ["function_calling"]}),
    "ai21": ({"owned_by": "ai21"}, {}),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_row(name):
    row, facts = ROWS[name]
    listed = {"id": "org/model", "object": "model", **row}
    for container in TABLE[name].shape.containers:
        body = {container: [listed]} if container else [listed]
        models, notes = read(name, body)
        assert models["org/model"].facts == facts
        assert notes == []


def test_what_the_table_promises():
    assert {source.name for source in all_sources()} >= {*TABLE, "openai", "models.dev", "litellm", "ollama"}
    for source in all_sources():
        assert source.docs.startswith("https://"), source.name
        assert source.key != "needed" or source.key_variables, source.name
        assert find_source(source.name).name == source.name
        url = first(source.name).url
        assert url.startswith("https://") or source.local
    assert first("cerebras", "https://api.cerebras.ai/v1").url == "https://api.cerebras.ai/public/v1/models"


@pytest.mark.parametrize(
    ("kind", "pricing", "mode", "per"),
    [
        ("tts", {"input": {"usd": 50, "diem": 50}}, "audio_speech", {"input_character": Decimal("0.00005")}),
        (
            "asr",
            {"per_audio_second": {"usd": 0.0001}},
            "audio_transcription",
            {"input_audio_second": Decimal("0.0001")},
        ),
        ("image", {"generation": {"usd": 0.01}}, "image_generation", {"output_image": Decimal("0.01")}),
        ("inpaint", {"inpaint": {"usd": 0.04}}, "image_edit", {"output_image": Decimal("0.04")}),
        ("video", {"input": {"usd": 3}}, "video_generation", None),
    ],
)
def test_prices_of_other_things_than_tokens(kind, pricing, mode, per):
    listed = {"data": [{"id": "a", "type": kind, "model_spec": {"pricing": pricing}}]}
    assert read("venice", listed)[0]["a"].facts == {"mode": mode, **({"pricing": {"per": per}} if per else {})}


def test_other_shapes_of_the_same_lists():
    """Older answers and lists of bare ids: what they do not state stays unknown."""
    for name in ("deepseek", "cerebras", "vercel", "requesty"):
        assert (
            read(name, {"object": "list", "data": [{"id": "a", "object": "model", "owned_by": "x"}]})[0]["a"].facts
            == {}
        )
    models, _ = read("deepseek", {"data": [{"id": "a", "context_window": 100, "input_modalities": ["text"]}]})
    assert models["a"].denies == {"vision", "pdf_input", "audio_input", "video_input"}


def test_what_is_priced_at_nothing_is_free_where_its_id_says_so():
    free = {"type": "chat", "pricing": {"input": 0, "output": 0, "hourly": 0}}
    models, _ = read("together_ai", [{"id": "org/m-Free", **free}, {"id": "org/dedicated", **free}])
    assert models["org/m-Free"].facts["pricing"] == {"input": 0, "output": 0}
    assert "pricing" not in models["org/dedicated"].facts


def test_bands_of_prices():
    bands = [
        {"prompt_tokens_threshold": 0, "input_price": 0.000001, "output_price": 0.000002},
        {"prompt_tokens_threshold": 200000, "input_price": 0.000002, "output_price": 0.000004, "cached_price": 0},
        "?",
    ]
    row = {"id": "a", "input_price": 0.000001, "output_price": 0.000002, "pricing": bands}
    models, notes = read("requesty", {"data": [row]})
    assert models["a"].facts["pricing"] == {
        "input": 1,
        "output": 2,
        "variants": [{"when": {"input_tokens_above": 200000}, "input": 2, "output": 4}],
    }
    assert notes == []
    assert read("requesty", {"data": [{**row, "pricing": {}}]})[0]["a"].facts["pricing"] == {"input": 1, "output": 2}


def test_the_word_for_both_modalities():
    for word, taken in (("text->text", ["text"]), ("text", None), (7, None), ("->", None)):
        models, _ = read("nebius", {"data": [{"id": "a", "architecture": {"modality": word}}]})
        assert models["a"].facts.get("modalities", {}).get("input") == taken


def test_dearer_above_a_length():
    base, long = {"input": {"usd": 2.5}, "output": {"usd": 15}}, {"input": {"usd": 5}, "output": {"usd": 22.5}}
    pricing = {**base, "extended": {"context_token_threshold": 200000, **long}}
    models, _ = read("venice", {"data": [{"id": "a", "type": "text", "model_spec": {"pricing": pricing}}]})
    assert models["a"].facts["pricing"]["variants"] == [
        {"when": {"input_tokens_above": 200000}, "input": 5, "output": Decimal("22.5")}
    ]
    tiers = [{"cost": "0.000003", "max": 200001}, {"cost": "0.000006", "min": 200001}, "?", {"min": 1}]
    pricing = {"input": "0.000003", "output": "0.000015", "input_tiers": tiers, "output_tiers": "?"}
    models, _ = read("vercel", {"data": [{"id": "a", "type": "language", "pricing": pricing}]})
    assert models["a"].facts["pricing"]["variants"] == [{"when": {"input_tokens_above": 200000}, "input": 6}]


def test_the_first_tier_may_say_where_it_begins():
    """What is below the end of a tier is in it, so a tier from 128,000 on holds above 127,999."""
    tiers = [{"cost": "0.000003", "min": 0, "max": 128000}, {"cost": "0.000006", "min": 128000}]
    pricing = {"input": "0.000003", "output": "0.000015", "input_cache_read_tiers": tiers}
    models, _ = read("vercel", {"data": [{"id": "a", "type": "language", "pricing": pricing}]})
    assert models["a"].facts["pricing"]["variants"] == [{"when": {"input_tokens_above": 127999}, "cache_read": 6}]


def test_tiers_may_state_all_rates():
    tiers = {
        "input_tiers": [{"cost": "0.000003", "min": 0, "max": 128000}, {"cost": "0.000006", "min": 128001}],
        "output_tiers": [{"cost": "0.000015", "max": 128000}, {"cost": "0.00003", "min": 128001}],
    }
    models, _ = read("vercel", {"data": [{"id": "a", "type": "language", "pricing": tiers}]})
    assert models["a"].facts["pricing"] == {
        "input": 3,
        "output": 15,
        "variants": [{"when": {"input_tokens_above": 128000}, "input": 6, "output": 30}],
    }


def test_a_row_that_cannot_be_called_is_left_out():
    rows = [{"id": "on", "active": True}, {"id": "off", "active": False}, {"id": "silent"}]
    assert list(read("groq", {"data": rows})[0]) == ["on", "silent"]


def test_kinds_that_the_catalog_has_no_mode_for_are_left_out():
    rows = [{"id": name, "type": name, "model_spec": {}} for name in ("music", "upscale", "text")]
    models, reasons = read("venice", {"data": rows})
    assert {name: model.facts["mode"] for name, model in models.items()} == {"upscale": "image_edit", "text": "chat"}
    assert reasons == ["not a kind of model that the catalog has; left out"]


def test_another_unit_is_no_price():
    models, notes = read("perplexity", {"data": [{"id": "a", "pricing": {"input": 1, "output": 2, "unit": "eur"}}]})
    assert models["a"].facts == {}
    assert notes == ["another unit than USD per 1M tokens"]
    assert read("perplexity", {"data": [{"id": "a", "pricing": {"input": 1, "output": 2}}]})[0]["a"].facts == {}


def test_zero_throughout_is_unknown():
    assert read("chutes", {"data": [{"id": "a", "pricing": {"prompt": 0, "completion": 0}}]})[0]["a"].facts == {}


def any_models(*rows):
    source = find_source_for("mine", "http://127.0.0.1:8000/v1")
    pages = [Page(compatible_body(rows))]
    return {model.id: model for model in source.read_answers(pages, "mine").providers[0].models}


def compatible_body(rows):
    return json.dumps({"object": "list", "data": rows}).encode()


def test_any_provider_with_an_address():
    models = any_models(
        {"id": "vllm-model", "max_model_len": 32768, "root": "x", "parent": None},
        {"id": "adapter", "max_model_len": None, "root": "/adapters/a", "parent": "vllm-model"},
        {"id": "older", "meta": {"n_ctx_train": 8192}},
        {"id": "models/local.gguf", "meta": {"n_ctx": 4096, "n_ctx_train": 131072}},
        {
            "id": "proxied",
            "created": 1677610602,
            "mode": "chat",
            "max_input_tokens": 128000,
            "max_output_tokens": 16384,
        },
        {"id": "priced", "pricing": {"input": 3}, "input_price": 1},
        {"id": "ft:m:acme:1"},
    )
    assert {name: dict(model.facts) for name, model in models.items()} == {
        "vllm-model": {"context_window": 32768},
        "adapter": {},
        "older": {"context_window": 8192},
        "models/local.gguf": {"context_window": 4096},
        "proxied": {"mode": "chat", "context_window": 128000, "max_output_tokens": 16384},
        "priced": {},
        "ft:m:acme:1": {},
    }
    assert [name for name, model in models.items() if model.private] == [
        "adapter",
        "models/local.gguf",
        "ft:m:acme:1",
    ]


def priced(value, *, unit="perMTokens", currency="USD", **length):
    conditions = {"conditions": {"prompt_tokens": {"unit": "kTokens", **length}}} if length else {}
    return {"value": value, "unit": unit, "currency": currency, **conditions}


def described(**pricings):
    return any_models({"id": "a", "pricings": pricings})["a"].facts.get("pricing")


def test_prices_that_state_their_unit_and_currency():
    facts = any_models(
        {
            "id": "v/a",
            "display_name": "V: A",
            "input_modalities": ["text", "image"],
            "output_modalities": ["text"],
            "capabilities": {"reasoning": True},
            "publish_time": "2026-08-03",
            "pricings": {
                "prompt": [priced(2, gte=0, lt=200), priced(4, gte=200)],
                "completion": [priced(6, gt=0, lte=200), priced(12, gt=200)],
                "input_cache_write_1_h": [priced(4)],
                "web_search": [priced(0.01, unit="perCount")],
            },
        }
    )["v/a"].facts
    assert facts == {
        "name": "V: A",
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "capabilities": ["reasoning", "vision"],
        "release_date": "2026-08-03",
        "pricing": {
            "input": 2,
            "output": 6,
            "cache_write_1h": 4,
            "per": {"web_search": Decimal("0.01")},
            "variants": [
                {"when": {"input_tokens_above": 199999}, "input": 4},
                {"when": {"input_tokens_above": 200000}, "output": 12},
            ],
        },
    }


def test_units_and_currencies_of_described_prices():
    assert described(prompt=priced(0.002, unit="per 1K tokens")) == {"input": 2}
    assert described(prompt=priced("0.000002", unit="per_token")) == {"input": 2}
    assert described(prompt=priced(7, currency="CNY")) == {"input": 7, "currency": "CNY"}
    assert described(prompt=priced(7, currency="CNY"), completion=priced(1)) is None
    assert described(prompt=priced(7, unit="perFortnight")) is None
    assert described(prompt={"value": 7, "unit": "perMTokens"}) is None
    assert described(prompt=7) is None


def test_described_prices_that_are_not_whole_or_not_sure():
    twice = {"prompt": [priced(2)], "input_cache_read": [priced(0.17), priced(0.25)]}
    assert described(**twice) == {"input": 2}
    assert described(prompt=[priced(2), priced(2)]) == {"input": 2}
    other = {**priced(3), "conditions": {"completion_tokens": {"unit": "kTokens", "gte": 0.2}}}
    assert described(prompt=[priced(2)], completion=[priced(1), other]) is None
    assert described(prompt=[priced(0)], completion=[priced(0)]) is None
    assert described(prompt=[priced(2)], input_cache_read=[priced(0)]) == {"input": 2}


def test_who_is_asked_where():
    assert find_source_for("mine", None) is None
    assert find_source_for("groq", "https://other.example").name == "groq"
    mine = find_source_for("mine", "https://x.example/v1/chat/completions", ("MINE_REGION", "MINE_API_KEY"))
    assert mine.first_request(Target("https://x.example/v1/chat/completions")).url == "https://x.example/v1/models"
    assert mine.key_variables == ("MINE_API_KEY",)
    assert usable_key_variables(("AWS_SECRET_ACCESS_KEY", "A_RESOURCE_NAME", "A_TOKEN", "SNOWFLAKE_PAT")) == (
        "A_TOKEN",
        "SNOWFLAKE_PAT",
    )
