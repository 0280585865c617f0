"""What calls to a model cost. To bill many calls of one model, prepare it once with `ModelPrice`."""

from collections.abc import Sequence

from registry_cli.core.catalog.models import Model
from registry_cli.core.pricing.bills import Bill
from registry_cli.core.pricing.call_conditions import Conditions
from registry_cli.core.pricing.model_price import ModelPrice
from registry_cli.core.pricing.usage import Usage


def cost(model: Model, usage: Usage, conditions: Conditions) -> Bill:
    """The bill of one call."""
    return ModelPrice(model).bill(usage, conditions)


def cost_of_calls(model: Model, calls: Sequence[tuple[Usage, Conditions]]) -> Bill:
    """Several calls on one bill."""
    return ModelPrice(model).bill_calls(calls)
