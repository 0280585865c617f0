"""Old data and new -> the operations that make the one the other, and the changes as people name them."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.flattening import VARIANTS, condition_text, flatten, whens_of
from registry_cli.core.format.layout import key_order_at
from registry_cli.core.text.exact_json import dumps
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.ops import Add, AddItem, Operation, Path, Remove, Rename, Set

_MODEL_DEPTH = 2  # `models`, an id: a model takes all of its comments with it

Renamed = Mapping[Path, str]


class FieldChange(NamedTuple):
    """One field of one model (`provider/id`), or of a provider; `ABSENT` where a side does not state it."""

    model: str
    field: str
    old: Any
    new: Any


def find_operations(old: Any, new: Any, renamed: Renamed, path: Path = ()) -> Iterator[Operation]:
    """Yields the operations that make `old` into `new`.

    Keys that stay or are in `renamed` keep their places. New keys go where the canonical order has them.
    """
    if old is new and not renamed:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping_operations(old, new, renamed, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _list_operations(old, new, renamed, path)
    elif not equal_data(old, new):
        yield Set(path, _sort_value(new, path))


def _mapping_operations(old: dict[str, Any], new: dict[str, Any], renamed: Renamed, path: Path) -> Iterator[Operation]:
    names = {key: renamed.get((*path, key), key) for key in old}
    stay = new.keys() & set(names.values())
    if old and new and not stay and path:
        yield Set(path, _sort_value(new, path))
        return
    for key, item in old.items():
        here = (*path, key)
        if names[key] not in new:
            yield Remove(here, keeps_comments=len(path) >= _MODEL_DEPTH)
            continue
        if names[key] != key:
            yield Rename(here, names[key])
        yield from find_operations(item, new[names[key]], renamed, here)
    for key, item in new.items():
        if key not in stay:
            yield Add(path, key, _sort_value(item, (*path, key)), key_order_at(path) or _sorted_in(names.values(), key))


def _sort_value(value: Any, path: Path) -> Any:
    """A new value with its keys in their canonical order."""
    if isinstance(value, list):
        return [_sort_value(item, (*path, number)) for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    rank = {key: number for number, key in enumerate(key_order_at(path))}
    keys = sorted(value, key=lambda key: rank.get(key, len(rank)))
    return {key: _sort_value(value[key], (*path, key)) for key in keys}


def _sorted_in(keys: Any, key: str) -> tuple[str, ...]:
    """An order that puts a new key among its neighbours where they are sorted, else at the end."""
    present = list(keys)
    ordered = sorted(present, key=str.casefold)
    return tuple(sorted([*present, key], key=str.casefold)) if len(present) > 1 and present == ordered else ()


def _list_operations(old: list[Any], new: list[Any], renamed: Renamed, path: Path) -> Iterator[Operation]:
    before, after = [dumps(item) for item in old], [dumps(item) for item in new]
    found: list[Operation] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = min(i_end - i, j_end - j)
        for place in range(pairs):
            found += _item_operations(old[i + place], new[j + place], renamed, (*path, i + place))
        found += (Remove((*path, place)) for place in range(i + pairs, i_end))
        found += (AddItem(path, _sort_value(new[place], (*path, place)), i_end) for place in range(j + pairs, j_end))
    removed = sum(isinstance(each, Remove) and len(each.path) == len(path) + 1 for each in found)
    if old and removed == len(old) and new:
        found = [Set(path, _sort_value(new, path))]
    yield from found


def _item_operations(old: Any, new: Any, renamed: Renamed, path: Path) -> Iterator[Operation]:
    if isinstance(old, dict) and not isinstance(new, dict):  # a mapping begins on the line of its dash
        yield Remove(path)
        yield AddItem(path[:-1], new, int(path[-1]))
    else:
        yield from find_operations(old, new, renamed, path)


def find_field_changes(name: str, old: Any, new: Any) -> Iterator[FieldChange]:
    """The fields in which two bodies of an entry differ, in the order of the new one; either may be `ABSENT`."""
    before, after = _flatten_variants(old), _flatten_variants(new)
    for field in [*after, *(field for field in before if field not in after)]:
        one, other = before.get(field, ABSENT), after.get(field, ABSENT)
        if one is ABSENT or other is ABSENT or not equal_data(one, other):
            yield FieldChange(name, field, one, other)


def _flatten_variants(body: Any) -> dict[str, Any]:
    """The fields of an entry, of its price variants too where their conditions tell them apart; none if `ABSENT`."""
    if body is ABSENT:
        return {}
    if not isinstance(body, dict):
        return {"": body}  # a model without facts, `model-id:`
    fields: dict[str, Any] = {}
    for path, value in flatten(body).items():
        whens = whens_of(value) if path == VARIANTS else None
        if not whens or len({dumps(when) for when in whens}) < len(whens):
            fields[path] = value
            continue
        for when, variant in zip(whens, value, strict=True):
            rest = {key: rate for key, rate in variant.items() if key != "when"}
            fields |= flatten(rest, prefix=f"{path}[{condition_text(when)}].")
    return fields
