"""Anchors, aliases and merge keys in random places of provider files."""

import random
from collections.abc import Iterator

from registry_cli.errors import YamlError
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.nodes import BLOCK_SCALARS, Entry, Node, compose_tree

Place = tuple[Entry, Node]  # an entry and the collection that holds it


def part_of(rng: random.Random, text: str, most: int) -> str:
    """A provider file with some of its models, at most so many, which stand next to each other."""
    root = compose_tree(text)
    models = next((entry.value for entry in root.entries if entry.key and entry.key.value == "models"), None)
    if models is None or models.flow or len(models.entries) <= most:
        return text
    first = rng.randrange(len(models.entries) - most)
    starts = [text.rfind("\n", 0, models.entries[number].start) + 1 for number in (0, first, first + most)]
    return text[: starts[0]] + text[starts[1] : starts[2]]


def with_anchors(rng: random.Random, text: str, most: int) -> str:
    """The text with up to `most` shared places more; its data may be others."""
    for number in range(rng.randint(1, most)):
        name = f"{rng.choice(('base', 'b', 'a-1', 'x.y'))}{number}"
        make = rng.choice((_share_value, _share_value, _merge, _merge_some))
        new = make(rng, text, name)
        if new is not None and new != text and _is_sound(new):
            text = new
    return text


def _is_sound(text: str) -> bool:
    try:
        load_value(text)
    except YamlError:
        return False
    return True


def _places(node: Node) -> Iterator[Place]:
    for entry in node.entries:
        yield entry, node
        yield from _places(entry.value)


def _share_value(rng: random.Random, text: str, name: str) -> str | None:
    """A value becomes an alias of another one of its kind."""
    places = [(entry, node) for entry, node in _places(compose_tree(text)) if _may_have_anchor(entry)]
    if len(places) < 2:
        return None
    one, _ = places[rng.randrange(len(places) - 1)]
    kind = one.value.kind
    others = [entry for entry, _ in places if entry.start > one.end and entry.value.kind == kind]
    if not others:
        return None
    text = _with_alias(text, rng.choice(others), name)
    return text[: _after_sign(text, one)] + f" &{name}" + text[_after_sign(text, one) :]


def _may_have_anchor(entry: Entry) -> bool:
    value = entry.value
    return entry.key is not None and not value.marked and not value.empty and value.style not in BLOCK_SCALARS


def _after_sign(text: str, entry: Entry) -> int:
    assert entry.key is not None
    return text.index(":", entry.key.end) + 1


def _with_alias(text: str, entry: Entry, name: str) -> str:
    return f"{text[: _after_sign(text, entry)]} *{name}{text[entry.value.end :]}"


def _merge(rng: random.Random, text: str, name: str) -> str | None:
    """A mapping is merged into another, which loses some of its own keys."""
    return _merged(rng, text, name, rng.choice((0.0, 0.5, 1.0)))


def _merge_some(rng: random.Random, text: str, name: str) -> str | None:
    return _merged(rng, text, name, 0.7)


def _merged(rng: random.Random, text: str, name: str, keeps: float) -> str | None:
    mappings = [
        entry
        for entry, _ in _places(compose_tree(text))
        if entry.value.kind == "mapping" and _may_have_anchor(entry) and entry.value.entries
    ]
    pairs = [(one, other) for one in mappings for other in mappings if other.start > one.end and _same_keys(one, other)]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    value, shared = other.value, _keys(one)
    if "<<" in _keys(other):
        return None
    if value.flow:
        inner = value.start + 1
        text = f"{text[:inner]}<<: *{name}, {text[inner:]}"
    else:
        for entry in reversed(value.entries[1:]):
            if (
                entry.key is not None
                and entry.key.value in shared
                and rng.random() > keeps
                and entry.value.kind == "scalar"
            ):
                start = text.rfind("\n", 0, entry.start)
                text = text[:start] + text[entry.end :]
        at = value.entries[0].start
        text = f"{text[:at]}<<: *{name}\n{' ' * value.column}{text[at:]}"
    return text[: _after_sign(text, one)] + f" &{name}" + text[_after_sign(text, one) :]


def _keys(entry: Entry) -> set[str]:
    return {inner.key.value for inner in entry.value.entries if inner.key is not None}


def _same_keys(one: Entry, other: Entry) -> bool:
    return bool(_keys(one) & _keys(other))
