"""The conditions of prices: one type that can be a key, and what holds where two conditions do."""

from decimal import Decimal
from typing import Any

import pytest

from registry_cli.core.catalog.build import build_model
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.pricing.conditions import ALWAYS, When, implies, joint_condition
from registry_cli.core.pricing.expand import expand_prices
from registry_cli.core.pricing.merge import settle_variants

WORDS = Vocabulary({})
NIGHT = {"utc": ["20:00-00:00"]}
EVENING = {"utc": ["18:00-22:00"]}


def test_a_condition_is_one_key_however_it_is_written() -> None:
    written = When(service_tier="batch", utc=["16:30-00:30"])
    assert {written: 1}[When(utc=("16:30-00:30",), service_tier="batch")] == 1
    assert written == {"utc": ("16:30-00:30",), "service_tier": "batch"}
    assert written.to_mapping() == {"service_tier": "batch", "utc": ["16:30-00:30"]}
    assert written.without("utc") == When(service_tier="batch")
    assert not ALWAYS
    assert ALWAYS | written == written
    assert written | When(service_tier="flex") == When(service_tier="flex", utc=["16:30-00:30"])


@pytest.mark.parametrize(
    ("first", "second", "joint"),
    [
        ({"input_tokens_above": 200}, {"input_tokens_above": 300}, {"input_tokens_above": 300}),
        ({"monthly_tokens_above": 200}, {"monthly_tokens_above": 300}, {"monthly_tokens_above": 300}),
        ({"service_tier": "batch"}, {"region": "eu"}, {"region": "eu", "service_tier": "batch"}),
        ({"service_tier": "batch"}, {"service_tier": "flex"}, None),
        ({"from": "2026-01-01"}, {"from": "2026-03-01"}, {"from": "2026-03-01"}),
        ({"until": "2026-01-01"}, {"until": "2026-03-01"}, {"until": "2026-01-01"}),
        ({"from": "2026-03-01"}, {"until": "2026-03-01"}, {"from": "2026-03-01", "until": "2026-03-01"}),
        ({"from": "2026-03-02"}, {"until": "2026-03-01"}, None),
        (NIGHT, EVENING, {"utc": ("20:00-22:00",)}),
        (NIGHT, NIGHT, {"utc": ("20:00-00:00",)}),
        (NIGHT, {"utc": ["00:00-20:00"]}, None),
        ({"days": ["sat", "sun"]}, {"days": ["fri", "sat"]}, {"days": ("sat",)}),
        ({"days": ["sat", "cn-holiday"]}, {"days": ["sun", "cn-holiday"]}, {"days": ("cn-holiday",)}),
        ({"days": ["sat", "cn-holiday"]}, {"days": ["sat", "sun", "cn-holiday"]}, {"days": ("sat", "cn-holiday")}),
        ({"days": ["mon"]}, {"days": ["sat"]}, None),
    ],
)  # fmt: skip
def test_what_holds_where_two_conditions_do(first: dict[str, Any], second: dict[str, Any], joint: Any) -> None:
    assert joint_condition(first, second) == joint
    assert joint_condition(second, first) == joint


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"days": ["sat"]}, {"days": ["cn-holiday"]}),  # holidays on Saturdays: no list of days says so
        # From midnight to 00:30 on Saturdays is past the midnight of Fridays.
        ({"utc": ["16:30-00:30"]}, {"utc": ["16:00-01:00"], "days": ["sat"]}),
    ],
)
def test_a_joint_condition_that_cannot_be_written_is_none(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert joint_condition(first, second) is None


def test_every_bound_is_implied_by_itself_and_by_a_narrower_one() -> None:
    wide = {"from": "2026-01-02", "until": "2026-02-01", "input_tokens_above": 200, "monthly_tokens_above": 5}
    for name, narrower, wider in (
        ("from", "2026-01-03", "2026-01-01"),
        ("until", "2026-01-31", "2026-02-02"),
        ("input_tokens_above", 201, 199),
        ("monthly_tokens_above", 6, 4),
    ):
        assert implies({name: wide[name]}, {name: wide[name]})
        assert implies({name: narrower}, {name: wide[name]})
        assert not implies({name: wider}, {name: wide[name]})


def test_overlapping_hours_are_settled_by_a_variant_for_the_hours_of_both() -> None:
    variants = [{"when": EVENING, "input": Decimal(3)}, {"when": NIGHT, "input": Decimal(1)}]
    pricing, derived = settle_variants({"input": Decimal(2), "variants": variants})
    assert derived == [{"when": {"utc": ["20:00-22:00"]}, "input": Decimal("1.5")}]
    assert settle_variants(pricing) == (pricing, [])


def test_conditions_that_only_one_of_two_periods_has_are_settled() -> None:
    variants = [
        {"when": {"from": "2026-01-01"}, "input": Decimal(4)},
        {"when": {"from": "2026-02-01", "service_tier": "batch"}, "input": Decimal(1)},
        {"when": {"until": "2026-03-01", "service_tier": "batch"}, "input": Decimal(1)},
    ]
    _, derived = settle_variants({"input": Decimal(2), "variants": variants})
    assert [variant["when"] for variant in derived] == [
        {"from": "2026-01-01", "service_tier": "batch", "until": "2026-03-01"},
        {"from": "2026-02-01", "service_tier": "batch", "until": "2026-03-01"},
    ]


def test_hours_within_others_have_the_rates_of_both_when_written_out() -> None:
    variants = [{"when": {"utc": ["18:00-00:00"]}, "output": 6}, {"when": {"utc": ["20:00-22:00"]}, "input": 1}]
    model = build_model("acme", "one", {"pricing": {"input": 4, "output": 8, "variants": variants}}, "usage", WORDS)
    written = expand_prices(model, "2026-01-01", lambda when: len(when.get("utc", ())) == 1).prices
    assert written.variants[When(utc=("20:00-22:00",))].tokens == {"input": Decimal(1), "output": Decimal(6)}
    assert written.variants[When(utc=("18:00-00:00",))].tokens == {"output": Decimal(6)}
