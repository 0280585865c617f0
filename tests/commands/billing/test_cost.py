"""What a call costs: exact, honest about the unknown, by the rule of variants."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.commands.billing.cost import price_calls
from registry_cli.commands.billing.usage_file import read_calls
from registry_cli.commands.query.open import open_catalog
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import usage_of
from registry_cli.core.catalog.build import build_model
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.responses.call import read_call
from registry_cli.core.responses.lines import NumberedCall
from registry_cli.errors import FileError, UsageError
from registry_cli.render.bills import bill_table, explain_bills

DAY = "2026-07-01"


def model(pricing, *, billing="usage", **facts):
    exact = json.loads(json.dumps(pricing), parse_float=Decimal)
    return build_model("acme", "large", {"pricing": exact, **facts}, billing, Vocabulary({}))


def bill(pricing, counts, billing="usage", units=None, facts=None, **conditions):
    price = ModelPrice(model(pricing, billing=billing, **(facts or {})))
    return price.bill_call(usage_of(counts, units), Conditions(**{"day": DAY, **conditions}))


LARGE = {
    "input": 3,
    "output": 15,
    "cache_read": 0.3,
    "cache_write": 3.75,
    "variants": [
        {"when": {"input_tokens_above": 200000}, "input": 6, "output": 22.5, "cache_read": 0.6},
        {"when": {"service_tier": "batch"}, "multiply": 0.5},
        {"when": {"region": "eu"}, "multiply": 1.1},
    ],
}


def test_every_token_is_billed_once_and_exactly() -> None:
    result = bill(
        LARGE, {"input": 150_000, "cached": 100_000, "cache_write": 20_000, "output": 4000, "reasoning": 1000}
    )
    assert result.total == Decimal("0.09") + Decimal("0.03") + Decimal("0.075") + Decimal("0.06")
    assert result.exact
    assert {part.name: part.priced_as for part in result.parts}["reasoning"] == "output"


def test_a_threshold_is_a_cliff_that_cached_tokens_count_towards() -> None:
    at, above = (bill(LARGE, {"input": count, "cached": 150_000}).total for count in (200_000, 200_001))
    assert at == Decimal("0.15") + Decimal("0.045")
    assert above == Decimal("0.300006") + Decimal("0.09")


def test_overrides_come_first_then_every_factor() -> None:
    result = bill(LARGE, {"input": 300_000, "output": 1000}, service_tier="batch", region="EU")
    assert result.total == (Decimal("1.8") + Decimal("0.0225")) * Decimal("0.55")
    assert [held.when for held in result.held] == [variant["when"] for variant in LARGE["variants"]]


def test_a_later_override_wins_and_a_factor_leaves_units_alone() -> None:
    pricing = {
        "input": 1,
        "per": {"request": 0.01},
        "variants": [
            {"when": {"service_tier": "flex"}, "multiply": 0.5, "input": 3},
            {"when": {"from": "2026-06-01"}, "input": 2, "per": {"web_search": 0.03}},
        ],
    }
    result = bill(pricing, {"input": 1_000_000, "web_searches": 2}, service_tier="flex")
    assert result.total == 1 + Decimal("0.06") + Decimal("0.01")


def test_what_is_unknown_makes_a_lower_bound() -> None:
    result = bill({"input": 3}, {"input": 1000, "cached": 400, "cache_write_1h": 100, "output": 50})
    assert result.total == Decimal("0.0015")
    assert str(result) == "at least $0.0015, unknown: cache_read, cache_write_1h, output"
    assert str(bill({"currency": "EUR", "input": 3}, {"input": 1_000_000})) == "3 EUR"


def test_a_null_rate_costs_nothing_and_says_so() -> None:
    result = bill({"input": 3, "output": None}, {"input": 1_000_000, "output": 5})
    assert result.total == 3
    assert result.exact
    assert result.notes == ("output does not apply: 5 of it cost nothing",)


def test_local_is_free_and_a_subscription_unknown() -> None:
    assert bill({}, {"input": 5, "cached": 2, "images": 1}, billing="local").total == 0
    assert bill({}, {"input": 5, "cached": 2, "images": 1}, billing="local").exact
    sold = bill({"input": 0, "output": 0}, {"input": 5}, billing="subscription")
    assert sold.unknown == ("input",)
    assert sold.notes == ("sold by subscription: what a call costs is not stated",)


def test_a_condition_whose_price_is_an_estimate_is_compared_as_one() -> None:
    pricing = {"input": 2, "output": 8, "variants": [{"when": {"service_tier": "batch"}, "input": 1}]}
    assert bill(pricing, {"input": 1_000_000, "output": 1_000_000}).notes == (
        "service tier not given: batch would cost about 0.9 x",
    )
    assert bill(pricing, {"input": 1, "output": 1_000_000}).notes == (
        "service tier not given: batch would cost about $8.000001",
    )


def test_conditions_that_were_not_given_and_would_matter_are_said() -> None:
    assert bill(LARGE, {"input": 1000}).notes == (
        "service tier not given: batch would cost 0.5 x",
        "region not given: eu would cost 1.1 x",
    )
    assert bill(LARGE, {"input": 1000}, service_tier="standard", region="us").notes == (
        "no price is stated for region us: the standard price is used",
    )
    assert bill(LARGE, {}).notes == ()
    both = {"input": 0, "variants": [{"when": {"region": "eu", "service_tier": "fast"}, "input": 2}]}
    assert bill(both, {"input": 1_000_000}).notes == ("region and service tier not given: eu, fast would cost $2",)


@pytest.mark.parametrize(
    ("day", "time", "held"),
    [
        ("2026-06-06", "16:29", False),  # a Saturday
        ("2026-06-06", "16:30", True),
        ("2026-06-07", "00:29", True),  # belongs to the Saturday on which it began
        ("2026-06-07", "00:30", False),
        ("2026-06-06", "00:10", False),  # belongs to the Friday
        ("2026-06-06", None, None),
        ("2026-06-05", None, False),
    ],
)
def test_hours_past_midnight_belong_to_the_day_they_start_on(day, time, held) -> None:
    pricing = {"input": 2, "variants": [{"when": {"utc": ["16:30-00:30"], "days": ["sat"]}, "input": 1}]}
    result = bill(pricing, {"input": 1_000_000}, day=day, time=time)
    assert result.total == (1 if held else 2)
    assert result.notes == (("time not given: 16:30 would cost 0.5 x",) if held is None else ())


DEEPSEEK = {
    "input": 1.32,
    "variants": [
        {"when": {"utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"]}, "input": 0.66},
        {"when": {"utc": ["01:00-04:00", "06:00-10:00"], "days": ["sat", "sun", "cn-holiday"]}, "input": 0.66},
    ],
}


@pytest.mark.parametrize(
    ("day", "time", "price"),
    [
        ("2026-11-24", "02:00", "1.32"),  # a Tuesday
        ("2026-11-24", "04:00", "0.66"),
        ("2026-11-24", "12:00", "0.66"),
        ("2026-11-28", "02:00", "0.66"),  # a Saturday
        ("2026-10-01", "02:00", "0.66"),  # a Thursday, and the national holiday
        ("2026-10-08", "02:00", "1.32"),  # a Thursday, the first day of work after it
        ("2026-10-10", "02:00", "0.66"),  # a Saturday on which people work
    ],
)
def test_peak_prices_know_weekends_and_public_holidays(day, time, price) -> None:
    result = bill(DEEPSEEK, {"input": 1_000_000}, day=day, time=time)
    assert (result.total, result.exact, result.estimates) == (Decimal(price), True, ())


@pytest.mark.parametrize(("time", "price", "is_known"), [("02:00", "1.32", False), ("12:00", "0.66", True)])
def test_a_day_of_a_year_without_a_calendar_is_an_estimate(time, price, is_known) -> None:
    result = bill(DEEPSEEK, {"input": 1_000_000}, day="2031-10-01", time=time)  # a Wednesday
    doubt = "2031-10-01 may be a public holiday in China, with another price: llmreg has no calendar of it"
    assert (result.total, result.estimates) == (Decimal(price), () if is_known else (doubt,))
    assert bill(DEEPSEEK, {"input": 1_000_000}, day="2031-10-04", time=time).exact  # a Saturday


def test_a_holiday_s_hours_past_midnight_end_the_day_after() -> None:
    pricing = {"input": 2, "variants": [{"when": {"utc": ["22:00-02:00"], "days": ["cn-holiday"]}, "input": 1}]}
    for day, time, price in [("2026-10-07", "23:00", 1), ("2026-10-08", "01:00", 1), ("2026-10-08", "23:00", 2)]:
        assert bill(pricing, {"input": 1_000_000}, day=day, time=time).total == price
    assert not bill(pricing, {"input": 1_000_000}, day="2027-01-01", time="23:00").exact
    assert bill(pricing, {"input": 1_000_000}, day="2026-01-01", time="12:00").exact


def test_days_dates_and_volume() -> None:
    pricing = {
        "input": 4,
        "variants": [
            {"when": {"days": ["wed"]}, "input": 3},
            {"when": {"until": "2026-06-30"}, "input": 2},
            {"when": {"monthly_tokens_above": 1000}, "input": 1},
        ],
    }
    assert bill(pricing, {"input": 1_000_000}).total == 3  # 2026-07-01 is a Wednesday
    assert bill(pricing, {"input": 1_000_000}, day="2026-06-30").total == 2
    assert bill(pricing, {"input": 1_000_000}, monthly_tokens=1001).total == 1
    assert "monthly tokens not given: 1001 would cost 0.3333 x" in bill(pricing, {"input": 1_000_000}).notes


def test_units_by_what_the_model_makes() -> None:
    pricing = {"per": {"input_image": 0.001, "output_image": 0.04, "input_second": 0.0001, "output_second": 0.5}}
    sent = bill(pricing, {"images": 2, "seconds": 10})
    assert sent.total == Decimal("0.003")
    made = bill(pricing, {"images": 2, "seconds": 10}, facts={"mode": "image_generation"})
    assert made.total == Decimal("5.08")
    assert bill(pricing, {"images_made": 1, "seconds_made": 1}).total == Decimal("0.54")
    assert bill({"per": {"query": 0.002}}, {}).total == Decimal("0.002")
    assert bill({"per": {"code_session": 0.03}}, {}, units={"code_session": 2}).total == Decimal("0.06")
    assert bill({}, {"pages": 2}).unknown == ("per.page",)


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"input": 10, "cached": 11}, "11 of 10"),
        ({"cached": 5}, "5 of 0"),
        ({"output": 1, "reasoning": 2}, "reasoning is part of the output: 2 of 1"),
        ({"input": 5, "input_audio": 6}, "part of the input of 5"),
        ({"input": 5, "cached_audio": 6}, "part of the cached"),
        ({"input": -1}, "not an amount"),
        ({"input": 1.5}, "not a whole number"),
        ({"input": True}, "not a number"),
        ({"inputs": 1}, "nothing is counted as 'inputs'"),
    ],
)
def test_counts_that_cannot_be(counts, says) -> None:
    with pytest.raises(UsageError, match=says):
        usage_of(counts)


RATES = ["input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning", "input_audio", "output_image",
         "cache_read_audio"]  # fmt: skip
amounts = st.integers(0, 10**6)
prices = st.decimals(0, 1000, places=6)


@given(
    st.dictionaries(st.sampled_from(RATES), prices),
    st.fixed_dictionaries(dict.fromkeys(("cached", "cache_write", "reasoning", "input_audio"), amounts)),
    amounts,
    amounts,
)
def test_all_tokens_are_in_the_bill_once(rates, parts, fresh, written) -> None:
    sent = fresh + parts["cached"] + parts["cache_write"] + parts["input_audio"]
    usage = usage_of({**parts, "input": sent, "output": written + parts["reasoning"]})
    assert usage.input_tokens == sent
    entry = build_model("acme", "m", {"pricing": rates}, "usage", Vocabulary({}))
    result = ModelPrice(entry).bill_call(usage, Conditions(DAY))
    assert sum(part.count for part in result.parts) == sent + written + parts["reasoning"]
    assert result.total == sum(
        (part.count * rates[part.priced_as] / 1_000_000 for part in result.parts if part.priced_as in rates), Decimal(0)
    )
    assert set(result.unknown).isdisjoint(rates)


@given(st.lists(st.integers(1, 400_000), min_size=1, max_size=5))
def test_several_calls_are_the_sum_of_each(inputs) -> None:
    calls = [(usage_of({"input": count, "output": 7}), Conditions(DAY)) for count in inputs]
    entry = model(LARGE)
    assert ModelPrice(entry).bill_calls(calls).total == sum(ModelPrice(entry).bill_call(*call).total for call in calls)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "acme.yml").write_text(
        "provider: acme\nmodels:\n  big: {pricing: {input: 2, output: 4}}\n  small: {pricing: {input: 1, output: 2}}\n"
        "  old: {pricing: {input: 1}, retirement_date: '2025-01-01', replacement: big}\n"
    )
    (tmp_path / "gate.yml").write_text("provider: gate\nmodels: {big: {pricing: {currency: EUR, input: 0.5}}}\n")
    with open_catalog(tmp_path, cached=False) as opened:
        yield opened


def priced(asked, names, calls, provider=None):
    return price_calls(asked, names, calls, Conditions(DAY), provider, each=True)


def numbered(*values):
    return [NumberedCall(number, read_call(value)) for number, value in enumerate(values, 1)]


def test_side_by_side_the_cheapest_first_and_currencies_apart(asked) -> None:
    calls = numbered({"prompt_tokens": 1_000_000, "completion_tokens": 0})
    costed = priced(asked, ["gate/big", "acme/big", "acme/old", "small"], calls)
    assert [str(bill) for bill in costed.bills] == ["$1", "$1", "$2", "0.5 EUR"]
    assert any("retired" in note for note in costed.notes)
    assert costed.notes[-1] == "not compared with each other: prices in EUR, USD"
    assert bill_table(costed.bills, figures=True).rows[-1] == ("gate/big", Decimal("0.5"), None, None, "EUR", None)


def test_a_model_named_twice_is_billed_once(asked) -> None:
    calls = numbered({"prompt_tokens": 1_000_000, "completion_tokens": 0})
    assert [str(bill) for bill in priced(asked, ["small", "acme/small", "small"], calls).bills] == ["$1"]


def test_a_call_of_nothing_is_refused(run) -> None:
    assert run("cost", "large-2") == ""
    assert run.code == 2
    assert "missing --input" in run.err


def test_a_file_of_many_calls_names_its_models(asked, tmp_path: Path) -> None:
    lines = [
        {"model": "small", "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}},
        {"model": "big", "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000}},
        {"model": "small", "usage": {"prompt_tokens": 0, "completion_tokens": 500_000}},
    ]
    path = tmp_path / "calls.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    calls = list(read_calls(path))
    with pytest.raises(
        UsageError, match="big is a model of 2 providers: acme/big, gate/big; choose one with --provider"
    ):
        priced(asked, [], calls)
    costed = priced(asked, [], calls, "acme")
    assert [(bill.model, int(bill.total)) for bill in costed.bills] == [("acme/small", 2), ("acme/big", 6)]
    text = explain_bills(costed.bills, costed.calls)
    assert "call 2\tacme/big\t$6\n" in text
    assert "  input\t1,000,000 at $1 per 1M = $1\n" in text
    with pytest.raises(UsageError, match="names no model"):
        priced(asked, [], numbered({"prompt_tokens": 1}))


@pytest.mark.parametrize(("text", "place"), [('{"prompt_tokens": 1}\n{"x"\n', ":2:"), ('{"a": 1}', ": usage: no")])
def test_a_file_with_a_fault_is_refused_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        list(read_calls(path))
    assert place in str(caught.value)
