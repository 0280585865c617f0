"""Witnesses: sources that are asked for comparison, recorded, and decide nothing."""

import json
from dataclasses import replace

import pytest

from registry_cli.core.matching.items import Wishes
from registry_cli.core.matching.listening import answers_for
from registry_cli.core.statements.answers import Answer
from registry_cli.core.statements.observations import Observations, ObservedProvider
from registry_cli.core.sync.plan import plan_provider
from tests.support.random_syncs import CHECKED, MEANS, again, file_of, model, plan, says, seen
from tests.support.sync_workspace import FILE, listed, run  # noqa: F401  # the fixture

LARGE = {"name": "Large", "context_window": 1000, "pricing": {"input": 1, "output": 2}}


def bears(*models):
    return replace(says("genai-prices", *models), witness=True)


def test_its_words_are_recorded_and_change_nothing():
    file = file_of(large=LARGE, small={"name": "Small"})
    told = bears(
        model("large", pricing={"input": 9, "output": 2}), model("small", context_window=7), model("other", name="O")
    )
    done = plan(file, {}, told)
    assert done.value is file
    assert {name: set(line.said) for name, line in done.record.items()} == {
        "large": {"genai-prices"},
        "small": {"genai-prices"},
    }
    assert done.record["large"].said["genai-prices"] == {"pricing.input": 9, "pricing.output": 2}
    assert not any(line.base for line in done.record.values())
    assert [(item.status, item.model, item.reason) for item in done.items] == [
        ("unmatched", "acme/other", "only a witness lists it")
    ]
    assert done.answered
    assert again(done, told).record == done.record


def test_nothing_is_derived_from_its_word_alone():
    means = replace(MEANS, identify=lambda model_id, _: f"acme/{model_id}")
    wishes = Wishes("2026-11-22T06:00:00Z", "2026-11-22")
    file = file_of(large=LARGE)
    for told, derives in ((bears(model("large", family="f")), False), (says("acme", model("large")), True)):
        done = plan_provider("acme", file, {}, [told], wishes=wishes, means=means)
        assert ("base_model" in done.value["models"]["large"]) is derives


def test_it_fills_nothing_of_a_new_model_and_lends_it_no_name():
    own = says("acme", model("m-1", context_window=5))
    told = bears(model("m-1-20260101", aliases=["m-1"], family="f", pricing={"input": 1, "output": 1}))
    alone, done = plan(file_of(), {}, own), plan(file_of(), {}, own, told)
    assert done.value == alone.value
    assert done.record["m-1"].said.keys() == {"acme", "genai-prices"}
    assert seen(done, "unmatched") == []


def test_an_alias_of_a_model_is_the_model_but_the_model_itself_comes_first():
    file = file_of(large={**LARGE, "aliases": ["large-1"]})
    done = plan(file, {}, bears(model("large-1", family="alias"), model("large", family="itself")))
    assert done.record["large"].said["genai-prices"] == {"family": "itself"}
    done = plan(file, {}, bears(model("large-1", family="alias")))
    assert done.record["large"].said["genai-prices"] == {"family": "alias"}


def test_what_it_lists_no_more_is_neither_missing_nor_held():
    file = file_of(**dict.fromkeys("abcde", LARGE))
    done = plan(file, {}, bears(*(model(name, family="f") for name in "abcde")))
    later = again(done, bears())
    assert seen(later, "missing", "held") == []
    assert later.value == done.value
    assert later.record["a"].gone == {"genai-prices"}
    assert seen(again(done, replace(bears(model("a", family="g")), verified=False)), "held") == []


def test_a_file_makes_it_a_source_like_any_other():
    seen_there = Observations("genai-prices", (ObservedProvider("acme", "acme", {}, (model("large"),)),))
    answer = Answer("genai-prices", None, seen_there, None, CHECKED, "")
    listing = {"provider": "acme", "sync": {"sources": ["genai-prices"]}}
    assert answers_for("acme", {"provider": "acme"}, [answer]) == []
    assert [each.witness for each in answers_for("acme", {"provider": "acme"}, [answer], ["genai-prices"])] == [True]
    assert [each.witness for each in answers_for("acme", listing, [answer], ["genai-prices"])] == [False]


GENAI = [{"id": "acme", "name": "Acme", "models": [{"id": "large", "prices": {"input_mtok": 4, "output_mtok": 15}}]}]


def test_the_command_records_it_beside_the_sources(run):  # noqa: F811
    run.sync(GENAI, source="genai-prices")
    assert (run.code, run.file.read_text()) == (0, FILE)
    assert json.loads(run.record.read_text())["facts"] == {"genai-prices": {"pricing.input": 4, "pricing.output": 15}}
    before = run.record.read_text()
    run.sync(GENAI, source="genai-prices")
    assert run.record.read_text() == before
    run.sync(listed())
    assert "genai-prices" in run.record.read_text()
    assert "comparison only" in run("explain", "acme/large#pricing.input")


def test_it_is_not_asked_unless_somebody_names_it(run, monkeypatch):  # noqa: F811
    asked = []
    monkeypatch.setattr(
        "registry_cli.commands.sync.fetch.fetch_answers",
        lambda wanted, how=None, meanwhile=(): asked.append([name for name, *_ in wanted]) or [],
    )
    run("sync", "acme")
    run("sync", "acme", "--sources", "llm-prices")
    run("sync", "acme", "--sources", "models.dev,openrouter")
    assert asked == [["models.dev", "litellm"], ["llm-prices"], ["models.dev"]]


@pytest.mark.parametrize("listed_in_file", [True, False])
def test_it_writes_only_where_the_file_lists_it(run, listed_in_file):  # noqa: F811
    if listed_in_file:
        run.file.write_text(FILE.replace("models:\n", "sync: {sources: [genai-prices]}\nmodels:\n", 1))
    run.sync([{**GENAI[0], "models": [{**GENAI[0]["models"][0], "id": "new"}]}], source="genai-prices")
    assert ("  new:" in run.file.read_text()) is listed_in_file
