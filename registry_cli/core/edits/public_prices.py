"""Prices that stay public where a person's overlay sets single rates."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from registry_cli.core.edits.difference import FieldChange
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.query.wording import describe_condition

_PRICING = "pricing."


def note_public_prices(
    changes: Iterable[FieldChange], own: Mapping[str, Any], listed: Mapping[str, Any]
) -> Iterator[str]:
    """Which tiers keep the catalog's price of a rate that these changes of one model set in the overlay.

    `own` is the `pricing` of the overlay, `listed` that of the catalog. A variant that is a factor follows by itself.
    """
    if "variants" in own:
        return
    for change in changes:
        name = change.field.removeprefix(_PRICING)
        if name == change.field or change.new is ABSENT:
            continue
        stated = [variant for variant in listed.get("variants") or () if _has_price(variant, name)]
        if stated:
            conditions = "; ".join(describe_condition(variant.get("when") or {}) for variant in stated)
            yield (
                f"{FieldRef(change.model, change.field)} is your price; these keep the list price: {conditions}"
                " (set pricing.variants too, or use prices: in llmreg.yml for all)"
            )


def _has_price(variant: Mapping[str, Any], name: str) -> bool:
    """Whether a variant has a price of its own for `input`, or for `per.page`."""
    unit = name.removeprefix("per.")
    return unit in (variant if unit == name else variant.get("per") or {})
