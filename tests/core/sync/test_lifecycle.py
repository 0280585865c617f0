"""What sources that state when models end do to a file, and what they do not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.matching.listening import source_order
from tests.support.random_syncs import DAY, again, file_of, model, plan, says, seen

ORDER = {"sync": {"sources": ["acme", "acme-deprecations", "modeldeprecations", "models.dev", "litellm"]}}
ENDED = {"retirement_date": "2026-08-16", "deprecation_date": "2026-06-01", "replacement": "large-2"}
LARGE_2 = model("large-2", context_window=1000)


def file(**models):
    return file_of(**models) | ORDER


def bodies(done):
    """The entries without the stamps of sync."""
    return {
        name: {key: item for key, item in body.items() if key != "discovered_at"}
        for name, body in done.value["models"].items()
    }


@pytest.mark.parametrize(
    ("provider", "sources"),
    [
        ("openai", ["openai", "openai-deprecations", "modeldeprecations", "models.dev", "litellm"]),
        ("groq", ["groq", "groq-deprecations", "models.dev", "litellm"]),
        ("gemini", ["gemini", "modeldeprecations", "models.dev", "litellm"]),
        ("acme", ["acme", "models.dev", "litellm"]),
    ],
)
def test_a_provider_has_the_lifecycle_sources_that_know_it(provider, sources):
    assert (
        list(source_order(provider, {"provider": provider, "api": {"base_url": "https://api.acme.example"}})) == sources
    )


def test_a_file_that_names_its_sources_is_taken_at_its_word():
    assert list(source_order("openai", {"sync": {"sources": ["openai", {"litellm": "x"}]}})) == ["openai", "litellm"]


def test_a_model_that_only_a_lifecycle_source_names_is_an_entry_of_what_it_states():
    done = plan(file(), {}, says("acme", LARGE_2), says("acme-deprecations", model("large-1", **ENDED)))
    assert bodies(done)["large-1"] == ENDED
    assert again(done, says("acme", LARGE_2), says("acme-deprecations", model("large-1", **ENDED))).items == ()


def test_what_a_lifecycle_source_does_not_name_is_not_gone():
    many = [model(f"m-{number}", **ENDED) for number in range(10)]
    first = plan(file(), {}, says("acme", LARGE_2), says("acme-deprecations", *many))
    done = again(first, says("acme", LARGE_2), says("acme-deprecations", many[0]))
    assert (done.items, done.value) == ((), first.value)
    retired = again(first, says("acme-deprecations", many[0]), retire_missing=True)
    assert retired.items == ()


def test_an_alias_that_is_an_entry_gets_the_same_facts():
    stated = model("large-1-20250514", aliases=["large-1-0", "large-1-latest"], **ENDED)
    written = file(**{"large-1-0": {}, "large-1-20250514": {}, "large-2": {}})
    done = plan(written, {}, says("modeldeprecations", stated))
    one, other = bodies(done)["large-1-0"], bodies(done)["large-1-20250514"]
    assert {key: one.get(key) for key in ENDED} == {key: other.get(key) for key in ENDED} == ENDED
    assert (one.get("aliases"), other.get("aliases")) == (["large-1-latest"], None)
    assert again(done, says("modeldeprecations", stated)).items == ()


def test_a_row_of_its_own_decides_over_one_that_has_it_as_an_alias():
    rows = [model("large-1", aliases=["large-1-0"], **ENDED), model("large-1-0", status="active")]
    done = plan(file(**{"large-1-0": {}, "large-1": {}, "large-2": {}}), {}, says("modeldeprecations", *rows))
    assert bodies(done)["large-1-0"] == {"status": "active"}


def test_a_name_that_is_only_an_alias_of_an_entry_becomes_one_too():
    stated = model("large-1", aliases=["large-1-20250514"], **ENDED)
    done = plan(file(**{"large-1-20250514": {}, "large-2": {}}), {}, says("modeldeprecations", stated))
    assert bodies(done).keys() == {"large-1-20250514", "large-2"}
    assert bodies(done)["large-1-20250514"]["aliases"] == ["large-1"]


def test_the_end_of_a_snapshot_is_not_that_of_the_name_that_points_to_it():
    stated = model("large-2411", **ENDED)
    done = plan(file(**{"large-latest": {"aliases": ["large-2411"]}}), {}, says("modeldeprecations", stated))
    assert bodies(done) == {"large-latest": {"aliases": ["large-2411"]}}


def test_another_name_of_a_model_replaces_nothing():
    stated = model("large-1", aliases=["large-1-0"], **ENDED | {"replacement": "large-1-0"})
    done = plan(file(**{"large-1": {}}), {}, says("modeldeprecations", stated))
    assert "replacement" not in bodies(done)["large-1"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"status": "deprecated", "retirement_date": "2026-10-01"}, "retired"),
        ({"status": "active", "deprecation_date": "2026-10-01"}, "deprecated"),
        ({"status": "active", "retirement_date": "2027-01-14"}, "active"),
        ({"status": "retired", "retirement_date": "2027-01-14"}, "deprecated"),
        ({"status": "deprecated", "retirement_date": "2027-01-14"}, "deprecated"),
        ({"status": "active", "retirement_not_before": "2026-01-01"}, "active"),
    ],
)
def test_days_decide_over_words_of_a_status(words, status):
    done = plan(file(large={}), {}, says("modeldeprecations", model("large", **words)))
    assert bodies(done)["large"]["status"] == status


def test_a_day_that_a_lower_source_states_decides_over_an_older_word():
    older = says("modeldeprecations", model("large", status="active"))
    done = plan(file(large={}), {}, older, says("litellm", model("large", retirement_date="2026-10-01")))
    assert bodies(done)["large"] == {"status": "retired", "retirement_date": "2026-10-01"}


def test_a_promise_is_no_day_of_retirement():
    promise = says("acme-deprecations", model("large", retirement_not_before="2027-05-07"))
    misread = says("litellm", model("large", retirement_date="2027-05-07"))
    done = plan(file(large={}), {}, promise, misread)
    assert bodies(done)["large"] == {"retirement_not_before": "2027-05-07"}
    before = plan(file(large={}), {}, misread)
    assert bodies(before)["large"] == {"retirement_date": "2027-05-07"}
    after = again(before, promise, misread)
    assert bodies(after)["large"] == {"retirement_not_before": "2027-05-07"}
    assert seen(after, "applied") == ["large#retirement_not_before", "large#retirement_date"]
    assert again(after, promise, misread).items == ()


def test_a_later_day_than_the_promise_is_believed():
    promise = says("acme-deprecations", model("large", retirement_not_before="2026-09-29"))
    done = plan(file(large={}), {}, promise, says("litellm", model("large", retirement_date="2027-01-30")))
    assert bodies(done)["large"] == {"retirement_not_before": "2026-09-29", "retirement_date": "2027-01-30"}


def test_a_day_settles_the_promise_of_a_lower_source():
    day = says("acme-deprecations", model("large", retirement_date="2026-12-01"))
    done = plan(file(large={}), {}, day, says("modeldeprecations", model("large", retirement_not_before="2027-01-01")))
    assert bodies(done)["large"] == {"retirement_date": "2026-12-01"}


NAMES = ["m", "m-latest", "m-2411", "m-20260101", "n"]
DAYS = ["2026-01-01", "2026-11-22", "2027-01-01"]
stated = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["active", "deprecated", "retired"]),
        "deprecation_date": st.sampled_from(DAYS),
        "retirement_date": st.sampled_from(DAYS),
        "retirement_not_before": st.sampled_from(DAYS),
        "replacement": st.sampled_from(NAMES),
        "aliases": st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
    },
)
listed = st.dictionaries(st.sampled_from(NAMES), stated, max_size=4)


def rows_of(source, bodies, *more):
    return says(source, *(model(name, **body) for name, body in bodies.items()), *more)


@given(st.sets(st.sampled_from(NAMES), max_size=3), listed, listed, listed)
def test_a_second_run_with_the_same_answers_changes_nothing(entries, page, many, aggregator):
    heard = [
        says("acme", LARGE_2),
        rows_of("acme-deprecations", page),
        rows_of("modeldeprecations", many),
        rows_of(
            "models.dev", {name: {**body, "context_window": 5, "aliases": []} for name, body in aggregator.items()}
        ),
    ]
    first = plan(file(**{name: {} for name in entries}), {}, *heard)
    second = again(first, *heard)
    assert (second.value, seen(second, "applied", "new")) == (first.value, [])
    for body in first.value["models"].values():
        promise, day = body.get("retirement_not_before"), body.get("retirement_date")
        assert not (promise and day and day < promise)
        if day and day <= DAY and "status" in body:
            assert body["status"] == "retired"


def test_a_retirement_that_its_source_puts_off_leaves_no_model_retired():
    def litellm(day):
        return says("litellm", model("large", context_window=1000, retirement_date=day))

    first = plan(file(), {}, litellm("2026-10-14"))
    assert first.value["models"]["large"]["status"] == "retired"
    later = again(first, litellm("2027-04-14"))
    assert (later.value["models"]["large"].get("status"), later.value["models"]["large"]["retirement_date"]) == (
        None,
        "2027-04-14",
    )
    assert again(later, litellm("2027-04-14")).items == ()


def test_a_persons_later_day_of_retirement_keeps_a_model_from_being_retired():
    old = says("models.dev", model("large", context_window=1000, status="deprecated"))
    first = plan(file(), {}, says("acme", model("large", retirement_date="2026-12-01")), old)
    body = {**first.value["models"]["large"], "retirement_date": "2027-04-14"}
    edited = replace(first, value={**first.value, "models": {"large": body}})
    later = again(edited, says("acme", model("large", retirement_date="2026-10-14")), old)
    assert later.value["models"]["large"] == body


@pytest.mark.parametrize(("day", "status"), [("2026-08-16", "retired"), ("2026-08-17", None)])
def test_a_persons_day_of_retirement_only_counts_against_the_status_if_it_is_later(day, status):
    ended = says("acme", model("large", retirement_date="2026-08-16", status="retired"))
    done = plan(file(large={"retirement_date": day}), {}, ended)
    assert done.value["models"]["large"].get("status") == status
