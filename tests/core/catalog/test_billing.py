"""How a model is sold: as its entry says, else as its provider sells; a cloud model is not one's own machine's."""

import pytest

from registry_cli.core.catalog.models import billing_of


@pytest.mark.parametrize(
    ("model_id", "body", "provider", "sold"),
    [
        ("large:120b-cloud", {}, "local", "subscription"),
        ("large:cloud", {}, "local", "subscription"),
        ("large:120b-cloud", {"billing": "local"}, "local", "local"),
        ("large:120b-cloud", {}, "usage", "usage"),
        ("large:120b", {}, "local", "local"),
        ("stratus-cloud", {}, "local", "local"),
        ("stratus-cloud:8b", {}, "local", "local"),
        ("large", {"billing": "subscription"}, "local", "subscription"),
        ("large", {"billing": "usage"}, "subscription", "usage"),
    ],
)
def test_how_a_model_is_sold(model_id, body, provider, sold):
    assert billing_of(model_id, body, provider) == sold
