"""The recorded lists, walked by a loop of their own: no price of theirs may be missing or different unexplained."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.sources import litellm, models_dev, provider_ids

DATA = os.environ.get("LLMREG_TEST_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="LLMREG_TEST_DATA names no folder of recorded data"),
]
ON = "2026-11-22"
RATES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
}
TIERS = {
    None: "",
    "batch": "_batches",
    "flex": "_flex",
    "priority": "_priority",
    "ultrafast": "_ultrafast",
    "balanced": "_balanced",
}
SIZES = (100_000, 200_000, 256_000, 272_000, 512_000)
THRESHOLDS = {0: "", **{size: f"_above_{size // 1000}k_tokens" for size in SIZES}}


def raw(pattern: str) -> bytes:
    return next(Path(DATA, "aggregators").glob(pattern)).read_bytes()


@cache
def lists() -> tuple[dict[str, Any], dict[str, Any]]:
    return tuple(json.loads(raw(pattern), parse_float=Decimal) for pattern in ("models.dev-*.json", "litellm-*.json"))


@cache
def imported() -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """The bodies, and what the notes are about."""
    observations = [models_dev.parse(raw("models.dev-*.json")), litellm.parse(raw("litellm-*.json"))]
    merged = merge_observations(observations, on=ON)
    notes = [*observations[0].notes, *observations[1].notes, *merged.notes]
    return dict(merged.providers), {(note.provider, note.model) for note in notes}


def price(pricing: dict[str, Any], rate: str, *, tokens: int = 0, **request: Any) -> Decimal | None:
    """What a million tokens cost in a call: overrides in order, then every factor that holds."""

    def holds(when: dict[str, Any]) -> bool:
        return all(
            tokens > value if name == "input_tokens_above" else request.get(name) == value
            for name, value in when.items()
        )

    holding = [variant for variant in pricing.get("variants", ()) if holds(variant["when"])]
    amount = pricing.get(rate)
    for variant in holding:
        amount = variant.get(rate, amount)
    for variant in holding:
        if amount is not None and "multiply" in variant:
            amount *= variant["multiply"]
    return amount


def near(left: Decimal, right: Decimal) -> bool:
    return abs(left - right) <= abs(right) * Decimal("1e-9")


def test_every_price_of_models_dev_is_in_the_catalog_or_explained() -> None:
    providers, noted = imported()
    compared = 0
    for spelled, provider in lists()[0].items():
        ours = provider_ids.from_models_dev(spelled)
        for model_id, model in provider["models"].items():
            pricing = providers[ours]["models"][model_id].get("pricing", {})
            for rate in ("input", "output", "cache_read", "cache_write"):
                stated = model.get("cost", {}).get(rate)
                if stated is None:
                    continue
                compared += 1
                taken = pricing.get(rate)
                if not stated and taken:
                    continue  # a price of 0 that LiteLLM knows another for is an unknown one
                assert (taken is not None and near(taken, Decimal(stated))) or (ours, model_id) in noted, (
                    ours, model_id, rate, stated, taken,
                )  # fmt: skip
            for tier in model.get("cost", {}).get("tiers", ()):
                size = tier["tier"]["size"]
                taken = price(pricing, "input", tokens=size + 1)
                assert taken == tier["input"] or (ours, model_id) in noted, (ours, model_id, size)
    assert compared > 10_000


def where(key: str, models: dict[str, Any]) -> tuple[str, str | None] | None:
    """The model of ours that a LiteLLM key is about, and the region in the key."""
    rest = key
    while True:
        for model_id in models:
            if model_id.casefold() == rest.casefold():
                skipped = key[: len(key) - len(rest)].strip("/").split("/")
                region = skipped[-1] if len(skipped) > 1 else None
                return model_id, region
        if "/" not in rest:
            return None
        rest = rest.partition("/")[2]


def stated_prices(entry: dict[str, Any]) -> Iterator[tuple[str, str, Decimal, dict[str, Any]]]:
    """Each price of an entry: our rate, the suffix of its key, USD per token, and the call it is for."""
    for (rate, name), (tier, tier_suffix), (size, suffix) in product(RATES.items(), TIERS.items(), THRESHOLDS.items()):
        stated = entry.get(f"{name}{suffix}{tier_suffix}")
        if stated:
            yield rate, f"{suffix}{tier_suffix}", stated, {"tokens": size and size + 1, "service_tier": tier}


def test_every_price_of_litellm_is_in_the_catalog_or_explained_or_a_higher_sources() -> None:
    providers, noted = imported()
    higher = {
        (provider_ids.from_models_dev(spelled), model_id.casefold())
        for spelled, provider in lists()[0].items()
        for model_id, model in provider["models"].items()
        if model.get("cost")
    }
    compared: dict[str, int] = defaultdict(int)
    wrong = []
    for key, entry in lists()[1].items():
        if key in {"sample_spec", "fallback_generalizations"}:
            continue
        ours = provider_ids.from_litellm(entry["litellm_provider"])
        models = providers.get(ours, {"models": {}})["models"]
        found = where(key, models)
        if found is None:
            assert (ours, key) in noted, key
            continue
        model_id, region = found
        if (ours, model_id.casefold()) in higher:
            continue
        explained = (ours, key) in noted or (ours, model_id) in noted
        if "pricing" not in models[model_id]:
            assert explained or not any(entry.get(name) for name in RATES.values()), key
            continue
        for rate, suffix, stated, request in stated_prices(entry):
            taken = price(models[model_id]["pricing"], rate, region=region, **request)
            compared[suffix] += 1
            if taken is None or not near(taken, stated * 1_000_000):
                wrong.append((ours, key, model_id, f"{rate}{suffix}", stated, taken))
    unexplained = [row for row in wrong if (row[0], row[1]) not in noted and (row[0], row[2]) not in noted]
    assert not unexplained, unexplained[:20]
    assert len(wrong) < sum(compared.values()) / 50
    assert compared[""] > 4000
    assert min(compared["_batches"], compared["_priority"], compared["_flex"]) > 200


def test_no_output_limit_is_above_its_window_and_no_limit_is_zero() -> None:
    providers, _ = imported()
    assert len(providers) >= 140
    assert sum(len(body["models"]) for body in providers.values()) >= 5000
    for body in providers.values():
        for model in body["models"].values():
            limits = [model.get(name) for name in ("context_window", "max_input_tokens", "max_output_tokens")]
            assert all(limit is None or limit > 0 for limit in limits)
            if limits[0] and limits[2]:
                assert limits[2] <= limits[0]
