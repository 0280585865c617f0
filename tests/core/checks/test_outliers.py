"""Figures far off those of other providers: what is found, what is not, and `llmreg audit --outliers`."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.checks.outliers import figures_of, find_outliers
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

FIVE = ("b", "c", "d", "e", "f")


def found(mine, others, *, field="pricing.input"):
    """The outliers among a model of provider `a` and those of other providers, all of one base model."""
    hosts = [("a", mine), *zip(FIVE, others, strict=False)]
    bodies = [(provider, {"base_model": "x/m", **entry(field, value)}) for provider, value in hosts]
    figures = [figures_of(provider, "m", body) for provider, body in bodies]
    return [(each.model, each.value, each.typical, each.providers, each.reason) for each in find_outliers(figures)]


def entry(field, value):
    if value is None or isinstance(value, dict):
        return value or {}
    if field.startswith("pricing."):
        return {"pricing": {field.removeprefix("pricing."): Decimal(str(value))}}
    return {field: value}


@pytest.mark.parametrize(
    ("field", "mine", "others", "reason"),
    [
        ("pricing.input", 9, [1, 1, 1, 1], "9 times the others'"),
        ("pricing.output", 1, [10, 12, 12, 14], "1/12 of the others'"),
        ("pricing.input", 8, [1, 1, 1, 1], None),
        ("pricing.input", 100, ["0.1"] * 4, "1000 times the others': another unit?"),
        ("pricing.input", "0.000002", [2, 2, 2, 2], "1/1000000 of the others': another unit?"),
        ("pricing.input", 9, [1, 1, 1], None),  # three are too few to say what is typical
        ("pricing.input", 9, [1, 1, 1, None], None),
        ("pricing.input", 0, [9, 9, 9, 9], None),  # free is an offer
        ("pricing.input", {"pricing": {"input": Decimal(9), "currency": "CNY"}}, [1, 1, 1, 1], None),
        ("context_window", 20_000_000, [2_000_000] * 4, "10 times the others'"),
        ("context_window", 8_192, [131_072] * 4, "1/16 of the others'"),
        ("context_window", 32_768, [131_072] * 4, None),
        ("release_date", "1970-01-01", ["2025-08-05"] * 4, "20305 days before the others"),
        ("release_date", "2024-08-05", ["2025-08-05"] * 4, None),
        ("release_date", "2027-08-05", ["2025-08-05"] * 4, None),  # a provider may add a model late
        ("release_date", "2024-01", ["2025-08-05"] * 4, None),
    ],
)
def test_what_is_an_outlier(field, mine, others, reason):
    assert [(model, why) for model, *_, why in found(mine, others, field=field)] == (
        [("a/m", reason)] if reason else []
    )


def test_an_outlier_names_what_is_typical_and_of_how_many():
    assert found(100, [1, 2, 3, 4, 5]) == [("a/m", 100, 3, 5, "33.3 times the others'")]


def test_a_provider_with_many_entries_counts_once_and_is_not_compared_with_itself():
    prices = [("a", "100")] * 9 + [(provider, "1") for provider in FIVE]
    bodies = [{"base_model": "x/m", "pricing": {"input": Decimal(price)}} for _, price in prices]
    figures = [
        figures_of(provider, f"m{number}", body)
        for number, ((provider, _), body) in enumerate(zip(prices, bodies, strict=True))
    ]
    assert {(each.model.partition("/")[0], each.typical) for each in find_outliers(figures)} == {("a", 1)}


@given(st.lists(st.decimals("0.01", "1000", places=2), min_size=5, max_size=6))
def test_prices_within_the_factor_of_each_other_are_never_outliers(prices):
    low, high = min(prices), max(prices)
    outliers = found(prices[0], prices[1:])
    assert not outliers or high > 8 * low


CATALOG = """\
provider: {name}
models:
  m:
    base_model: x/m
    context_window: 131072
    pricing: {{input: {price}, output: 2}}
"""


@pytest.fixture
def hosts(run):
    for name, price in [("acme", 50), ("b", 1), ("c", 1), ("d", 1), ("e", 1)]:
        (run.folder / "models" / f"{name}.yml").write_text(CATALOG.format(name=name, price=price))
    return run


def test_audit_shows_outliers(hosts):
    out = hosts("audit", "--outliers", "--format", "json")
    why = "50 times the others'"
    row = {"model": "acme/m", "field": "pricing.input", "value": 50, "typical": 1, "providers": 4, "why": why}
    assert (hosts.code, json.loads(out)["outliers"]) == (0, [row])
    assert hosts.err.splitlines() == [
        "1 outliers in 1 models",
        "look each up at its provider; llmreg set corrects a value, llmreg unset leaves it out",
    ]


def test_audit_narrows_outliers_by_provider_and_field(hosts):
    for arguments, code in [(("acme",), 1), (("b",), 0), (("--field", "pricing"), 1), (("--field", "name"), 0)]:
        hosts("audit", "--outliers", "--check", *arguments)
        assert hosts.code == code, arguments


def test_audit_leaves_out_retired_models_unless_asked(hosts):
    file = hosts.folder / "models" / "acme.yml"
    file.write_text(file.read_text().replace("base_model", "status: retired\n    base_model"))
    hosts("audit", "--outliers", "--check")
    assert hosts.code == 0
    hosts("audit", "--outliers", "--check", "--retired")
    assert hosts.code == 1


@pytest.mark.parametrize("option", [("--summary",), ("--keep", "all"), ("--kept",), ("--source", "litellm")])
def test_options_about_sources_are_refused_with_outliers(hosts, option):
    hosts("audit", "--outliers", *option)
    assert (hosts.code, hosts.err.count("\n")) == (2, 1)
