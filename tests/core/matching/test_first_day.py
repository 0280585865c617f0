"""A model that its provider lists is in the catalog at the next sync, whatever else is known of it."""

import json
from decimal import Decimal

import pytest

from registry_cli.core.matching.items import BARE
from tests.support.random_syncs import again, file_of, model, plan, says, seen
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

PRICES = {"input": Decimal(3), "output": Decimal(15)}


def new_reasons(done):
    return {item.model: item.reason for item in done.items if item.status == "new"}


def test_a_name_in_the_providers_own_list_is_a_new_model_and_marked():
    done = plan(file_of(), {}, says("acme", model("bare"), model("full", context_window=5)))
    assert new_reasons(done) == {"acme/bare": BARE, "acme/full": ""}
    assert done.value["models"]["bare"] == {
        "mode": "chat",
        "capabilities": ["streaming"],
        "discovered_at": done.value["models"]["bare"]["discovered_at"],
    }


@pytest.mark.parametrize("source", ["models.dev", "litellm"])
def test_a_name_in_an_aggregators_list_is_none(source):
    done = plan(file_of(), {}, says(source, model("bare", release_date="2026-11-01")))
    assert (done.value["models"], seen(done, "unmatched")) == ({}, ["bare#"])


def test_it_is_completed_as_soon_as_any_source_knows_more():
    first = plan(file_of(), {}, says("acme", model("large")))
    done = again(first, says("acme", model("large")), says("litellm", model("large", context_window=7, pricing=PRICES)))
    large = done.value["models"]["large"]
    assert (large["context_window"], large["pricing"]) == (7, PRICES)
    assert seen(done, "held", "conflict", "listed") == []
    assert again(done, says("acme", model("large"))).value == done.value


def test_a_guessed_mode_gives_way_with_the_streaming_that_followed_from_it():
    first = plan(file_of(), {}, says("acme", model("spark")))
    done = again(first, says("acme", model("spark")), says("litellm", model("spark", mode="video_generation")))
    spark = done.value["models"]["spark"]
    assert (spark["mode"], spark.get("capabilities", [])) == ("video_generation", [])
    assert {(item.field, item.reason) for item in done.items} == {
        ("mode", ""),
        ("capabilities.streaming", "followed from the mode chat"),
    }
    assert again(done, says("acme", model("spark"))).items == ()


def test_streaming_that_a_source_states_stays():
    stated = model("spark", capabilities=["streaming"], context_window=7)
    first = plan(file_of(), {}, says("acme", stated))
    done = again(first, says("acme", stated), says("litellm", model("spark", mode="completion")))
    assert done.value["models"]["spark"]["capabilities"] == ["streaming"]


def openai(*ids):
    return {"object": "list", "data": [{"id": each, "object": "model", "owned_by": "system"} for each in ids]}


def test_a_new_catalog_has_what_openai_lists(run):
    run.sync(openai("gpt-9", "whisper-2", "ft:gpt-9:corp::x1"), source="openai", command=("sync", "openai", "--no-pr"))
    assert run.err.splitlines()[-2].startswith("2 new (2 without limits or prices), 1 unmatched")
    assert run("show", "openai/gpt-9#mode").strip() == "chat"
    assert run("show", "openai/whisper-2#mode").strip() == "audio_transcription"


def test_an_unknown_price_is_never_cheap_or_free(run):
    run.sync(openai("gpt-9"), source="openai", command=("sync", "openai", "--no-pr"))
    assert "openai/gpt-9" in run("query", "gpt", "-f", "ids")
    for filters in (("--max-input", "5"), ("--max-output", "0"), ("--free",), ("--min-context", "1")):
        assert run("query", "gpt", *filters, "-f", "ids") == ""
        assert run.code in (0, 1)
    by_price = run("query", "--name", "*", "--sort", "price", "-f", "ids").split()
    assert by_price.index("acme/large") < by_price.index("openai/gpt-9")
    assert "at least $0, unknown: input" in run("cost", "openai/gpt-9", "--input", "1m")


def test_json_marks_it(run):
    run.sync(openai("gpt-9"), "--format", "json", "--dry-run", source="openai", command=("sync", "openai", "--no-pr"))
    out = run.sync(openai("gpt-9"), "--format", "json", source="openai", command=("sync", "openai", "--no-pr"))
    (change,) = [each for each in json.loads(out)["changes"] if each["status"] == "new"]
    assert change["reason"] == BARE
