"""A person's own prices: list prices times what was agreed with the provider, over every rate, tier and unit."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Context, Decimal
from typing import Any

from registry_cli.core.catalog.build import build_pricing
from registry_cli.core.catalog.models import Model, OwnPrice, Provider
from registry_cli.core.format.fields import rates_of

_EXACT = Context(prec=60)  # digits: no product of a price and a factor has more


def apply_own_prices(provider: Provider, prices: Mapping[str, Decimal]) -> Provider:
    """The provider with the person's prices as those of its models.

    What names a model, by its ID or an alias, counts for it alone; it is not multiplied with what names the provider.
    Prices that the person's overlay states are theirs already, and stay.
    """
    if not prices:
        return provider
    models = {model_id: _with_own_price(model, prices) for model_id, model in provider.models.items()}
    return replace(provider, models=models)


def multiply_pricing(pricing: Mapping[str, Any], factor: Decimal, own_fields: Collection[str] = ()) -> dict[str, Any]:
    """A `pricing`, or one of its variants, with every rate and unit times a factor. Factors of variants stay: what
    they are factors on has changed. `own_fields` (`pricing.input`, `pricing.per.page`) stay too."""
    multiplied: dict[str, Any] = {
        name: _multiply_price(price, factor)
        for name, price in rates_of(pricing).items()
        if f"pricing.{name}" not in own_fields
    }
    if pricing.get("per"):
        multiplied["per"] = {
            unit: price if f"pricing.per.{unit}" in own_fields else _multiply_price(price, factor)
            for unit, price in pricing["per"].items()
        }
    if pricing.get("variants") and "pricing.variants" not in own_fields:
        multiplied["variants"] = [multiply_pricing(variant, factor) for variant in pricing["variants"]]
    return {**pricing, **multiplied}


def _with_own_price(model: Model, prices: Mapping[str, Decimal]) -> Model:
    names = (*(f"{model.provider}/{name}" for name in (model.id, *model.aliases)), model.provider)
    name = next((name for name in names if name in prices), None)
    listed = model.body.get("pricing")
    if name is None or not listed or model.overlay == ("*",):
        return model
    pricing = multiply_pricing(listed, prices[name], model.overlay)
    return replace(
        model,
        body={**model.body, "pricing": pricing},
        pricing=build_pricing(pricing),
        own_price=OwnPrice(name, prices[name]),
        list_pricing=listed,
    )


def _multiply_price(price: Any, factor: Decimal) -> Decimal | None:
    if price is None:
        return None
    product = _EXACT.normalize(_EXACT.multiply(Decimal(price), factor))
    return _EXACT.add(product, Decimal(0))  # without an exponent
