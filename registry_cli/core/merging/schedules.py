"""Prices by the hour come whole: the times at which they hold are one schedule, which a source states anew or not."""

from collections.abc import Mapping
from typing import Any

from registry_cli.core.pricing.conditions import is_of_time
from registry_cli.core.pricing.merge import condition_of
from registry_cli.core.statements.facts import VARIANT, Field, Fields


def superseded_hours(before: Fields, now: Fields) -> frozenset[Field]:
    """The price variants by time of day or day of the week of `before` that are not those of `now`; none where `now`
    has no such variants."""
    if not any(_is_of_time(field, value) for field, value in now.items()):
        return frozenset()
    return frozenset(field for field, value in before.items() if field not in now and _is_of_time(field, value))


def _is_of_time(field: Field, value: Mapping[str, Any] | Any) -> bool:
    return field.startswith(VARIANT) and is_of_time(condition_of(value))
