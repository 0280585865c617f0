"""Flattening an entry and putting it together again loses nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.format.absent import ABSENT, value_at
from registry_cli.core.format.flattening import (
    OPENED_GROUPS,
    flatten,
    put_field,
    sorted_condition_text,
    unflatten,
    whens_of,
)

LEAVES = st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text() | st.lists(st.text())


def entries(keys, *, most=4):
    """Nested entries with such keys."""
    return st.recursive(
        st.dictionaries(keys, LEAVES, max_size=most),
        lambda inner: st.dictionaries(keys, LEAVES | inner, max_size=most),
        max_leaves=8,
    )


PLAIN_KEYS = st.sampled_from(["pricing", "per", "modalities", "input", "reasoning", "page"])
ANY_KEYS = PLAIN_KEYS | st.text(st.characters(exclude_characters="."), min_size=1)
# A key of the entry itself has no dot; below, whatever people write under `metadata`.
BODIES = st.dictionaries(PLAIN_KEYS, LEAVES | entries(PLAIN_KEYS | st.just("a.b")))


@given(entries(ANY_KEYS))
def test_an_entry_with_every_mapping_opened_comes_back(body):
    assert unflatten(flatten(body)) == body


@given(BODIES)
def test_an_entry_with_the_groups_of_the_schema_opened_comes_back(body):
    # `pricing.a.b` is the key `a.b` of `pricing`, since `pricing.a` is no group.
    assert unflatten(flatten(body, OPENED_GROUPS), OPENED_GROUPS) == body


@given(entries(ANY_KEYS))
def test_every_field_is_at_its_path(body):
    fields = flatten(body)
    for path, value in fields.items():
        assert value_at(body, path.split(".")) == value
    assert value_at(body, ["no such key", "at all"]) is ABSENT


@given(entries(ANY_KEYS))
def test_what_states_nothing_can_be_left_out(body):
    stated = {path: value for path, value in flatten(body).items() if value is not None and value != {}}
    assert flatten(body, is_stated_only=True) == stated


def test_a_prefix_stands_before_every_path():
    assert flatten({"per": {"page": Decimal(1)}}, prefix="pricing.") == {"pricing.per.page": Decimal(1)}


def test_a_field_within_a_value_that_is_no_mapping_is_refused():
    body = {"pricing": 4}
    with pytest.raises(ValueError, match=r"pricing\.input"):
        put_field(body, "pricing.input", 5)
    assert body == {"pricing": 4}


def test_equal_conditions_have_one_text():
    one, other = {"service_tier": "batch", "utc": ["00:00-08:00"]}, {"utc": ["00:00-08:00"], "service_tier": "batch"}
    assert sorted_condition_text(one) == sorted_condition_text(other) == 'service_tier=batch,utc=["00:00-08:00"]'


@pytest.mark.parametrize("variants", [None, {}, [1], [{}], [{"when": {}}], [{"when": {"region": "eu"}}, {"input": 1}]])
def test_variants_without_conditions_have_none_to_be_told_apart_by(variants):
    assert whens_of(variants) is None


def test_variants_with_conditions():
    assert whens_of([{"when": {"region": "eu"}, "input": 1}]) == [{"region": "eu"}]
