"""Every leaf and branch of a full row, replaced by values of every other kind: a list loses at most that row."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from registry_cli.commands.sync.import_catalog import PARSERS, import_catalog
from registry_cli.core.statements.observations import Observations
from registry_cli.errors import FileError, UpstreamError
from registry_cli.sources.base import Page
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.bundled import read_schema
from registry_cli.yamledit.document import load_value
from tests.support.random_syncs import file_of, plan, says
from tests.support.sync_workspace import run  # noqa: F401  # a fixture

NOW = datetime(2026, 7, 1, tzinfo=UTC)
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, "", "odd", "x\x1b[31m", "\u202ex", "../../x", "2026-13-45",
    [], {}, [[]], [None], ["odd"], {"odd": {}}, [{"odd": []}], 10**400,
)  # fmt: skip

MODELS_DEV_MODEL = {
    "id": "full", "name": "Full", "family": "f", "status": "beta", "open_weights": True, "tool_call": True,
    "structured_output": False, "reasoning": True, "interleaved": {"field": "x"}, "knowledge": "2025-06",
    "release_date": "2026-01-15", "limit": {"context": 1000, "input": 900, "output": 100},
    "modalities": {"input": ["text", "image"], "output": ["text"]},
    "reasoning_options": [
        {"type": "toggle"}, {"type": "effort", "values": ["low", "high"]}, {"type": "budget_tokens", "min": 1, "max": 9}
    ],
    "cost": {
        "input": 1, "output": 2, "cache_read": 0.1, "tiers": [{"tier": {"type": "context", "size": 500}, "input": 2}],
        "context_over_200k": {"input": 3},
    },
    "experimental": {"modes": {"fast": {"cost": {"input": 2}, "provider": {"body": {"service_tier": "priority"}}}}},
}  # fmt: skip
LITELLM_ENTRY = {
    "litellm_provider": "acme", "mode": "chat", "max_input_tokens": 1000, "max_output_tokens": 100.0, "max_tokens": 9,
    "output_vector_size": 5, "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
    "input_cost_per_token_above_200k_tokens": 2e-6, "output_cost_per_token_batches": 1e-6,
    "output_cost_per_second_1080p": 0.1, "input_cost_per_pixel": 1e-9, "output_cost_per_reasoning_token": 3e-6,
    "search_context_cost_per_query": {"search_context_size_medium": 0.01, "search_context_size_high": 0.02},
    "regional_processing_uplift_multiplier_eu": 1.1, "provider_specific_entry": {"us": 1.1, "fast": 6},
    "tiered_pricing": [{"range": [0, 200000], "input_cost_per_token": 1e-6}, {"range": [200000, 1e6], "x": 1}],
    "off_peak_pricing": {
        "windows": [{"hours_utc": ["16:30-00:30"], "weekdays": [1, 7]}], "input_cost_per_token": 5e-7
    },
    "supports_vision": True, "supports_function_calling": False, "supported_modalities": ["text", "image"],
    "supported_output_modalities": ["text"], "supported_endpoints": ["/v1/chat/completions"],
    "reasoning_effort_levels": ["low"], "deprecation_date": "2027-01-31", "source": "https://acme.example",
}  # fmt: skip
GENAI_MODEL = {
    "id": "full", "name": "Full", "match": {"or": [{"equals": "full"}, {"equals": "other"}, {"starts_with": "f"}]},
    "context_window": 1000, "deprecated": True,
    "prices": [
        {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 200, "price": 2}]}, "output_mtok": 4}},
        {"constraint": {"start_date": "2026-05-01"}, "prices": {"input_mtok": 3, "web_searches_kcount": 10}},
        {"constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"}, "prices": {"input_mtok": 2}},
    ],
    "price_variants": [{"when": {"processing": "batch", "region": "eu"}, "constraint": {"start_date": "2026-06-01"},
                        "prices": {"input_mtok": 0.5}}],
}  # fmt: skip
LLM_PRICE = {
    "id": "full", "vendor": "acme", "name": "Full ≤200k", "input": 1, "output": 2, "input_cached": 0.1,
    "from_date": "2026-01-01", "to_date": "2026-12-31",
}  # fmt: skip
PLAIN = {"models.dev": {"id": "plain", "limit": {"context": 5}}, "genai-prices": {"id": "plain", "prices": {}}}


def documents(source: str, row: Any) -> Any:
    """A list of two providers with a plain model each, and the row at the first."""
    if source == "models.dev":
        other = {"plain": PLAIN[source]}
        return {"acme": {"name": "Acme", "models": {**other, "full": row}}, "beta": {"models": other}}
    if source == "litellm":
        plain = {"litellm_provider": "acme", "mode": "chat", "max_input_tokens": 5}
        return {"acme/plain": plain, "acme/full": row, "beta/plain": {**plain, "litellm_provider": "beta"}}
    if source == "genai-prices":
        return [{"id": "acme", "models": [PLAIN[source], row]}, {"id": "beta", "models": [PLAIN[source]]}]
    plain = {"id": "plain", "vendor": "acme", "input": 1}
    return {"prices": [plain, row, {**plain, "vendor": "beta"}]}


ROWS = {
    "models.dev": MODELS_DEV_MODEL,
    "litellm": LITELLM_ENTRY,
    "genai-prices": GENAI_MODEL,
    "llm-prices": LLM_PRICE,
}


def mutations(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The value with each leaf and branch of it replaced by each odd value, and with each removed."""
    for odd in ODD:
        yield path, odd
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        for where, changed in mutations(child, (*path, key)):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = changed
            yield where, copy
    if isinstance(value, dict):
        for key in value:
            yield (*path, key), {name: item for name, item in value.items() if name != key}


def by_id(seen: Observations) -> dict[tuple[str, str], Any]:
    return {(provider.id, model.id): (model.facts, model.denies) for provider, model in seen.models()}


def parse(source: str, row: Any) -> Observations:
    return find_source(source).read_answers([Page(json.dumps(documents(source, row)).encode())], source)


@pytest.mark.parametrize("source", ROWS)
def test_a_sync_loses_at_most_the_row(source: str) -> None:
    whole = by_id(parse(source, ROWS[source]))
    others = {name: facts for name, facts in whole.items() if name != ("acme", "full")}
    assert len(whole) == 3
    assert len(others) == 2
    count = 0
    for path, row in mutations(ROWS[source]):
        seen = parse(source, row)
        found = by_id(seen)
        assert {name: found.get(name) for name in others} == others, (path, row)
        if "full" not in {model_id for _, model_id in found}:
            assert _names_the_row(source, seen, row), (path, seen.notes)
        count += 1
    assert count > 150


def _names_the_row(source: str, seen: Observations, row: Any) -> bool:
    """Whether a note says which row is left out; of one whose id is odd, that it is none of the others."""
    named = {note.model for note in seen.notes}
    has_its_id = source in ("models.dev", "litellm") or (isinstance(row, dict) and row.get("id") == "full")
    return bool(named & {"full", "acme/full"}) if has_its_id else "plain" not in named


@pytest.mark.parametrize("source", ROWS)
def test_an_import_loses_at_most_the_row_and_keeps_the_schema(source: str, tmp_path: Path) -> None:
    validator = jsonschema_rs.Draft202012Validator(read_schema(), validate_formats=True)
    path = tmp_path / "list.json"
    for where, row in list(mutations(ROWS[source]))[::7]:
        path.write_text(json.dumps(documents(source, row)))
        done = import_catalog([f"{source}={path}"], to=tmp_path / "to", dry_run=True, now=lambda: NOW)
        assert {"acme", "beta"} <= done.texts.keys(), where
        assert all("plain:" in done.texts[name] for name in ("acme", "beta")), where
        for text in done.texts.values():
            validator.validate(load_value(text))


@pytest.mark.parametrize("source", ROWS)
def test_a_plan_is_made_of_whatever_was_read(source: str) -> None:
    for where, row in list(mutations(ROWS[source]))[::5]:
        seen = parse(source, row)
        models = [model for provider, model in seen.models() if provider.id == "acme"]
        done = plan(file_of(), {}, says(source, *models))
        assert done.answered, where


PROVIDERS = {
    "models.dev": {"id": "acme", "name": "Acme", "env": ["ACME_KEY"], "doc": "https://acme.example",
                   "api": "https://api.acme.example", "npm": "x", "models": {"plain": PLAIN["models.dev"]}},
    "genai-prices": {"id": "acme", "name": "Acme", "provider_match": {"or": [{"equals": "acme"}, {"equals": "a"}]},
                     "models": [PLAIN["genai-prices"]]},
}  # fmt: skip


@pytest.mark.parametrize("source", PROVIDERS)
def test_what_is_odd_about_a_provider_costs_it_that_fact(source: str) -> None:
    entry = PROVIDERS[source]
    beta = {**entry, "id": "beta"}
    for path, changed in mutations({key: value for key, value in entry.items() if key not in ("id", "models")}):
        if not isinstance(changed, dict):
            continue
        acme = {**changed, "id": "acme", "models": entry["models"]}
        document = {"acme": acme, "beta": beta} if source == "models.dev" else [acme, beta]
        seen = PARSERS[source](json.dumps(document).encode())
        assert set(by_id(seen)) == {("acme", "plain"), ("beta", "plain")}, path


@pytest.mark.parametrize("odd", [None, [], "x", {"models": 5}, {"models": {"x": 1}}, {"id": 5, "models": []}, 7])
@pytest.mark.parametrize("source", PROVIDERS)
def test_a_provider_of_another_kind_is_left_out_alone(source: str, odd: Any) -> None:
    good = PROVIDERS[source]
    seen = PARSERS[source](json.dumps({"acme": good, "odd": odd} if source == "models.dev" else [good, odd]).encode())
    assert set(by_id(seen)) == {("acme", "plain")}
    assert seen.notes


def test_a_bad_address_of_a_provider_is_noted_with_the_source_and_the_provider(run, tmp_path: Path) -> None:  # noqa: F811
    models = {"m1": {"id": "m1", "name": "M1", "limit": {"context": 1000, "output": 100}}}
    answer = {"newcomer": {"id": "newcomer", "name": "N", "doc": "javascript:alert(1)", "models": models},
              "acme": {"id": "acme", "models": models}}  # fmt: skip
    path = tmp_path / "md.json"
    path.write_text(json.dumps(answer))
    report = tmp_path / "r.json"
    run("sync", "newcomer", "acme", "--from", f"models.dev={path}", "--report", str(report))
    assert run.code == 0
    left_out = json.loads(report.read_text())["left_out"]
    assert {"source": "models.dev", "model": "newcomer", "key": "doc", "value": "javascript:alert(1)",
            "reason": "not an http or https address"} in left_out  # fmt: skip


def test_a_window_of_1e30_is_no_window() -> None:
    rows = {
        ("models.dev", "limit.context"): {"limit": {"context": 1e30}},
        ("litellm", "max_input_tokens"): {**LITELLM_ENTRY, "max_input_tokens": 1e30},
        ("genai-prices", "context_window"): {"id": "full", "context_window": 1e30},
    }
    for (source, key), row in rows.items():
        seen = parse(source, row)
        assert "context_window" not in by_id(seen)["acme", "full"][0]
        assert [note.value for note in seen.notes if note.field == key] == ["1E+30"]


def test_a_key_stated_twice_costs_its_row() -> None:
    text = '{"acme": {"models": {"a": {"limit": {"context": 5, "context": 6}}, "b": {"limit": {"context": 7}}}}}'
    seen = PARSERS["models.dev"](text.encode())
    assert set(by_id(seen)) == {("acme", "b")}
    assert [(note.model, note.reason) for note in seen.notes if note.provider] == [
        ("a", "states a key twice, differently; left out")
    ]


LIFECYCLE = {
    "provider": "acme", "model": "full", "name": "Full", "status": "deprecated", "computed_status": "retired",
    "aliases": ["other"], "released_on": "2025-01-01", "deprecated_on": "2026-01-01", "shutdown_on": "2026-06-01",
    "earliest_shutdown_on": "2026-05-01", "replacements": [{"model": "new", "provider": "acme", "recommended": True}],
}  # fmt: skip


def test_a_list_of_lifecycles_loses_at_most_the_row() -> None:
    plain = {"provider": "acme", "model": "plain", "status": "active"}
    for path, row in mutations(LIFECYCLE):
        body = {"models": [plain, row, {**plain, "provider": "beta"}]}
        found = by_id(
            find_source("modeldeprecations").read_answers([Page(json.dumps(body).encode())], "modeldeprecations")
        )
        assert {("acme", "plain"), ("beta", "plain")} <= found.keys(), path


PROXY = {"model_name": "full", "model_info": {**LITELLM_ENTRY, "id": "x", "db_model": False}}


def test_a_proxy_loses_at_most_the_name() -> None:
    for path, row in mutations(PROXY):
        body = {"data": [{"model_name": "plain", "model_info": {"max_input_tokens": 5}}, row]}
        seen = find_source("litellm-proxy").read_answers([Page(json.dumps(body).encode())], "home")
        assert by_id(seen).get(("home", "plain")) == ({"context_window": 5}, frozenset()), path


def test_a_table_loses_at_most_the_row(tmp_path: Path) -> None:
    cells = {
        "context_window": "5", "open_weights": "yes", "capabilities": "vision;streaming", "pricing.input": "1",
        "pricing.variants": "[]", "pricing.per.page": "1", "modalities.input": "text", "reasoning.budget_tokens": "{}",
        "metadata": "{}", "release_date": "2026-01-15", "aliases": "a;b", "mode": "chat", "capability_details": "{}",
        "reasoning.effort": "low", "upstream_ids": "{}", "pricing.currency": "USD", "pricing": "",
    }  # fmt: skip
    odd = ["odd", "5", "-1", "null", "[1]", '{"a": 1}', "[[]]", "1e30", '"x"', "[", "x" * 2000, '{"when": 1}']
    path = tmp_path / "team.csv"
    for column in cells:
        for value in odd:
            table = io.StringIO()
            writer = csv.writer(table)
            writer.writerows([["id", *cells], ["acme/full", *({**cells, column: value}).values()]])
            writer.writerow(["acme/plain", *cells.values()])
            path.write_text(table.getvalue())
            done = import_catalog([f"csv={path}"], to=tmp_path / "to", dry_run=True, now=lambda: NOW)
            assert "plain:" in done.texts["acme"], (column, value)
            if "full:" not in done.texts["acme"]:
                assert "full" in {note.model for note in done.own_notes}, (column, value)


@pytest.mark.parametrize("source", ROWS)
@pytest.mark.parametrize("text", ["[1, 2]", "{}", '"x"', "5", "null", '{"a": 5}', "<html>", '{"prices": [5]}'])
def test_a_file_of_another_shape_is_one_error(source: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(text)
    with pytest.raises(UpstreamError):
        PARSERS[source](path.read_bytes())
    with pytest.raises(FileError, match=r"list\.json"):
        import_catalog([f"{source}={path}"], to=tmp_path / "to", dry_run=False, now=lambda: NOW)
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("source", ROWS)
def test_a_list_of_nothing_but_odd_rows_is_one_error(source: str, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    document = documents(source, {**ROWS[source], "supported_endpoints": 5, "limit": 5, "prices": 5, "id": "\x1b"})
    if source == "models.dev":
        document = {"acme": {"models": {"full": document["acme"]["models"]["full"]}}}
    elif source == "litellm":
        document = {"acme/full": document["acme/full"]}
    elif source == "genai-prices":
        document = [{"id": "acme", "models": document[0]["models"][1:]}]
    else:
        document = {"prices": document["prices"][1:2]}
    path.write_text(json.dumps(document))
    with pytest.raises(FileError, match=r"list\.json"):
        import_catalog([f"{source}={path}"], to=tmp_path / "to", dry_run=False, now=lambda: NOW)
