"""LiteLLM's map -> observations, on small maps of its shape."""

import json
from decimal import Decimal
from typing import Any

import pytest

from registry_cli.core.statements.observations import Observations
from registry_cli.errors import UpstreamError
from registry_cli.sources import litellm

TENTH, CENT = Decimal("0.1"), Decimal("0.01")
CHAT: dict[str, Any] = {"litellm_provider": "acme", "mode": "chat"}


def observe(**entries: dict[str, Any]) -> Observations:
    return litellm.parse(json.dumps(entries).encode())


def entries(**routes: dict[str, Any]) -> dict[str, Any]:
    """The facts of each model, by id."""
    return {model.id: model.facts for _, model in observe(**routes).models()}


def pricing(**keys: Any) -> dict[str, Any]:
    facts = entries(**{"acme/large": {**CHAT, **keys}})["large"]
    return dict(facts.get("pricing", {}))


def test_a_model_is_told_in_the_catalogs_words() -> None:
    assert entries(
        **{
            "acme/large": {
                **CHAT,
                "max_input_tokens": 1000,
                "max_output_tokens": 100.0,
                "input_cost_per_token": 3e-06,
                "supports_function_calling": True,
                "supports_pdf_input": True,
                "supports_web_search": False,
                "supported_modalities": ["text", "image"],
                "supported_endpoints": ["/v1/chat/completions", "/v1/batch", "/v1/elsewhere"],
                "deprecation_date": "2027-01-31",
                "source": "https://acme.example",
            }
        }
    ) == {
        "large": {
            "mode": "chat",
            "context_window": 1000,
            "max_output_tokens": 100,
            "modalities": {"input": ["text", "image", "pdf"]},
            "endpoints": ["chat", "batches"],
            "capabilities": ["function_calling", "pdf_input", "vision"],
            "retirement_date": "2027-01-31",
            "pricing": {"input": 3},
        }
    }


@pytest.mark.parametrize("successor", ["acme/larger", "larger"])
def test_the_model_that_takes_the_place_of_another(successor: str) -> None:
    facts = entries(**{"acme/large": {**CHAT, "successor_model": successor}})
    assert facts["large"]["replacement"] == "larger"


def test_no_model_takes_the_place_of_one_whose_successor_is_no_text() -> None:
    assert "replacement" not in entries(**{"acme/large": {**CHAT, "successor_model": ""}})["large"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"input_cost_per_token": 8.99997e-06}, {"input": Decimal("8.99997")}),
        ({"input_cost_per_token": 1e-6, "cache_read_input_token_cost": 1e-7}, {"input": 1, "cache_read": TENTH}),
        ({"input_cost_per_token": 1e-6, "input_cost_per_token_cache_hit": 1e-7}, {"input": 1, "cache_read": TENTH}),
        ({"input_cost_per_token_cache_hit": 2e-7, "cache_read_input_token_cost": 1e-7}, {"cache_read": TENTH}),
        ({"cache_creation_input_token_cost_above_1hr": 6e-6}, {"cache_write_1h": 6}),
        ({"input_cost_per_second": 0.01}, {"per": {"input_second": Decimal("0.01")}}),
        ({"input_cost_per_query": 0.002}, {"per": {"query": Decimal("0.002")}}),
        ({"mode": "image_generation", "input_cost_per_image": 0.04}, {"per": {"output_image": Decimal("0.04")}}),
        ({"input_cost_per_image": 0.04}, {"per": {"input_image": Decimal("0.04")}}),
        ({"search_context_cost_per_query": {"search_context_size_medium": 0.01}}, {"per": {"web_search": CENT}}),
        ({"input_cost_per_token": -1e-6}, {}),
        ({"input_cost_per_token": "free"}, {}),
    ],
)  # fmt: skip
def test_prices_in_every_unit(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    assert pricing(**keys) == expected


def test_a_long_context_a_batch_and_both() -> None:
    assert pricing(
        input_cost_per_token=2e-6,
        output_cost_per_token=8e-6,
        input_cost_per_token_above_200k_tokens=4e-6,
        output_cost_per_token_above_200k_tokens=12e-6,
        input_cost_per_token_batches=1e-6,
        output_cost_per_token_batches=3e-6,
        input_cost_per_token_above_200k_tokens_batches=2e-6,
    ) == {
        "input": 2,
        "output": 8,
        "variants": [
            {"when": {"input_tokens_above": 200_000}, "input": 4, "output": 12},
            {"when": {"service_tier": "batch"}, "input": 1, "output": 3},
            {"when": {"input_tokens_above": 200_000, "service_tier": "batch"}, "input": 2},
        ],
    }


def test_a_tier_at_one_ratio_throughout_multiplies() -> None:
    assert pricing(
        input_cost_per_token=2e-6,
        output_cost_per_token=8e-6,
        input_cost_per_token_above_200k_tokens=4e-6,
        output_cost_per_token_above_200k_tokens=12e-6,
        input_cost_per_token_flex=1e-6,
        output_cost_per_token_flex=4e-6,
        input_cost_per_token_above_200k_tokens_flex=2e-6,
        output_cost_per_token_above_200k_tokens_flex=6e-6,
    )["variants"] == [
        {"when": {"input_tokens_above": 200_000}, "input": 4, "output": 12},
        {"when": {"service_tier": "flex"}, "multiply": Decimal("0.5")},
    ]


def test_a_tier_that_leaves_a_rate_unsaid_does_not_multiply() -> None:
    assert pricing(input_cost_per_token=2e-6, cache_read_input_token_cost=1e-6, input_cost_per_token_batches=1e-6)[
        "variants"
    ] == [{"when": {"service_tier": "batch"}, "input": 1}]


def test_a_reasoning_rate_that_is_the_output_rate_is_not_repeated() -> None:
    same = {"output_cost_per_token": 8e-6, "output_cost_per_reasoning_token": 8e-6}
    assert pricing(input_cost_per_token=2e-6, **same) == {"input": 2, "output": 8}
    assert pricing(**{**same, "output_cost_per_reasoning_token": 9e-6})["reasoning"] == 9
    assert pricing(**same, output_cost_per_token_batches=4e-6) == {
        "output": 8,
        "variants": [{"when": {"service_tier": "batch"}, "multiply": Decimal("0.5")}],
    }


def test_ranges_of_input_tokens() -> None:
    assert pricing(
        tiered_pricing=[
            {"range": [0, 32000.0], "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
            {"range": [32000.0, 128000.0], "input_cost_per_token": 3e-6, "output_cost_per_token": 4e-6},
        ]
    ) == {
        "input": 1,
        "output": 2,
        "variants": [{"when": {"input_tokens_above": 32_000}, "input": 3, "output": 4}],
    }


def test_off_peak_hours() -> None:
    assert pricing(
        input_cost_per_token=2e-6,
        off_peak_pricing={
            "input_cost_per_token": 1e-6,
            "windows": [
                {"hours_utc": ["16:30-00:30"], "weekdays": [1, 5]},
                {"hours_utc": "00:00-00:00", "weekdays": [6, 7]},
            ],
        },
    )["variants"] == [
        {"when": {"days": ["sat", "sun"]}, "input": 1},
        {"when": {"days": ["mon", "fri"], "utc": ["16:30-00:30"]}, "input": 1},
    ]


PEAK_ON_WORKDAYS = {
    "input_cost_per_token": 1e-6,
    "windows": [
        {"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
        {"hours_utc": "00:00-00:00", "weekdays": [6, 7]},
    ],
}


def off_peak(provider: str, **changes: Any) -> Any:
    """The variants of a model of this provider, and the reasons of the notes."""
    prices = {"input_cost_per_token": 2e-6, "off_peak_pricing": {**PEAK_ON_WORKDAYS, **changes}}
    observed = observe(**{f"{provider}/large": {**CHAT, "litellm_provider": provider, **prices}})
    (model,) = observed.providers[0].models
    return model.facts["pricing"].get("variants", []), [note.reason for note in observed.notes]


def test_days_of_another_zone_are_read_where_they_hold_the_same_hours() -> None:
    variants, notes = off_peak("acme", weekday_timezone="Asia/Shanghai")
    assert (variants, notes) == off_peak("acme")
    assert [variant["when"] for variant in variants] == [
        {"days": ["sat", "sun"]},
        {"days": ["mon", "tue", "wed", "thu", "fri"], "utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"]},
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"weekday_timezone": "America/New_York"},
        {"weekday_timezone": 8},
        # On Friday at 16:00 UTC the weekend has begun in Shanghai.
        {"weekday_timezone": "Asia/Shanghai", "windows": [{"hours_utc": "00:00-00:00", "weekdays": [6, 7]}]},
    ],
)
def test_days_of_another_zone_are_left_out_where_they_hold_other_hours(changes: dict[str, Any]) -> None:
    assert off_peak("acme", **changes) == ([], ["no condition for weekdays of a time zone"])


def test_deepseek_s_public_holidays_are_like_weekends() -> None:
    variants, _ = off_peak("deepseek")
    assert variants == [
        {"when": {"utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"]}, "input": 1},
        {
            "when": {"utc": ["01:00-04:00", "06:00-10:00"], "days": ["sat", "sun", "cn-holiday"]},
            "input": 1,
        },
    ]


@pytest.mark.parametrize(
    "windows",
    [
        [{"hours_utc": ["10:00-00:00"]}],
        [{"hours_utc": ["10:00-00:00"], "weekdays": [1, 6, 7]}],
        [{"hours_utc": ["10:00-00:00"], "weekdays": [6]}],
    ],
)
def test_other_hours_of_deepseek_say_nothing_of_holidays(windows: list[dict[str, Any]]) -> None:
    assert off_peak("deepseek", windows=windows) == off_peak("acme", windows=windows)


def test_uplifts_multiply() -> None:
    assert pricing(
        input_cost_per_token=2e-6,
        regional_processing_uplift_multiplier_eu=1.1,
        provider_specific_entry={"fast": 2.0, "us": 1.1},
    )["variants"] == [
        {"when": {"region": "eu"}, "multiply": Decimal("1.1")},
        {"when": {"region": "us"}, "multiply": Decimal("1.1")},
        {"when": {"service_tier": "fast"}, "multiply": 2},
    ]


def test_resolutions_of_video() -> None:
    assert pricing(mode="video_generation", output_cost_per_second=0.4, output_cost_per_second_4K=0.6) == {
        "per": {"output_second": Decimal("0.4")},
        "variants": [{"when": {"resolution": "4k"}, "per": {"output_second": Decimal("0.6")}}],
    }


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"input_cost_per_token": 0, "output_cost_per_token": 0}, {}),
        ({"output_cost_per_token": 0, "input_cost_per_query": 0.01}, {"per": {"query": CENT}}),
        ({"input_cost_per_token": 1e-6, "output_cost_per_token": 0}, {"input": 1, "output": 0}),
        ({"input_cost_per_second": 0.01, "output_cost_per_second": 0}, {"per": {"input_second": Decimal("0.01")}}),
    ],
)  # fmt: skip
def test_a_zero_that_fills_a_field_is_not_a_price(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    assert pricing(**keys) == expected


def test_local_models_and_free_variants_are_free() -> None:
    zero = {"mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0}
    facts = entries(**{
        "ollama/small": {**zero, "litellm_provider": "ollama"},
        "acme/small:free": {**zero, "litellm_provider": "acme"},
    })  # fmt: skip
    assert [model["pricing"] for model in facts.values()] == [{"input": 0, "output": 0}] * 2


def test_ollama_s_cloud_models_are_not_free() -> None:
    zero = {"mode": "chat", "litellm_provider": "ollama", "input_cost_per_token": 0, "output_cost_per_token": 0}
    facts = entries(**{"ollama/large:120b-cloud": zero, "ollama/large:cloud": zero})
    assert [model.get("pricing") for model in facts.values()] == [None, None]


def test_a_region_is_a_variant_of_its_model() -> None:
    azure = {"litellm_provider": "azure", "mode": "chat"}
    facts = entries(
        **{
            "azure/large": {**azure, "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6},
            "azure/eu/large": {**azure, "input_cost_per_token": 2.2e-6, "output_cost_per_token": 8.8e-6},
            "azure/us-gov/large": {**azure, "input_cost_per_token": 3e-6, "output_cost_per_token": 8e-6},
            "azure/global/large": {**azure, "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6},
        }
    )
    assert facts.keys() == {"large"}
    assert facts["large"]["pricing"]["variants"] == [
        {"when": {"region": "us-gov"}, "input": 3, "output": 8},
        {"when": {"region": "eu"}, "multiply": Decimal("1.1")},
    ]


def test_a_size_of_image_is_a_variant_of_its_model() -> None:
    image = {"litellm_provider": "openai", "mode": "image_generation"}
    facts = entries(
        **{
            "low/1024-x-1536/gpt-image-x": {**image, "input_cost_per_image": 0.016},
            "hd/1024-x-1024/gpt-image-x": {**image, "input_cost_per_pixel": 4e-8, "output_cost_per_pixel": 0.0},
        }
    )
    assert facts["gpt-image-x"]["pricing"] == {
        "variants": [
            {"when": {"quality": "hd", "size": "1024x1024"}, "per": {"output_image": Decimal("0.04194")}},
            {"when": {"quality": "low", "size": "1024x1536"}, "per": {"output_image": Decimal("0.016")}},
        ]
    }


def test_of_two_routes_to_one_model_the_providers_own_is_kept_and_the_other_noted() -> None:
    observed = observe(
        **{
            "text-completion-codestral/c": {
                "litellm_provider": "text-completion-codestral", "mode": "completion", "input_cost_per_token": 1e-6,
            },
            "codestral/c": {"litellm_provider": "codestral", "mode": "chat", "input_cost_per_token": 2e-6},
        }
    )  # fmt: skip
    [(provider, model)] = observed.models()
    assert (provider.id, model.facts["mode"], model.facts["pricing"]) == ("codestral", "chat", {"input": 2})
    assert provider.facts == {"aliases": ["text-completion-codestral"]}
    assert [(note.model, note.field) for note in observed.notes] == [("text-completion-codestral/c", "pricing")]


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("acme/search", {"litellm_provider": "acme", "mode": "search", "input_cost_per_query": 0.01}),
        ("fireworks-ai-up-to-4b", {"litellm_provider": "fireworks_ai", "input_cost_per_token": 1e-7}),
        ("bedrock/*/1-month-commitment/x.y", {"litellm_provider": "bedrock", "mode": "chat"}),
        ("azure/eu/orphan", {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 1e-6}),
        ("nobody", {"mode": "chat"}),
    ],
)
def test_what_is_no_model_is_left_out_and_noted(key: str, entry: dict[str, Any]) -> None:
    observed = observe(**{key: entry, "acme/large": CHAT})
    assert [model.id for _, model in observed.models()] == ["large"]
    assert [note.model for note in observed.notes] == [key]


def test_output_above_the_input_limit_is_left_out() -> None:
    observed = observe(**{"acme/large": {**CHAT, "max_input_tokens": 10, "max_output_tokens": 11}})
    [(_, model)] = observed.models()
    assert model.facts == {"mode": "chat", "context_window": 10}
    assert [note.reason for note in observed.notes] == ["output above the input limit of 10"]


def test_an_input_limit_that_is_part_of_a_window() -> None:
    stated = {"acme/large": {**CHAT, "max_input_tokens": 272000, "max_output_tokens": 128000}}
    assert entries(**stated)["large"] == {
        "mode": "chat",
        "context_window": 400000,
        "max_input_tokens": 272000,
        "max_output_tokens": 128000,
    }


def test_an_unknown_key_is_noted() -> None:
    observed = observe(**{"acme/large": {**CHAT, "output_cost_per_dream": 1, "mood": "good"}})
    assert [note.field for note in observed.notes] == ["output_cost_per_dream"]
    assert observed.unread_keys == ("mood",)


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"a": 1}', b"not json"])
def test_another_document_is_refused(data: bytes) -> None:
    with pytest.raises(UpstreamError, match="litellm"):
        litellm.parse(data)


@pytest.mark.parametrize(
    ("source", "page"), [("https://acme.example/prices", "https://acme.example/prices"), (None, ""), (5, "")]
)
def test_a_model_names_the_page_of_its_prices(source: Any, page: str) -> None:
    [(_, model)] = observe(**{"acme/large": {**CHAT, "input_cost_per_token": 3e-06, "source": source}}).models()
    assert model.price_page == page
