"""Bills say how sure they are: exact, a lower bound, an estimate, and which price stood in for which."""

import copy
import pickle
from dataclasses import replace
from decimal import Decimal

import pytest

from registry_cli.core.billing.bills import add_bills, multiply_bill
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import usage_of
from registry_cli.core.pricing.rates import day_after
from registry_cli.render.bills import bill_table, explain_bills
from tests.commands.billing.test_cost import DAY, bill, model

MILLION = 1_000_000
IMAGES = {
    "input": 0.3,
    "output": 2.5,
    "output_image": 30,
    "variants": [{"when": {"service_tier": "batch"}, "input": 0.15, "output": 1.25}],
}


def test_a_tier_that_leaves_images_at_full_price_gives_an_estimate() -> None:
    made = {"output": MILLION, "output_image": MILLION}
    result = bill(IMAGES, made, service_tier="batch")
    reason = "no price is stated for output_image (service tier batch): the standard price is used"
    assert (str(result), result.estimates, result.notes) == ("about $30", (reason,), (reason,))
    assert result.parts[0].note == reason
    assert bill(IMAGES, made).exact
    assert bill(IMAGES, {"output": MILLION}, service_tier="batch").exact


@pytest.mark.parametrize(
    ("variant", "conditions", "level"),
    [
        ({"when": {"service_tier": "flex"}, "input": 1}, {"service_tier": "flex"}, "service tier flex"),
        ({"when": {"region": "eu"}, "input": 3}, {"region": "eu"}, "region eu"),
        ({"when": {"input_tokens_above": 200000}, "input": 4}, {}, "over 200,000 input tokens"),
        ({"when": {"monthly_tokens_above": 5000}, "input": 1}, {"monthly_tokens": 6000}, "over 5,000 tokens a month"),
        ({"when": {"utc": ["16:30-00:30"]}, "input": 1}, {"time": "20:00"}, "at this time of day"),
    ],
)
def test_any_level_of_prices_that_leaves_the_cache_price_gives_an_estimate(variant, conditions, level) -> None:
    pricing = {"input": 2, "cache_read": 0.2, "variants": [variant]}
    result = bill(pricing, {"input": 300_000, "cached": 100_000}, **conditions)
    assert result.estimates == (f"no price is stated for cache_read ({level}): the standard price is used",)
    variant["cache_read"] = 0.2
    assert bill(pricing, {"input": 300_000, "cached": 100_000}, **conditions).exact


def test_dates_and_factors_leave_nothing_out() -> None:
    dated = {"input": 2, "cache_read": 0.2, "variants": [{"when": {"from": "2026-01-01"}, "input": 1}]}
    assert bill(dated, {"input": MILLION, "cached": MILLION}).exact
    halved = {**IMAGES, "variants": [{"when": {"service_tier": "batch"}, "multiply": 0.5}]}
    assert str(bill(halved, {"output": MILLION, "output_image": MILLION}, service_tier="batch")) == "$15"
    free = {"input": 2, "cache_read": 0, "variants": [{"when": {"service_tier": "batch"}, "input": 1}]}
    assert bill(free, {"input": MILLION, "cached": MILLION}, service_tier="batch").exact


def test_a_tier_for_tokens_leaves_the_price_of_an_image_and_not_that_of_a_search() -> None:
    pricing = {
        "input": 2,
        "per": {"output_image": 0.04, "web_search": 0.01},
        "variants": [{"when": {"service_tier": "batch"}, "multiply": 0.5}],
    }
    made = bill(pricing, {"images_made": 2}, service_tier="batch")
    assert made.estimates == (
        "no price is stated for per.output_image (service tier batch): the standard price is used",
    )
    assert str(bill(pricing, {"web_searches": 2}, service_tier="batch")) == "$0.02"
    pricing["variants"].append({"when": {"service_tier": "batch"}, "per": {"output_image": 0.02}})
    assert str(bill(pricing, {"images_made": 2}, service_tier="batch")) == "$0.04"


def test_a_model_without_the_tier_gives_an_estimate() -> None:
    result = bill({"input": 2}, {"input": MILLION}, service_tier="Batch")
    assert str(result) == "about $2"
    assert result.estimates == ("no price is stated for service tier batch: the standard price is used",)
    for standard in ("default", "STANDARD", "auto", "on_demand"):
        assert bill({"input": 2}, {"input": MILLION}, service_tier=standard).exact
    assert bill({}, {"input": MILLION}, "local", service_tier="batch").exact
    assert str(bill({"output": 1}, {"input": MILLION}, service_tier="batch")) == "at least $0, unknown: input"
    assert str(bill({"output": 1}, {"input": 5, "output": MILLION}, service_tier="batch")) == "about $1, unknown: input"


def test_other_conditions_without_a_price_are_noted() -> None:
    result = bill({"input": 2}, {"input": MILLION}, region="us", quality="hd")
    assert result.exact
    assert result.notes == (
        "no price is stated for region us: the standard price is used",
        "no price is stated for quality hd: the standard price is used",
    )


def test_a_text_price_that_stands_in_for_media_is_said() -> None:
    counts = {"input": MILLION, "input_image": 1000, "input_audio": 10, "cached": 10, "cached_audio": 10}
    chat = bill({"input": 2, "cache_read": 1}, counts)
    assert chat.exact
    assert chat.notes == (
        "no price is stated for input_image: the price of input is used",
        "no price is stated for cache_read_audio: the price of cache_read is used",
    )
    # A model that prices images apart, but not these.
    painter = bill({"input": 5, "output_image": 40}, {"input": MILLION, "input_image": MILLION})
    assert str(painter) == "about $5"
    assert painter.estimates == painter.notes


def test_reasoning_at_the_price_of_output_is_no_stand_in() -> None:
    assert bill({"output": 2}, {"output": 10, "reasoning": 10}).notes == ()


@pytest.mark.parametrize(
    ("facts", "counts", "total"),
    [
        ({"mode": "image_generation", "modalities": {"output": ["image"]}}, {"output": MILLION}, 40),
        ({"modalities": {"output": ["image"]}}, {"output": MILLION}, 40),
        ({"mode": "image_edit"}, {"output": MILLION}, 40),
        ({"mode": "image_generation"}, {"output": MILLION, "output_image": MILLION // 2}, 25),  # text is stated apart
        ({"modalities": {"output": ["text", "image"]}}, {"output": MILLION}, 10),
        ({"mode": "audio_speech"}, {"output": MILLION}, 60),
        ({"mode": "video_generation"}, {"output": MILLION}, 10),  # no price of its own
    ],
)
def test_output_of_a_model_that_makes_one_kind_of_media(facts, counts, total) -> None:
    pricing = {"input": 5, "output": 10, "output_image": 40, "output_audio": 60}
    result = bill(pricing, counts, facts=facts)
    assert (result.total, result.exact) == (total, True)


LIMITS = {"context_window": 1000, "max_output_tokens": 100}


@pytest.mark.parametrize(
    ("facts", "counts", "warns"),
    [
        (LIMITS, {"input": 900, "output": 100}, ()),
        (LIMITS, {"input": 901, "output": 100}, ("one call of 1,001 tokens exceeds the context window of 1,000",)),
        (LIMITS, {"input": 1, "output": 101}, ("one call of 101 output tokens exceeds the output limit of 100",)),
        ({**LIMITS, "max_input_tokens": 800}, {"input": 800}, ()),
        ({"max_input_tokens": 800}, {"input": 801},
         ("one call of 801 input tokens exceeds the input limit of 800",)),
        ({}, {"input": 10**9, "output": 10**9}, ()),
    ],
)  # fmt: skip
def test_a_call_that_no_model_takes_is_warned_of(facts, counts, warns) -> None:
    assert bill({"input": 1, "output": 1}, counts, facts=facts).warnings == warns


def test_long_context_prices_are_noted() -> None:
    levels = [{"when": {"input_tokens_above": above}, "input": above} for above in (1000, 2000)]
    pricing = {"input": 1, "variants": levels}
    assert bill(pricing, {"input": 1000}).notes == ()
    assert bill(pricing, {"input": 2001}).notes == (
        "long-context prices apply: one call has more than 2,000 input tokens",
    )


def test_bills_are_added_part_by_part() -> None:
    price = ModelPrice(model({"input": 3, "output": 15}))
    calls = [(usage_of({"input": count, "output": 7}), Conditions(DAY)) for count in (10, 20, 30)]
    together = price.bill_calls(calls)
    assert [(part.name, part.count) for part in together.parts] == [("input", 60), ("output", 21)]
    assert together.calls == 3
    assert add_bills([price.bill_call(*call) for call in calls]) == together


def test_calls_made_many_times_cost_as_many_times_as_much() -> None:
    pricing = {
        "input": 3,
        "per": {"request": 0.001},
        "variants": [
            {"when": {"service_tier": "batch"}, "multiply": 0.5},
            {"when": {"region": "eu"}, "input": 3, "output": 2},
        ],
    }
    calls = [(usage_of({"input": 1000, "output": 5}), Conditions(DAY))]
    result = ModelPrice(model(pricing)).bill_calls(calls, 200)
    assert (result.total, result.calls) == (Decimal("0.8"), 200)
    assert [(part.name, part.count, part.cost) for part in result.parts] == [
        ("input", 200_000, Decimal("0.6")), ("output", 1000, None), ("per.request", 200, Decimal("0.2")),
    ]  # fmt: skip
    # The alternatives are of as many calls: $0.5 and $0.802 in all.
    assert result.notes == (
        "service tier not given: batch would cost at least $0.5",
        "region not given: eu would cost $0.802",
    )
    assert multiply_bill(multiply_bill(result, 3), 2).calls == 1200


def test_the_order_of_counts_never_matters() -> None:
    counts = {"input": 900, "cached": 100, "cache_write_1h": 10, "cache_write": 20, "input_image": 30, "output": 80,
              "output_image": 20, "reasoning": 10, "images": 2, "web_searches": 3, "citation": 4}  # fmt: skip
    units = {"code_session": 1, "file_gb_day": 2}
    turned = [dict(reversed(each.items())) for each in (counts, units)]
    assert bill(IMAGES, counts, units=units).parts == bill(IMAGES, turned[0], units=turned[1]).parts


def test_a_bill_is_plain_data() -> None:
    result = bill(IMAGES, {"input": 1000})
    assert copy.deepcopy(result) == result == pickle.loads(pickle.dumps(result))  # noqa: S301  # of our own making
    assert pickle.loads(pickle.dumps(result)).notes == result.notes  # noqa: S301


def test_prepared_prices_remember_nothing_of_other_calls() -> None:
    price = ModelPrice(model(IMAGES))
    usage = usage_of({"input": MILLION, "output_image": 5, "output": 5})
    for tier in ("batch", None, "BATCH", "none such", *(f"tier {number}" for number in range(1100)), "batch"):
        conditions = Conditions(DAY, service_tier=tier)
        assert price.bill_call(usage, conditions) == ModelPrice(model(IMAGES)).bill_call(usage, conditions)


def test_tables_json_and_workings_say_what_is_estimated() -> None:
    result = bill(IMAGES, {"output": MILLION, "output_image": MILLION}, service_tier="batch")
    figures = bill_table([result], figures=True)
    assert dict(zip(figures.columns, figures.rows[0], strict=True)) == {
        "model": "acme/large", "cost": None, "at_least": None, "estimate": 30, "currency": "USD", "unknown": None,
    }  # fmt: skip
    assert figures.documents is not None
    assert '"cost":null,"estimate":30,' in figures.documents[0]
    assert '"note":"no price is stated for output_image (service tier batch)' in figures.documents[0]
    assert "note: no price is stated for output_image (service tier batch)" in explain_bills([result], [])


# Values that mutants of this code got wrong unseen.


def test_a_price_holds_on_the_very_day_it_begins_and_on_its_last() -> None:
    pricing = {"input": 4, "variants": [{"when": {"from": "2026-06-30", "until": "2026-07-02"}, "input": 1}]}
    totals = [
        bill(pricing, {"input": MILLION}, day=f"2026-{day}").total for day in ("06-29", "06-30", "07-02", "07-03")
    ]
    assert totals == [4, 1, 1, 4]


def test_hours_end_before_their_closing_minute() -> None:
    pricing = {"input": 4, "variants": [{"when": {"utc": ["08:00-16:00"]}, "input": 1}]}
    totals = [bill(pricing, {"input": MILLION}, time=time).total for time in ("07:59", "08:00", "15:59", "16:00")]
    assert totals == [4, 1, 1, 4]


def test_a_stated_zero_is_a_price_of_units_unless_a_subscription_says_it() -> None:
    free = {"per": {"web_search": 0}}
    assert bill(free, {"web_searches": 3}).exact
    sold = bill(free, {"web_searches": 3}, "subscription")
    assert (sold.exact, sold.unknown) == (False, ("per.web_search",))
    assert bill({"per": {"web_search": 0.01}}, {"web_searches": 3}, "subscription").total == Decimal("0.03")


def test_the_day_after() -> None:
    assert [day_after(day) for day in ("2026-02-28", "2026-12-31", "9999-12-31", None)] == [
        "2026-03-01", "2027-01-01", None, None,
    ]  # fmt: skip


def test_a_condition_that_was_not_given_is_not_noted_as_missing() -> None:
    assert bill({"input": 1}, {"input": 5}).notes == ()
    assert bill({"input": 1}, {"input": 5}, service_tier="standard").notes == ()


def test_added_bills_have_the_reasons_of_each_and_every_variant_once() -> None:
    batch = bill(IMAGES, {"output": 10}, service_tier="batch")
    unsure = bill(IMAGES, {"output": 10, "output_image": 5}, service_tier="batch")
    total = add_bills([batch, unsure])
    assert total.estimates == unsure.estimates
    assert total.estimates
    assert total.held == batch.held
    assert len(total.held) == 1


def test_a_part_of_unknown_cost_leaves_the_sum_of_its_kind_unknown() -> None:
    unknown = bill({}, {"input": 10})
    free = replace(unknown, parts=(unknown.parts[0]._replace(cost=Decimal(0)),))
    assert [part.cost for part in add_bills([unknown, free]).parts] == [None]
    assert [part.cost for part in add_bills([free, unknown]).parts] == [None]
