"""What calls to a model cost. To bill many calls of one model, prepare it once with `ModelPrice`."""

from collections.abc import Sequence

from registry_cli.core.billing.bills import Bill
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import Usage
from registry_cli.core.catalog.models import Model


def cost(model: Model, usage: Usage, conditions: Conditions) -> Bill:
    """The bill of one call."""
    return ModelPrice(model).bill(usage, conditions)


def cost_of_calls(model: Model, calls: Sequence[tuple[Usage, Conditions]]) -> Bill:
    """Several calls on one bill."""
    return ModelPrice(model).bill_calls(calls)
