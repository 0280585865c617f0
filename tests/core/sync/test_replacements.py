"""A replacement that leads nowhere is left out until it is there, and nothing else waits for it."""

from dataclasses import replace

from registry_cli.core.matching.items import Decisions, Wishes
from registry_cli.core.sync.judging import find_unknown_replacements
from registry_cli.core.sync.plan import plan_provider
from tests.support.random_syncs import DAY, MEANS, STAMP, file_of, model, says

KNOWN = {"other/model"}
REFERRING = replace(
    MEANS,
    problems=lambda value: [*MEANS.problems(value), *find_unknown_replacements(value, lambda name: name in KNOWN)],
)


def plan(value, record, *answers):
    wishes = Wishes(STAMP, DAY, Decisions())
    return plan_provider("acme", value, record, answers, wishes=wishes, means=REFERRING)


def old(replacement):
    return model("old", status="deprecated", deprecation_date="2026-01-01", replacement=replacement)


def test_what_names_no_model_is_left_out_and_the_rest_is_applied():
    answer = says("acme", old("next"))
    done = plan(file_of(old={}), {}, answer)
    assert done.value["models"]["old"] == {"status": "deprecated", "deprecation_date": "2026-01-01"}
    left = [item for item in done.items if item.field == "replacement"]
    assert [(item.status, item.new, item.reason) for item in left] == [
        ("unmatched", "next", "'next' is no model of the catalog")
    ]
    again = plan(done.value, done.record, answer)
    assert again.value is done.value
    assert not [item for item in again.items if item.status in ("held", "applied")]


def test_it_is_written_as_soon_as_it_leads_somewhere():
    first = plan(file_of(old={}), {}, says("acme", old("next")))
    both = says("acme", old("next"), model("next", context_window=1000))
    assert plan(first.value, first.record, both).value["models"]["old"]["replacement"] == "next"
    aliased = says("acme", old("next"), model("new", context_window=1000, aliases=["next"]))
    assert plan(file_of(old={}), {}, aliased).value["models"]["old"]["replacement"] == "next"
    elsewhere = plan(file_of(old={}), {}, says("acme", old("other/model")))
    assert elsewhere.value["models"]["old"]["replacement"] == "other/model"


def test_a_new_model_is_written_without_it():
    new = model("old", context_window=1000, replacement="next")
    done = plan(file_of(), {}, says("acme", new))
    assert done.value["models"]["old"]["context_window"] == 1000
    assert "replacement" not in done.value["models"]["old"]


def test_another_fault_still_holds_the_whole_model():
    wrong = model("old", name="Old", context_window=10, replacement="next")
    file = file_of(old={"max_output_tokens": 50})
    done = plan(file, {}, says("acme", wrong))
    assert done.value is file
    assert {item.field for item in done.items if item.status == "held"} >= {"name", "context_window"}
