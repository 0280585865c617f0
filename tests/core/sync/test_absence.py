"""A model that its provider's own complete list lacks: reported first, deprecated once a later list confirms it."""

from dataclasses import replace

import pytest

from registry_cli.core.statements.record import format_record
from registry_cli.sources.registry import find_source, find_source_for
from tests.support.random_syncs import again, file_of, model, plan, says, seen

KNOWN = [model(f"m-{number}", context_window=1000) for number in range(5)]
DEAD = model("dead", context_window=1000)
AUGUST, SEPTEMBER, OCTOBER = (f"2026-{month}-02T00:00:00Z" for month in ("08", "09", "10"))


def aggregator(*models, checked="2026-07-02T00:00:00Z", source="models.dev"):
    return says(source, *(models or (*KNOWN, DEAD)), checked=checked, recorded=True)


def own(*models, checked=AUGUST, **options):
    return says("acme", *(models or KNOWN), checked=checked, recorded=True, complete=True, **options)


def imported(**facts):
    """A catalog that has the model from an aggregator alone."""
    first = plan(file_of(), {}, aggregator(*KNOWN, model("dead", context_window=1000, **facts)))
    assert "dead" in first.value["models"]
    return first


def status(done, name="dead"):
    return done.value["models"][name].get("status")


def test_a_first_list_reports_it_and_a_list_of_a_later_day_confirms_it():
    first = again(imported(), own())
    (item,) = first.items_with("missing")
    assert item.model == "acme/dead"
    assert item.reason == "not in acme's own list of 2026-08-02, and no source of that day or later names it"
    assert (status(first), '"absent":{"by":"acme","since":"2026-08-02"}' in format_record(first.record)) == (None, True)
    second = again(first, own(checked=SEPTEMBER))
    assert (status(second), seen(second, "applied")) == ("deprecated", ["dead#status"])
    for later in (again(second, own(checked=OCTOBER)), again(second, aggregator(checked=OCTOBER)), again(second)):
        assert (later.items, later.value) == ((), second.value)


def test_the_same_recording_read_twice_is_one_confirmation():
    first = again(imported(), own())
    second = again(first, own())
    assert (status(second), seen(second, "missing")) == (None, ["dead#"])
    assert format_record(second.record) == format_record(first.record)
    undated = again(second, replace(own(checked=SEPTEMBER), dated=False))
    assert (status(undated), seen(undated, "missing")) == (None, ["dead#"])


def test_it_is_undone_when_the_model_is_listed_again():
    before = imported(status="preview")
    second = again(again(before, own()), own(checked=SEPTEMBER))
    assert status(second) == "deprecated"
    back = again(second, own(*KNOWN, DEAD, checked=OCTOBER))
    assert (status(back), {item.reason for item in back.items}) == ("preview", {"acme lists it again"})
    assert "absent" not in format_record(back.record)
    assert "retired" not in format_record(back.record)
    assert again(back, own(*KNOWN, DEAD, checked=OCTOBER)).items == ()


def test_it_is_forgotten_when_the_model_is_listed_before_a_second_list_lacks_it():
    back = again(again(imported(), own()), own(*KNOWN, DEAD, checked=SEPTEMBER))
    assert (back.items, "absent" in format_record(back.record)) == ((), False)


@pytest.mark.parametrize("checked", [AUGUST, SEPTEMBER])
def test_a_source_of_the_same_day_or_later_that_names_it_speaks_against_it(checked):
    done = again(imported(), own(), aggregator(checked=checked))
    assert (done.items, "absent" in format_record(done.record)) == ((), False)


def test_a_source_that_names_it_no_more_does_not_speak_for_it():
    later = again(imported(), aggregator(*KNOWN, checked=SEPTEMBER))
    done = again(later, own(checked=OCTOBER))
    assert seen(done, "missing") == ["dead#"]


def test_a_model_that_was_listed_and_is_no_more_is_deprecated_likewise():
    first = plan(file_of(), {}, own(*KNOWN, DEAD, checked="2026-07-02T00:00:00Z"))
    gone = again(first, own())
    assert [(item.model, item.reason) for item in gone.items_with("missing")] == [
        ("acme/dead", "acme lists it no more")
    ]
    assert status(gone) is None
    done = again(gone, own(checked=SEPTEMBER))
    assert (status(done), seen(done, "applied"), seen(done, "missing")) == ("deprecated", ["dead#status"], [])
    retired = again(done, own(checked=OCTOBER), retire_missing=True)
    assert status(retired) == "retired"
    back = again(retired, own(*KNOWN, DEAD, checked="2026-11-02T00:00:00Z"))
    assert back.value["models"]["dead"] == first.value["models"]["dead"]


@pytest.mark.parametrize(
    "answer",
    [
        says("acme", *KNOWN, checked=AUGUST, recorded=True),  # of an account, a region or a machine
        own(*KNOWN[:2]),  # under half of the file's models
    ],
)
def test_a_list_that_is_not_complete_or_not_comparable_tells_nothing(answer):
    done = again(imported(), replace(answer, checked_at=AUGUST))
    assert (seen(done, "missing"), "absent" in format_record(done.record)) == ([], False)


def test_a_list_that_is_doubted_tells_nothing():
    first = again(imported(), own())
    held = again(first, own(*KNOWN[:3], checked=SEPTEMBER))
    assert (seen(held, "held"), status(held)) == (["acme#models"], None)


def test_a_model_of_a_persons_own_is_not_looked_for():
    written = imported()
    written.value["models"]["mine"] = {"context_window": 5}
    done = again(written, own())
    assert seen(done, "missing") == ["dead#"]


@pytest.mark.parametrize("edited", ["active", "preview", "deprecated"])
def test_a_status_that_a_person_wrote_stays(edited):
    first = again(imported(), own())
    first.value["models"]["dead"]["status"] = edited
    assert status(again(first, own(checked=SEPTEMBER))) == edited


def test_a_person_who_edits_what_sync_wrote_has_the_last_word():
    second = again(again(imported(), own()), own(checked=SEPTEMBER))
    second.value["models"]["dead"]["status"] = "active"
    assert status(again(second, own(checked=OCTOBER))) == "active"


@pytest.mark.parametrize(
    ("name", "listed"),
    [("m", "m-20260101"), ("m-latest", "m-20260101"), ("m", "m-2026-01-01"), ("m-latest", "m")],
)
def test_a_name_that_points_to_a_listed_model_is_not_absent(name, listed):
    first = plan(file_of(), {}, aggregator(*KNOWN, model(name, context_window=1), model(listed, context_window=1)))
    done = again(first, own(*KNOWN, model(listed, context_window=1)))
    assert (seen(done, "missing"), "absent" in format_record(done.record)) == ([], False)


def test_an_alias_of_a_listed_model_is_not_absent():
    pair = [model("large", context_window=1), model("big", context_window=1)]
    first = plan(file_of(), {}, aggregator(*KNOWN, *pair))
    done = again(first, own(*KNOWN, model("large", context_window=1, aliases=["big"])))
    assert seen(done, "missing") == []


@pytest.mark.parametrize(
    ("stated", "after"),
    [
        ({"status": "retired"}, "retired"),
        ({"status": "deprecated"}, "deprecated"),
        ({"status": "active"}, "deprecated"),
    ],
)
def test_what_a_source_states_of_the_end_itself_takes_over(stated, after):
    second = again(again(imported(), own()), own(checked=SEPTEMBER))
    done = again(second, aggregator(*KNOWN, model("dead", context_window=1000, **stated), checked=OCTOBER))
    assert (status(done), done.items_with("conflict", "listed", "held")) == (after, [])


def test_a_lifecycle_source_that_calls_it_active_later_speaks_for_it():
    ends = {"sync": {"sources": ["acme", "acme-deprecations", "models.dev"]}}
    first = plan(file_of() | ends, {}, aggregator())
    page = says("acme-deprecations", model("dead", status="active"), checked=SEPTEMBER, recorded=True)
    assert seen(again(first, own(), page), "missing") == []
    ended = says("acme-deprecations", model("dead", retirement_not_before="2026-01-01"), checked=SEPTEMBER)
    assert seen(again(first, own(), ended), "missing") == ["dead#"]


@pytest.mark.parametrize(
    ("name", "complete"),
    [
        ("anthropic", True),
        ("openrouter", True),
        ("venice", True),
        ("models.dev", False),
        ("modeldeprecations", False),
        ("anthropic-deprecations", False),
        ("genai-prices", False),
        ("ollama", False),
        ("azure", False),
        ("bedrock", False),
        ("bedrock_mantle", False),
        ("vertex_ai", False),
        ("replicate", False),
    ],
)
def test_which_lists_are_complete(name, complete):
    assert find_source(name).is_complete is complete


def test_a_list_at_an_address_that_a_file_names_is_not_known_to_be_complete():
    assert not find_source_for("mine", "https://gateway.acme.example/v1").is_complete
