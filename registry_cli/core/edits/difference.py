"""Old data and new -> the operations that make the one the other, and the changes as people name them."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from registry_cli.core.columns import ABSENT
from registry_cli.core.jsontext import dumps
from registry_cli.core.layout import order_at
from registry_cli.yamledit.apply import same
from registry_cli.yamledit.ops import Add, AddItem, Operation, Path, Remove, Rename, Set

Renamed = Mapping[Path, str]


class FieldChange(NamedTuple):
    """One field of one model (`provider/id`), or of a provider; `ABSENT` where a side does not state it."""

    model: str
    field: str
    old: Any
    new: Any


def operations(old: Any, new: Any, renamed: Renamed, path: Path = ()) -> Iterator[Operation]:
    """What makes `old` into `new`, keys that stay or are in `renamed` kept in their places. New keys go where the
    canonical order has them."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_mappings(old, new, renamed, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(old, new, renamed, path)
    elif not same(old, new):
        yield Set(path, new)


def _of_mappings(old: dict[str, Any], new: dict[str, Any], renamed: Renamed, path: Path) -> Iterator[Operation]:
    names = {key: renamed.get((*path, key), key) for key in old}
    stay = new.keys() & set(names.values())
    if old and new and not stay and path:
        yield Set(path, new)
        return
    for key, item in old.items():
        here = (*path, key)
        if names[key] not in new:
            yield Remove(here)
            continue
        if names[key] != key:
            yield Rename(here, names[key])
        yield from operations(item, new[names[key]], renamed, here)
    for key, item in new.items():
        if key not in stay:
            yield Add(path, key, item, order_at(path) or _sorted_in(names.values(), key))


def _sorted_in(keys: Any, key: str) -> tuple[str, ...]:
    """An order that puts a new key among its neighbours where they are sorted, else at the end."""
    present = list(keys)
    ordered = sorted(present, key=str.casefold)
    return tuple(sorted([*present, key], key=str.casefold)) if len(present) > 1 and present == ordered else ()


def _of_lists(old: list[Any], new: list[Any], renamed: Renamed, path: Path) -> Iterator[Operation]:
    before, after = [dumps(item) for item in old], [dumps(item) for item in new]
    found: list[Operation] = []
    removed = 0
    for kind, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = min(i_end - i, j_end - j)
        for place in range(pairs):
            found += operations(old[i + place], new[j + place], renamed, (*path, i + place))
        found += (Remove((*path, place)) for place in range(i + pairs, i_end))
        found += (AddItem(path, new[place], i_end) for place in range(j + pairs, j_end))
        removed += i_end - i - pairs
    if old and removed == len(old) and new:
        found = [Set(path, new)]
    yield from found


def changes(name: str, old: Any, new: Any) -> Iterator[FieldChange]:
    """The fields in which two bodies of an entry differ, in the order of the new one; either may be `ABSENT`."""
    before = dict(_leaves(old, ""))
    after = dict(_leaves(new, ""))
    for field in [*after, *(field for field in before if field not in after)]:
        one, other = before.get(field, ABSENT), after.get(field, ABSENT)
        if one is ABSENT or other is ABSENT or not same(one, other):
            yield FieldChange(name, field, one, other)


def _leaves(value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    if value is ABSENT:
        return
    if isinstance(value, dict) and (value or not prefix):
        for key, item in value.items():
            yield from _leaves(item, f"{prefix}.{key}" if prefix else key)
    elif prefix.endswith("variants") and isinstance(value, list) and _conditions_differ(value):
        for item in value:
            rest = {key: rate for key, rate in item.items() if key != "when"}
            yield from _leaves(rest, f"{prefix}[{condition(item['when'])}]")
    else:
        yield prefix, value


def condition(when: Mapping[str, Any]) -> str:
    """A `when` as it stands between brackets."""
    return ",".join(f"{key}={value if isinstance(value, str) else dumps(value)}" for key, value in when.items())


def _conditions_differ(variants: list[Any]) -> bool:
    conditions = [dumps(item.get("when")) for item in variants if isinstance(item, dict) and item.get("when")]
    return len(conditions) == len(variants) == len(set(conditions))
