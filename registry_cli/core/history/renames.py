"""Which of the models that went and came in one commit are the same one under another id.

Evidence is what names a model: an alias, its id, its name, or the whole of a distinctive entry under a similar id.
Facts that two models share, such as a context window and a capability, are none: a thousand models share them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from registry_cli.core.format.fields import TIMESTAMPS
from registry_cli.core.history.flat_fields import Leaves, aliases_of
from registry_cli.core.history.versions import EntryVersion, Version
from registry_cli.core.text.exact_json import dumps
from registry_cli.yamledit.apply import equal_data

# A model keeps its facts under a new id, but for these.
_OF_A_NAME = frozenset({"name", "aliases", *TIMESTAMPS})
_DISTINCTIVE = 5  # fields of an entry that has no twin
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_LATEST = re.compile(r"[-:]latest$")

Models = Mapping[str, EntryVersion]


class _Candidates(NamedTuple):
    """Ids that went and ids that came, none of them matched yet."""

    gone: dict[str, EntryVersion]
    come: dict[str, EntryVersion]


def renamed_models(before: Models, after: Models, known: Mapping[str, str] = {}) -> dict[str, str]:
    """New ids -> the ids that the models had before. `known` are renames that are certain."""
    left = _Candidates(
        {name: entry for name, entry in before.items() if name not in after},
        {name: entry for name, entry in after.items() if name not in before},
    )
    if not left.gone or not left.come:
        return {}
    renames: dict[str, str] = {}
    for find_pairs in (_known_pairs(known), _pairs_by_alias, _pairs_by_id, _pairs_by_name, _pairs_by_entry):
        for new, old in _unambiguous(find_pairs(left), left):
            renames[new] = old
            del left.come[new], left.gone[old]
    return renames


def renamed_providers(
    gone: Mapping[str, Version], come: Mapping[str, Version], known: Mapping[str, str] = {}
) -> dict[str, str]:
    """New ids of providers -> the ids that they had before: by `known`, by an alias, or by most of their models."""
    renames = {name: known[name] for name in come if known.get(name) in gone}
    for name, new in come.items():
        if name in renames:
            continue
        aliases = aliases_of(new.head.leaves)
        for former, old in gone.items():
            if former not in renames.values() and (former in aliases or _share_most_models(old, new)):
                renames[name] = former
                break
    return renames


def _share_most_models(old: Version, new: Version) -> bool:
    shared = sum(
        _facts_agree(entry.leaves, new.models[name].leaves) for name, entry in old.models.items() if name in new.models
    )
    return shared * 2 > max(len(old.models), len(new.models))


def _facts_agree(old: Leaves, new: Leaves) -> bool:
    return all(equal_data(old.get(field), new.get(field)) for field in (old.keys() | new.keys()) - _OF_A_NAME)


_Pairs = Iterable[tuple[str, str]]  # new id, old id


def _unambiguous(pairs: _Pairs, left: _Candidates) -> list[tuple[str, str]]:
    """The pairs whose ids are in no other one; of several with the same id, the one whose facts agree."""
    unique = list(dict.fromkeys(pairs))
    agreeing = [pair for pair in unique if _facts_agree(left.gone[pair[1]].leaves, left.come[pair[0]].leaves)]
    clear = _in_one_pair_each(unique)
    taken = {name for pair in clear for name in pair}
    return clear + [pair for pair in _in_one_pair_each(agreeing) if taken.isdisjoint(pair)]


def _in_one_pair_each(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    news = Counter(new for new, _ in pairs)
    olds = Counter(old for _, old in pairs)
    return [(new, old) for new, old in pairs if news[new] == olds[old] == 1]


def _known_pairs(known: Mapping[str, str]) -> Callable[[_Candidates], _Pairs]:
    return lambda left: [(new, known[new]) for new in left.come if known.get(new) in left.gone]


def _pairs_by_alias(left: _Candidates) -> Iterator[tuple[str, str]]:
    for new, entry in left.come.items():
        old = next((alias for alias in aliases_of(entry.leaves) if alias in left.gone), None)
        if old is not None:
            yield new, old


def _pairs_by_id(left: _Candidates) -> Iterator[tuple[str, str]]:
    """Ids that differ by their spelling, by what stands before a slash, or by `latest`."""
    old_ids = _by_key(left.gone, _id_endings)
    new_ids = _by_key(left.come, _id_endings)
    for new in left.come:
        for old in old_ids.get(_fold_id(new), ()):
            yield new, old
    for old in left.gone:
        for new in new_ids.get(_fold_id(old), ()):
            yield new, old


def _pairs_by_name(left: _Candidates) -> Iterator[tuple[str, str]]:
    """Ids with the same numbers and the same display name."""
    old_names = _by_key(left.gone, lambda name: _name_keys(name, left.gone[name]))
    for new, entry in left.come.items():
        for key in _name_keys(new, entry):
            for old in old_names.get(key, ()):
                yield new, old


def _pairs_by_entry(left: _Candidates) -> Iterator[tuple[str, str]]:
    """Ids with the same numbers and a word in common, whose entries are the same, and like no other one's."""
    old_entries = _by_key(left.gone, lambda name: _entry_keys(left.gone[name]))
    new_entries = _by_key(left.come, lambda name: _entry_keys(left.come[name]))
    for key, news in new_entries.items():
        olds = old_entries.get(key, [])
        if len(news) == len(olds) == 1 and _are_similar(news[0], olds[0]):
            yield news[0], olds[0]


def _by_key(names: Iterable[str], keys_of: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        for key in keys_of(name):
            found.setdefault(key, []).append(name)
    return found


def _id_endings(name: str) -> Iterator[str]:
    """An id, and what stands after each of its slashes, folded."""
    parts = name.split("/")
    for start in range(len(parts)):
        yield _fold_id("/".join(parts[start:]))


def _fold_id(name: str) -> str:
    return "-".join(_WORDS.findall(_LATEST.sub("", name.casefold())))


def _name_keys(name: str, entry: EntryVersion) -> list[str]:
    shown = entry.leaves.get("name")
    return [f"{_numbers_of(name)} {_fold_id(shown)}"] if isinstance(shown, str) and _fold_id(shown) else []


def _entry_keys(entry: EntryVersion) -> list[str]:
    facts: dict[str, Any] = {field: value for field, value in entry.leaves.items() if field not in _OF_A_NAME}
    return [dumps(dict(sorted(facts.items())))] if len(facts) >= _DISTINCTIVE else []


def _are_similar(one: str, other: str) -> bool:
    words = {word for word in _WORDS.findall(one.casefold()) if word.isalpha()}
    return _numbers_of(one) == _numbers_of(other) and not words.isdisjoint(_WORDS.findall(other.casefold()))


def _numbers_of(name: str) -> list[str]:
    """The numbers in an id, which tell a version or a size from others."""
    return [word for word in _WORDS.findall(name) if word.isdigit()]
