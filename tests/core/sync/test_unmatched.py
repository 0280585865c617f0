"""What a source lists and no file has is counted for each source, and can be read."""

import json

import pytest

from tests.support.random_syncs import model, plan, says
from tests.support.sync_workspace import FILE
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture


def recorded(run):
    """models.dev with a bare name, a price of nobody's, and a provider that has no file; LiteLLM with the bare name."""
    acme = {"large": {"limit": {"context": 200000}}, "bare": {"name": "Bare"}, "empty": {"name": "Empty"}}
    other = {"x": {"limit": {"context": 5000}}, "y": {"limit": {"context": 5000}}}
    files = {
        "models.dev": {
            "acme": {"name": "Acme", "env": [], "models": acme},
            "stranger": {"name": "S", "env": [], "models": other},
        },
        "litellm": {"acme/bare": {"litellm_provider": "acme", "mode": "chat"}},
    }
    texts = []
    for source, answer in files.items():
        path = run.folder / f"{source}.json"
        path.write_text(json.dumps(answer))
        texts += ["--from", f"{source}={path}"]
    return texts


def test_how_many_of_each_source_are_told(run):
    run("sync", "--all", *recorded(run))
    assert "in no file: litellm 1, models.dev 3 (--report FILE lists them)" in run.err


def test_the_report_has_a_part_for_each_source(run):
    path = run.folder / "report.md"
    run("sync", "--all", *recorded(run), "--report", str(path))
    text = path.read_text()
    assert "### litellm: 1\n" in text
    ours = text.partition("### models.dev: 3\n")[2]
    assert "- its sources state neither limits nor prices: 2\n" in ours
    assert "| acme/empty | its sources state neither limits nor prices |" in ours
    assert "| stranger | ``no file is about it: 2 models" in ours


def test_a_provider_that_another_name_stands_for_is_no_stranger(run):
    run.file.write_text(FILE.replace("provider: acme\n", "provider: acme\naliases: [stranger]\n"))
    run("sync", "--all", *recorded(run))
    assert "models.dev 2 " in run.err


def test_json_has_them_under_changes(run):
    out = json.loads(run("sync", "--all", *recorded(run), "--format", "json"))
    unmatched = {(each["model"], each["source"]) for each in out["changes"] if each["status"] == "unmatched"}
    assert unmatched == {
        ("acme/bare", "models.dev"),
        ("acme/bare", "litellm"),
        ("acme/empty", "models.dev"),
        ("stranger", "models.dev"),
    }


@pytest.mark.parametrize(
    ("source", "facts", "added"),
    [("litellm", {}, False), ("litellm", {"context_window": 1000}, True), ("acme", {}, True)],
)
def test_that_an_option_adds_a_private_model_is_said_only_where_it_does(source, facts, added):
    answer = says(source, model("ft:large:org::1", **facts))
    (told,) = plan({"provider": "acme", "models": {}}, {}, answer).items
    assert told.status == "unmatched"
    assert ("--include-private adds it" in told.reason) is added
    asked = plan({"provider": "acme", "models": {}}, {}, answer, include_private=True)
    assert bool(asked.value["models"]) is added
