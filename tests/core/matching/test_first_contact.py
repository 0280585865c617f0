"""A source whose reading nobody has tried on a real answer says nothing until a person lets it."""

from dataclasses import replace

from registry_cli.core.matching.policy import is_unproven
from registry_cli.core.statements.record import Line
from tests.support.random_syncs import again, file_of, model, plan, says, seen

ANSWER = replace(
    says("acme", model("large", context_window=2000, family="f"), model("small", context_window=1000)), verified=False
)


def test_when_it_is_the_first_contact():
    assert is_unproven(ANSWER, {})
    assert is_unproven(ANSWER, {"large": Line("large", {"models.dev": {}})})
    assert not is_unproven(ANSWER, {"other": Line("other", {"acme": {}})})
    assert not is_unproven(replace(ANSWER, verified=True), {})
    assert not is_unproven(replace(ANSWER, models=()), {})


def test_nothing_is_applied_written_or_recorded_and_one_item_says_so():
    file = file_of(large={"name": "Large"})
    for _ in range(2):
        done = plan(file, {}, ANSWER)
        assert done.value is file
        assert (done.record, done.answered) == ({}, True)
        assert [(item.model, item.field, item.status, item.source) for item in done.items] == [
            ("acme", "models", "held", "acme")
        ]
        assert "2 models" in done.items[0].reason
        assert "--accept acme#models" in done.items[0].reason


def test_the_other_sources_are_heard_meanwhile():
    done = plan(file_of(large={"name": "Large"}), {}, ANSWER, says("models.dev", model("large", context_window=9)))
    assert done.value["models"]["large"] == {"name": "Large", "context_window": 9}
    assert done.record["large"].said.keys() == {"models.dev"}
    assert seen(again(done, ANSWER), "held", "applied") == ["acme#models"]


def test_a_person_lets_it_speak_and_from_then_on_it_is_a_source_like_any_other():
    file = file_of(large={"context_window": 1})
    done = plan(file, {}, ANSWER, accept=["acme#models"])
    assert done.value["models"]["large"] == {"context_window": 1, "family": "f"}
    assert (seen(done, "listed"), seen(done, "new"), seen(done, "held")) == (["large#context_window"], ["small#"], [])
    later = again(done, replace(ANSWER, models=(model("small", context_window=3000), model("large", family="f"))))
    assert seen(later, "applied", "held") == ["small#context_window"]


def test_with_the_whole_provider_its_differences_are_accepted_too():
    done = plan(file_of(large={"context_window": 1}), {}, ANSWER, accept=["acme"])
    assert done.value["models"]["large"] == {"context_window": 2000, "family": "f"}
    assert seen(plan(file_of(large={}), {}, ANSWER, keep=["acme"]), "held") == ["acme#models"]
