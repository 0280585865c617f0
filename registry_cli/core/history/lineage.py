"""One model through a catalog's past, whatever it and its provider were called."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, Protocol, TypeVar

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.flattening import is_within
from registry_cli.core.history.changes import ADDED, REMOVED, RENAMED, ModelChange, split_change
from registry_cli.core.names.names import ModelName


class NumberedChange(Protocol):
    """A change in the commit of a number."""

    @property
    def number(self) -> int: ...
    @property
    def change(self) -> ModelChange: ...


E = TypeVar("E", bound=NumberedChange)


class FieldEvent(NamedTuple):
    """One field that changed. `stated` is the `effective_date` that was stated with a price, or of it."""

    event: Any
    change: ModelChange
    stated: str | None


def trace_lineage(name: ModelName, events: Callable[[str, Sequence[str]], Iterable[E]]) -> list[E]:
    """The events of the model that has this name now (or had it last), the oldest first.

    `events` gives those of ids at a provider, the oldest first; the provider itself is the id "".
    """
    found: list[E] = []
    provider, model = name
    before: int | None = None  # the number that everything older lies before
    while True:
        former: ModelName | None = None  # what it was called before the commit `since`
        since = -1
        for event in reversed([*events(provider, [model, ""])]):
            change = event.change
            if former is not None and event.number < since:
                break
            if (before is not None and event.number >= before) or (former is not None and change.model):
                continue
            if not change.model:
                if change.kind == RENAMED:
                    former, since = ModelName(change.old, former.id if former else model), event.number
                    found.append(event)
            elif found and found[-1].change.kind == ADDED and change.kind != REMOVED:
                break  # another model that had the id before
            else:
                found.append(event)
                if change.kind == RENAMED:
                    former, since = ModelName(provider, change.old), event.number
        if former is None:
            return found[::-1]
        (provider, model), before = former, since


def while_present(events: Iterable[E]) -> Iterator[E]:
    """Leaves out of a lineage the events of the provider while it did not have the model."""
    gone = False
    for event in events:
        if event.change.model:
            gone = event.change.kind == REMOVED
        if event.change.model or not gone:
            yield event


def field_events(events: Iterable[E], field: str = "") -> Iterator[FieldEvent]:
    """Yields the changes of the fields in a lineage, or of one field and those below it.

    Without a field, what was added, removed or renamed is one event; with one, each of its fields is.
    """
    for _, group in groupby(events, key=lambda event: event.number):
        together = list(group)
        fields = {each.field: each.new for event in together for each in split_change(event.change)}
        for event in together:
            for change in split_change(event.change) if field else [event.change]:
                if not field or is_within(change.field, field):
                    yield FieldEvent(event, change, _stated_day(change, fields))


def _stated_day(change: ModelChange, fields: dict[str, Any]) -> str | None:
    """Returns the day from which a price holds, if the commit that changed the price states it."""
    if not change.field.startswith("pricing."):
        return None
    own, _, _ = change.field.rpartition("].")
    for place in ([f"{own}].effective_date"] if own else []) + ["pricing.effective_date"]:
        day = fields.get(place, ABSENT)
        if isinstance(day, str):
            return day
    return None
