"""What `explain` prints about the file is what the next `diff` and `sync` do."""

import json

import pytest
from hypothesis import given, settings

from registry_cli.commands.sync.explain import explain_model
from registry_cli.core.statements.record import format_record
from registry_cli.core.text.exact_json import dumps
from tests.core.sync.test_assessment import MEANS_WITH_KINDS, random_histories
from tests.support.random_syncs import DAY, histories, plan
from tests.support.sync_workspace import listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

TAKES = "the next sync takes upstream's value if its source still states it"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explained")
    (folder / "models").mkdir()
    (folder / "upstream").mkdir()
    return folder


@settings(random_histories, max_examples=random_histories.max_examples // 3)
@given(histories(MEANS_WITH_KINDS))
def test_explain_says_of_each_field_what_the_next_sync_does(folder, history):
    value, record = history.value, history.record
    (folder / "models" / "acme.yml").write_text(dumps(value))
    (folder / "upstream" / "acme.jsonl").write_text(format_record(record))
    done = plan(value, record, *history.lists.answers(), means=MEANS_WITH_KINDS)
    items = {f"{item.model}#{item.field}": item for item in done.items if item.field}
    for name in value["models"]:
        if name not in record and not value["models"][name]:
            continue  # nothing to explain
        table = explain_model(f"acme/{name}", catalog=folder / "models", on=DAY, cwd=folder, environ={})
        for field, who, *_, why in table.rows:
            item = items.get(f"acme/{name}#{field}")
            if who == "file" and item:
                assert why == (f"{item.status}: {item.reason}" if item.reason else TAKES), field
            elif who == "file":
                assert not why.startswith(("the next sync", "applied", "held", "conflict", "listed", "kept")), field


def why_of_file(run, target):
    return run("explain", target).splitlines()[0].split("\t")[-1]


def statuses(**status_of):
    return {"acme": {"name": "Acme", "env": ["A"], "models": {
        name: {"name": name, "status": status, "limit": {"context": 9000, "output": 100}}
        for name, status in status_of.items()
    }}}  # fmt: skip


def test_a_capability_that_a_higher_source_contradicts_is_not_taken(run):
    run.file.write_text("provider: acme\nsync: {sources: [litellm, models.dev]}\nmodels: {}\n")
    modalities = {"input": ["text", "image"], "output": ["text"]}
    seeing = {"acme": {"name": "Acme", "env": ["A"], "models": {"large": {"name": "large", "modalities": modalities}}}}
    lite = run.folder / "litellm.json"
    route = {"litellm_provider": "acme", "mode": "chat", "max_input_tokens": 9000, "supported_modalities": ["text"]}
    lite.write_text(json.dumps({"acme/large": route}))
    run.sync(seeing, "--from", f"litellm={lite}")
    assert run.sync(seeing, "--from", f"litellm={lite}", command=("diff", "acme")) == ""
    assert why_of_file(run, "acme/large#capabilities.vision") == "no source states it"


def test_what_sync_wrote_about_a_model_that_is_gone_is_not_blamed_on_a_person(run):
    run.file.write_text("provider: acme\nsync: {sources: [models.dev]}\nmodels: {}\n")
    every = {f"m{number}": "beta" for number in range(8)}
    run.sync(statuses(**every))
    del every["m3"]
    run.sync(statuses(**every), "--retire-missing")
    assert "status: unlisted" in run.file.read_text()
    assert why_of_file(run, "acme/m3#status") == "written by sync: no source lists the model any more"
    lines = [json.loads(line) for line in run.record.read_text().splitlines()]
    for line in lines:
        if line["id"] == "m3":
            del line["facts"]["@base"]["status"]
            line["retired"] = {"by": "models.dev", "on": "2026-11-22", "was": {"status": "preview"}}
    run.record.write_text("".join(json.dumps(line) + "\n" for line in lines))
    text = run.file.read_text()
    run.file.write_text(text.replace("status: unlisted", "status: retired\n    retirement_date: '2026-11-22'"))
    assert why_of_file(run, "acme/m3#status") == "written by sync: models.dev lists the model no more"
    assert why_of_file(run, "acme/m3#retirement_date") == "written by sync: models.dev lists the model no more"
    assert run.sync(statuses(**every), command=("diff", "acme")) == ""


def test_a_model_in_a_second_file_of_the_provider_is_not_changed_by_sync(run):
    run.sync(listed())
    other = run.folder / "models" / "acme_capabilities.yml"
    other.write_text("provider: acme\nmodels:\n  medium: {name: Mine}\n")
    lists = listed(medium={"name": "Medium", "limit": {"context": 5000}})
    run.sync(lists)
    before = other.read_text()
    why = why_of_file(run, "acme/medium#name")
    run.sync(lists, "--accept", "all")
    assert other.read_text() == before
    assert why == "sync changes only acme.yml"
