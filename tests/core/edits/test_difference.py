"""Operations from two values make the one into the other, whatever they are."""

import copy
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from registry_cli.core.edits.difference import find_field_changes, find_operations
from registry_cli.core.format.absent import ABSENT
from registry_cli.yamledit.apply import apply, equal_data
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.ops import apply_to_data

words = st.sampled_from(["a", "b", "no", "1:30", "vision", "input", "pricing", "x y", ""])
scalars = st.none() | st.booleans() | st.integers(-5, 5) | words | st.sampled_from([Decimal("0.5"), Decimal("2.50")])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
documents = st.dictionaries(words, values, min_size=1, max_size=5)


@given(documents, documents)
def test_the_operations_make_the_one_into_the_other(old: dict, new: dict) -> None:
    assert equal_data(apply_to_data(old, list(find_operations(old, new, {}))), new)


@given(documents)
def test_no_operations_where_nothing_differs(value: dict) -> None:
    assert list(find_operations(value, copy.deepcopy(value), {})) == []


@settings(deadline=None)
@given(st.lists(words.filter(bool), unique=True), st.lists(words.filter(bool), unique=True))
def test_lists_are_edited_item_by_item(old: list, new: list) -> None:
    text = "models:\n  a:\n    capabilities:" + ("".join(f"\n    - '{item}'  # {item}" for item in old) or " []") + "\n"
    value = load_value(text)
    wanted = {"models": {"a": {"capabilities": new}}}
    result = apply(text, list(find_operations(value, wanted, {})))
    assert equal_data(load_value(result), wanted)


def test_renamed_keys_stay_in_their_places() -> None:
    old, new = {"m": {"a": {"x": 1}, "b": 2}}, {"m": {"c": {"x": 2}, "b": 2}}
    text = "m:\n  a:  # one\n    x: 1\n  b: 2\n"
    assert apply(text, list(find_operations(old, new, {("m", "a"): "c"}))) == "m:\n  c:  # one\n    x: 2\n  b: 2\n"


def test_changes_are_named_as_fields() -> None:
    old = {"pricing": {"input": 1, "variants": [{"when": {"service_tier": "batch"}, "input": 1}]}, "aliases": ["a"]}
    new = {"pricing": {"input": Decimal("1.0"), "variants": [{"when": {"service_tier": "batch"}, "input": 2}]}}
    assert list(find_field_changes("m", old, new)) == [
        ("m", "pricing.variants[service_tier=batch].input", 1, 2),
        ("m", "aliases", ["a"], ABSENT),
    ]
