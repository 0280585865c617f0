"""Random edits of texts with numbered comments in every legal position: none is lost, copied or moved.

The normal group makes some hundred edits; `-m slow` makes `EDITS`.
"""

import random
import re
from collections import Counter
from typing import Any

import pytest

from registry_cli.yamledit.apply import apply, equal_data
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.nodes import Entry, compose_tree
from registry_cli.yamledit.ops import Add, AddItem, Operation, OperationError, Path, Remove, Rename, Set, apply_to_data
from tests.support.other_parsers import assert_read_alike
from tests.support.random_comments import NUMBERED, numbers, with_comments
from tests.support.random_yaml import Hand, random_mapping, random_operation

EDITS = 10_000


def commented(seed: int) -> tuple[random.Random, str]:
    rng = random.Random(seed)
    hand = Hand.of(rng)
    hand.comments = 0
    return rng, with_comments(rng, hand.write(random_mapping(rng, 3, least=1)), 12)


def entry_at(text: str, path: Path) -> Entry:
    node = compose_tree(text.removeprefix("\ufeff"))
    entry: Any = None
    for step in path:
        keys = [entry.key.value if entry.key else number for number, entry in enumerate(node.entries)]
        entry = node.entries[keys.index(step)]
        node = entry.value
    return entry


def may_go(text: str, operation: Operation) -> set[int]:
    """The comments that may go with an operation: those in the lines of the entry and in the lines of comments
    around it (of a value that is replaced, those inside it)."""
    bare = text.removeprefix("\ufeff")
    if isinstance(operation, Add | AddItem | Rename):
        return set()
    entry = entry_at(text, operation.path)
    start, end = (entry.start, entry.end) if isinstance(operation, Remove) else (entry.value.start, entry.value.end)
    if isinstance(operation, Set) and not entry.value.entries:
        return set()
    lines = bare.split("\n")
    first, last = bare.count("\n", 0, start), bare.count("\n", 0, end)
    while first and re.fullmatch(r"\s*-?\s*(#.*)?", lines[first - 1].rstrip("\r")):
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].lstrip().startswith("#"):
        last += 1
    return set(numbers("\n".join(lines[first : last + 1])))


def keys_beside(text: str) -> dict[int, str]:
    """The key of a block mapping on whose line each comment stands, if there is one."""
    found = {}
    for line in text.removeprefix("\ufeff").splitlines():
        content, _, comment = line.partition("#")
        key, colon, _ = content.strip().lstrip("- ").partition(":")
        if colon and "# c" not in content and not set("[]{}") & set(content):
            found.update({int(number): key for number in NUMBERED.findall(f"#{comment}")})
    return found


def chosen(rng: random.Random, value: Any) -> list[Operation]:
    """One to four operations that fit together."""
    found: list[Operation] = []
    for _ in range(rng.choice((1, 1, 2, 4))):
        candidate = random_operation(rng, value)
        try:
            apply_to_data(value, [*found, candidate])
        except OperationError:
            continue
        found.append(candidate)
    return found


def check(seed: int) -> bool:
    """One edit; whether it was made."""
    rng, text = commented(seed)
    value = load_value(text)
    operations = chosen(rng, value)
    expected = apply_to_data(value, operations)
    try:
        new = apply(text, operations)
    except OperationError:
        return False
    assert equal_data(load_value(new), expected)
    gone = set(numbers(text)) - set(numbers(new))
    assert not [number for number, count in Counter(numbers(new)).items() if count > 1], "copied"
    assert set(numbers(new)) <= set(numbers(text))
    assert gone <= {number for operation in operations for number in may_go(text, operation)}, "lost"
    if all(isinstance(operation, Add | AddItem) for operation in operations):
        new_keys = keys_beside(new)
        for number, key in keys_beside(text).items():
            assert new_keys.get(number, key) == key, "moved"
    assert_read_alike(new, expected)
    return True


def run(seeds: range) -> float:
    made = sum(map(check, seeds))
    print(f"{len(seeds)} edits of commented texts: {made} made, the others refused by name")
    return made / len(seeds)


def test_random_edits_keep_comments() -> None:
    assert run(range(400)) > 0.9


@pytest.mark.slow
def test_many_random_edits_keep_comments() -> None:
    assert run(range(400, 400 + EDITS)) > 0.9
