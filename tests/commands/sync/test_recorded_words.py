"""Records are evidence, not instructions: nothing in a file changes but by a source that answered in this run."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import SETS
from registry_cli.core.merging.upstream import settle_statements
from registry_cli.core.statements.facts import CAPABILITY, EntryView, fields_of
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.yamledit.apply import equal_data
from tests.core.sync.test_properties import random_worlds
from tests.support.random_syncs import (
    CHECKED,
    DAY,
    MEANS,
    again,
    answers,
    edited,
    file_of,
    files,
    model,
    plan,
    says,
    seen,
)
from tests.support.sync_workspace import listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

USD = Decimal
EMPTY = {"provider": "acme", "models": {}}
RATES = {"input": USD(1), "output": USD(2)}
DEARER = {"input": USD(3), "output": USD(4)}


def large(done):
    return done.value["models"]["large"]


def with_words(done, source, **words):
    """The plan with a record in which a source has said this of the large model, and the file took the rest."""
    line = done.record["large"]
    said = {**line.said, source: {**line.said.get(source, {}), **words}}
    return replace(done, record={**done.record, "large": replace(line, said=said, text=None)})


def synced(source="models.dev", **facts):
    return plan(file_of(large={}), {}, says(source, model("large", **facts)))


def test_a_word_that_only_the_record_has_is_held_and_the_record_stays_as_it_is():
    first = with_words(synced(pricing=RATES), "models.dev", **{"pricing.input": USD(7)})
    done = again(first)
    assert done.value == first.value
    assert format_record(done.record) == format_record(first.record)
    (item,) = done.items_with("held")
    assert (item.field, item.new) == ("pricing.input", 7)
    assert item.reason == f"models.dev did not answer; the record says that it stated this on {DAY}"


def test_the_word_counts_once_its_source_says_it_and_goes_where_it_says_something_else():
    first = with_words(synced(context_window=1000), "models.dev", context_window=7000)
    assert large(again(first, says("models.dev", model("large", context_window=7000)))) == {"context_window": 7000}
    other = again(first, says("models.dev", model("large", context_window=2000)))
    assert (large(other), seen(other, "held")) == ({"context_window": 2000}, [])


@pytest.mark.parametrize("lower", [2000, 1000])
def test_a_higher_source_that_does_not_answer_gives_way_to_none_below_it(lower):
    first = synced("acme", context_window=1000)
    done = again(first, says("models.dev", model("large", context_window=lower)))
    assert (large(done), seen(done, "applied", "held", "conflict")) == ({"context_window": 1000}, [])


def test_what_the_highest_source_that_answered_states_too_is_taken():
    first = with_words(synced("acme", context_window=1000), "acme", context_window=7000)
    done = again(first, says("models.dev", model("large", context_window=7000)))
    assert (large(done), seen(done, "applied")) == ({"context_window": 7000}, ["large#context_window"])
    other = (
        says("models.dev", model("large", context_window=5000)),
        says("litellm", model("large", context_window=7000)),
    )
    assert (large(again(first, *other)), seen(again(first, *other), "held")) == (
        {"context_window": 1000}, ["large#context_window"],
    )  # fmt: skip


def test_what_a_source_that_answers_states_no_more_is_evidence_alone():
    first = with_words(synced(pricing=RATES), "models.dev", **{"pricing.cache_read": USD("0.01"), "family": "f"})
    done = again(first, says("models.dev", model("large", pricing=RATES)))
    assert large(done) == {"pricing": RATES}
    assert {item.field: item.reason for item in done.items_with("held")} == {
        "family": "not what models.dev states today, but what the record says of it",
        "pricing.cache_read": "not what models.dev states today, but what the record says of it",
    }


def test_a_person_may_take_a_recorded_word_or_let_it_be():
    first = with_words(synced(context_window=1000), "models.dev", context_window=7000)
    taken = again(first, accept=["acme/large#context_window"])
    assert (large(taken), seen(taken, "applied")) == ({"context_window": 7000}, ["large#context_window"])
    assert again(taken).items == ()
    kept = again(first, keep=["acme/large"])
    assert (large(kept), seen(again(kept), "held")) == ({"context_window": 1000}, [])


def test_a_recorded_word_does_not_settle_what_a_person_edited():
    """Otherwise the person's value would be taken for the source's, and the next real answer would replace it."""
    first = synced(context_window=1000)
    first.value["models"]["large"]["context_window"] = 9000
    poisoned = again(with_words(first, "models.dev", context_window=9000))
    assert poisoned.record["large"].base["context_window"] == 1000
    done = again(poisoned, says("models.dev", model("large", context_window=1000)))
    assert (large(done), seen(done, "kept")) == ({"context_window": 9000}, ["large#context_window"])


def test_a_new_model_is_written_without_what_only_the_record_says():
    first = plan(
        EMPTY, {}, says("acme", model("small", context_window=5)), says("models.dev", model("large", name="L"))
    )
    first = with_words(first, "acme", **{"pricing.input": USD("0.1"), "pricing.output": USD("0.1")})
    listed = says("models.dev", model("large", name="L", context_window=1000, pricing=RATES))
    done = again(first, listed)
    assert seen(done, "new", "held") == ["large#", "large#pricing.input", "large#pricing.output"]
    entry = {key: value for key, value in large(done).items() if key in ("name", "context_window", "pricing")}
    assert entry == {"name": "L", "context_window": 1000}
    later = again(done, says("acme", model("small", context_window=5), model("large", pricing=DEARER)), listed)
    assert large(later)["pricing"] == DEARER
    taken = again(first, listed, accept=["acme/large"])
    assert large(taken)["pricing"] == {"input": USD("0.1"), "output": USD("0.1")}


def test_a_new_model_of_which_only_the_record_knows_enough_is_not_written():
    first = plan(EMPTY, {}, says("models.dev", model("large", name="L")))
    first = with_words(first, "acme", context_window=1000)
    done = again(first, says("models.dev", model("large", name="L")))
    assert (done.value, seen(done, "new")) == (EMPTY, [])


def test_prices_of_another_list_go_only_with_the_coming_of_that_list():
    first = synced(pricing={**RATES, "cache_read": USD("0.5")})
    poisoned = with_words(first, "acme", **{"pricing.input": USD(9), "pricing.output": USD(9)})
    silent = again(poisoned)
    assert (large(silent), len(silent.items_with("held"))) == (large(first), 3)
    lower = again(poisoned, says("models.dev", model("large", pricing={**RATES, "cache_read": USD("0.5")})))
    assert (large(lower), len(lower.items_with("held"))) == (large(first), 3)
    answered = again(poisoned, says("acme", model("large", pricing={"input": USD(9), "output": USD(9)})))
    assert large(answered)["pricing"] == {"input": 9, "output": 9}


def test_a_set_is_merged_by_the_word_of_a_source_that_answered():
    first = with_words(synced(endpoints=["chat"]), "models.dev", endpoints=["chat", "batches"])
    done = again(first)
    assert (large(done), seen(done, "held")) == ({"endpoints": ["chat"]}, ["large#endpoints"])
    assert large(again(first, says("models.dev", model("large", endpoints=["chat", "batches"])))) == {
        "endpoints": ["chat", "batches"]
    }


def test_a_retirement_is_undone_by_the_source_that_made_it_and_by_no_edit_of_the_record():
    small = [model(f"small-{number}", context_window=1000) for number in range(5)]
    first = plan(EMPTY, {}, says("acme", *small, model("large", context_window=1000)))
    done = again(first, says("acme", *small), retire_missing=True)
    line = replace(done.record["large"], gone=frozenset(), text=None)
    poisoned = replace(done, record={**done.record, "large": line})
    for answer in ([], [says("models.dev", model("large", context_window=1000))]):
        assert large(again(poisoned, *answer))["status"] == "retired"


def test_what_names_tell_is_written_where_a_source_that_lists_the_model_answered():
    means = replace(MEANS, identify=lambda name, _written: f"openai/{name}")
    first = synced(context_window=1000)
    silent = plan(first.value, first.record, means=means)
    assert (silent.value, seen(silent, "held")) == (first.value, ["large#base_model"])
    done = plan(first.value, first.record, says("models.dev", model("large", context_window=1000)), means=means)
    assert large(done) == {"context_window": 1000, "base_model": "openai/large"}


def test_an_answer_just_given_is_never_too_old_and_a_recorded_one_is():
    first = plan(file_of(large={}), {}, says("acme", model("large", context_window=1000), checked=CHECKED))
    changed, earlier = model("large", context_window=2000), "2026-11-21T06:00:00Z"
    assert large(again(first, says("acme", changed, checked=earlier))) == {"context_window": 2000}
    old = again(first, says("acme", changed, checked=earlier, recorded=True))
    assert (large(old), seen(old, "held")) == ({"context_window": 1000}, ["acme#models"])


@pytest.mark.parametrize("moment", ["2099-01-01T00:00:00Z", "2026-11-23T06:00:01Z", "soon"])
def test_a_time_that_cannot_be_is_ignored_and_written_anew(moment):
    first = synced(context_window=1000)
    line = replace(first.record["large"], checked={"models.dev": moment}, text=None)
    poisoned = replace(first, record={"large": line})
    done = again(poisoned, says("models.dev", model("large", context_window=1000), recorded=True))
    assert done.items == ()
    assert done.record["large"].checked == {"models.dev": CHECKED}
    changed = says("models.dev", model("large", context_window=2000), recorded=True)
    assert large(again(poisoned, changed)) == {"context_window": 2000}
    assert again(poisoned).record["large"].checked == {"models.dev": moment}


def test_a_time_a_little_ahead_is_a_clock_that_differs():
    first = synced(context_window=1000)
    line = replace(first.record["large"], checked={"models.dev": "2026-11-23T06:00:00Z"}, text=None)
    done = again(replace(first, record={"large": line}), says("models.dev", model("large", context_window=1000)))
    assert done.record["large"].checked == {"models.dev": "2026-11-23T06:00:00Z"}


def test_nothing_is_written_where_no_source_answers_whatever_the_record_says(run, monkeypatch):
    run.sync(listed())
    before = run.everything()
    record = parse_record(run.record.read_text(), "acme.jsonl")
    said = {"models.dev": {**record["large"].said["models.dev"], "context_window": 700000}}
    run.record.write_text(format_record({**record, "large": replace(record["large"], said=said, text=None)}))
    monkeypatch.setenv("LLMREG_MODELS_DEV_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LLMREG_LITELLM_URL", "http://127.0.0.1:9")
    told = run("sync", "acme", "--no-pr")
    assert run.code == 4
    assert run.file.read_bytes() == before[run.file]
    assert "context_window" in told
    assert "models.dev did not answer; the record says that it stated this on 2026-11-22" in told
    run("sync", "acme", "--no-pr", "--accept", "acme/large#context_window")
    assert "context_window: 700000  # by hand" in run.file.read_text()


@st.composite
def poisoned_worlds(draw):
    """A file, a record that is not of it, and what some sources say today."""
    value = draw(edited(plan(draw(files()), {}, *draw(answers())).value))
    other = plan(draw(files()), {}, *draw(answers()))
    return value, parse_record(format_record(other.record), "acme.jsonl"), draw(answers())


@random_worlds
@given(poisoned_worlds())
def test_whatever_the_record_says_a_file_changes_only_by_what_sources_state_today(world):
    value, record, heard = world
    silent = plan(value, record)
    assert silent.value == value
    assert [(line.said, line.base) for line in silent.record.values()] == [
        (line.said, line.base) for line in record.values()
    ]
    done = plan(value, record, *heard)
    for name, body in done.value["models"].items():
        words = [(each.source, fields_of(found.facts, found.denies)) for each in heard for found in each.models
                 if found.id == name]  # fmt: skip
        stated = settle_statements(name, words, DAY).fields
        before, after = EntryView(value["models"].get(name, {}), MEANS.canonical), EntryView(body, MEANS.canonical)
        for field in fields_of({key: item for key, item in body.items() if key != "discovered_at"}):
            was, now = before.value_of(field), after.value_of(field)
            if now is ABSENT or equal_data(was, now):
                continue
            if field in SETS:  # an alias that is another model's name is passed over
                of_anybody = {each for _, fields in words for each in fields.get(field, ())}
                assert {*now} - {*(was if isinstance(was, list) else ())} <= of_anybody, field
            else:
                assert equal_data(now, stated.get(field, ABSENT)), (field, was, now)
        lost = [field for field in fields_of(value["models"].get(name, {})) if after.value_of(field) is ABSENT]
        for field in lost:
            is_denied = field.startswith(CAPABILITY) and stated.get(field) is False
            assert is_denied or (field.startswith("pricing.") and field not in stated), field
