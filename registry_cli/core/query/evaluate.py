"""`Filters` answered by a loop over models in memory. The index gives the same answers in SQL."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.models import Model, status_on
from registry_cli.core.format.fields import RATES
from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.query.comparisons import Operator, list_comparisons
from registry_cli.core.query.filters import HIDDEN, Filters, Selection, first_day, name_pattern
from registry_cli.core.query.words import names_of, rank_match

_CHEAPEST = (("input", False), ("output", False))
_MODALITIES = {"input_modalities": "input", "output_modalities": "output"}
_HOLDS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "in": lambda fact, values: fact in values,
    "has": lambda fact, values: set(values).issubset(fact),
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "since": lambda fact, value: first_day(fact) >= first_day(value),
}


def select_models(models: Iterable[Model], selection: Selection, day: str) -> list[Model]:
    """Return the models that match a selection on an ISO day, in its order."""
    found = [model for model in models if matches_filters(model, selection.filters, day)]
    if selection.distinct:
        found = _cheapest_hosts(found, day)
    return _sort_models(found, selection.order.keys, day, selection.filters.words)[: selection.limit]


def matches_filters(model: Model, filters: Filters, day: str) -> bool:
    """Return whether every criterion holds on an ISO day."""
    if not _has_status(model, filters, day):
        return False
    for comparison, value in list_comparisons(filters):
        fact = _read_fact(model, comparison.fact, day)
        if fact is None or not _HOLDS[comparison.operator](fact, value):
            return False
    return (
        (not filters.free or is_free(model, dollar_rates(model, day)))
        and _match_rank(model, filters.words) is not None
        and _matches_name(model, filters.name)
    )


def dollar_rates(model: Model, day: str) -> Mapping[str, Decimal | None]:
    """Return the headline rates in USD per 1M tokens; none if the prices are in another currency."""
    return headline_rates(model, day) if model.pricing is None or model.pricing.currency == "USD" else {}


def is_free(model: Model, rates: Mapping[str, Decimal | None]) -> bool:
    """Return whether input and output are known to cost nothing; one of them may not apply.

    A fee per request is a cost.
    """
    if model.pricing and (model.pricing.currency != "USD" or model.pricing.per.get("request")):
        return False
    both = [rates.get(name, "unknown") for name in ("input", "output")]
    return all(rate is None or rate == 0 for rate in both) and both != [None, None]


def _has_status(model: Model, filters: Filters, day: str) -> bool:
    status = status_on(model, day)
    if filters.statuses:
        return status in filters.statuses
    return filters.deprecated or status not in HIDDEN


def _read_fact(model: Model, name: str, day: str) -> Any:
    """Return a fact that a filter compares or an order sorts by; None if it is unknown."""
    if name in _MODALITIES:
        return getattr(model.modalities, _MODALITIES[name])
    if name in RATES:
        rate = dollar_rates(model, day).get(name)
        return None if rate is None else float(rate)
    return getattr(model, name)


def _match_rank(model: Model, words: tuple[str, ...]) -> int | None:
    return rank_match(names_of(model.full_id, model.name, model.family), words) if words else 0


def _matches_name(model: Model, glob: str | None) -> bool:
    if glob is None:
        return True
    pattern = re.compile(name_pattern(glob))
    return any(pattern.match(name.casefold()) for name in (model.id, model.full_id, model.name or model.id))


def _cheapest_hosts(models: list[Model], day: str) -> list[Model]:
    hosts: dict[tuple[str | None, str | None], Model] = {}
    for model in _sort_models(models, _CHEAPEST, day):
        hosts.setdefault((model.base_model, None if model.base_model else model.full_id), model)
    return list(hosts.values())


def _sort_models(
    models: list[Model], keys: tuple[tuple[str, bool], ...], day: str, words: tuple[str, ...] = ()
) -> list[Model]:
    """Return the models in order. It sorts by the last key first, because sorting keeps the order of equals."""
    ordered = sorted(models, key=lambda model: model.full_id)
    for column, downward in reversed(keys):
        values = {model.full_id: _sort_value(model, column, day, words) for model in ordered}
        known = [model for model in ordered if values[model.full_id] is not None]
        unknown = [model for model in ordered if values[model.full_id] is None]
        by_value: Callable[[Model], Any] = lambda model, values=values: values[model.full_id]  # type: ignore[misc]  # noqa: E731
        ordered = sorted(known, key=by_value, reverse=downward) + unknown
    return ordered


def _sort_value(model: Model, column: str, day: str, words: tuple[str, ...]) -> Any:
    if column == "match":
        return _match_rank(model, words)
    if column == "status":
        return status_on(model, day)
    if column == "output_dimensions":
        return model.body.get(column)
    return _read_fact(model, column, day)
