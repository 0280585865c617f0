"""The text of records: exact, stable, one line a model."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.statements.record import Line, format_record, parse_record
from registry_cli.errors import EntryError
from tests.support.random_syncs import again, file_of, model, plan, says

fields = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=5),
        "context_window": st.integers(0, 5000),
        "pricing.input": st.decimals(allow_nan=False, allow_infinity=False, min_value=-10, max_value=10**6)
        | st.integers(-5, 5000),
        "pricing.per.request": st.sampled_from([1, Decimal("0.5")]),
        "pricing.variants[service_tier=batch]": st.just(
            {"when": {"service_tier": "batch"}, "multiply": Decimal("0.5")}
        ),
        "endpoints": st.lists(st.text(max_size=3), max_size=2),
        "reasoning.toggle": st.booleans(),
        "invented_later": st.text(max_size=3) | st.integers() | st.lists(st.text(max_size=3), max_size=2),
    },
) | st.just({"capabilities.vision": True, "capabilities.streaming": False})
lines = st.builds(
    Line,
    id=st.text(min_size=1, max_size=8),
    said=st.dictionaries(st.sampled_from(["acme", "models.dev", "litellm"]), fields),
    base=fields,
    checked=st.dictionaries(st.sampled_from(["acme", "litellm"]), st.just("2026-11-22T06:00:00Z")),
    gone=st.frozensets(st.sampled_from(["acme", "litellm"])),
    doubted=st.frozensets(st.sampled_from(["acme"])),
    listed=st.frozensets(st.sampled_from(["name", "family"])),
)


@given(st.lists(lines, max_size=4, unique_by=lambda line: line.id))
def test_a_record_reads_back_as_it_was_and_is_written_the_same(found):
    record = {line.id: line for line in found}
    text = format_record(record)
    back = parse_record(text, "acme.jsonl")
    assert back == record
    assert format_record(back) == text
    assert format_record({name: Line(**{**_fields(line), "text": None}) for name, line in back.items()}) == text
    assert text.count("\n") == len(record)


def _fields(line):
    return {name: getattr(line, name) for name in Line.__slots__}


def test_a_value_stands_once_with_all_who_agree():
    line = Line(
        "large",
        {"acme": {"name": "Large", "pricing.input": Decimal("2.5")}, "litellm": {"name": "large", "mode": "chat"}},
        {"name": "Large", "pricing.input": Decimal(2)},
    )
    assert format_record({"large": line}) == (
        '{"id":"large","facts":{"@base":{"pricing.input":2.0},"@base,acme":{"name":"Large"},'
        '"acme":{"pricing.input":2.5},"litellm":{"mode":"chat","name":"large"}}}\n'
    )


def test_prices_that_no_float_holds_stay_exact():
    price = Decimal("0.12345678901234567890123")
    text = format_record({"x": Line("x", {"acme": {"pricing.input": price}})})
    assert "0.12345678901234567890123" in text
    assert parse_record(text, "").popitem()[1].said["acme"]["pricing.input"] == price


def test_one_change_is_one_line_and_the_rest_stays_byte_for_byte():
    models = [model(f"m{number}", context_window=5, name="N") for number in range(5)]
    first = plan(file_of(), {}, says("acme", *models))
    models[2] = model("m2", context_window=6, name="N")
    before = format_record(first.record).splitlines()
    after = format_record(again(first, says("acme", *models, checked="2027-01-01T00:00:00Z")).record).splitlines()
    assert [number for number in range(5) if before[number] != after[number]] == [2]
    assert '"checked":{"acme":"2027-01-01T00:00:00Z"}' in after[2]


def test_only_confirm_refreshes_what_did_not_change():
    answer = model("large", context_window=5)
    first = plan(file_of(), {}, says("acme", answer))
    later = says("acme", answer, checked="2027-01-01T00:00:00Z")
    assert format_record(again(first, later).record) == format_record(first.record)
    assert "2027" in format_record(again(first, later, confirm=True).record)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"id":1,"facts":{}}', '{"id":"x"}', '{"id":"x","facts":{"acme":[]}}', "<<<<<<< HEAD"]
)
def test_what_sync_did_not_write_is_refused_with_its_line(text):
    with pytest.raises(EntryError) as fault:
        parse_record('{"id":"a","facts":{}}\n' + text + "\n", "acme.jsonl")
    assert str(fault.value).startswith("acme.jsonl:2:1 ")


def test_the_same_id_twice_is_refused():
    with pytest.raises(EntryError, match="second line"):
        parse_record('{"id":"a","facts":{}}\n{"id":"a","facts":{}}\n', "acme.jsonl")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("facts", {"acme": {"context_window": "5"}}),
        ("facts", {"acme": {"context_window": -1}}),
        ("facts", {"acme": {"context_window": True}}),
        ("facts", {"acme": {"context_window.x": 5}}),
        ("facts", {"acme": {"pricing.input": {"input": "free"}}}),
        ("facts", {"acme": {"pricing.per.request": "1"}}),
        ("facts", {"acme": {"pricing.input.x": 1}}),
        ("facts", {"acme": {"pricing.variants[a]": {"when": [], "input": 1}}}),
        ("facts", {"acme": {"pricing.variants[a]": {"when": {"a": "b"}, "input": "1"}}}),
        ("facts", {"acme": {"pricing.variants[a]": {"when": {"a": {}}}}}),
        ("facts", {"acme": {"modalities": 1}}),
        ("facts", {"acme": {"pricing": "free"}}),
        ("facts", {"acme": {"pricing.": 1}}),
        ("facts", {"acme": {"pricing.variants": 1}}),
        ("facts", {"acme": {"pricing.per": 1}}),
        ("facts", {"acme": {"name": "\ud800"}}),
        ("facts", {"acme": {"release_date": 2026}}),
        ("facts", {"acme": {"capabilities": [5]}}),
        ("facts", {"acme": {"lacks": "vision"}}),
        ("facts", {"acme": {"invented_later": {"a": 1}}}),
        ("facts", {"acme": []}),
        ("checked", {"acme": 5}),
        ("checked", ["acme"]),
        ("gone", "acme"),
        ("doubted", [5]),
        ("listed", {}),
        ("kept", {"name": 5}),
        ("retired", {"by": 5, "on": "2026-01-01", "was": {}}),
        ("retired", {"by": "acme", "on": "2026-01-01", "was": {"status": 5}}),
        ("id", 5),
    ],
)
def test_a_line_that_sync_did_not_write_so_is_refused(key, value):
    row = json.dumps({"id": "m", "facts": {}, key: value})
    with pytest.raises(EntryError, match="not a line that sync wrote"):
        parse_record(row, "acme.jsonl")
