"""Two states of a provider -> the changes from the one to the other."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.catalog.fields import TIMESTAMPS
from registry_cli.core.history.changes import ADDED, CHANGED, REMOVED, RENAMED, ModelChange
from registry_cli.core.history.flat_fields import Leaves, aliases_of
from registry_cli.core.history.versions import Version
from registry_cli.core.text.exact_json import dumps
from registry_cli.yamledit.apply import same

# A model keeps its facts under a new id, but for these.
_OF_A_NAME = TIMESTAMPS | {"name", "aliases"}
_ENOUGH = 2  # fields that a model without an alias must keep to be the same one


def changes_between(
    provider: str, old: Version | None, new: Version | None, known: Mapping[str, str] = {}
) -> Iterator[ModelChange]:
    """What makes one state of a provider into another; None is a provider that is not there. `known` are new ids of
    models that are known to have been others; others are found by their aliases and facts."""
    yield from _of_entry(provider, "", old and old.head.leaves, new and new.head.leaves)
    before, after = old.models if old else {}, new.models if new else {}
    former = _renamed(before, after, known)
    kept = {*former.values()}
    for name in before:
        if name not in after and name not in kept:
            yield from _of_entry(provider, name, before[name].leaves, None)
    for name, entry in after.items():
        source = former.get(name, name)
        if name in former:
            yield ModelChange(provider, name, RENAMED, "", source, name)
        held = before.get(source)
        if held is not entry:
            yield from _of_entry(provider, name, held and held.leaves, entry.leaves)


def renamed_providers(
    gone: Mapping[str, Version], come: Mapping[str, Version], known: Mapping[str, str] = {}
) -> dict[str, str]:
    """Providers that came -> the ones of those gone that they were: as is `known`, by an alias, or by most of their
    models."""
    found = {name: known[name] for name in come if known.get(name) in gone}
    for name, new in come.items():
        if name in found:
            continue
        aliases = aliases_of(new.head.leaves)
        for former, old in gone.items():
            shared = sum(_kept(entry.leaves, new.models[each].leaves) for each, entry in old.models.items()
                         if each in new.models)  # fmt: skip
            alike = shared * 2 > max(len(old.models), len(new.models))
            if former not in found.values() and (former in aliases or alike):
                found[name] = former
                break
    return found


def _of_entry(provider: str, name: str, old: Leaves | None, new: Leaves | None) -> Iterator[ModelChange]:
    if old is None or new is None:
        if old is not None:
            yield ModelChange(provider, name, REMOVED, "", old, ABSENT)
        if new is not None:
            yield ModelChange(provider, name, ADDED, "", ABSENT, new)
        return
    for field, value in new.items():
        held = old.get(field, ABSENT)
        if held is not value and (held is ABSENT or not same(held, value)):
            yield ModelChange(provider, name, CHANGED, field, held, value)
    for field, value in old.items():
        if field not in new:
            yield ModelChange(provider, name, CHANGED, field, value, ABSENT)


def _renamed(before: Mapping[str, Any], after: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """New ids -> the ids that they stand for: by an alias, or by the same facts."""
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    if not gone or not come:
        return {}
    found = {name: known[name] for name in come if known.get(name) in gone}
    for name in (name for name in come if name not in found):
        aliases = aliases_of(after[name].leaves)
        former = next((each for each in gone if each in aliases and each not in found.values()), None)
        if former is not None:
            found[name] = former
    old = _by_facts(before, (name for name in gone if name not in found.values()))
    new = _by_facts(after, (name for name in come if name not in found))
    for facts, names in new.items():
        if len(names) == len(old.get(facts, ())) == 1:
            found[names[0]] = old[facts][0]
    return found


def _by_facts(models: Mapping[str, Any], names: Iterator[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        facts = {field: value for field, value in models[name].leaves.items() if field not in _OF_A_NAME}
        if len(facts) >= _ENOUGH:
            found.setdefault(dumps(dict(sorted(facts.items()))), []).append(name)
    return found


def _kept(old: Leaves, new: Leaves) -> bool:
    return all(same(old.get(field), new.get(field)) for field in (old.keys() | new.keys()) - _OF_A_NAME)
