"""New documents: canonical, readable, and the same to every YAML reader."""

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.format.layout import SCHEMA_LINE, is_on_one_line, needs_blank_line, sort_provider
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.layout import Style, emit_document

TRAPS = [
    "no", "Off", "y", "N", "NULL", "~", "", "1:30", "1e3", "012", "0o17", "1_000", "0x1F", ".inf", "2026-01-15",
    "=", "<<", "a: b", "a #b", "a:", "- a", "-", "? a", "!tag", "&a", "*a", "@cf/x", "`x`", "%x", "|", ">", "{a}",
    "[a", "a, b", "'", '"', "it's", " a", "a ", "a\nb", "a\tb", "\\", "é", "模型", "${X}", "a:b", "302AI_API_KEY",
    "https://x.example/a?b=c&d", "a  b", "v1:0", "~vendor/x-latest", "\u00ad", "true story", "a\u200bb", "...",
    "---", "a'b\"c\\d\n",
]  # fmt: skip

text = st.one_of(
    st.sampled_from(TRAPS),
    st.text(
        st.characters(
            codec="utf-8",
            exclude_categories=("Cs", "Cc"),
            # Refused by the reader even where they are quoted: line breaks and marks that change how text is read.
            exclude_characters="\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
            "\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff",
        ),
        max_size=12,
    ),
)
numbers = st.one_of(
    st.integers(-(10**18), 10**18),
    st.decimals(min_value=0, max_value=10**6, places=8, allow_nan=False),
)
scalars = st.one_of(text, numbers, st.booleans(), st.none())
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4)),
    max_leaves=12,
)
documents = st.dictionaries(text, values, min_size=1, max_size=5)


def strings(value: Any) -> Any:
    """The value with its numbers, which YAML 1.1 reads as floats, taken out."""
    if isinstance(value, dict):
        return {key: strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strings(item) for item in value]
    return value if isinstance(value, (str, bool, type(None))) else 0


@given(documents, st.integers(0, 4))
def test_what_is_laid_out_reads_back_in_block_and_in_flow(value: dict[str, Any], depth: int) -> None:
    written = emit_document(value, Style(flow=lambda path: len(path) > depth, parted=lambda path: len(path) == 2))
    assert load_value(written) == value
    assert strings(yaml.safe_load(written)) == strings(value)  # YAML 1.1


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("flow", [False, True])
def test_a_string_is_a_string_to_every_reader(trap: str, flow: bool) -> None:
    written = emit_document({"a": {trap: trap, "b": [trap]}}, Style(flow=lambda path: flow and len(path) == 1))
    assert load_value(written) == yaml.safe_load(written) == {"a": {trap: trap, "b": [trap]}}


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Decimal(3), "3.0"),
        (Decimal("3.00"), "3.0"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E+3"), "1000.0"),
        (Decimal(0), "0.0"),
        (200000, "200000"),
    ],
)
def test_numbers(number: Decimal | int, written: str) -> None:
    assert emit_document({"a": number}, Style()) == f"a: {written}\n"


@pytest.mark.parametrize(("value", "error"), [(Decimal("NaN"), ValueError), (0.5, TypeError), (b"x", TypeError)])
def test_what_has_no_place_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        emit_document({"a": value}, Style())


def test_long_lines_are_not_folded_and_long_lists_do_not_stand_on_one() -> None:
    long = "x " * 200 + "x"
    assert emit_document({"a": long}, Style()) == f"a: {long}\n"
    names = [f"name-number-{number}" for number in range(20)]
    assert emit_document({"aliases": names}, Style(flow=is_on_one_line)).splitlines()[1] == "- name-number-0"


def test_a_provider_file_reads_as_the_design_shows_it() -> None:
    body = {
        "models": {
            "b": {
                "capabilities": ["vision", {"web_search": {"status": "beta"}}],
                "release_date": "2026-01-15",
                "pricing": {
                    "variants": [{"multiply": Decimal("0.5"), "when": {"service_tier": "batch"}}],
                    "per": {"page": Decimal("0.1"), "request": Decimal("0.01")},
                    "output": Decimal(15),
                    "input": Decimal(3),
                },
                "modalities": {"input": ["text", "image"], "output": ["text"]},
                "name": "B",
            },
            "no": {},
        },
        "api": {"base_url": "https://api.acme.example/v1", "key_env": ["ACME_KEY"]},
        "provider": "acme",
    }
    ordered = sort_provider(body)
    assert ordered == body
    assert (
        SCHEMA_LINE + emit_document(ordered, Style(flow=is_on_one_line, parted=needs_blank_line))
        == """\
# yaml-language-server: $schema=../../schema/provider.schema.json
provider: acme
api: {base_url: 'https://api.acme.example/v1', key_env: [ACME_KEY]}
models:
  b:
    name: B
    modalities: {input: [text, image], output: [text]}
    pricing:
      input: 3.0
      output: 15.0
      per: {request: 0.01, page: 0.1}
      variants:
      - when: {service_tier: batch}
        multiply: 0.5
    capabilities:
    - vision
    - web_search:
        status: beta
    release_date: '2026-01-15'

  'no': {}
"""
    )
