"""Random edits of provider files with random anchors, aliases and merge keys: exact, and seldom refused.

The normal group edits some shipped files, `-m slow` all of them and ExLLM's: `EDITS` lists of operations.
"""

import os
import random
from pathlib import Path

import pytest

from registry_cli.yamledit.apply import apply, equal_data
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.ops import Add, AddItem, Operation, OperationError, Rename, apply_to_data
from tests.support.other_parsers import assert_read_alike
from tests.support.paths import ROOT
from tests.support.random_anchors import part_of, with_anchors
from tests.support.random_comments import numbers, with_comments
from tests.support.random_yaml import random_operation

EDITS = 10_000
MODELS = 6
ANCHORS = 40


def files() -> list[Path]:
    found = sorted((ROOT / "config" / "models").glob("*.yml"))
    if data := os.environ.get("LLMREG_TEST_DATA"):
        found += sorted((Path(data) / "exllm").glob("*.yml"))
    return found


def written(seed: int, texts: list[str]) -> tuple[random.Random, str]:
    rng = random.Random(seed)
    text = with_anchors(rng, part_of(rng, rng.choice(texts), MODELS), ANCHORS)
    return rng, with_comments(rng, text, 6) if rng.random() < 0.3 else text


def chosen(rng: random.Random, text: str) -> list[Operation]:
    value = load_value(text)
    found: list[Operation] = []
    for _ in range(rng.choice((1, 2, 4, 8))):
        candidate = random_operation(rng, value)
        try:
            apply_to_data(value, [*found, candidate])
        except OperationError:
            continue
        if len(candidate.path) > 1:
            found.append(candidate)
    return found


def check(seed: int, texts: list[str]) -> str | None:
    """One edit; why it is refused, None where it is made."""
    rng, text = written(seed, texts)
    operations = chosen(rng, text)
    expected = apply_to_data(load_value(text), operations)
    try:
        new = apply(text, operations)
    except OperationError as refusal:
        return str(refusal)
    assert equal_data(load_value(new), expected)
    assert len(numbers(new)) == len(set(numbers(new))), "a comment is copied"
    assert set(numbers(new)) <= set(numbers(text))
    if all(isinstance(operation, Add | AddItem | Rename) for operation in operations):
        assert numbers(new) == numbers(text), "a comment is lost"
    assert_read_alike(new, expected)
    return None


def run(seeds: range, texts: list[str]) -> float:
    refusals = [refusal for refusal in (check(seed, texts) for seed in seeds) if refusal is not None]
    print(f"{len(seeds)} edits of files with anchors: {len(refusals)} refused")
    return len(refusals) / len(seeds)


def test_random_edits_of_files_with_anchors() -> None:
    texts = [path.read_bytes().decode() for path in files() if path.stat().st_size < 20_000][::12]
    assert run(range(150), texts) < 0.05


@pytest.mark.slow
def test_many_random_edits_of_files_with_anchors() -> None:
    texts = [path.read_bytes().decode() for path in files() if path.stat().st_size < 400_000]
    assert run(range(150, 150 + EDITS), texts) < 0.05
