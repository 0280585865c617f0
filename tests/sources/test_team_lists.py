"""What teams come from: genai-prices, llm-prices, ExLLM's folder, CSV."""

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from registry_cli.commands.sync.import_catalog import import_catalog
from registry_cli.errors import FileError, UpstreamError, UsageError
from registry_cli.sources import csv_list, genai_prices, llm_prices
from registry_cli.yamledit.document import load_value


def only(observations):
    return {(provider.id, model.id): dict(model.facts) for provider, model in observations.models()}


def test_genai_prices_steps_tiers_and_variants() -> None:
    document = [
        {
            "id": "google",
            "name": "Google",
            "models": [
                {
                    "id": "big",
                    "match": {"or": [{"equals": "big"}, {"equals": "big-latest"}, {"starts_with": "big-"}]},
                    "context_window": 1000,
                    "deprecated": True,
                    "prices": [
                        {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 200, "price": 2}]}, "output_mtok": 4,
                                    "web_searches_kcount": 10}},
                        {"constraint": {"start_date": "2026-05-01"}, "prices": {"input_mtok": 3, "output_mtok": 4}},
                    ],
                    "price_variants": [{"when": {"processing": "batch"}, "prices": {"input_mtok": 0.5}}],
                }
            ],
        }
    ]  # fmt: skip
    seen = genai_prices.parse(json.dumps(document).encode())
    facts = only(seen)["gemini", "big"]
    assert facts["aliases"] == ["big-latest"]
    assert facts["status"] == "deprecated"
    assert facts["pricing"]["per"] == {"web_search": Decimal("0.01")}
    variants = {json.dumps(variant["when"], sort_keys=True): variant for variant in facts["pricing"]["variants"]}
    assert variants['{"input_tokens_above": 200}']["input"] == 2
    assert variants['{"from": "2026-05-01"}']["input"] == 3
    assert variants['{"from": "2026-05-01", "input_tokens_above": 200}']["input"] == 3  # no tiers from then on
    assert variants['{"service_tier": "batch"}']["input"] == Decimal("0.5")
    assert [note.reason for note in seen.notes] == ["a pattern, not an id"]


def test_llm_prices_folds_tiers_and_history() -> None:
    rows = [
        {"id": "pro", "vendor": "google", "name": "Pro ≤200k", "input": 1.25, "output": 10, "input_cached": 0.31},
        {"id": "pro-200k", "vendor": "google", "name": "Pro >200k", "input": 2.5, "output": 15},
        {"id": "mini", "vendor": "acme", "name": "Mini", "input": 1, "output": 2, "to_date": "2026-03-01"},
        {"id": "mini", "vendor": "acme", "name": "Mini", "input": 0.5, "output": 1, "from_date": "2026-03-01"},
        {"id": "lone-9k", "vendor": "acme", "name": "Lone >9k", "input": 1, "output": 2},
    ]
    seen = llm_prices.parse(json.dumps({"prices": rows}).encode())
    found = only(seen)
    assert found["gemini", "pro"] == {
        "name": "Pro",
        "pricing": {
            "input": Decimal("1.25"),
            "output": 10,
            "cache_read": Decimal("0.31"),
            "variants": [{"when": {"input_tokens_above": 200000}, "input": Decimal("2.5"), "output": 15}],
        },
    }
    mini = found["acme", "mini"]["pricing"]
    assert (mini["input"], mini["effective_date"]) == (Decimal("0.5"), "2026-03-01")
    assert mini["variants"] == [{"when": {"until": "2026-02-28"}, "input": 1, "output": 2}]
    assert [note.model for note in seen.notes] == ["lone-9k"]


def test_a_teams_own_table() -> None:
    table = "provider,model,context,input,output,capabilities,team\nacme,big,200000,$3.00,,vision;streaming,us\n"
    seen = csv_list.parse(table.encode())
    assert only(seen)["acme", "big"] == {
        "context_window": 200000,
        "pricing": {"input": Decimal("3.00")},
        "capabilities": ["vision", "streaming"],
    }
    assert [note.field for note in seen.notes] == ["team"]
    assert ("acme", "x/y") in only(csv_list.parse(b"id\nacme/x/y\n"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"name\nx\n", "the first row must name the columns"),
        (b"id,id\nx,y\n", "each once"),
        (b'provider,id\n"acme,big\n', "line"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(text: bytes, says: str) -> None:
    with pytest.raises(UpstreamError, match=says):
        csv_list.parse(text)


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("acme,odd,,cheap,,", "pricing.input", "not a value of this column (row 3); left out"),
        ("acme,odd,1.5,,,", "context_window", "not a value of this column (row 3); left out"),
        ("acme,odd,,,1,", "open_weights", "not a value of this column (row 3); left out"),
        ("acme,odd,,,,{", "pricing.variants", "not a value of this column (row 3); left out"),
        ("acme,,,,,", "id", "row 3 names no provider and model"),
        ("acme,o\x1bd,,,,", "id", "not an id: too long, outer spaces or a character that cannot be seen"),
    ],
)
def test_a_row_with_a_fault_is_left_out_alone(row: str, field: str, reason: str) -> None:
    table = f"provider,id,context,input,open_weights,pricing.variants\nacme,a,5,1,,\n{row}\nacme,b,5,1,yes,\n"
    seen = csv_list.parse(table.encode())
    assert [*only(seen)] == [("acme", "a"), ("acme", "b")]
    assert [(note.field, note.reason) for note in seen.notes] == [(field, reason)]


@pytest.mark.parametrize("variants", ["5", '"x"', "[1]", '[{"input": "1"}]', '{"when": {}}', '[{"when": {"from": 5}}]'])
def test_a_cell_of_another_shape_costs_its_row(variants: str, tmp_path: Path) -> None:
    path = tmp_path / "team.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["id", "pricing.variants"], ["acme/a", ""], ["acme/b", variants]])
    done = import_catalog([f"csv={path}"], to=tmp_path / "to", dry_run=False, now=lambda: datetime.now(UTC))
    assert [*load_value((tmp_path / "to" / "acme.yml").read_text())["models"]] == ["a"]
    assert {(note.model, note.field.split(".")[0]) for note in done.own_notes} == {("b", "pricing")}


@pytest.mark.parametrize(
    ("column", "cell"),
    [("pricing.input", "1e999"), ("pricing.per.page", "9" * 50), ("metadata", '{"a": 1e999}'),
     ("metadata", '{"a": NaN}'), ("description", "a\u202eb"), ("metadata", '{"a": "\\u0000"}'),
     ("metadata", "[" * 90 + "]" * 90)],
)  # fmt: skip
def test_a_cell_that_no_file_can_hold_costs_its_row(column: str, cell: str, tmp_path: Path) -> None:
    path = tmp_path / "team.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["id", column], ["acme/a", ""], ["acme/b", cell]])
    done = import_catalog([f"csv={path}"], to=tmp_path / "to", dry_run=False, now=lambda: datetime.now(UTC))
    assert [*load_value((tmp_path / "to" / "acme.yml").read_text())["models"]] == ["a"]
    assert [note.model for note in done.own_notes] == ["b"]


def test_a_variant_without_a_condition_is_merged(tmp_path: Path) -> None:
    table, other = tmp_path / "team.csv", tmp_path / "md.json"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([["id", "input", "pricing.variants"], ["acme/a", "1", '[{"input": 9}]']])
    cost = {"input": 1, "tiers": [{"tier": {"size": 9}, "input": 2}]}
    other.write_text(json.dumps({"acme": {"models": {"a": {"cost": cost}}}}))
    done = import_catalog(
        [f"csv={table}", f"models.dev={other}"], to=tmp_path / "to", dry_run=True, now=lambda: datetime.now(UTC)
    )
    assert load_value(done.texts["acme"])["models"]["a"]["pricing"]["variants"] == [
        {"input": 9},
        {"when": {"input_tokens_above": 9}, "input": 2},
    ]


@pytest.mark.parametrize("parse", [genai_prices.parse, llm_prices.parse])
@pytest.mark.parametrize("data", [b"{}", b"[1]", b'{"prices": [1]}', b"nothing"])
def test_what_is_no_such_list_is_refused(parse, data: bytes) -> None:
    with pytest.raises(UpstreamError):
        parse(data)


def test_a_folder_is_imported_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "acme.yml").write_text(
        "provider: acme\ndefault_model: big\nmodels:\n  big:\n    context_window: 100\n    pricing: {input: 1.0}\n"
        "    capabilities: [vision]\n    supported_modalities: [text]\n"
    )
    to = tmp_path / "ours"
    import_catalog([f"exllm={folder}"], to=to, dry_run=False, now=lambda: datetime(2026, 7, 1, tzinfo=UTC))
    text = (to / "acme.yml").read_text()
    assert "default_model: big" in text
    assert "modalities: {input: [text]}" in text
    assert "streaming" not in text  # nothing is inferred of what people wrote
    (folder / "bad.yml").write_text("provider: bad\nmodels: {x: {context_window: many}, y: {context_window: 5}}\n")
    done = import_catalog([f"exllm={folder}"], to=tmp_path / "n", dry_run=True, now=lambda: datetime.now(UTC))
    assert [*load_value(done.texts["bad"])["models"]] == ["y"]
    assert [(note.provider, note.model, note.field) for note in done.own_notes] == [("bad", "x", "context_window")]
    (folder / "bad.yml").write_text("provider: bad\nmodels: {x: {context_window: 1_000}}\n")
    with pytest.raises(FileError):
        import_catalog([f"exllm={folder}"], to=tmp_path / "n", dry_run=True, now=lambda: datetime.now(UTC))
    with pytest.raises(UsageError, match="not a folder"):
        import_catalog([f"exllm={tmp_path / 'none'}"], to=to, dry_run=True, now=lambda: datetime.now(UTC))


def test_a_table_may_have_a_column_for_every_field():
    table = "id,billing,open_weights,reasoning.effort\nacme/x,subscription,yes,low;high\n"
    seen = csv_list.parse(table.encode())
    facts = {"billing": "subscription", "open_weights": True, "reasoning": {"effort": ["low", "high"]}}
    assert (seen.providers[0].models[0].facts, seen.notes) == (facts, ())
