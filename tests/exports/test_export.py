"""Exports: what was read is written again to the byte, what a format can hold comes back, the rest is counted."""

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_cli.commands.sync.import_catalog import PARSERS
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import usage_of
from registry_cli.core.catalog.build import build_provider
from registry_cli.core.catalog.models import Catalog
from registry_cli.core.matching.addresses import known_api
from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.core.pricing.doubtful_rates import is_cheaper_long_write
from registry_cli.core.pricing.rates import usual_rate
from registry_cli.errors import UsageError
from registry_cli.exports import FORMATS, group_by_provider, write_export
from registry_cli.exports.facts import stated_fields
from registry_cli.sources import exllm
from registry_cli.store.catalog.load import load_catalog, read_vocabulary
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.yamledit.document import load_value
from tests.support.paths import ROOT

DAY = "2026-07-01"
EXAMPLES = int(os.environ.get("LLMREG_EXAMPLES", "40"))  # more, to look harder by hand
READABLE = ("litellm", "models.dev", "genai-prices", "exllm", "csv")
VOCABULARY = read_vocabulary()

amounts = st.sampled_from(["0.1", "0.15", "1", "2.5", "3", "5", "12.25"]).map(Decimal)
maybe_amounts = amounts | amounts | st.just(Decimal(0)) | st.none()


def optional(**fields):
    return st.fixed_dictionaries({}, optional=fields)


unit_prices = st.sampled_from([Decimal("0.0025"), Decimal("0.01"), Decimal("0.05")])
RATES = {
    "output": maybe_amounts, "cache_read": st.just(Decimal("0.05")), "cache_write": amounts,
    "cache_write_1h": amounts, "reasoning": amounts, "input_audio": amounts, "output_audio": amounts,
    "input_image": amounts, "cache_read_audio": amounts, "citation": amounts, "cache_write_12h": amounts,
    "output_video": amounts,
}  # fmt: skip
conditions = st.one_of(
    st.sampled_from([100_000, 200_000, 150_500]).map(lambda count: {"input_tokens_above": count}),
    st.sampled_from(["batch", "flex", "priority", "fast", "odd"]).map(lambda tier: {"service_tier": tier}),
    st.sampled_from(["eu", "us", "us-east-1", "mars"]).map(lambda region: {"region": region}),
    st.sampled_from(
        [
            {"from": "2026-03-15"},
            {"until": "2026-06-30"},
            {"utc": ["16:30-00:30"]},
            {"days": ["sat", "sun"]},
            {"days": ["sun", "cn-holiday"]},
            {"input_tokens_above": 200_000, "service_tier": "batch"},
            {"service_tier": "batch", "region": "eu"},
            {"monthly_tokens_above": 5000},
        ]
    ),
)
changes = st.one_of(
    st.fixed_dictionaries({"input": amounts, "output": amounts}),
    st.fixed_dictionaries({"input": amounts}),
    st.just({"multiply": Decimal("0.5")}),
    st.just({"multiply": Decimal("1.1")}),
)
pictures = st.builds(
    lambda when, price: {"when": when, "per": {"output_image": price}},
    st.sampled_from([{"size": "1024x1024", "quality": "hd"}, {"size": "512x512"}, {"resolution": "720p"}]),
    amounts,
)
variants = st.lists(
    st.builds(lambda when, change: {"when": when, **change}, conditions, changes) | pictures,
    max_size=3,
    unique_by=lambda variant: json.dumps(variant["when"], sort_keys=True),
)
pricing = st.builds(
    lambda base, rest, more: {"input": base, **rest, **{name: value for name, value in more.items() if value}},
    amounts,
    optional(**RATES),
    optional(
        currency=st.sampled_from(["USD", "USD", "EUR"]),
        per=optional(**dict.fromkeys(["web_search", "request", "page", "output_image", "input_second"], unit_prices)),
        variants=variants,
    ),
)
pricing = pricing.filter(
    lambda prices: not any(is_cheaper_long_write(name, prices) for name in prices if name.startswith("cache_write"))
)
REASONING = {"effort": ["low", "high"], "budget_tokens": {"min": 1, "max": 9}, "toggle": True}
models = optional(
    name=st.sampled_from(["Big Model", "Ünï; [bold]", '"quoted"', "null"]),
    description=st.just("Writes.\nWell."),
    family=st.sampled_from(["f1"]) | st.none(),
    base_model=st.just("x/one"),
    aliases=st.just(["big-latest", "big;2"]),
    mode=st.sampled_from(["chat", "embedding", "image_generation", "completion"]),
    status=st.sampled_from(["preview", "active", "deprecated", "unlisted", "retired"]),
    context_window=st.sampled_from([250_000, 1_000_000]) | st.none(),
    max_output_tokens=st.sampled_from([100, 4096]),
    open_weights=st.booleans(),
    modalities=st.sampled_from(
        [{"input": ["text"], "output": ["text"]}, {"input": ["text", "image", "pdf"], "output": ["text"]}]
    ),
    reasoning=st.sampled_from(
        [None, {"effort": ["low", "high"], "budget_tokens": {"min": 1, "max": 9}, "toggle": True}]
    ),
    endpoints=st.sampled_from([["chat", "batches"], ["elsewhere"]]),
    capabilities=st.lists(
        st.sampled_from(["streaming", "function_calling", "reasoning", "chat", "structured_output"]), unique=True
    ),
    release_date=st.sampled_from(["2026-01-15", "2026-01"]),
    knowledge_cutoff=st.just("2025-06"),
    deprecation_date=st.just("2027-01-01"),
    retirement_date=st.just("2027-06-01"),
    replacement=st.just("other"),
    metadata=st.just({"kept": [1, {"deep": "yes"}]}),
    pricing=pricing,
)
providers = st.fixed_dictionaries(
    {"models": st.dictionaries(st.sampled_from(["m", "x/one", "b-1", "no.dot"]), models, min_size=1, max_size=2)},
    optional={"name": st.sampled_from(["Acme", "Coding Plan"]), "billing": st.sampled_from(["usage", "subscription"])},
)
catalogs = st.dictionaries(
    st.sampled_from(["acme", "openai", "azure", "bedrock", "gemini", "alibaba"]), providers, min_size=1, max_size=2
)


def typed(bodies):
    return Catalog(
        {name: build_provider(name, [{**body, "provider": name}], None, VOCABULARY) for name, body in bodies.items()}
    )


def written(form, catalog):
    return write_export(form, group_by_provider(catalog, list(catalog.models())), DAY)


def reread(form, exported):
    """The catalog that an import of the export makes, without a disk between."""
    if form == "exllm":
        files = {name.removesuffix(".yml"): load_value(data.decode()) for name, data in exported.files.items()}
        seen = exllm.read_providers(build_provider(name, [body], None, VOCABULARY) for name, body in files.items())
    else:
        seen = PARSERS[form](exported.files[""])
    return typed(merge_observations([seen], on=DAY).providers)


def _address_of(provider) -> dict:
    known = known_api(provider)
    return {"api": known} if known else {}


@pytest.mark.parametrize("form", READABLE)
@settings(max_examples=EXAMPLES, deadline=None)
@given(catalogs)
def test_export_import_export_is_a_fixed_point(form, bodies) -> None:
    """But for the address of a provider that llmreg knows, which no list changes."""
    first = written(form, typed({name: body | _address_of(name) for name, body in bodies.items()}))
    assert written(form, reread(form, first)).files == first.files


@pytest.mark.parametrize("form", READABLE)
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(["acme", "openai", "azure"]), models, providers)
def test_nothing_is_lost_that_the_format_holds(form, provider, body, more) -> None:
    rest = {name: value for name, value in more.items() if name != "models"}
    before = typed({provider: {**rest, "models": {"m": body}}})
    exported = written(form, before)
    if exported.left_out:
        return
    after = reread(form, exported)
    old, new = (next(iter(catalog.models())) for catalog in (before, after))
    # Prices that change by date come back as those of the day, or from the other end.
    dated = any({"from", "until"} & variant.when.keys() for variant in (old.pricing.variants if old.pricing else ()))
    for field in stated_fields(old.body):
        if dated and field.startswith("pricing."):
            continue
        label = "capabilities" if field.startswith("capabilities.") else field
        if label in exported.losses:
            continue
        if field.startswith("capabilities."):
            assert field.partition(".")[2] in new.capabilities
        elif field.startswith("pricing."):
            assert price_at(new.body, field) == price_at(old.body, field), field
        else:
            assert value_at(new.body, field) == value_at(old.body, field), field


@pytest.mark.parametrize("form", ["litellm", "genai-prices", "csv"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(["acme", "openai", "azure"]), pricing, st.sampled_from([None, "batch", "flex"]))
def test_prices_that_the_format_holds_give_the_same_bill(form, provider, prices, tier) -> None:
    before = typed({provider: {"models": {"m": {"mode": "chat", "pricing": prices}}}})
    exported = written(form, before)
    if exported.left_out or any(name.startswith("pricing") for name in exported.losses):
        return
    after = reread(form, exported)
    old, new = (next(iter(catalog.models())) for catalog in (before, after))
    for count in (1000, 170_000, 300_000):
        usage = usage_of({"input": count, "cached": 500, "output": 700, "reasoning": 100})
        for region in (None, "eu", "us-east-1"):
            given_conditions = Conditions(DAY, service_tier=tier, region=region)
            left, right = (ModelPrice(model).bill_call(usage, given_conditions) for model in (old, new))
            assert (left.total, left.unknown) == (right.total, right.unknown)


def value_at(body, path):
    for step in path.split("."):
        body = body.get(step) if isinstance(body, dict) else None
    return list(body) if isinstance(body, tuple) else body


def price_at(body, path):
    """A rate that is not stated is the one that it usually equals."""
    value = value_at(body, path)
    usual = usual_rate(path.removeprefix("pricing."))
    return price_at(body, f"pricing.{usual}") if value is None and usual else value


SMALL = {
    "acme": {
        "name": "Acme",
        "models": {
            "large": {
                "name": "Large | One",
                "mode": "chat",
                "context_window": 200000,
                "release_date": "2026-01-15",
                "pricing": {
                    "input": Decimal(3),
                    "output": None,
                    "variants": [{"when": {"input_tokens_above": 100000}, "input": Decimal(6)}],
                },
                "capabilities": ["function_calling"],
            },
        },
    },
}


def text_of(form):
    return written(form, typed(SMALL)).files[""].decode()


def test_openai_and_openrouter_shapes() -> None:
    assert json.loads(text_of("openai"))["data"] == [
        {"id": "large", "object": "model", "created": 1768435200, "owned_by": "acme"}
    ]
    entry = json.loads(text_of("openrouter"))["data"][0]
    assert (entry["id"], entry["context_length"]) == ("acme/large", 200000)
    assert entry["pricing"] == {
        "prompt": "0.000003",
        "overrides": [{"min_prompt_tokens": 100001, "prompt": "0.000006"}],
    }
    assert entry["supported_parameters"] == ["tools"]


def test_json_holds_everything_and_markdown_is_inert() -> None:
    assert written("json", typed(SMALL)).losses == {}
    assert json.loads(text_of("json"))["providers"][0]["models"]["large"]["pricing"]["output"] is None
    assert "| acme/large | `Large \\x7c One` | 200000 | - | 3 | - | - |" in text_of("markdown")


def test_sqlite_answers_as_the_index_does(tmp_path: Path) -> None:
    path = tmp_path / "out.sqlite"
    path.write_bytes(written("sqlite", typed(SMALL)).files[""])
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT full_id, context_window FROM models").fetchall() == [("acme/large", 200000)]
    connection.close()


def test_csv_tells_unknown_from_what_does_not_apply() -> None:
    row = next(csv.DictReader(io.StringIO(text_of("csv"))))
    assert (row["pricing.output"], row["pricing.input"], row["capabilities"]) == ("null", "3", "function_calling")
    assert "max_output_tokens" not in row


def test_parquet_is_exact_or_says_what_it_needs() -> None:
    try:
        from pyarrow import parquet  # noqa: PLC0415  # an extra
    except ImportError:
        with pytest.raises(UsageError, match=r"llmreg\[parquet\]"):
            written("parquet", typed(SMALL))
        return
    table = parquet.read_table(io.BytesIO(written("parquet", typed(SMALL)).files[""]))
    assert table.to_pylist()[0]["pricing.input"] == Decimal(3)


def test_losses_count_facts_by_field() -> None:
    losses = written("openai", typed(SMALL)).losses
    assert losses["capabilities"] == losses["pricing.input"] == losses["pricing.variants.input_tokens_above"] == 1
    assert "release_date" not in losses
    assert losses["provider.name"] == 1


UNKNOWN = "unknown price"
CURRENCY = "price in another currency"
UNIT = "price in a unit or under a condition that the format lacks"
PER_IMAGE = {"per": {"output_image": Decimal("0.04")}}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, UNKNOWN),
        ({"pricing": {}}, UNKNOWN),
        ({"pricing": {"currency": "EUR", "input": Decimal(2), "output": Decimal(6)}}, CURRENCY),
        ({"pricing": PER_IMAGE}, UNIT),
        ({"pricing": {"input": Decimal(0), "output": Decimal(0), **PER_IMAGE}}, UNIT),
        ({"pricing": {"per": {"web_search": Decimal("0.01")}}}, UNIT),
        ({"pricing": {"input": Decimal(5), "output_image": Decimal(40)}}, "no output price that the format can hold"),
        (
            {"pricing": {"input": Decimal(5), "output": None, "output_image": Decimal(40)}},
            "no output price that the format can hold",
        ),
        ({"pricing": {"output": Decimal(7)}}, "no input price that the format can hold"),
        (
            {"pricing": {"variants": [{"when": {"from": "2026-08-01"}, "input": Decimal(1), "output": Decimal(2)}]}},
            UNIT,
        ),
        ({"pricing": {"input": Decimal(5), "output": None}}, None),
        ({"pricing": {"input": Decimal(0), "output": Decimal(0)}}, None),
        ({"pricing": {"per": {"request": Decimal("0.01")}}}, None),
        ({"mode": "embedding", "pricing": {"input": Decimal("0.1")}}, None),
    ],
)
def test_genai_prices_gets_no_model_that_it_would_take_for_free(body, reason) -> None:
    priced = {"pricing": {"input": Decimal(1), "output": Decimal(2)}}
    exported = written("genai-prices", typed({"acme": {"models": {"asked": body, "priced": priced}}}))
    ids = [model["id"] for model in json.loads(exported.files[""])[0]["models"]]
    assert ids == (["priced"] if reason else ["asked", "priced"])
    assert exported.left_out == ({reason: 1} if reason else {})


def test_genai_prices_gets_no_time_in_which_a_price_is_unknown() -> None:
    known = [{"when": {"from": "2026-03-01", "until": "2026-12-31"}, "input": Decimal(1), "output": Decimal(2)}]
    exported = written("genai-prices", typed({"acme": {"models": {"large": {"pricing": {"variants": known}}}}}))
    assert json.loads(exported.files[""])[0]["models"][0]["prices"] == {"input_mtok": 1, "output_mtok": 2}
    assert not exported.left_out


def test_a_local_model_is_known_to_be_free() -> None:
    exported = written("genai-prices", typed({"acme": {"billing": "local", "models": {"small": {}}}}))
    assert json.loads(exported.files[""])[0]["models"][0]["prices"] == {"input_mtok": 0, "output_mtok": 0}


def test_models_dev_states_no_cost_of_which_one_side_is_unknown() -> None:
    bodies = {"images": {"pricing": {"input": Decimal(5), "output_image": Decimal(40)}},
              "vectors": {"mode": "embedding", "pricing": {"input": Decimal(1)}}}  # fmt: skip
    models = json.loads(written("models.dev", typed({"acme": {"models": bodies}})).files[""])["acme"]["models"]
    assert "cost" not in models["images"]
    assert models["vectors"]["cost"] == {"input": 1, "output": 0}


@pytest.mark.slow
@pytest.mark.parametrize("form", READABLE)
def test_the_catalog_that_ships_is_a_fixed_point(form) -> None:
    catalog = load_catalog(provider_files(ROOT / "config" / "models", None))
    first = written(form, catalog)
    assert written(form, reread(form, first)).files == first.files


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "acme.yml").write_text(
        "provider: acme\nmodels:\n  big: {pricing: {input: 2, output: 4}, capabilities: [vision]}\n"
        "  small: {pricing: {input: 1, output: 8}}\n  odd: {pricing: {input: 0.1}}\n  old: {status: retired}\n"
    )

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "registry_cli", *arguments, "--catalog", str(tmp_path / "catalog")]
        return subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)

    return command


def test_filters_strictness_and_places(run, tmp_path: Path) -> None:
    done = run("export", "litellm", "--vision")
    assert list(json.loads(done.stdout)) == ["acme/big"]
    assert "1 models" in done.stderr
    strict = run("export", "openai", "--strict")
    assert (strict.returncode, strict.stdout) == (1, "")
    assert "cannot hold pricing.input: 3" in strict.stderr
    assert "1 deprecated, unlisted or retired left out" in strict.stderr
    assert run("export", "json", "--strict", "--deprecated", "-q", "--to", "all.json").returncode == 0
    assert "old" in (tmp_path / "all.json").read_text()
    assert run("export", "exllm").returncode == 2
    assert run("export", "exllm", "--to", "folder").returncode == 0
    assert (tmp_path / "folder" / "acme.yml").is_file()
    assert run("export", "nothing").returncode == 2
    assert run("export", "csv", "--to", "no/such/folder.csv").returncode == 6


def test_models_that_would_become_free_are_told_and_fail_a_strict_export(run, tmp_path: Path) -> None:
    done = run("export", "genai-prices", "--to", "gp.json")
    assert done.stderr.startswith("2 models; 1 deprecated, unlisted or retired left out (--deprecated)\n")
    assert "left out 1 model: no output price that the format can hold" in done.stderr
    (tmp_path / "gp.json").unlink()
    strict = run("export", "genai-prices", "--strict", "--to", "gp.json", "-q")
    assert strict.returncode == 1
    assert "left out 1 model" in strict.stderr
    assert not (tmp_path / "gp.json").exists()


def test_query_sorts_by_what_a_call_costs(run) -> None:
    done = run("query", "--sort", "cost", "--input", "1m", "--output", "1m")
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["acme/big", "acme/small", "acme/odd"]
    assert done.stdout.splitlines()[2].endswith("at least $0.1, unknown: output")
    down = run("query", "--sort=-cost", "--input", "1m", "--output", "1m", "--limit", "1", "-f", "json")
    assert json.loads(down.stdout)["models"][0]["cost"] == {"total": 9, "currency": "USD"}
    assert "--input and --output" in run("query", "--sort", "cost").stderr
    priced = run("cost", "big", "small", "--input", "1m", "--output", "1m", "--explain")
    assert priced.stdout.startswith("acme/big\t$6\n")


def test_every_format_has_a_module() -> None:
    for form in FORMATS:
        if form != "parquet":
            assert written(form, typed(SMALL)).files
