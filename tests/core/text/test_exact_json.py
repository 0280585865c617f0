"""Exact JSON."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.text.exact_json import dumps, loads

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXT | st.integers() | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


def test_numbers_are_as_they_were_written() -> None:
    assert (
        dumps({"a": Decimal("0.10"), "b": [Decimal("1E-7"), 3, True, None]}) == '{"a":0.10,"b":[0.0000001,3,true,null]}'
    )
    assert dumps({"a": [1, 2], "b": {}}, indent=2) == '{\n  "a": [1, 2],\n  "b": {}\n}'


def test_text_that_looks_like_a_number_stays_text() -> None:
    assert dumps(["3.0", "u0000", "\\u00003.0"]) == '["3.0","u0000","\\\\u00003.0"]'


@given(VALUES)
def test_both_layouts_hold_the_same_value(value: Any) -> None:
    assert json.loads(dumps(value)) == json.loads(dumps(value, indent=2))
    assert loads(dumps(value)) == loads(dumps(value, indent=2)) == value


@pytest.mark.parametrize("text", ["1e401", "-1e401", "1e-500", "1e99999999999999999999", "0.1e-99999999999999999999"])
def test_a_number_that_would_be_too_long_is_refused(text):
    with pytest.raises(ValueError, match="too large an exponent"):
        loads(f'{{"a": [{text}]}}')


def test_numbers_up_to_those_of_a_double():
    assert loads("[1e308, 1e-308, 0e5, 0.0]") == [Decimal("1e308"), Decimal("1e-308"), 0, 0]
