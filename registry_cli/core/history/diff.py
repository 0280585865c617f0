"""Two states of a provider -> the changes from the one to the other."""

from collections.abc import Iterator, Mapping

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.history.changes import ADDED, CHANGED, REMOVED, RENAMED, ModelChange
from registry_cli.core.history.flat_fields import Leaves
from registry_cli.core.history.renames import renamed_models
from registry_cli.core.history.versions import Version
from registry_cli.yamledit.apply import equal_data


def changes_between(
    provider: str, old: Version | None, new: Version | None, known: Mapping[str, str] = {}
) -> Iterator[ModelChange]:
    """What makes one state of a provider into another; None is a provider that is not there. `known` are new ids of
    models that are known to have been others; others are found by `renames`."""
    yield from _entry_changes(provider, "", old and old.head.leaves, new and new.head.leaves)
    before, after = old.models if old else {}, new.models if new else {}
    former = renamed_models(before, after, known)
    kept = {*former.values()}
    for name in before:
        if name not in after and name not in kept:
            yield from _entry_changes(provider, name, before[name].leaves, None)
    for name, entry in after.items():
        source = former.get(name, name)
        if name in former:
            yield ModelChange(provider, name, RENAMED, "", source, name)
        held = before.get(source)
        if held is not entry:
            yield from _entry_changes(provider, name, held and held.leaves, entry.leaves)


def _entry_changes(provider: str, name: str, old: Leaves | None, new: Leaves | None) -> Iterator[ModelChange]:
    if old is None or new is None:
        if old is not None:
            yield ModelChange(provider, name, REMOVED, "", old, ABSENT)
        if new is not None:
            yield ModelChange(provider, name, ADDED, "", ABSENT, new)
        return
    for field, value in new.items():
        held = old.get(field, ABSENT)
        if held is not value and (held is ABSENT or not equal_data(held, value)):
            yield ModelChange(provider, name, CHANGED, field, held, value)
    for field, value in old.items():
        if field not in new:
            yield ModelChange(provider, name, CHANGED, field, value, ABSENT)
