"""Ids that differ only by their spelling are one model; a version, a size or a product is no spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.matching.matching import file_names
from registry_cli.core.matching.spellings import Spellings

IDS = (
    "Qwen/Qwen3-8B",
    "llama-3.1-8b",
    "command-r",
    "TEE/gemma-3",
    "acme/large",
    "gemini-embedding-001",
    "dated@20250514",
)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("qwen-qwen3-8b", "Qwen/Qwen3-8B"),
        ("qwen3-8b", "Qwen/Qwen3-8B"),
        ("Qwen/qwen-3-8b", "Qwen/Qwen3-8B"),
        ("meta/llama-3.1-8b", "llama-3.1-8b"),
        ("llama_3_1_8b", "llama-3.1-8b"),
        ("llama-3.18b", None),
        ("llama-31-8b", None),
        ("command-r+", None),
        ("command-r-plus", None),
        ("gemma-3", None),
        ("large", "acme/large"),
        ("dated-20250514", "dated@20250514"),
        ("LLAMA-3.1-8B", None),
    ],
)
def test_spellings(name, means):
    assert Spellings("acme", file_names({key: {} for key in IDS})).find_other_spelling(name) == means


def test_a_name_that_begins_like_its_provider_is_no_other_spelling():
    assert Spellings("gemini", file_names({key: {} for key in IDS})).find_other_spelling("embedding-001") is None


@given(st.lists(st.from_regex(r"[a-z]{1,4}([-._/][a-z0-9]{1,3}){0,3}", fullmatch=True), min_size=1, unique=True))
def test_a_name_with_other_separators_is_found(ids):
    spellings = Spellings("zzzzz", file_names({key: {} for key in ids}))
    for name in ids:
        other = name.translate(str.maketrans("-._", "._-"))
        found = spellings.find_other_spelling(other)
        assert other == name or found is not None
