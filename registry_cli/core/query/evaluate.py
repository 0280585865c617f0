"""`Filters` answered by a plain loop over entries: what the index must agree with."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.models import Model, status_on
from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.query.filters import HIDDEN, Filters, Selection, first_day, name_pattern
from registry_cli.core.query.words import names_of, rank_match

_CHEAPEST = (("input", False), ("output", False))


def select(models: Iterable[Model], selection: Selection, day: str) -> list[Model]:
    """The models that a selection means on an ISO day, in its order."""
    found = [model for model in models if matches(model, selection.filters, day)]
    if selection.distinct:
        found = _cheapest_hosts(found, day)
    return _ordered(found, selection.order.keys, day, selection.filters.words)[: selection.limit]


def matches(model: Model, filters: Filters, day: str) -> bool:
    """Whether every criterion holds on an ISO day."""
    status = status_on(model, day)
    shown = status in filters.statuses if filters.statuses else filters.deprecated or status not in HIDDEN
    return (
        shown
        and (not filters.providers or model.provider in filters.providers)
        and model.capabilities.issuperset(filters.capabilities)
        and set(filters.input_modalities).issubset(model.modalities.input)
        and set(filters.output_modalities).issubset(model.modalities.output)
        and (not filters.modes or model.mode in filters.modes)
        and filters.open_weights in (None, model.open_weights)
        and _at_least(model.context_window, filters.min_context)
        and _at_least(model.max_output_tokens, filters.min_output_tokens)
        and filters.family in (None, model.family)
        and filters.base_model in (None, model.base_model)
        and _released(model, filters.released_since)
        and _match(model, filters.words) is not None
        and _named(model, filters.name)
        and _priced(model, filters, day)
    )


def dollars(model: Model, day: str) -> Mapping[str, Decimal | None]:
    """Headline rates in USD per 1M tokens; none where the prices are in another currency."""
    return headline_rates(model, day) if model.pricing is None or model.pricing.currency == "USD" else {}


def is_free(model: Model, rates: Mapping[str, Decimal | None]) -> bool:
    """Whether input and output are known to cost nothing; one of them may not apply. A fee per request is a cost."""
    if model.pricing and (model.pricing.currency != "USD" or model.pricing.per.get("request")):
        return False
    both = [rates.get(name, "unknown") for name in ("input", "output")]
    return all(rate is None or rate == 0 for rate in both) and both != [None, None]


def _released(model: Model, since: str | None) -> bool:
    return since is None or (model.release_date is not None and first_day(model.release_date) >= first_day(since))


def _match(model: Model, words: tuple[str, ...]) -> int | None:
    return rank_match(names_of(model.full_id, model.name, model.family), words) if words else 0


def _named(model: Model, glob: str | None) -> bool:
    if glob is None:
        return True
    pattern = re.compile(name_pattern(glob))
    return any(pattern.match(name.casefold()) for name in (model.id, model.full_id, model.name or model.id))


def _priced(model: Model, filters: Filters, day: str) -> bool:
    wanted = (filters.min_input, filters.max_input, filters.min_output, filters.max_output)
    if wanted == (None, None, None, None) and not filters.free:
        return True
    rates = dollars(model, day)
    return (
        (not filters.free or is_free(model, rates))
        and _within(rates.get("input"), filters.min_input, filters.max_input)
        and _within(rates.get("output"), filters.min_output, filters.max_output)
    )


def _within(rate: Decimal | None, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    return rate is not None and (low is None or low <= float(rate)) and (high is None or float(rate) <= high)


def _at_least(limit: int | None, wanted: int | None) -> bool:
    return wanted is None or (limit is not None and limit >= wanted)


def _cheapest_hosts(models: list[Model], day: str) -> list[Model]:
    hosts: dict[tuple[str | None, str | None], Model] = {}
    for model in _ordered(models, _CHEAPEST, day):
        hosts.setdefault((model.base_model, None if model.base_model else model.full_id), model)
    return list(hosts.values())


def _ordered(
    models: list[Model], keys: tuple[tuple[str, bool], ...], day: str, words: tuple[str, ...] = ()
) -> list[Model]:
    """Sorts by the last key first: sorting keeps the order of equals, downward too."""
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
        return _match(model, words)
    if column == "status":
        return status_on(model, day)
    if column == "output_dimensions":
        return model.body.get(column)
    if hasattr(model, column):
        return getattr(model, column)
    rate = dollars(model, day).get(column)
    return None if rate is None else float(rate)
