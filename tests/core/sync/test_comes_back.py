"""What sync did itself it may undo: a retirement of a model that is listed again, an inference that a source corrects.
And an older answer changes nothing of what is known since."""

from dataclasses import replace

from registry_cli.core.proposals.restamp import keep_checks
from registry_cli.core.statements.record import format_record, parse_record
from tests.support.random_syncs import DAY, STAMP, again, file_of, model, plan, says, seen

EMPTY = {"provider": "acme", "models": {}}
SMALL = [model(f"small-{number}", context_window=1000) for number in range(5)]
LARGE = model("large", context_window=1000)


def without_large(value, **facts):
    """A catalog whose large model was synced, and then retired, being listed no more."""
    first = plan(value, {}, says("acme", *SMALL, model("large", **({"context_window": 1000} | facts))))
    done = again(first, says("acme", *SMALL), retire_missing=True)
    assert seen(done, "retired") == ["large#status"]
    assert done.value["models"]["large"]["status"] == "retired"
    still = again(done, says("acme", *SMALL))
    assert (still.items, still.value, format_record(still.record)) == ((), done.value, format_record(done.record))
    return first, done


def test_a_model_that_sync_retired_is_none_once_it_is_listed_again():
    first, done = without_large(EMPTY)
    back = again(done, says("acme", *SMALL, LARGE))
    assert seen(back, "applied") == ["large#status", "large#retirement_date"]
    assert {item.reason for item in back.items} == {"acme lists it again"}
    assert back.value == first.value
    assert format_record(back.record) == format_record(first.record)
    assert again(back, says("acme", *SMALL, LARGE)).items == ()


def test_it_comes_back_as_it_was_or_as_upstream_says_now():
    value = file_of(large={"status": "preview"}) | {}
    first, done = without_large(value)
    assert again(done, says("acme", *SMALL, LARGE)).value["models"]["large"] == first.value["models"]["large"]
    first, done = without_large(EMPTY, status="preview")
    now = says("acme", *SMALL, model("large", context_window=1000, status="deprecated"))
    back = again(done, now)
    assert back.value["models"]["large"] == first.value["models"]["large"] | {"status": "deprecated"}
    assert again(back, now).items == ()


def test_a_retirement_that_a_person_edited_is_the_persons():
    _, done = without_large(EMPTY)
    done.value["models"]["large"]["retirement_date"] = "2026-01-01"
    back = again(done, says("acme", *SMALL, LARGE))
    assert (back.items, back.value) == ((), done.value)


def test_a_source_that_fails_brings_nothing_back():
    _, done = without_large(EMPTY)
    assert again(done, says("models.dev", LARGE)).value == done.value


def test_a_retirement_on_a_branch_keeps_its_day():
    _, done = without_large(EMPTY)
    earlier = parse_record(format_record(done.record).replace(f'"on":"{DAY}"', '"on":"2026-11-20"'), "acme.jsonl")
    assert earlier["large"].retired["on"] == "2026-11-20"
    assert keep_checks(earlier, done.record, {DAY, STAMP, done.record["large"].checked["acme"]}) == earlier


def test_what_was_inferred_gives_way_to_what_a_source_states():
    first = plan(EMPTY, {}, says("acme", LARGE))
    assert first.value["models"]["large"]["mode"] == "chat"
    stated = says("models.dev", model("large", mode="responses", denies=["streaming"]))
    done = again(first, says("acme", LARGE), stated)
    assert seen(done, "applied") == ["large#capabilities.streaming", "large#mode"]
    assert seen(done, "listed") == []
    first.value["models"]["large"]["mode"] = "completion"
    assert seen(again(first, says("acme", LARGE), stated), "conflict") == ["large#mode"]


def test_an_answer_that_is_older_than_what_is_known_waits():
    first = plan(EMPTY, {}, says("acme", LARGE))
    old = says("acme", model("large", context_window=2000), checked="2025-01-01T00:00:00Z", recorded=True)
    late = again(first, old)
    assert seen(late, "held") == ["acme#models"]
    assert "is of 2025-01-01" in late.items[0].reason
    assert (late.value, format_record(late.record)) == (first.value, format_record(first.record))
    taken = again(first, old, accept=["acme#models"])
    assert taken.value["models"]["large"]["context_window"] == 2000


def test_when_a_fact_was_checked_never_goes_back():
    first = plan(EMPTY, {}, says("acme", LARGE))
    old = says("acme", model("large", context_window=2000), checked="2025-01-01T00:00:00Z", recorded=True)
    for done in (again(first, old, confirm=True), again(first, old, confirm=True, accept=["acme#models"])):
        assert done.record["large"].checked == first.record["large"].checked


def test_what_waited_in_an_entry_that_a_person_deleted_waits_no_more_in_a_new_one():
    priced = says("acme", model("large", context_window=1000, pricing={"input": 1, "output": 2}))
    value = file_of(large={"name": "Mine", "pricing": {"input": 3}})
    first = plan(value, {}, says("acme", model("large", pricing={"output": 2})))
    assert seen(first, "listed") == ["large#pricing.output"]
    first.value["models"].clear()
    new = again(first, priced)
    assert seen(new, "new") == ["large#"]
    assert format_record(again(new).record) == format_record(new.record)


def test_a_model_that_no_aggregator_lists_any_more_is_unlisted_and_comes_back():
    old = model("old", context_window=9, status="preview")
    few, both = says("models.dev", *SMALL), says("models.dev", *SMALL, old)
    first = plan(EMPTY, {}, both, says("litellm", *SMALL, old))
    one_list_has_it = again(first, few, says("litellm", *SMALL, old), retire_missing=True)
    assert (seen(one_list_has_it, "missing", "applied"), one_list_has_it.value) == ([], first.value)
    none_has_it = few, says("litellm", *SMALL)
    assert seen(again(first, *none_has_it), "missing") == ["old#"]
    gone = again(first, *none_has_it, retire_missing=True)
    assert (seen(gone, "applied"), gone.value["models"]["old"]["status"]) == (["old#status"], "unlisted")
    still = again(gone, *none_has_it, retire_missing=True)
    assert (still.items, still.value, format_record(still.record)) == ((), gone.value, format_record(gone.record))
    back = again(still, both, says("litellm", *SMALL))
    assert (seen(back, "applied"), back.value) == (["old#status"], first.value)


def test_an_entry_that_the_list_names_as_another_name_of_a_model_is_not_gone():
    latest = model("large-latest", context_window=9)
    first = plan(EMPTY, {}, says("acme", *SMALL, latest))
    dated = model("large-2509", context_window=9, aliases=["large-latest"])
    body = {**first.value["models"], "large-2509": {"context_window": 9}}
    done = again(
        replace(first, value={**first.value, "models": body}), says("acme", *SMALL, dated), retire_missing=True
    )
    assert (seen(done, "missing", "retired"), "status" in done.value["models"]["large-latest"]) == ([], False)
