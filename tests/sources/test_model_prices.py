"""model-prices' snapshot: what holds today, since when, and what says so."""

import json
from decimal import Decimal

import pytest

from registry_cli.errors import UpstreamError
from registry_cli.http import Request
from registry_cli.sources import model_prices
from registry_cli.sources.registry import find_source

COPY, DOCUMENTED = "models.dev commit", "documented"
PAGE = "https://docs.acme.example/pricing"


def span(input_, output, since="2026-01-15T10:00:00Z", basis=COPY, page="https://github.com/x/commit/1", **more):
    rates = {"input": input_, "output": output, "valid_from": since, "valid_from_basis": basis, "source": page, **more}
    return {"start": since, "rates": rates}


def read(modes, *, provider="acme", **document):
    return model_prices.parse(json.dumps({"prices": {provider: {"m": modes}}, **document}).encode())


def only(seen):
    [model] = [model for _, model in seen.models()]
    return model


def test_the_last_span_holds_today():
    model = only(read({"standard": [span(9, 9), span(1.5, 7.5, "2026-02-01T00:00:00Z", cache_read=0.15)]}))
    assert model.facts == {
        "pricing": {"input": Decimal("1.5"), "output": Decimal("7.5"), "cache_read": Decimal("0.15")}
    }
    assert (model.price_day, model.price_page) == ("2026-02-01", "")


def test_spans_that_state_the_same_are_one_with_the_first_day_and_the_page_that_one_names():
    spans = [
        span(9, 9),
        span(1, 2, "2026-02-01T00:00:00Z", DOCUMENTED, PAGE),
        span(1, 2, "2026-03-01T00:00:00Z"),
    ]
    model = only(read({"standard": spans}))
    assert (model.price_day, model.price_page) == ("2026-02-01", PAGE)
    model = only(read({"standard": [*spans, span(1, 3, "2026-04-01T00:00:00Z")]}))
    assert (model.price_day, model.price_page) == ("2026-04-01", "")


def test_a_span_without_rates_states_no_price():
    ended = {"rates": None, "start": "2026-03-01T00:00:00Z"}
    assert not list(read({"standard": [span(1, 2), ended]}).models())
    model = only(read({"standard": [span(1, 2)], "fast": [span(2, 4), ended]}))
    assert "variants" not in model.facts["pricing"]


def test_modes_and_tiers_become_variants_and_an_hour_in_the_cache_a_rate():
    long = [{"above": 200000, "input": 4, "output": 12}]
    modes = {
        "standard": [span(2, 6, cache_write=2.5, cache_write_1h_multiple=2.0, tiers=long)],
        "batch": [span(1, 3, cache_write=1.25, cache_write_1h_multiple=2.0)],
        "flex": [span(1.5, 4)],
        "thinking": [span(2, 9)],
    }
    seen = read(modes)
    pricing = only(seen).facts["pricing"]
    assert pricing["cache_write_1h"] == 4
    assert pricing["variants"] == [
        {"when": {"input_tokens_above": 200000}, "input": 4, "output": 12},
        {"when": {"service_tier": "flex"}, "input": Decimal("1.5"), "output": 4},
        {"when": {"service_tier": "batch"}, "multiply": Decimal("0.5")},
    ]
    assert [(note.model, note.field) for note in seen.notes] == [("m", "thinking")]


def test_peak_hours_are_the_price_and_the_rest_of_the_week_a_variant():
    rule = {
        "provider": "acme", "peak_hours_utc": [["01:00", "04:00"], ["06:00", "10:00"]], "peak_multiplier": 2.0,
        "weekdays_only": True, "holidays": "cn",
    }  # fmt: skip
    seen = read({"standard": [span(0.66, 1.98)]}, schedules={"schedule": [rule]})
    pricing = only(seen).facts["pricing"]
    assert (pricing["input"], pricing["output"]) == (Decimal("1.32"), Decimal("3.96"))
    low = {"input": Decimal("0.66"), "output": Decimal("1.98")}
    assert pricing["variants"] == [
        {"when": {"utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"]}, **low},
        {"when": {"days": ["sat", "sun", "cn-holiday"], "utc": ["01:00-04:00", "06:00-10:00"]}, **low},
    ]
    assert seen.notes == ()


def test_public_holidays_of_which_there_is_no_calendar_are_noted():
    rule = {
        "provider": "acme", "peak_hours_utc": [["01:00", "04:00"]], "peak_multiplier": 2.0, "weekdays_only": True,
        "holidays": "jp",
    }  # fmt: skip
    seen = read({"standard": [span(1, 2)]}, schedules={"schedule": [rule]})
    assert [variant["when"] for variant in only(seen).facts["pricing"]["variants"]] == [
        {"utc": ["00:00-01:00", "04:00-00:00"]},
        {"days": ["sat", "sun"], "utc": ["01:00-04:00"]},
    ]
    assert [note.reason for note in seen.notes] == ["no condition for these public holidays"]


def test_off_peak_hours_of_some_models_are_a_variant_of_these():
    rule = {"provider": "acme", "off_peak_hours_utc": [["14:00", "00:00"]], "off_peak_multiplier": {"m": 0.5}}
    pricing = only(read({"standard": [span(2, 6)]}, schedules={"schedule": [rule]})).facts["pricing"]
    assert pricing == {
        "input": 2, "output": 6, "variants": [{"when": {"utc": ["14:00-00:00"]}, "input": 1, "output": 3}],
    }  # fmt: skip
    for other in (
        {**rule, "valid_until": "2026-01-01"},
        {**rule, "provider": "b"},
        {**rule, "off_peak_multiplier": {}},
    ):
        pricing = only(read({"standard": [span(2, 6)]}, schedules={"schedule": [other]})).facts["pricing"]
        assert pricing == {"input": 2, "output": 6}


def test_providers_go_by_our_names():
    seen = read({"standard": [span(1, 2)]}, provider="google")
    assert [(provider.id, provider.spelled) for provider in seen.providers] == [("gemini", "google")]


@pytest.mark.parametrize(
    "modes",
    [
        [],
        {"standard": 5},
        {"standard": [5]},
        {"standard": [{"rates": [1]}]},
        {"standard": [span(1, 2, since=5)]},
        {"standard": [span(1, 2, basis=DOCUMENTED, page=["x"])]},
        {"standard": [span(1, 2, tiers={"above": 5})]},
        {"standard": [span("free", -1)]},
    ],
)
def test_an_odd_value_costs_its_own_model(modes):
    document = {"prices": {"acme": {"odd": modes, "m": {"standard": [span(1, 2)]}}}}
    seen = model_prices.parse(json.dumps(document).encode())
    assert [model.id for _, model in seen.models()] == ["m"]
    assert seen.notes


@pytest.mark.parametrize("schedule", [5, [5], [{"provider": "acme", "peak_hours_utc": [["1", "2"]]}]])
def test_odd_hours_cost_the_hours_alone(schedule):
    seen = read({"standard": [span(1, 2)]}, schedules={"schedule": schedule})
    assert only(seen).facts == {"pricing": {"input": 1, "output": 2}}
    assert seen.notes


@pytest.mark.parametrize("document", [{}, [], {"prices": {}}, {"prices": []}, {"sha256": "0" * 64}])
def test_what_is_no_snapshot_is_refused(document):
    with pytest.raises(UpstreamError):
        model_prices.parse(json.dumps(document).encode())


def test_the_snapshot_is_the_file_that_the_latest_names():
    request = Request(f"{model_prices.BASE_URL}{model_prices.LATEST}")
    [following] = model_prices.follow_latest(request, json.dumps({"sha256": "a" * 64}).encode())
    assert following.url == f"{model_prices.BASE_URL}/v1/{'a' * 64}.json"
    for body in (b"[]", b"{", b'{"sha256": "../../x"}', b'{"sha256": 5}'):
        assert model_prices.follow_latest(request, body) == ()
    source = find_source("model-prices")
    assert (source.witness, source.verified, source.follow) == (True, False, model_prices.follow_latest)
