"""A price over time, as the catalog's past tells it.

A commit says what a price is, and it may say since when: `pricing.effective_date`, of a variant its own. Where it does
not, the price holds from the day of the commit. What a later commit says of a day beats what an earlier one did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from registry_cli.core.history.changes import REMOVED, RENAMED, ModelChange, fold, opened
from registry_cli.core.history.flat_fields import is_price, price

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


class _Said(NamedTuple):
    since: str
    value: Decimal | None
    effective_date: str | None
    committed: str
    commit: str


_Key = tuple[str, str, str]  # provider, model, rate


def price_spans(events: Iterable[DatedChange]) -> list[PriceSpan]:
    """The spans of every price of every model, by the names that the models have in the end. `events` are the
    changes of a catalog, or of one model, the oldest first."""
    told: dict[_Key, list[_Said]] = {}
    catalog: dict[str, dict[str, dict[str, Any]]] = {}
    for _, group in groupby(events, key=lambda event: event.number):
        together = list(group)
        touched: dict[tuple[str, str], set[str]] = {}
        for event in together:
            change = event.change
            if change.kind == RENAMED:
                told, touched = _moved(told, change), _moved(touched, change)
            fold(catalog, change)
            if change.model:
                fields = {each.field for each in opened(change) if each.field.startswith("pricing.")}
                touched.setdefault((change.provider, change.model), set()).update(fields)
                if change.kind == REMOVED:
                    touched[change.provider, change.model] = fields
        commit = together[0].commit
        for (provider, model), fields in touched.items():
            _say(told, (provider, model), fields, catalog.get(provider, {}).get(model, {}), commit)
    return [
        PriceSpan(f"{provider}/{model}", rate.removeprefix("pricing."), said.since, until, said.value, *said[2:])
        for (provider, model, rate), spans in told.items()
        for said, until in zip(spans, [*(each.since for each in spans[1:]), ALWAYS], strict=True)
    ]


def _say(
    told: dict[_Key, list[_Said]], name: tuple[str, str], fields: set[str], leaves: dict[str, Any], commit: Any
) -> None:
    """What a commit says of a model's prices: of those it changed, and of those whose day it changed."""
    for field in sorted(fields | leaves.keys()):
        if not is_price(field):
            continue
        days = [leaves.get(each) for each in _day_fields(field) if each in fields]
        day = next((each for each in days if isinstance(each, str)), None)
        if field not in fields and day is None:
            continue
        value = price(leaves.get(field))
        said = _Said(day or commit.moment[:10], value, day, commit.moment, commit.id)
        spans = [each for each in told.get((*name, field), ()) if each.since < said.since]
        if not spans or spans[-1].value != value:
            spans.append(said)
        told[(*name, field)] = spans


def _day_fields(field: str) -> list[str]:
    """Where the day is stated from which a price holds, the more special first."""
    own, bracket, _ = field.rpartition("].")
    return [*([f"{own}].effective_date"] if bracket else []), "pricing.effective_date"]


def _moved(told: dict[Any, Any], change: ModelChange) -> dict[Any, Any]:
    """What is known by provider and model, under the names that a change gives."""

    def renamed(key: tuple[str, ...]) -> tuple[str, ...]:
        if change.model:
            here = key[:2] == (change.provider, change.old)
            return (change.provider, change.model, *key[2:]) if here else key
        return (change.provider, *key[1:]) if key[0] == change.old else key

    return {renamed(key): value for key, value in told.items()}
