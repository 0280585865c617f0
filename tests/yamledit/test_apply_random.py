"""Random edits of random YAML: exact data, nothing else touched, undone to the byte by their inverses.

The normal group makes some hundred edits; `-m slow` makes many more (`EDITS`).
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry_cli.yamledit.apply import apply, equal_data
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.nodes import BLOCK_SCALARS, compose_tree
from registry_cli.yamledit.ops import (
    Add,
    AddItem,
    Operation,
    OperationError,
    RawScalar,
    Remove,
    Rename,
    Set,
    apply_to_data,
)
from tests.support.paths import ROOT
from tests.support.random_yaml import Hand, places, random_mapping, random_operation

EDITS = 40_000


def written(seed: int) -> tuple[random.Random, str]:
    rng = random.Random(seed)
    return rng, Hand.of(rng).write(random_mapping(rng, 3, least=1))


def edited(text: str, operations: list[Operation]) -> str | None:
    """The new text, checked; None where the operations are refused."""
    value = load_value(text)
    expected = apply_to_data(value, operations)
    try:
        new = apply(text, operations)
    except OperationError:
        return None
    assert equal_data(load_value(new), expected)
    if equal_data(expected, value):
        assert new == text
    return new


def inverse(text: str, operation: Operation) -> Operation | None:
    """What undoes the operation; None where only the text itself knows (what was removed, a replaced collection)."""
    value: Any = load_value(text)
    match operation:
        case Add(path, key, _):
            return Remove((*path, key)) if at(value, path) is not None else None
        case AddItem(path, _, index):
            items = at(value, path)
            return Remove((*path, len(items) if index is None else index)) if items is not None else None
        case Rename(path, key):
            raw = str(path[-1])
            return Rename((*path[:-1], key), raw) if f"{raw}:" in text else None
        case Set(path, new) if not isinstance(at(value, path), dict | list) and not isinstance(new, dict | list):
            lexeme = span(text, path)
            head = lexeme.partition("\n")[0]
            if head[:1] in BLOCK_SCALARS and "#" in head:  # the comment stayed
                return None
            return Set(path, RawScalar(lexeme, at(value, path))) if lexeme else None
    return None


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def span(text: str, path: tuple[str | int, ...]) -> str:
    node = compose_tree(text := text.removeprefix("\ufeff"))
    for step in path:
        keys = [entry.key.value if entry.key else number for number, entry in enumerate(node.entries)]
        node = node.entries[keys.index(step)].value
    return text[node.start : node.end]


def check(seed: int) -> tuple[int, int]:
    """One random text, one random edit: (made, undone)."""
    rng, text = written(seed)
    operation = random_operation(rng, load_value(text))
    new = edited(text, [operation])
    if new is None or new == text:
        return new is not None, 0
    if isinstance(operation, Add | AddItem):
        assert new.count("#") >= text.count("#")
    back = inverse(text, operation)
    if back is None:
        return 1, 0
    return 1, is_undone(text, new, operation, back)


def is_undone(text: str, new: str, operation: Operation, back: Operation) -> bool:
    undone = apply(new, [back])
    if isinstance(operation, Rename) and undone != text:  # the other name needed quotes, or this one had them
        assert equal_data(load_value(undone), load_value(text))
        return False
    assert undone == text
    return True


def run(seeds: Iterator[int] | range) -> tuple[int, int, int]:
    counts = [check(seed) for seed in seeds]
    return len(counts), sum(made for made, _ in counts), sum(undone for _, undone in counts)


def test_random_edits_of_random_texts() -> None:
    tried, made, undone = run(range(500))
    assert made > 0.95 * tried
    assert undone > 0.25 * tried


@pytest.mark.slow
def test_many_random_edits_of_random_texts() -> None:
    tried, made, undone = run(range(500, EDITS))
    print(f"{tried} edits: {made} made, {undone} of them undone to the byte, the others refused by name")
    assert made > 0.95 * tried


def test_many_operations_at_once_are_each_alone_after_another() -> None:
    for seed in range(100):
        edit_often(seed)


@pytest.mark.slow
def test_very_many_operations_at_once() -> None:
    for seed in range(100, 3000):
        edit_often(seed)


def edit_often(seed: int) -> None:
    rng, text = written(seed)
    value = load_value(text)
    chosen: list[Operation] = []
    for _ in range(rng.randint(2, 6)):
        candidate = random_operation(rng, value)
        try:
            apply_to_data(value, [*chosen, candidate])
        except OperationError:
            continue
        chosen.append(candidate)
    edited(text, chosen)


def files() -> list[Path]:
    found = sorted((ROOT / "config" / "models").glob("*.yml"), key=lambda path: path.stat().st_size)[:80:4]
    if data := os.environ.get("LLMREG_TEST_DATA"):
        found += sorted((Path(data) / "exllm").glob("*.yml"))
    return found


def edit_file(path: Path, edits: int) -> int:
    """Random sets, adds and removes in a real file; a set of a number changes one line and nothing else."""
    text = path.read_bytes().decode()
    value = load_value(text)
    rng = random.Random(path.name)
    scalars = [(where, item) for where, item in places(value) if where and not isinstance(item, dict | list)]
    for _ in range(edits):
        where, _ = rng.choice(scalars)
        new = edited(text, [Set(where, 123456789)])
        assert new is not None
        lines, new_lines = text.splitlines(keepends=True), new.splitlines(keepends=True)
        assert sum(one != other for one, other in zip(lines, new_lines, strict=True)) == 1
        assert apply(new, [Set(where, RawScalar(span(text, where), at(value, where)))]) == text
        operation = random_operation(rng, value)
        changed = edited(text, [operation])
        if changed is not None and changed != text and (back := inverse(text, operation)) is not None:
            is_undone(text, changed, operation, back)
    return edits


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_random_edits_of_real_files(path: Path) -> None:
    assert edit_file(path, 2) == 2


@pytest.mark.slow
def test_many_random_edits_of_every_real_file() -> None:
    everything = sorted((ROOT / "config" / "models").glob("*.yml"))
    if data := os.environ.get("LLMREG_TEST_DATA"):
        everything += sorted((Path(data) / "exllm").glob("*.yml"))
    total = sum(edit_file(path, 20) for path in everything)
    print(f"{2 * total} edits of {len(everything)} files")
