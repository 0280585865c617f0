"""Headline rates: which dated variants hold on a day, and what the billing of a model makes of its rates."""

from decimal import Decimal

import pytest

from registry_cli.core.pricing.rates import headline_rates, headline_spans, rates_on
from tests.commands.billing.test_cost import model

DATED = {"input": 4, "variants": [{"when": {"from": "2026-03-01", "until": "2026-03-31"}, "input": 1}]}


@pytest.mark.parametrize(("day", "rate"), [("2026-02-28", 4), ("2026-03-01", 1), ("2026-03-31", 1), ("2026-04-01", 4)])
def test_a_dated_variant_holds_from_its_first_to_its_last_day(day: str, rate: int) -> None:
    assert headline_rates(model(DATED), day) == {"input": rate}
    span = next(span for span in headline_spans(model(DATED)) if span.since <= day < span.until)
    assert span.rates == {"input": rate}


def test_a_variant_with_any_other_condition_leaves_the_headline_alone() -> None:
    batch = {"when": {"from": "2026-03-01", "service_tier": "batch"}, "input": 2}
    always = {"when": {}, "input": 3}  # a mistake that `validate` reports
    priced = model({"input": 4, "variants": [batch, always]})
    assert headline_rates(priced, "2026-03-02") == {"input": 4}
    assert [span.since for span in headline_spans(priced)] == [""]


def test_factors_apply_after_all_rates() -> None:
    variants = [{"when": {"from": "2026-01-01"}, "multiply": 0.5}, {"when": {"until": "2026-12-31"}, "input": 6}]
    pricing = model({"input": 4, "output": 10, "cache_read": None, "variants": variants}).pricing
    assert pricing is not None
    assert rates_on(pricing, "2026-06-01") == {"input": 3, "output": 5, "cache_read": None}


@pytest.mark.parametrize(
    ("billing", "rates"),
    [
        ("usage", {"input": Decimal(0), "cache_read": Decimal(2)}),
        ("local", {"input": Decimal(0), "output": Decimal(0), "cache_read": Decimal(2)}),
        ("subscription", {"cache_read": Decimal(2)}),
    ],
)
def test_what_each_billing_makes_of_stated_rates(billing: str, rates: dict[str, Decimal]) -> None:
    assert headline_rates(model({"input": 0, "cache_read": 2}, billing=billing), "2026-01-01") == rates


def test_a_local_model_costs_what_is_stated() -> None:
    assert headline_rates(model({"input": 7, "output": 9}, billing="local"), "2026-01-01") == {"input": 7, "output": 9}
