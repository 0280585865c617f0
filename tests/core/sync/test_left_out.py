"""Rows of a list that are not taken: they are listed all the same, and a person hears of them."""

import json

import pytest

from registry_cli.core.matching.listening import answers_for
from registry_cli.core.statements.answers import Answer
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.sources.base import Page
from registry_cli.sources.rows import Rows
from tests.support.random_syncs import CHECKED, again, model, plan, seen
from tests.support.sync_workspace import listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

EMPTY = {"provider": "acme", "models": {}}


def heard(*models, left_out=()):
    notes = tuple(Note("acme", name, "id", name, "listed more than once") for name in left_out)
    observed = Observations("acme", (ObservedProvider("acme", "acme", {}, models),), notes)
    return answers_for("acme", {}, [Answer("acme", "acme", observed, None, CHECKED, "")])


def test_h8_a_row_that_is_not_taken_is_no_missing_model():
    large, small = model("large", context_window=1000), model("small", context_window=1000)
    first = plan(EMPTY, {}, *heard(large, small))
    done = again(first, *heard(small, left_out=["large"]), retire_missing=True)
    assert (done.items, done.value, done.record) == ((), first.value, first.record)
    assert seen(again(first, *heard(small)), "missing", "held")


def test_h8_a_list_of_which_no_row_can_be_taken_is_not_empty():
    first = plan(EMPTY, {}, *heard(model("large", context_window=1000)))
    assert again(first, *heard(left_out=["large"])).items == ()


ROW = '{"id": "acme/large", "object": "model", "owned_by": "acme", "price": %s}'


@pytest.mark.parametrize(
    "rows",
    [
        f"{ROW % 1}, {ROW % 2}",
        '{"id": "acme/large", "object": "model", "owned_by": "acme", "price": 1, "price": 2}',
    ],
)
def test_h8_a_list_names_the_models_of_the_rows_that_it_leaves_out(rows):
    reading = Rows("acme", "acme")
    listed = reading.read_rows([Page(f'{{"data": [{rows}, {{"id": "small"}}]}}'.encode())], "data")
    models = reading.read_models(
        listed,
        lambda row: row["id"].removeprefix("acme/"),
        lambda _rows, row: ObservedModel(row["id"].removeprefix("acme/"), row["id"], {"n": row.get("price")}),
    )
    assert [each.id for each in models] == ["small"]
    assert [note.model for note in reading.notes] == ["large"]


def test_what_was_left_out_is_counted_on_the_screen_and_told_in_full_in_a_report(run):
    evil = {"id": "../../evil\x1b[31m@team|", "object": "model"}
    twice = [{"id": "large", "object": "model", "name": name, "context_length": 1000} for name in ("One", "Two")]
    run.file.write_text("provider: acme\napi: {base_url: 'https://api.acme.example/v1'}\nmodels:\n  large: {name: L}\n")
    answer = {"object": "list", "data": [evil, *twice]}
    told = run.sync(answer, "--format", "json", source="acme")
    assert run.code == 0, run.err
    assert "left out of what sources state: acme 2 (" in run.err
    rows = json.loads(told)["left_out"]
    assert [row["model"] for row in rows] == ["acme", "acme/large"]
    assert "\x1b" not in told
    report = run.folder / "report.md"
    run.sync(answer, "--report", str(report), source="acme")
    text = report.read_text()
    assert "listed more than once, with different facts" in text
    assert "\x1b" not in text
    assert "31m@team|" not in text.replace("\\|", "")


def test_notes_about_other_providers_are_not_told(run):
    answer = listed(context=0) | {"other": {"name": "Other", "models": {"x": {"name": "x", "limit": {"context": 0}}}}}
    run.sync(answer)
    assert "left out of what sources state: models.dev 1 (" in run.err


def test_keys_that_nobody_reads_are_told_in_a_report_and_not_on_the_screen(run):
    run.file.write_text("provider: acme\napi: {base_url: 'https://api.acme.example/v1'}\nmodels:\n  large: {name: L}\n")
    answer = {"data": [{"id": "large", "context_length": 1000, "mood": 1, "@team": 2}]}
    report = run.folder / "report.md"
    out = run.sync(answer, "--report", str(report), "--format", "json", "--dry-run", source="acme")
    assert json.loads(out)["unread_keys"] == {"acme": ["@team", "mood"]}
    assert "## Keys that llmreg does not read\n\n- acme: `@team`, mood\n" in report.read_text()
    assert "mood" not in run.err
