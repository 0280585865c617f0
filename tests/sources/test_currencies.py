"""Figures of providers that bill in euros or yuan are not dollars."""

import json
from decimal import Decimal

import pytest

from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.sources import litellm, models_dev

DAY = "2026-11-30"


def of_models_dev(provider, **costs):
    models = {name: {"limit": {"context": 1000}, "cost": cost} for name, cost in costs.items()}
    return models_dev.parse(json.dumps({provider: {"name": "P", "models": models}}).encode())


def of_litellm(provider, **rates):
    rows = {
        f"{provider}/{name}": {"litellm_provider": provider, "mode": "chat", "input_cost_per_token": rate}
        for name, rate in rates.items()
    }
    return litellm.parse(json.dumps(rows).encode())


def pricing(*observations):
    (models,) = [body["models"] for body in merge_observations(observations, on=DAY).providers.values()]
    return {name: body.get("pricing") for name, body in models.items()}


@pytest.mark.parametrize(
    ("observed", "currency"),
    [
        (of_models_dev("scaleway", m={"input": 0.5}), "EUR"),
        (of_models_dev("moark", m={"input": 0.5}), "CNY"),
        (of_litellm("scaleway", m=5e-7), "EUR"),
        (of_litellm("ovhcloud", m=5e-7), "EUR"),
        (of_models_dev("ovhcloud", m={"input": 0.5}), None),
        (of_models_dev("cortecs", m={"input": 0.5}), None),
        (of_litellm("openai", m=5e-7), None),
    ],
)
def test_prices_are_in_the_currency_that_the_provider_bills_in(observed, currency):
    expected = {"input": Decimal("0.5")}
    assert pricing(observed) == {"m": {"currency": currency, **expected} if currency else expected}


def test_a_figure_that_was_converted_is_left_out_with_a_note():
    observed = of_models_dev("scaleway", m={"input": 0.468, "output": 0.936})
    assert pricing(observed) == {"m": None}
    (note,) = observed.notes
    assert note.value == "input 0.468, output 0.936"
    assert "converted from EUR" in note.reason


def test_where_one_source_converted_the_other_s_own_figures_count():
    lists = [of_models_dev("scaleway", m={"input": 0.468, "output": 0.936}), of_litellm("scaleway", m=4e-7)]
    assert pricing(*lists) == {"m": {"currency": "EUR", "input": Decimal("0.4")}}


def test_lists_in_two_currencies_do_not_complete_each_other():
    batch = {"litellm_provider": "ovhcloud", "mode": "chat", "input_cost_per_token": 5e-7}
    euros = litellm.parse(json.dumps({"ovhcloud/m": {**batch, "input_cost_per_token_batches": 1e-7}}).encode())
    assert pricing(of_models_dev("ovhcloud", m={"input": 0.5}), euros) == {"m": {"input": Decimal("0.5")}}


def test_no_currency_is_left_where_no_price_is():
    assert pricing(of_models_dev("moark", m={"input": 5000})) == {"m": None}
