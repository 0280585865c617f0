"""`deprecations`: which models are retired, deprecated or about to be."""

from collections.abc import Sequence
from typing import Any

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.names.reading_names import resolve_for_reading
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.core.query.lifecycle import UNKNOWN, Lifecycle, sort_lifecycles
from registry_cli.core.query.table import Table
from registry_cli.errors import UsageError
from registry_cli.store.index.query import fetch_models

COLUMNS = ("model", "status", "deprecated", "retires", "not_before", "replacement")
_FACTS = ("full_id", "status", "deprecation_date", "retirement_date", "replacement", "body")
_EVERYTHING = Selection(Filters(deprecated=True))


def find_ending(asked: OpenCatalog, providers: Sequence[str], day: str, *, within: int | None) -> list[Lifecycle]:
    """Return the models of these providers that are deprecated, retired or have a date for it.

    No providers mean all. `within` keeps those that are deprecated or retired at most that many days after `day`. The
    order is that of `in_order`.
    """
    everything = Selection(Filters(providers=tuple(providers), deprecated=True))
    models = [_read_lifecycle(row) for row in fetch_models(asked.index, _FACTS, everything, day)]
    chosen = [
        model
        for model in models
        if (model.ends_within(day, within) if within is not None else model.is_ending(day, _EVER))
    ]
    return sort_lifecycles(chosen, day)


def look_up_models(
    asked: OpenCatalog, names: Sequence[str], day: str, *, within: int | None = None
) -> tuple[list[Lifecycle], list[str]]:
    """These models in the order given, and how their names were read where that was not plain; a name that the catalog
    does not have is `unknown`. Models of any state, or `within` so many days of ending, unknown names among them."""
    found, assumptions = [], []
    for name in dict.fromkeys(names):
        try:
            model, assumption = resolve_for_reading(asked.names, name)
        except UsageError:
            found.append(Lifecycle(name, UNKNOWN))
            continue
        rows = fetch_models(asked.index, _FACTS, _EVERYTHING, day, full_id=str(model))
        found.append(_read_lifecycle(rows[0]))
        if assumption:
            assumptions.append(assumption)
    if within is not None:
        found = [each for each in found if each.status == UNKNOWN or each.is_ending(day, within)]
    return found, assumptions


def lifecycle_table(models: Sequence[Lifecycle]) -> Table:
    """Return a table with a row for each model; its JSON has the names of the catalog's fields."""
    from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # for JSON alone

    documents = []
    for model in models:
        known = {name: value for name, value in model._asdict().items() if value is not None}
        documents.append(dumps(known))
    return Table(COLUMNS, [tuple(model) for model in models], documents=documents)


_EVER = 366 * 1000  # days


def _read_lifecycle(row: Sequence[Any]) -> Lifecycle:
    full_id, status, deprecation, retirement, replacement, body = row
    return Lifecycle(full_id, status, deprecation, retirement, _not_before(body), replacement)


def _not_before(body: str) -> str | None:
    """Few entries have the field, so most need no parsing."""
    if '"retirement_not_before"' not in body:
        return None
    from registry_cli.core.text.exact_json import loads  # noqa: PLC0415

    day: str | None = loads(body).get("retirement_not_before")
    return day
