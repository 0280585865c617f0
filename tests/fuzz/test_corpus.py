"""Every input that fuzzing found interesting, and every seed, read again: nothing but llmreg's own errors comes out."""

import json
from pathlib import Path

import pytest

from tests.fuzz.targets import FAMILIES

CORPUS = Path(__file__).parent / "corpus"


def inputs_of(family: str) -> list[bytes]:
    """The inputs of `corpus/FAMILY.jsonl`: a JSON string a line, a character for each byte."""
    lines = (CORPUS / f"{family}.jsonl").read_text(encoding="ascii").splitlines()
    return [json.loads(line).encode("latin-1") for line in lines]


@pytest.mark.parametrize("family", FAMILIES)
def test_seeds_are_read_whole(family: str) -> None:
    for seed in FAMILIES[family].seeds:
        FAMILIES[family].read(seed)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_interesting_input_ends_in_a_crash(family: str) -> None:
    inputs = inputs_of(family)
    assert len(inputs) > 50
    for data in inputs:
        FAMILIES[family].check(data)
