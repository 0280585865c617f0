"""`llmreg audit`: where sources disagree, and verdicts that last until a source says something else."""

import json
from decimal import Decimal

import pytest

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.disagreements import find_disagreements
from registry_cli.core.statements.record import Line
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture


def found(*said, threshold=5, **marks):
    """`field: values` of sources `a`, `b`, ... that state these facts."""
    line = Line("m", dict(zip("abcd", said, strict=False)), **marks)
    each = find_disagreements("acme/m", line, lambda _: ABSENT, Decimal(threshold))
    return {item.field: [voice.value for voice in item.voices] for item in each}


def price(value, **more):
    return {"pricing.input": Decimal(str(value)), **more}


@pytest.mark.parametrize(
    ("one", "other", "disagree"),
    [
        ({"context_window": 100000}, {"context_window": 200000}, True),
        ({"context_window": 128000}, {"context_window": 131072}, False),  # closer than 5 per cent
        (price(2), price(2.0), False),
        (price(2), price(2.5), True),
        (price(0), price(2), True),
        (price(2), price(14, **{"pricing.currency": "CNY"}), False),
        (price(2), {"pricing.output": Decimal(9)}, False),
        ({"modalities.input": ["text", "image"]}, {"modalities.input": ["image", "text"]}, False),
        ({"modalities.input": ["text", "image"]}, {"modalities.input": ["text"]}, True),
        ({"capabilities.vision": True}, {"capabilities.vision": False}, True),
        ({"release_date": "2026-01"}, {"release_date": "2026-01-15"}, False),
        ({"release_date": "2026-01"}, {"release_date": "2026-02-15"}, True),
        ({"status": "active"}, {"status": "deprecated"}, True),
        ({"name": "Large"}, {"name": "Acme Large"}, False),
        ({"aliases": ["x"]}, {"aliases": ["y"]}, False),
        # An input limit that one takes for the window, and a window that one takes for the output limit.
        ({"context_window": 272000}, {"context_window": 400000, "max_input_tokens": 272000}, False),
        ({"context_window": 272000}, {"context_window": 400000, "max_output_tokens": 128000}, False),
        ({"context_window": 9000, "max_output_tokens": 9000}, {"max_output_tokens": 4000}, False),
        (
            {"pricing.variants[service_tier=batch]": {"when": {"service_tier": "batch"}, "input": Decimal(1)}},
            {"pricing.variants[service_tier=batch]": {"when": {"service_tier": "batch"}, "input": Decimal(3)}},
            True,
        ),
        (
            {"pricing.variants[service_tier=batch]": {"when": {"service_tier": "batch"}, "input": Decimal(1)}},
            {"pricing.variants[service_tier=batch]": {"when": {"service_tier": "batch"}, "multiply": Decimal("0.5")}},
            False,
        ),
    ],
)
def test_what_is_a_disagreement(one, other, disagree):
    assert bool(found(one, other)) is disagree
    assert bool(found(other, one)) is disagree


def test_the_threshold_is_in_per_cent_of_the_larger():
    assert not found(price(100), price(90), threshold=10)
    assert found(price(100), price("89.99"), threshold=10)
    assert found(price(100), price("99.99"), threshold=0)


def test_one_who_lists_the_model_no_more_has_no_say():
    assert not found(price(1), price(2), gone=frozenset("b"))
    assert found(price(1), price(2), price(2), gone=frozenset("b"))


def listed(price, context=200000):
    large = {"limit": {"context": context}, "cost": {"input": price, "output": 15}}
    return {"acme": {"name": "Acme", "env": [], "models": {"large": large}}}


def routed(price):
    return {
        "acme/large": {
            "litellm_provider": "acme", "mode": "chat", "max_input_tokens": 100000,
            "input_cost_per_token": price / 1e6, "output_cost_per_token": 15e-6,
        }
    }  # fmt: skip


def heard(run, one=3, other=2):
    run.sync(listed(one))
    run.sync(routed(other), source="litellm")


def test_it_says_what_the_file_has_and_who_says_what_and_when(run):
    heard(run)
    assert run("audit") == (
        "acme/large\tcontext_window\t50\t200000\t100000 (litellm 2026-11-22); 200000 (models.dev 2026-11-22)\n"
        "acme/large\tpricing.input\t33.3\t3\t2 (litellm 2026-11-22); 3 (models.dev 2026-11-22)\n"
    )
    assert (run.code, "2 disagreements in 1 models, 0 let be" in run.err) == (0, True)


def test_json_is_one_document(run):
    heard(run)
    (window, rate) = json.loads(run("audit", "acme", "--format", "json"))["disagreements"]
    assert (window["field"], window["file"]) == ("context_window", 200000)
    first_seen = {"since": "2026-11-22", "since_or_earlier": True, "cites_provider": False}
    assert rate["sources"] == [
        {"source": "litellm", "value": 2, "checked": "2026-11-22T06:00:00Z", **first_seen},
        {"source": "models.dev", "value": 3, "checked": "2026-11-22T06:00:00Z", **first_seen},
    ]


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        (["--field", "pricing"], ["pricing.input"]),
        (["--field", "pricing.input,context_window"], ["context_window", "pricing.input"]),
        (["--field", "max_output_tokens"], []),
        (["--threshold", "40"], ["context_window"]),
        (["--source", "litellm"], ["context_window", "pricing.input"]),
        (["--source", "acme"], []),
        (["--kept"], []),
    ],
)
def test_only_what_is_asked_for(run, options, fields):
    heard(run)
    assert [line.split("\t")[1] for line in run("audit", *options).splitlines()] == fields


def test_the_summary_counts_by_field_and_by_provider(run):
    heard(run)
    assert run("audit", "--summary").splitlines() == [
        "field\tcontext_window\t1\t1",
        "field\tpricing.input\t1\t1",
        "provider\tacme\t2\t1",
    ]


def test_a_verdict_lasts_until_a_source_says_something_else(run):
    heard(run)
    before = run.file.read_bytes()
    assert "context_window" in run("audit", "--keep", "acme/large#pricing.input")
    assert "1 let be; 1 judged now" in run.err
    assert "pricing" not in run("audit")
    assert "pricing.input" in run("audit", "--kept")
    run.at("2026-12-22")
    heard(run)
    assert "pricing" not in run("audit")
    run.sync(listed(3, context=200001))  # another fact of the model changed
    assert "pricing" not in run("audit")
    run.sync(routed(1), source="litellm")
    assert "pricing.input\t66.7" in run("audit")
    assert run.file.read_bytes().count(b"input: 3.0") == before.count(b"input: 3.0") == 1


@pytest.mark.parametrize("target", ["all", "acme", "acme/large", "large"])
def test_a_verdict_about_all_of_something(run, target):
    heard(run)
    yaml = run.file.read_bytes()
    assert (run("audit", "--keep", target), run.code) == ("", 0)
    assert (run("audit", "--check"), run.code) == ("", 0)
    assert run.file.read_bytes() == yaml


def test_check_is_exit_1_where_sources_disagree(run):
    assert (run("audit", "--check"), run.code) == ("", 0)
    heard(run)
    run("audit", "--check", "--quiet")
    assert (run.code, run.err) == (1, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nope",),
        ("--keep", "acme/nope"),
        ("--keep", "acme/small"),
        ("--keep", "acme/large#name"),
        ("--threshold", "-1"),
    ],
)
def test_a_slip_is_told_and_changes_nothing(run, arguments):
    heard(run)
    before = run.everything()
    run("audit", *arguments)
    assert (run.code, run.everything()) == (2, before)


def test_a_retired_model_is_nobodys_concern(run):
    heard(run)
    run.file.write_text(run.file.read_text().replace("  large:\n", "  large:\n    status: retired\n"))
    assert run("audit") == ""
    assert "pricing.input" in run("audit", "--retired")


def test_a_summary_in_a_pipe_names_its_columns_beside_it(run):
    heard(run)
    assert "field\tcontext_window\t1\t1\n" in run("audit", "--summary")
    assert "columns: by, name, disagreements, models" in run.err.splitlines()
    run("audit")
    assert "columns" not in run.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--field", "pricing.inptu"], "unknown field 'inptu'; did you mean input?"),
        (["--field", "nosuch", "--check"], "unknown field 'nosuch'"),
        (["--source", "litelm", "--check"], "--source: no source is called 'litelm'; did you mean litellm"),
    ],
)
def test_a_name_that_nothing_has_is_a_slip_and_not_a_green_check(run, options, told):
    heard(run)
    assert run("audit", *options) == ""
    assert (run.code, told in run.err) == (2, True)
