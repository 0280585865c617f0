"""A price over time, as the catalog's past tells it.

A commit says what a price is, and it may say since when: `pricing.effective_date`, of a variant its own. Where it does
not, the price holds from the day of the commit. What a later commit says of a day beats what an earlier one did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from registry_cli.core.history.changes import REMOVED, RENAMED, ModelChange, apply_change, split_change
from registry_cli.core.history.flat_fields import exact_price, is_price

ALWAYS = "9999-12-31"


class DatedChange(Protocol):
    """A change, and the commit that made it, which has a `moment` and an `id`."""

    @property
    def number(self) -> int: ...
    @property
    def commit(self) -> Any: ...
    @property
    def change(self) -> ModelChange: ...


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """A price from one ISO day to before another (`ALWAYS` where it holds still). `price` is None where it is not
    stated any more, or does not apply. `effective_date` is the day that the catalog states, where it does."""

    model: str
    rate: str
    since: str
    until: str
    price: Decimal | None
    effective_date: str | None
    committed: str
    commit: str


class _PriceStatement(NamedTuple):
    """A price that a commit stated; `since` is the day from which it holds."""

    since: str
    value: Decimal | None
    effective_date: str | None
    committed: str
    commit: str


_Key = tuple[str, str, str]  # provider, model, rate


def price_spans(events: Iterable[DatedChange]) -> list[PriceSpan]:
    """The spans of every price of every model, by the names that the models have in the end. `events` are the
    changes of a catalog, or of one model, the oldest first."""
    statements: dict[_Key, list[_PriceStatement]] = {}
    catalog: dict[str, dict[str, dict[str, Any]]] = {}
    for _, group in groupby(events, key=lambda event: event.number):
        together = list(group)
        touched: dict[tuple[str, str], set[str]] = {}
        for event in together:
            change = event.change
            if change.kind == RENAMED:
                statements, touched = _rename_keys(statements, change), _rename_keys(touched, change)
            apply_change(catalog, change)
            if change.model:
                fields = {each.field for each in split_change(change) if each.field.startswith("pricing.")}
                touched.setdefault((change.provider, change.model), set()).update(fields)
                if change.kind == REMOVED:
                    touched[change.provider, change.model] = fields
        commit = together[0].commit
        for (provider, model), fields in touched.items():
            _update_spans(statements, (provider, model), fields, catalog.get(provider, {}).get(model, {}), commit)
    spans = []
    for (provider, model, rate), stated in statements.items():
        ends = [*(later.since for later in stated[1:]), ALWAYS]
        name, kind = f"{provider}/{model}", rate.removeprefix("pricing.")
        for price_now, until in zip(stated, ends, strict=True):
            spans.append(PriceSpan(name, kind, price_now.since, until, price_now.value, *price_now[2:]))
    return spans


def _update_spans(
    statements: dict[_Key, list[_PriceStatement]],
    name: tuple[str, str],
    fields: set[str],
    leaves: dict[str, Any],
    commit: Any,
) -> None:
    """Adds the prices of a model that a commit changed, or whose day it changed, to `statements`."""
    for field in sorted(fields | leaves.keys()):
        if not is_price(field):
            continue
        days = [leaves.get(day_field) for day_field in _day_fields(field) if day_field in fields]
        day = next((stated for stated in days if isinstance(stated, str)), None)
        if field not in fields and day is None:
            continue
        value = exact_price(leaves.get(field))
        new = _PriceStatement(day or commit.moment[:10], value, day, commit.moment, commit.id)
        earlier = [old for old in statements.get((*name, field), ()) if old.since < new.since]
        if not earlier or earlier[-1].value != value:
            earlier.append(new)
        statements[(*name, field)] = earlier


def _day_fields(field: str) -> list[str]:
    """The fields that may state from which day a price holds, the more special first."""
    own, bracket, _ = field.rpartition("].")
    return [*([f"{own}].effective_date"] if bracket else []), "pricing.effective_date"]


def _rename_keys(by_name: dict[Any, Any], change: ModelChange) -> dict[Any, Any]:
    """The same values, their keys (provider, model, ...) under the names that a rename gives."""

    def rename_key(key: tuple[str, ...]) -> tuple[str, ...]:
        if change.model:
            here = key[:2] == (change.provider, change.old)
            return (change.provider, change.model, *key[2:]) if here else key
        return (change.provider, *key[1:]) if key[0] == change.old else key

    return {rename_key(key): value for key, value in by_name.items()}
