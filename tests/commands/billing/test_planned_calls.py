"""`cost` for planning: how many calls, how much of the input is cached; the same in `query` and Python."""

import csv
import io
import json
from decimal import Decimal

import pytest

from registry_cli.api import Registry
from registry_cli.core.billing.call_plan import plan_usage
from registry_cli.errors import UsageError
from tests.support.random_catalogs import write_catalog

CATALOG = {
    "acme": {
        "models": {
            "big": {
                "context_window": 1000000,
                "pricing": {
                    "input": 2,
                    "output": 4,
                    "cache_read": 0.2,
                    "per": {"request": 0.001},
                    "variants": [
                        {"when": {"service_tier": "batch"}, "multiply": 0.5},
                        {"when": {"input_tokens_above": 200000}, "input": 4, "output": 8, "cache_read": 0.4},
                    ],
                },
            },
            "small": {"context_window": 100000, "pricing": {"input": 1, "output": 2, "cache_read": 0.1}},
            "odd": {
                "pricing": {
                    "input": 1,
                    "per": {"code_session": 0.03},
                    "variants": [{"when": {"utc": ["16:00-18:00"], "size": "large"}, "output": 4}],
                }
            },
        },
    },
}


@pytest.fixture
def root(tmp_path):
    return write_catalog(tmp_path / "planned", CATALOG)


@pytest.fixture
def cost(run, root):
    def cost(*arguments):
        run.root = root
        return run("cost", *arguments)

    return cost


def test_calls_multiply_one_call_and_cached_is_a_share_of_its_input(cost) -> None:
    # 80,000 fresh at $2, 120,000 cached at $0.2, 1,000 out at $4, and a fee.
    one = Decimal("0.16") + Decimal("0.024") + Decimal("0.004") + Decimal("0.001")
    size = ("big", "--input", "200k", "--cached", "60%", "--output", "1k")
    assert cost(*size) == f"acme/big\t${one}\n"
    assert cost(*size, "--calls", "1k") == f"acme/big\t$189\t${one}\n"
    assert cost(*size, "--calls", "200", "--per", "day") == f"acme/big\t$37.8\t$1134\t${one}\n"
    assert cost(*size, "--calls", "6000", "--per", "month") == f"acme/big\t$1134\t$13608\t${one}\n"


def test_a_day_in_one_call_is_warned_of_even_when_quiet(cost, run) -> None:
    assert (
        cost("big", "small", "--input", "40m", "--cached", "60%", "--quiet") == "acme/small\t$18.4\nacme/big\t$73.601\n"
    )
    assert run.err == (
        "warning: acme/small: one call of 40,000,000 tokens exceeds the context window of 100,000\n"
        "warning: acme/big: one call of 40,000,000 tokens exceeds the context window of 1,000,000\n"
        "give the tokens of one call; --calls N says how many there are\n"
    )
    cost("big", "--input", "300k")
    assert "acme/big: long-context prices apply: one call has more than 200,000 input tokens\n" in run.err
    cost("big", "--input", "200k", "--calls", "200")
    assert "warning" not in run.err
    assert "long-context" not in run.err


def test_json_and_csv_have_each_amount_by_name(cost) -> None:
    size = ("big", "odd", "--input", "100k", "--output", "10k", "--calls", "10", "--per", "day")
    big, odd = json.loads(cost(*size, "-f", "json"))["models"]
    assert {name: big[name] for name in ("cost", "calls", "per", "per_call", "per_month", "per_year")} == {
        "cost": 2.41, "calls": 10, "per": "day", "per_call": 0.241, "per_month": 72.3, "per_year": 867.6,
    }  # fmt: skip
    assert big["parts"][0] == {"name": "input", "count": 1_000_000, "priced_as": "input", "price": 2, "cost": 2}
    assert (odd["cost"], odd["at_least"], odd["per_month"], odd["unknown"]) == (None, 1, 30, ["output"])
    rows = list(csv.DictReader(io.StringIO(cost(*size, "-f", "csv"))))
    assert [row["per_month"] for row in rows] == ["72.3", "30"]
    assert rows[1] | {"cost": "", "at_least": "1", "per_call": "0.1"} == rows[1]
    assert "at least $30" in cost(*size)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--requests", "3"), "--requests is now --calls N, which multiplies the whole call"),
        (("--calls", "0"), "--calls: '0' is not a number of calls"),
        (("--calls", "-3"), "--calls: '-3' is not a number of calls"),
        (("--calls", "many"), "--calls: 'many' is not a number of calls"),
        (("--per", "day"), "--per needs --calls"),
        (("--calls", "3", "--per", "week"), "--per: 'week' is not one of day, month"),
        (("--cached", "101%"), "cached is 101%, not between 0% and 100%"),
        (("--cached", "-1%"), "cached is -1%, not between"),
        (("--cached", "x%"), "cached is 'x%', not a percentage such as 60%"),
        (("--cached", "nan%"), "cached is nan%"),
        (("--reasoning", "50%"), "reasoning is 50% of output, and output is not given"),
        (("--cached", "60%", "--cache-write", "50%"), "part of the input"),
        (("--tier", "btch"), "no model has a price for service tier 'btch'; did you mean batch? (tiers: batch)"),
    ],
)
def test_what_is_no_plan_is_refused(cost, run, arguments, says) -> None:
    assert cost("big", "--input", "1k", *arguments) == ""
    assert run.code == 2
    assert says in run.err


def test_a_tier_that_this_model_lacks_gives_an_estimate(cost, run) -> None:
    assert cost("small", "--input", "1m", "--tier", "batch") == "acme/small\tabout $1\n"
    assert "no price is stated for service tier batch" in run.err
    assert cost("small", "--input", "1m", "--tier", "default") == "acme/small\t$1\n"
    assert json.loads(cost("small", "--input", "1m", "--tier", "batch", "-f", "json"))["models"][0]["estimate"] == 1


def test_shares_are_of_what_the_count_is_part_of() -> None:
    audio = {"cached_audio": "10%", "input_audio": "10%"}
    counts = {"input": 1001, "cached": "50%", **audio, "output": 99, "reasoning": "33.5 %"}
    usage = plan_usage(counts)
    assert usage.tokens == {
        "input": 451, "input_audio": 50, "cache_read": 450, "cache_read_audio": 50, "output": 66, "reasoning": 33,
    }  # fmt: skip
    assert plan_usage({"input": 10, "cached": "100%", "output": 5, "reasoning": "0%"}).tokens == {
        "cache_read": 10, "output": 5,
    }  # fmt: skip
    assert plan_usage({"input": 10.0, "cached": "25%"}).tokens == {"input": 8, "cache_read": 2}
    with pytest.raises(UsageError, match="input is nan, not an amount"):
        plan_usage({"input": float("nan"), "cached": "25%"})
    for wrong in ("50%", "many"):
        with pytest.raises(UsageError, match="input is"):
            plan_usage({"input": wrong})


def test_recorded_calls_are_multiplied_too(cost, tmp_path) -> None:
    path = tmp_path / "usage.jsonl"
    path.write_text('{"prompt_tokens": 1000000, "completion_tokens": 0}\n' * 2)
    assert cost("small", "--usage", str(path), "--calls", "10").split("\t")[1:] == ["$20", "$1\n"]
    found = json.loads(cost("small", "--usage", str(path), "--calls", "10", "-f", "json"))["models"][0]
    assert (found["calls"], found["cost"], found["per_call"]) == (20, 20, 1)


def test_query_takes_the_same_options(run, root) -> None:
    run.root = root
    call = ("--input", "200k", "--cached", "60%", "--reasoning-tokens", "0")
    size = ("query", "--sort", "cost", "--columns", "id", *call)
    assert run(*size) == "small\t$0.092\nbig\t$0.185\nodd\tat least $0.08, unknown: cache_read\n"
    assert run.err == "a call of this size exceeds the limits of 1 of these models\n"
    assert run(*size, "--calls", "10", "--per", "day", "-n", "1") == "small\t$0.92\t$27.6\t$0.092\n"
    document = json.loads(run("query", "--sort", "cost", "--input", "1k", "--calls", "10", "-n", "1", "-f", "json"))
    assert document["models"][0]["cost"] == {"total": 0.01, "calls": 10, "per_call": 0.001, "currency": "USD"}
    assert run("query", "--sort", "cost", "--images", "3", "--columns", "id") != ""
    assert run("query", "--sort", "cost", "--input", "1k", "--tier", "btch") == ""
    assert (run.code, "no model has a price" in run.err) == (2, True)
    assert run("query", "--sort", "cost") == ""
    assert "--sort cost needs the size of a call" in run.err


def test_python_takes_the_same_plan(root) -> None:
    registry = Registry(root)
    bill = registry.cost("acme/big", input=200_000, cached="60%", output=1000, calls=200, per="day")
    assert (bill.total, bill.calls, bill.per_call) == (Decimal("37.8"), 200, Decimal("0.189"))
    assert (bill.per_month, bill.per_year) == (1134, 13608)
    assert registry.cost("acme/big", {"prompt_tokens": 1000, "completion_tokens": 0}, calls=3).total == Decimal("0.009")
    assert registry.cost("acme/small", input=40_000_000).warnings != ()
    assert registry.cost("acme/odd", input=10, units={"code_session": 2}).total == Decimal("0.06001")
    assert registry.cost("acme/odd", output=1_000_000, time="17:00", size="large").total == 4
    assert registry.cost("acme/odd", output=1_000_000, time="12:00", size="large").exact is False
    assert registry.cost("acme/small", input=1_000_000, tier="batch").estimates != ()
    single = registry.cost("acme/big", input=10)
    assert (single.calls, single.per_month, single.per_year) == (1, None, None)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"calls": 0}, "calls: 0 is not a whole number"),
        ({"calls": 1.5}, "calls: 1.5 is not"),
        ({"calls": True}, "calls: True is not"),
        ({"calls": 2, "per": "week"}, "per: 'week' is not one of day, month"),
        ({"requests": 2}, "calls multiplies the whole call"),
        ({"cached": "60"}, "cached is '60', not a number"),
        ({"tier": "btch"}, "did you mean batch"),
        ({"time": "25:00"}, "time: '25:00' is not a time such as 16:30"),
    ],
)
def test_python_refuses_what_is_no_plan(root, options, says) -> None:
    with pytest.raises(UsageError, match=says):
        Registry(root).cost("acme/big", input=10, **options)


def test_averages_of_different_calls_are_rounded(root) -> None:
    bill = Registry(root).cost("acme/small", input=1, calls=3)
    assert bill.per_call == Decimal("0.000001")
