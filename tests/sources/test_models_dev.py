"""models.dev's list -> observations, on small lists of its shape."""

import json
from decimal import Decimal
from typing import Any

import pytest

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.errors import UpstreamError
from registry_cli.sources import models_dev

MODEL: dict[str, Any] = {
    "id": "large",
    "name": "Large",
    "limit": {"context": 1000, "output": 100},
    "modalities": {"input": ["text"], "output": ["text"]},
    "cost": {"input": 3, "output": 15},
}


def observe(provider: str = "acme", *, name: str = "Acme", **models: dict[str, Any]) -> Observations:
    entry = {"id": provider, "name": name, "env": ["ACME_KEY"], "doc": "https://acme.example", "models": models}
    return models_dev.parse(json.dumps({provider: entry}).encode())


def one(**changes: Any) -> ObservedModel:
    return observe(large={**MODEL, **changes}).providers[0].models[0]


def reasons(observations: Observations) -> list[tuple[str, str]]:
    return [(note.field, note.reason) for note in observations.notes]


def test_a_model_is_told_in_the_catalogs_words() -> None:
    model = one(
        family="big",
        tool_call=True,
        reasoning=True,
        structured_output=False,
        knowledge="2025-06",
        release_date="2026-01-15",
        open_weights=False,
        status="beta",
        modalities={"input": ["text", "image", "pdf"], "output": ["text"]},
        reasoning_options=[{"type": "toggle"}, {"type": "effort", "values": ["low", "null"]}],
    )
    assert model.facts == {
        "name": "Large",
        "family": "big",
        "status": "preview",
        "context_window": 1000,
        "max_output_tokens": 100,
        "modalities": {"input": ["text", "image", "pdf"], "output": ["text"]},
        "open_weights": False,
        "reasoning": {"toggle": True, "effort": ["low"]},
        "pricing": {"input": 3, "output": 15},
        "capabilities": ["function_calling", "reasoning", "vision", "pdf_input"],
        "knowledge_cutoff": "2025-06",
        "release_date": "2026-01-15",
    }
    assert {"structured_output", "audio_input"} <= model.denies
    assert not {"vision", "function_calling"} & model.denies


def test_provider_facts() -> None:
    provider = observe("google", name="Google", large=MODEL).providers[0]
    assert (provider.id, provider.spelled) == ("gemini", "google")
    assert provider.facts == {
        "name": "Google",
        "aliases": ["google-ai-studio"],
        "documentation": "https://acme.example",
        "api": {"key_env": ["ACME_KEY"]},
    }


def test_a_limit_of_zero_is_unknown() -> None:
    observed = observe(large={**MODEL, "limit": {"context": 0, "output": 0}})
    assert not {"context_window", "max_output_tokens"} & observed.providers[0].models[0].facts.keys()
    assert {field for field, _ in reasons(observed)} == {"limit.context", "limit.output"}


def test_output_above_the_context_is_left_out_and_noted() -> None:
    observed = observe(large={**MODEL, "limit": {"context": 100, "output": 101}})
    assert "max_output_tokens" not in observed.providers[0].models[0].facts
    assert reasons(observed) == [("limit.output", "output above the context window of 100")]


@pytest.mark.parametrize(("limit", "expected"), [(900, 900), (1000, None), (1001, None)])
def test_an_input_limit_counts_only_below_the_window(limit: int, expected: int | None) -> None:
    model = one(limit={"context": 1000, "input": limit, "output": 100})
    assert model.facts.get("max_input_tokens") == expected


def test_a_provider_at_zero_throughout_sells_by_subscription() -> None:
    free = {**MODEL, "cost": {"input": 0, "output": 0}}
    provider = observe(one=free, two=free).providers[0]
    assert provider.facts["billing"] == "subscription"
    assert all("pricing" not in model.facts for model in provider.models)


def test_one_model_at_zero_among_priced_ones_is_free() -> None:
    provider = observe(one={**MODEL, "cost": {"input": 0, "output": 0}}, two=MODEL).providers[0]
    assert "billing" not in provider.facts
    assert provider.models[0].facts["pricing"] == {"input": 0, "output": 0}


def test_a_router_at_zero_is_not_free() -> None:
    free = {**MODEL, "cost": {"input": 0, "output": 0}}
    observed = observe(**{"vendor/auto": free, "my-router": free, "automatic": free, "two": MODEL})
    priced = {model.id for model in observed.providers[0].models if "pricing" in model.facts}
    assert priced == {"automatic", "two"}
    assert reasons(observed) == [("cost", "a router costs what the model it picks does")] * 2


def test_a_row_of_nines_is_no_context_window() -> None:
    observed = observe(large={**MODEL, "limit": {"context": 99999999, "output": 100}})
    assert "context_window" not in observed.providers[0].models[0].facts
    assert reasons(observed) == [("limit.context", "a row of nines is an unknown limit")]


def test_a_plans_zeros_are_no_prices_even_beside_a_price() -> None:
    provider = observe(name="Acme Coding Plan", one={**MODEL, "cost": {"input": 0, "output": 0}}, two=MODEL).providers[
        0
    ]
    assert provider.facts["billing"] == "subscription"
    assert "pricing" not in provider.models[0].facts
    assert provider.models[1].facts["pricing"] == {"input": 3, "output": 15}


@pytest.mark.parametrize(
    ("takes", "makes", "cost", "kept"),
    [
        (["text"], ["image"], {"input": 0, "output": 0}, False),
        (["text"], ["image"], {"input": 0.08, "output": 0}, False),
        (["audio"], ["text"], {"input": 0.003, "output": 0.003}, False),
        (["text"], ["image"], {"input": 5, "output": 40}, True),
        (["text"], ["text"], {"input": 5, "output": 5}, True),
        (["text"], ["text"], {"input": 5, "output": 0}, True),
    ],
)
def test_a_price_per_image_or_minute_is_not_taken_for_one_per_token(
    takes: list[str], makes: list[str], cost: dict[str, float], kept: bool
) -> None:
    media = {**MODEL, "cost": cost, "modalities": {"input": takes, "output": makes}}
    observed = observe(one=media, two=MODEL)
    assert ("pricing" in observed.providers[0].models[0].facts) is kept
    assert bool(observed.notes) is not kept


def test_local_servers_are_free() -> None:
    provider = observe("lmstudio", one={**MODEL, "cost": {"input": 0, "output": 0}}).providers[0]
    assert provider.facts["billing"] == "local"
    assert provider.models[0].facts["pricing"] == {"input": 0, "output": 0}


def test_tiers_modes_and_odd_spellings() -> None:
    model = one(
        cost={
            "input": 2.5,
            "output": 15,
            "cached_input": 0.25,
            "tiers": [{"tier": {"type": "context", "size": 200000}, "input": 5, "output": 22.5}],
            "context_over_200k": {"input": 99, "output": 99},
        },
        experimental={
            "modes": {
                "fast": {
                    "cost": {"input": 5, "output": 30, "cache_read": 0.5},
                    "provider": {"body": {"service_tier": "priority"}},
                }
            }
        },
    )
    assert model.facts["pricing"] == {
        "input": Decimal("2.5"),
        "output": 15,
        "cache_read": Decimal("0.25"),
        "variants": [
            {"when": {"input_tokens_above": 200000}, "input": 5, "output": Decimal("22.5")},
            {"when": {"service_tier": "priority"}, "multiply": 2},
        ],
    }


def test_context_over_200k_is_a_tier_where_there_are_no_others() -> None:
    pricing = one(cost={"input": 1, "output": 2, "context_over_200k": {"input": 3, "output": 4}}).facts["pricing"]
    assert pricing["variants"] == [{"when": {"input_tokens_above": 200000}, "input": 3, "output": 4}]


@pytest.mark.parametrize(
    ("cost", "field", "reason"),
    [
        ({"input": -1}, "cost.input", "a negative price is an unknown one"),
        ({"input": 1, "request": 5}, "cost.request", "the unit is not stated"),
        ({"input": "1"}, "cost.input", "not a number"),
        ({"input": 0.48999999999999999999}, "", ""),
        ({"tiers": [{"tier": {"type": "time"}}]}, "cost.tiers", "a tier by something else than context"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_price_is_noted(cost: dict[str, Any], field: str, reason: str) -> None:
    assert reasons(observe(large={**MODEL, "cost": cost})) == ([(field, reason)] if field else [])


def test_a_binary_artefact_is_rounded_and_noted() -> None:
    data = json.dumps({"acme": {"models": {"large": {**MODEL, "cost": {"input": 1}}}}}).replace(
        '{"input": 1}', '{"input": 0.30000000000000004}'
    )
    observed = models_dev.parse(data.encode())
    assert observed.providers[0].models[0].facts["pricing"] == {"input": Decimal("0.3")}
    assert reasons(observed) == [("cost.input", "rounded to 0.3")]


def test_days_that_do_not_exist_are_left_out() -> None:
    model = one(knowledge="2025-02-31", release_date="2025-13")
    assert not {"knowledge_cutoff", "release_date"} & model.facts.keys()


@pytest.mark.parametrize("data", [b"[]", b'{"acme": []}', b'{"acme": {}}', b"<html>", b'{"a": 1, "a": 2}'])
def test_another_document_is_refused(data: bytes) -> None:
    with pytest.raises(UpstreamError, match=r"models\.dev"):
        models_dev.parse(data)
