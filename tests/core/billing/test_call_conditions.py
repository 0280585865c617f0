"""Conditions of a call at the edges of the conditions of a price."""

import pytest

from tests.commands.billing.test_cost import bill

MILLION = 1_000_000


@pytest.mark.parametrize(("monthly_tokens", "total"), [(999, 2), (1000, 2), (1001, 1)])
def test_a_price_above_a_number_of_monthly_tokens_does_not_hold_at_that_number(monthly_tokens: int, total: int) -> None:
    pricing = {"input": 2, "variants": [{"when": {"monthly_tokens_above": 1000}, "input": 1}]}
    assert bill(pricing, {"input": MILLION}, monthly_tokens=monthly_tokens).total == total


@pytest.mark.parametrize("time", ["00:00", "07:59", "08:00", "23:59"])
def test_hours_that_end_when_they_begin_are_the_whole_day(time: str) -> None:
    pricing = {"input": 2, "variants": [{"when": {"utc": ["08:00-08:00"]}, "input": 1}]}
    assert bill(pricing, {"input": MILLION}, time=time).total == 1
