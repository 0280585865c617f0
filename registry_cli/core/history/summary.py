"""Changes of a catalog, by what they mean to users of its models."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import NUMBERS, TIMESTAMPS
from registry_cli.core.history.changes import ADDED, REMOVED, RENAMED, ModelChange, split_change
from registry_cli.core.history.flat_fields import ORDER, exact_price, is_denial, is_price

# What happened, in the order in which people want to know.
KINDS = {
    "new provider": "New provider",
    "removed provider": "Provider removed",
    "renamed provider": "Provider renamed",
    "new": "New models",
    "removed": "Removed",
    "renamed": "Renamed",
    "deprecated": "Deprecated",
    "retired": "Retired",
    "unlisted": "Added, though no source lists them any more",
    "price up": "Prices up",
    "price down": "Prices down",
    "price": "Other prices",
    "limit": "Limits",
    "capability gained": "Capabilities gained",
    "capability lost": "Capabilities lost",
    "changed": "Other facts",
}
_UNTOLD = TIMESTAMPS | {ORDER}
_CAPABILITY = "capabilities."
_ENDS = {"deprecation_date": "deprecated", "retirement_date": "retired"}


class News(NamedTuple):
    """One thing that happened. `model` is `provider/id`, or a provider's id; `percent` is how far a price moved."""

    kind: str
    provider: str
    model: str
    field: str
    old: Any
    new: Any
    percent: Decimal | None = None


def summarize_changes(changes: Iterable[ModelChange]) -> list[News]:
    """Summarizes changes, sorted by provider and kind, otherwise in their order."""
    rank = {kind: place for place, kind in enumerate(KINDS)}
    found = [each for change in changes for each in _news_of_change(change)]
    return sorted(found, key=lambda each: (each.provider, rank[each.kind]))


def _news_of_change(change: ModelChange) -> Iterator[News]:
    name = change.full_id
    if not change.field:
        kind = {ADDED: "new", REMOVED: "removed", RENAMED: "renamed"}[change.kind]
        if change.model:
            ids = (change.old, change.new) if change.kind == RENAMED else (ABSENT, ABSENT)
            if change.kind == ADDED and change.new.get("status") == "unlisted":
                kind = "unlisted"
            yield News(kind, change.provider, name, "", *ids)
            yield from _end_of_new(change)
        else:
            ids = (change.old, change.new) if change.kind == RENAMED else (ABSENT, ABSENT)
            yield News(f"{kind} provider", change.provider, name, "", *ids)
    elif change.field not in _UNTOLD:
        yield News(
            _kind_of_change(change), change.provider, name, change.field, change.old, change.new, percent_moved(change)
        )


def _end_of_new(change: ModelChange) -> Iterator[News]:
    """Yields the end of a model that is new and deprecated or retired already."""
    if change.kind == ADDED:
        for each in split_change(change):
            if each.field in {*_ENDS, "status"} and (kind := _kind_of_change(each)) != "changed":
                yield News(kind, change.provider, change.full_id, each.field, each.old, each.new)


def percent_moved(change: ModelChange) -> Decimal | None:
    """How far a price moved, in percent."""
    if not is_price(change.field):
        return None
    old, new = exact_price(change.old), exact_price(change.new)
    return (new - old) * 100 / old if old and new is not None else None


def _kind_of_change(change: ModelChange) -> str:  # noqa: PLR0911  # one case after the other
    field, old, new = change.field, change.old, change.new
    if is_price(field):
        before, after = exact_price(old), exact_price(new)
        if before is None or after is None:
            return "price"
        return "price up" if after > before else "price down"
    if field.startswith("pricing."):
        return "price"
    if field in NUMBERS:
        return "limit"
    if field.startswith(_CAPABILITY):
        had, has = (side is not ABSENT and side is not None and not is_denial(side) for side in (old, new))
        return "changed" if had == has else "capability gained" if has else "capability lost"
    if field in _ENDS and isinstance(new, str):
        return _ENDS[field]
    if field == "status" and new in _ENDS.values():
        return str(new)
    return "changed"
