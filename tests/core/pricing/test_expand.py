"""Price lists written out: what the base has, and which rates a condition names."""

from collections.abc import Mapping
from typing import Any

from registry_cli.core.pricing.conditions import When
from registry_cli.core.pricing.expand import expand_prices
from registry_cli.core.pricing.price_list import PriceList
from tests.commands.billing.test_cost import model

DAY = "2026-06-01"
BATCH = When(service_tier="batch")


def expand(pricing: Mapping[str, Any], *, billing: str = "usage", accepts: Any = lambda _: True) -> PriceList:
    return expand_prices(model(pricing, billing=billing), DAY, accepts).prices


def test_a_dated_price_is_in_the_base_whatever_the_target_accepts() -> None:
    pricing = {"input": 4, "variants": [{"when": {"from": DAY}, "input": 2}]}
    assert expand(pricing, accepts=lambda _: False).base.tokens == {"input": 2}


def test_a_condition_names_only_the_rates_that_its_own_variants_set() -> None:
    dated = {"when": {"from": DAY}, "input": 2, "per": {"page": 3}}
    tier = {"when": {"service_tier": "batch"}, "output": 5, "per": {"image": 1}}
    prices = expand({"input": 4, "output": 10, "per": {"page": 4, "image": 2}, "variants": [dated, tier]})
    assert prices.base.tokens == {"input": 2, "output": 10}
    assert prices.base.per == {"page": 3, "image": 2}
    assert prices.variants[BATCH].tokens == {"output": 5}
    assert prices.variants[BATCH].per == {"image": 1}


def test_only_a_factor_of_the_condition_itself_names_every_rate() -> None:
    dated = {"when": {"from": DAY}, "multiply": 0.5}
    tier = {"when": {"service_tier": "batch"}, "output": 6}
    assert expand({"input": 4, "output": 10, "variants": [dated, tier]}).variants[BATCH].tokens == {"output": 3}
    factor = {"when": {"service_tier": "batch"}, "multiply": 0.5}
    assert expand({"input": 4, "output": 10, "variants": [factor]}).variants[BATCH].tokens == {"input": 2, "output": 5}


def test_a_list_in_another_currency_is_empty() -> None:
    assert expand({"currency": "EUR", "input": 4}) == PriceList()


def test_a_zero_of_a_subscription_is_no_price_and_one_of_a_local_model_is() -> None:
    assert expand({"input": 0, "output": 1}, billing="subscription").base.tokens == {"output": 1}
    assert expand({"input": 0, "output": 1}, billing="local").base.tokens == {"input": 0, "output": 1}


def test_general_conditions_come_before_special_ones_and_dated_variants_are_not_crossed_off() -> None:
    long = {"when": {"input_tokens_above": 200}, "input": 8}
    tier = {"when": {"service_tier": "batch"}, "input": 2}
    dated = {"when": {"service_tier": "flex", "from": DAY}, "input": 3}
    written = expand_prices(model({"input": 4, "variants": [long, tier, dated]}), DAY, lambda _: True)
    assert [dict(condition) for condition in written.prices.variants] == [
        {"input_tokens_above": 200},
        {"service_tier": "batch"},
        {"service_tier": "flex"},
        {"input_tokens_above": 200, "service_tier": "batch"},
        {"input_tokens_above": 200, "service_tier": "flex"},
    ]
    assert [variant.when for variant in written.used] == [long["when"], tier["when"]]
