"""The scripts that draw facts from makers' pages and compare lists with them do what they say."""

import importlib
import json
import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paths import ROOT

SCRIPTS = ROOT / "benchmarks" / "accuracy"


@pytest.fixture(scope="module", autouse=True)
def _scripts_importable():
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


@pytest.fixture(scope="module")
def draw():
    return importlib.import_module("draw")


@pytest.fixture(scope="module")
def compare():
    return importlib.import_module("compare")


@pytest.fixture(scope="module")
def lists():
    return importlib.import_module("lists")


def cells(draw, provider, rows):
    columns = ("pricing.input", "context_window", "status", "release_date", "modalities.input", "capabilities.vision")
    return [draw.Cell(provider, f"m{row}", column, "https://a.example") for row in range(rows) for column in columns]


def test_a_draw_ignores_the_order_of_the_frame_and_the_other_providers(draw):
    acme, zeta = cells(draw, "acme", 30), cells(draw, "zeta", 9)
    alone = draw.draw_sample(acme, 1)
    assert draw.draw_sample([*reversed(zeta), *reversed(acme)], 1)[: len(alone)] == alone


def test_a_draw_takes_few_facts_of_a_model_and_some_of_every_kind(draw):
    drawn = draw.draw_sample(cells(draw, "acme", 30), 1)
    rows = [cell.row for cell in drawn]
    assert len(drawn) == 3 * 13  # 180 cells
    assert max(rows.count(row) for row in rows) <= draw.FACTS_PER_MODEL
    assert {draw.kind_of(cell.column) for cell in drawn} == set(draw.TURNS)


def test_a_cell_that_two_pages_offer_is_drawn_once(draw):
    one = cells(draw, "acme", 12)
    two = [draw.Cell(cell.provider, cell.row, cell.column, "https://b.example") for cell in one]
    drawn = draw.draw_sample([*two, *one], 1)
    assert len({cell.id for cell in drawn}) == len(drawn)
    assert {cell.url for cell in drawn} == {"https://a.example"}


def test_the_second_sample_leaves_out_the_first(draw):
    frame = cells(draw, "acme", 20)
    first = draw.draw_sample(frame, 1)
    second = draw.draw_sample(frame, 2, frozenset(cell.id for cell in first))
    assert second
    assert not {cell.id for cell in first} & {cell.id for cell in second}


def test_the_committed_sample_is_what_the_rule_draws_from_the_committed_frame(draw):
    committed = {draw.Cell(**json.loads(line)) for line in (SCRIPTS / "sample-1.jsonl").read_text().splitlines()}
    assert set(draw.draw_sample(draw.read_frame(SCRIPTS / "frame"), 1)) == committed


def test_every_fact_is_of_the_sample_and_has_its_page_and_day(draw, compare):
    sample = {json.loads(line)["row"] for line in (SCRIPTS / "sample-1.jsonl").read_text().splitlines()}
    facts = compare.read_lines("facts", 1)
    assert facts
    for fact in facts:
        assert fact["row"] in sample
        assert fact["url"].startswith("https://")
        assert fact["read_on"] >= fact["page_as_of"][:10]
        assert fact["value"] is not None or fact["why"]


MODEL = {
    "aliases": ["big-latest"],
    "context_window": 1_048_576,
    "max_output_tokens": 8192,
    "modalities": {"input": ["text", "image", "pdf"]},
    "capabilities": ["streaming", "function_calling", {"vision": {"supported": False}}],
    "knowledge_cutoff": "2025-01",
    "release_date": "2026-02-03",
    "retirement_date": "2026-10-20",
    "replacement": "acme/small",
    "pricing": {
        "input": 2.0,
        "output": 8.0,
        "variants": [
            {"when": {"input_tokens_above": 200_000}, "input": 4.0},
            {"when": {"service_tier": "batch"}, "multiply": 0.5},
            {"when": {"service_tier": "flex", "until": "2026-01-31"}, "input": 0.1},
            {"when": {"utc": ["01:00-05:00"]}, "multiply": 2},
        ],
    },
}


@pytest.fixture
def catalog(lists, tmp_path):
    content = {"provider": "acme", "models": {"big": MODEL, "small": {"aliases": ["small-1"]}}}
    (tmp_path / "acme.yml").write_text(yaml.safe_dump(content))
    return lists.read_catalog(tmp_path, ["acme", "absent"])


@pytest.mark.parametrize(
    ("column", "value", "outcome"),
    [
        ("pricing.input", 2.0, "right"),
        ("pricing.input", 2.001, "wrong"),
        ("pricing.input_audio", 2.0, "right"),  # the general rate covers it
        ("pricing.cache_read", 0.2, "missing"),
        ("pricing.above_200k.input", 4.0, "right"),
        ("pricing.above_128k.input", 4.0, "missing"),
        ("pricing.long_context.input", 4.0, "right"),
        ("pricing.batch.output", 4.0, "right"),
        ("pricing.flex.input", 0.1, "missing"),  # no longer holds
        ("pricing.priority.input", 2.0, "missing"),
        ("pricing.peak.input", 4.0, "right"),
        ("pricing.off_peak.input", 2.0, "right"),
        ("context_window", 1_000_000, "wrong"),
        ("max_input_tokens", 1_048_576, "right"),
        ("max_output_tokens", 8192, "right"),
        ("modalities.input", ["image", "text"], "right"),  # the page names no documents
        ("modalities.input", ["pdf", "text"], "wrong"),
        ("capabilities.function_calling", True, "right"),
        ("capabilities.vision", False, "right"),
        ("capabilities.reasoning", True, "missing"),
        ("knowledge_cutoff", "2025-01-31", "right"),
        ("knowledge_cutoff", "2025-02", "wrong"),
        ("release_date", "2026-02", "right"),
        ("release_date", "2026-02-04", "wrong"),
        ("status", "retired", "right"),
        ("status", "deprecated", "right"),  # retired after the page's day
        ("status", "active", "wrong"),
        ("replacement", "small-1", "right"),
        ("replacement", "other", "wrong"),
    ],
)
def test_a_fact_is_judged_by_its_kind(compare, catalog, column, value, outcome):
    fact = {"provider": "acme", "row": "big-latest", "column": column, "value": value, "page_as_of": "2026-08"}
    assert compare.judge(fact, catalog).outcome == outcome


def test_a_page_that_rounds_lets_either_thousand_pass(compare, catalog):
    fact = {"provider": "acme", "row": "big", "column": "context_window", "value": 1_000_000, "rounded": True}
    assert compare.judge(fact, catalog).outcome == "right"
    assert compare.judge({**fact, "value": 2_000_000}, catalog).outcome == "wrong"


def test_a_model_that_a_list_lacks_is_missing(compare, catalog):
    fact = {"provider": "acme", "row": "none", "column": "pricing.input", "value": 1.0}
    assert compare.judge(fact, catalog).outcome == "missing"


LITELLM = {
    "bedrock/acme.big-v1": {
        "litellm_provider": "bedrock_converse",
        "input_cost_per_token": 2e-06,
        "input_cost_per_token_batches": 1e-06,
        "input_cost_per_token_above_200k_tokens": 4e-06,
        "max_input_tokens": 200_000,
        "supports_function_calling": True,
        "deprecation_date": "2026-01-01",
    },
    "vertex_ai/acme/small-maas": {"litellm_provider": "vertex_ai-acme_models", "max_output_tokens": 10},
    "vertex_ai/big@20250805": {"litellm_provider": "vertex_ai-acme_models", "max_output_tokens": 11},
    "vertex_ai/gecko@001": {"litellm_provider": "vertex_ai", "max_output_tokens": 12},
}
MODELS_DEV = {
    "amazon-bedrock": {
        "models": {
            "acme.big-v1": {
                "cost": {"input": 2, "tiers": [{"input": 4, "tier": {"type": "context", "size": 200_000}}]},
                "limit": {"context": 200_000, "output": 0},
                "modalities": {"input": ["text"]},
                "tool_call": True,
                "status": "deprecated",
            }
        }
    }
}


@pytest.fixture
def peers(lists, tmp_path):
    (tmp_path / "litellm.json").write_text(json.dumps(LITELLM))
    (tmp_path / "models.dev.json").write_text(json.dumps(MODELS_DEV))
    providers = ["bedrock", "vertex_ai"]
    litellm = lists.read_litellm(tmp_path / "litellm.json", providers)
    return litellm, lists.read_models_dev(tmp_path / "models.dev.json", providers)


@pytest.mark.parametrize(
    ("column", "litellm", "models_dev"),
    [
        ("pricing.input", 2.0, 2.0),
        ("pricing.batch.input", 1.0, None),
        ("pricing.above_200k.input", 4.0, 4.0),
        ("pricing.above_272k.input", None, None),
        ("context_window", 200_000, 200_000),
        ("max_output_tokens", None, None),  # 0 is models.dev's "unknown"
        ("capabilities.function_calling", True, True),
        ("modalities.input", None, ["text"]),
        ("status", "retired", "deprecated"),
    ],
)
def test_each_list_is_read_in_the_catalogs_terms(peers, column, litellm, models_dev):
    stated = [facts_of.find("bedrock", "acme.big-v1").state(column) for facts_of in peers]
    assert stated == [pytest.approx(litellm) if isinstance(litellm, float) else litellm, models_dev]


def test_a_publisher_or_version_of_vertex_does_not_hide_the_model(peers):
    litellm, models_dev = peers
    assert litellm.find("vertex_ai", "big").state("max_output_tokens") == 11
    assert litellm.find("vertex_ai", "gecko") is None
    assert litellm.find("vertex_ai", "small-maas").state("max_output_tokens") == 10
    assert models_dev.find("vertex_ai", "small-maas") is None


def test_intervals_and_paired_test_agree_with_known_values(compare):
    assert compare.wilson_interval(13, 203) == pytest.approx((0.0378, 0.1064), abs=1e-4)
    assert compare.mcnemar_p(1, 9) == pytest.approx(0.021484375)
    assert compare.mcnemar_p(0, 0) == 1.0


@given(st.integers(1, 400), st.integers(0, 400))
def test_an_interval_holds_its_rate_and_a_p_is_a_probability(part, rest):
    module = importlib.import_module("compare")
    low, high = module.wilson_interval(part, part + rest)
    assert 0 <= low <= part / (part + rest) + 1e-12
    assert part / (part + rest) - 1e-12 <= high <= 1
    assert 0 < module.mcnemar_p(part, rest) == module.mcnemar_p(rest, part) <= 1


def test_the_script_prints_the_table_of_the_shipped_catalog(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(LITELLM))
    (tmp_path / "b.json").write_text(json.dumps(MODELS_DEV))
    command = [sys.executable, str(SCRIPTS / "compare.py"), "--litellm", "a.json", "--models-dev", "b.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "catalog: wrong of stated" in done.stdout
    assert "litellm: wrong of stated 0/0" in done.stdout
    assert "Alive by their makers' pages" in done.stdout
