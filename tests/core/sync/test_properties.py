"""What holds over random three-way states: the file, what it last took, what upstream says now."""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import SETS
from registry_cli.core.matching.items import OPEN
from registry_cli.core.merging.naming import statements_of
from registry_cli.core.merging.upstream import settle_statements
from registry_cli.core.statements.facts import CAPABILITY, EntryView, fields_of, variant_field
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.yamledit.apply import equal_data
from tests.support.random_syncs import DAY, MEANS, answers, edited, files, plan

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
random_worlds = settings(
    max_examples=int(os.environ.get("LLMREG_TEST_EXAMPLES", "20")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def worlds(draw):
    """A file that was synced once, and then edited; and what upstream says after that."""
    start = draw(files() | st.just({"provider": "acme", "models": {}}))
    first = plan(start, {}, *draw(answers()))
    record = parse_record(format_record(first.record), "acme.jsonl")
    return draw(edited(first.value)), record, draw(answers())


def fields_of_file(body):
    """Every leaf of a body that a sync could touch."""
    yield from _leaves(body, "")
    for name in body.get("capabilities", ()):
        yield f"{CAPABILITY}{name}", True


def _leaves(value, prefix):
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _leaves(item, f"{prefix}{key}.")
        elif key not in ("capabilities", "variants"):
            yield f"{prefix}{key}", item


@random_worlds
@given(worlds())
def test_nothing_that_a_person_wrote_is_lost(world):
    value, record, heard = world
    done = plan(value, record, *heard)
    for name, body in value["models"].items():
        after = EntryView(done.value["models"][name], MEANS.canonical)
        base = record[name].base if name in record else {}
        for field, mine in fields_of_file(body):
            if field in SETS:
                added = {*mine} - {*base.get(field, ())}
                assert added <= {*after.value_of(field)}, field
            elif field not in base or not equal_data(mine, base[field]):
                assert equal_data(after.value_of(field), mine), field
        for variant in body.get("pricing", {}).get("variants", ()):
            if not equal_data(variant, base.get(variant_field(variant), ABSENT)):
                assert equal_data(variant, after.value_of(variant_field(variant)))


@random_worlds
@given(worlds())
def test_what_a_person_deleted_stays_deleted(world):
    value, record, heard = world
    done = plan(value, record, *heard)
    for name, line in record.items():
        if name not in value["models"]:
            assert not line.base or name not in done.value["models"]
            continue
        before, after = (
            EntryView(body, MEANS.canonical) for body in (value["models"][name], done.value["models"][name])
        )
        for field, taken in line.base.items():
            if before.value_of(field) is ABSENT and taken is not False:
                assert after.value_of(field) is ABSENT, field


@random_worlds
@given(worlds())
def test_no_model_disappears_and_the_file_keeps_the_rules(world):
    value, record, heard = world
    done = plan(value, record, *heard)
    assert value["models"].keys() <= done.value["models"].keys()
    assert MEANS.problems(done.value) == []


@random_worlds
@given(worlds())
def test_twice_is_once_and_what_is_open_is_said_again(world):
    value, record, heard = world
    once = plan(value, record, *heard)
    text = format_record(once.record)
    twice = plan(once.value, parse_record(text, "acme.jsonl"), *heard)
    assert equal_data(twice.value, once.value)
    assert format_record(twice.record) == text
    assert [item for item in twice.items if item.status in OPEN] == [item for item in once.items if item.status in OPEN]
    assert not [item for item in twice.items if item.status in ("applied", "new")]


@random_worlds
@given(worlds())
def test_a_line_that_is_kept_as_it_was_read_is_the_line_that_would_be_made(world):
    value, record, heard = world
    kept = plan(value, record, *heard)
    made = plan(value, {name: replace(line, text=None) for name, line in record.items()}, *heard)
    assert format_record(kept.record) == format_record(made.record)
    assert (made.value, made.items) == (kept.value, kept.items)


@random_worlds
@given(worlds())
def test_no_rate_of_another_source_stays_in_a_price_list_that_nobody_edited(world):
    _, _, heard = world
    done = plan({"provider": "acme", "models": {}}, {}, *heard[1:])
    for _ in range(2):
        done = plan(done.value, parse_record(format_record(done.record), "acme.jsonl"), *heard, accept=["all"])
    for name, line in done.record.items():
        words = statements_of(line.said, ["acme", "models.dev"], ())
        replaced = settle_statements(name, words, DAY).replaced if name in done.value["models"] else ()
        local = EntryView(done.value["models"].get(name, {}), MEANS.canonical)
        waiting = {item.field for item in done.items if item.status in OPEN}
        assert not {field for field in replaced if local.value_of(field) is not ABSENT} - waiting


@random_worlds
@given(worlds())
def test_no_price_list_is_written_that_nobody_states(world):
    value, record, heard = world
    done = plan(value, record, *heard)
    for name, body in value["models"].items():
        pricing = done.value["models"][name].get("pricing", {})
        if not equal_data(pricing, body.get("pricing", {})):
            stated = settle_statements(
                name, statements_of(done.record[name].said, ["acme", "models.dev"], ()), DAY
            ).fields
            for field, price in fields_of({"pricing": pricing}).items():
                assert equal_data(price, stated.get(field, ABSENT)), field


@random_worlds
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(world, randomness):
    value, record, heard = world
    done = plan(value, record, *heard)
    shuffled = [type(each)(each.source, tuple(randomness.sample(each.models, len(each.models))), *_rest(each))
                for each in heard]  # fmt: skip
    other = plan(value, record, *shuffled)
    assert equal_data(other.value, done.value)
    assert list(other.value["models"]) == list(done.value["models"])
    assert other.items == done.items
    assert format_record(other.record) == format_record(done.record)


def _rest(heard):
    return heard.checked_at, heard.facts, heard.spelled


@random_worlds
@given(worlds())
def test_a_source_that_fails_changes_nothing(world):
    value, record, heard = world
    once = plan(value, record, *heard)
    kept = parse_record(format_record(once.record), "acme.jsonl")
    for failing in heard:
        rest = [each for each in heard if each is not failing]
        later = plan(once.value, kept, *rest)
        assert equal_data(later.value, once.value)
        assert format_record(later.record) == format_record(once.record)


@random_worlds
@given(worlds())
def test_accepting_all_leaves_only_what_would_be_wrong(world):
    value, record, heard = world
    done = plan(value, record, *heard, accept=["all"])
    assert {item.status for item in done.items} <= {
        "applied", "new", "kept", "held", "missing", "unmatched"
    }  # fmt: skip
    assert MEANS.problems(done.value) == []


@random_worlds
@given(worlds())
def test_keeping_all_changes_nothing_and_says_no_more(world):
    value, record, heard = world
    once = plan(value, record, *heard, keep=["all"])
    again = plan(once.value, parse_record(format_record(once.record), "acme.jsonl"), *heard)
    assert equal_data(again.value, once.value)
    rules = [item for item in again.items if item.status in OPEN]
    assert rules == [item for item in once.items if item.status in OPEN]
