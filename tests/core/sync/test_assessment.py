"""What `explain` says that the next sync does is what `diff` plans and what `sync` writes."""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import SETS
from registry_cli.core.matching.listening import DERIVED, source_order
from registry_cli.core.merging.agreeing import implied_modalities
from registry_cli.core.statements.facts import EntryView, fields_of
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.core.sync.assessment import assess_recorded
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.yamledit.apply import equal_data
from tests.support.random_syncs import DAY, MEANS, SourceLists, histories, plan

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
random_histories = settings(
    phases=[phase for phase in Phase if phase is not Phase.shrink],  # a history shrinks too slowly
    max_examples=int(os.environ.get("LLMREG_TEST_EXAMPLES", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MEANS_WITH_KINDS = replace(MEANS, modality_of=implied_modalities(read_vocabulary()))


def assessed(value, record):
    """The items of each field of each model, by the assessment without answers."""
    order = [*source_order("acme", value), DERIVED]
    plans = assess_recorded("acme", value, record, order, day=DAY, means=MEANS_WITH_KINDS)
    return {item.model + "#" + item.field: item
            for each in plans.values() for item in (*each.verdict.changes, *each.verdict.items)}  # fmt: skip


def planned(value, done):
    """The items of each field of each model of the file, by the plan of a sync."""
    names = {f"acme/{name}" for name in value["models"]}
    return {item.model + "#" + item.field: item for item in done.items if item.field and item.model in names}


@random_histories
@given(histories(MEANS_WITH_KINDS))
def test_the_assessment_without_answers_is_the_plan_of_a_sync_in_which_sources_say_what_they_said(history):
    value, record = history.value, history.record
    told = assessed(value, record)
    done = plan(value, record, *history.lists.answers(), means=MEANS_WITH_KINDS)
    assert told == planned(value, done)

    for name, body in value["models"].items():
        after = done.value["models"][name]
        for field in {*fields_of(body), *fields_of(after)}:
            item = told.get(f"acme/{name}#{field}")
            expected = EntryView(body, MEANS.canonical).value_of(field)
            if item and item.status == "applied":
                expected = ABSENT if item.new is False else item.new  # a set lacks what is denied
            assert equal_data(EntryView(after, MEANS.canonical).value_of(field), expected), field

    later = assessed(done.value, parse_record(format_record(done.record), "acme.jsonl"))
    assert not [item for item in later.values() if item.status == "applied"]
    waiting = {target: item for target, item in told.items() if item.status != "applied"}
    # What a person added to a list that is merged by element is an edit of theirs once the base has moved.
    merged = {target for target, item in later.items() if item.field in SETS and item.status == "kept"} - waiting.keys()
    assert {target: item for target, item in later.items() if target not in merged} == waiting


def test_a_source_that_lists_a_model_no_more_does_not_change_it():
    empty = {"provider": "acme", "sync": {"sources": ["acme", "litellm"]}, "models": {}}
    lists = SourceLists()
    for source, name in (("acme", "One"), ("litellm", "Two")):
        lists.update(source, {each: {"name": name, "context_window": 1000} for each in "ab"})
    done = plan(empty, {}, *lists.answers())
    lists.update("litellm", {"b": {"name": "Two"}})
    done = plan(
        done.value, parse_record(format_record(done.record), "acme.jsonl"), *lists.answers(), accept=["acme#models"]
    )
    value = {**done.value, "sync": {"sources": ["litellm", "acme"]}}
    record = parse_record(format_record(done.record), "acme.jsonl")
    told = assessed(value, record)
    assert {target: item.status for target, item in told.items()} == {"acme/a#name": "held", "acme/b#name": "applied"}
    assert told == planned(value, plan(value, record, *lists.answers(), means=MEANS_WITH_KINDS))
