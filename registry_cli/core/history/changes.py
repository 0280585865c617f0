"""What changed in a catalog, in its own terms.

A change is one of

    added, removed   a model (or, with no model, a provider); `new` or `old` holds its fields
    renamed          a model under another id, or a provider: `old` and `new` are the ids. Changes of its fields follow
    changed          one field of it, `ABSENT` where a side does not state it

Folding the changes of every commit, from the first one on, gives the catalog of the last.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from registry_cli.core.format.absent import ABSENT

ADDED, REMOVED, RENAMED, CHANGED = "added", "removed", "renamed", "changed"

Catalog = dict[str, dict[str, dict[str, Any]]]  # provider -> model ("" for itself) -> fields


class ModelChange(NamedTuple):
    """`model` is its id after the change (before it, where it is removed), empty for the provider itself."""

    provider: str
    model: str
    kind: str
    field: str
    old: Any
    new: Any

    @property
    def full_id(self) -> str:
        return f"{self.provider}/{self.model}" if self.model else self.provider


def apply_change(catalog: Catalog, change: ModelChange) -> None:
    """Applies a change to a catalog, in place."""
    if change.kind == RENAMED and not change.model:
        catalog[change.provider] = catalog.pop(change.old)
        return
    entries = catalog.setdefault(change.provider, {})
    if change.kind == ADDED:
        entries[change.model] = dict(change.new)
    elif change.kind == REMOVED:
        del entries[change.model]
        if not entries:
            del catalog[change.provider]
    elif change.kind == RENAMED:
        entries[change.model] = entries.pop(change.old)
    elif change.new is ABSENT:
        del entries[change.model][change.field]
    else:
        entries[change.model][change.field] = change.new


def split_change(change: ModelChange) -> Iterator[ModelChange]:
    """Yields a change field by field. An added or removed entry gives a change for each of its fields."""
    if change.kind == ADDED:
        yield from (change._replace(field=field, old=ABSENT, new=value) for field, value in change.new.items())
    elif change.kind == REMOVED:
        yield from (change._replace(field=field, old=value, new=ABSENT) for field, value in change.old.items())
    else:
        yield change


def invert_origins(
    providers: dict[str, str], models: dict[str, dict[str, str]]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The inverse of `origins`: first name -> name in the end, of providers, and of models by their first provider."""
    last_providers = {first: last for last, first in providers.items()}
    last_models = {}
    for provider, renamed in models.items():
        last_models[providers.get(provider, provider)] = {first: last for last, first in renamed.items()}
    return last_providers, last_models


def trace_origins(renames: Iterable[ModelChange]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Where renames, the oldest first, lead in the end: providers -> what they were called at first, and the same for
    the models of each, by the name that the provider has in the end."""
    providers: dict[str, str] = {}
    models: dict[str, dict[str, str]] = {}
    for change in renames:
        if change.model:
            held = models.setdefault(change.provider, {})
            held[change.model] = held.pop(change.old, change.old)
        else:
            providers[change.provider] = providers.pop(change.old, change.old)
            models[change.provider] = models.pop(change.old, {})
    return providers, models
