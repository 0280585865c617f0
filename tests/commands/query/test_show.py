"""`show`, `compare`, `providers`, `capabilities`, `default`, `schema` and `cache` as people use them."""

import json

import pytest

from registry_cli.core.query.wording import describe_condition, describe_variant, format_fact
from registry_cli.store.catalog.bundled import bundled_data
from tests.support.random_catalogs import write_catalog


def facts(text):
    """Plain output as (section, label) -> value."""
    return {tuple(line.split("\t")[:2]): line.split("\t")[2] for line in text.splitlines()}


def test_a_card(run):
    told = facts(run("show", "large-latest"))
    assert told["model", "id"] == "acme/large-2"
    assert told["About", "provider"] == "Acme"
    assert told["Limits (tokens)", "context window"] == "200,000"
    prices = {label: value for (section, label), value in told.items() if section.startswith("Prices")}
    assert prices == {
        "input": "$3",
        "output": "$15.5",
        "cache read": "$0.3",
        "per web search": "$0.01",
        "batch tier": "0.5 times the token rates",
        "over 100,000 input tokens": "input $6",
        "from 2026-06-01": "input $2.5",
    }
    assert told["Modalities", "input"] == "text, image"
    assert told["Capabilities", "has"] == "streaming"
    assert told["Capabilities", "vision"] == "derived from modalities.input: image"
    assert told["Capabilities", "prompt_caching"] == "derived from pricing.cache_read"
    assert told["Capabilities", "function_calling"] == "version: 2.0"
    assert told["Capabilities", "web_search"] == "no"
    assert ("model", "notice") not in told


def test_prices_of_the_day(run):
    later = facts(run("show", "acme/large-2", on="2026-06-01"))
    assert later["Prices per 1M tokens on 2026-06-01", "input"] == "$2.5"


@pytest.mark.parametrize(
    ("on", "notice"),
    [
        ("2026-01-31", None),
        ("2026-02-01", "deprecated since 2026-02-01, retires on 2026-09-01; use large-2 instead"),
        ("2026-09-01", "retired since 2026-09-01; use large-2 instead"),
    ],
)
def test_says_when_a_model_is_outdated(run, on, notice):
    told = facts(run("show", "acme/large-1", on=on))
    assert told.get(("model", "notice")) == notice
    assert told["Prices per 1M tokens on " + on, "input"] == "$0.0000001"
    assert told["Prices per 1M tokens on " + on, "output"] == "does not apply"


def test_unknown_is_said(run):
    told = facts(run("show", "[bold]pipe|`x`"))
    assert told["Limits (tokens)", "context window"] == "unknown"
    assert told["Prices per 1M tokens on 2026-05-01", "input"] == "unknown"


def test_local_and_own(run, tmp_path, monkeypatch):
    assert facts(run("show", "home/shared"))["About", "provider"] == "home, runs on your own machine"
    assert facts(run("show", "home/shared"))["Prices per 1M tokens on 2026-05-01", "input"] == "free"
    overlay = {"acme": {"models": {"large-2": {"pricing": {"input": 1}}}}, "mine": {"models": {"m": {}}}}
    monkeypatch.setenv("LLMREG_OVERLAY", str(write_catalog(tmp_path / "overlay", overlay)))
    told = facts(run("show", "acme/large-2"))
    assert told["Prices per 1M tokens on 2026-05-01", "input"] == "$1 *"
    assert told["Prices per 1M tokens on 2026-05-01", "output"] == "$15.5"
    assert facts(run("show", "mine/m"))["model", "notice"] == "from your own models"


def test_card_formats(run):
    table = run("show", "[bold]pipe|`x`", "--format", "table")
    assert table.startswith("acme/[bold]pipe|`x`\n")
    assert "\x1b" not in table
    assert "## `` acme/[bold]pipe\\x7c`x` ``" in run("show", "[bold]pipe|`x`", "--format", "markdown")
    (model,) = json.loads(run("show", "large-2", "--format", "json"))["models"]
    assert model["price"] == {"currency": "USD", "input": 3, "output": 15.5, "cache_read": 0.3}
    assert model["capability_details"]["web_search"] == {"supported": False}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pricing.input", "3"),
        ("pricing.output", "15.5"),
        ("price.input", "2.5"),
        ("pricing.per.web_search", "0.01"),
        ("context_window", "200000"),
        ("name", "Acme Large 2"),
        ("status", "active"),
        ("modalities.input", "text,image"),
        ("capabilities.streaming", "yes"),
        ("capabilities.web_search", "no"),
        ("capabilities.vision", "yes"),
        ("capabilities.function_calling.version", "2.0"),
        ("capabilities.audio_input", ""),
        ("family", ""),
        ("pricing.reasoning", ""),
        ("metadata.anything.at.all", ""),
    ],
)
def test_one_field(run, field, value):
    assert run("show", f"large-2#{field}", on="2026-06-01") == f"{value}\n"
    assert run.code == 0


@pytest.mark.parametrize("field", ["pricing.inputs", "nothing", "pricing.input.x", "", "name.first"])
def test_a_field_that_no_entry_has(run, field):
    assert run("show", f"large-2#{field}") == ""
    assert (run.code, run.err.startswith("llmreg: unknown field")) == (2, True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acme/large-3", "acme has no model 'large-3'; did you mean acme/large"),
        ("shared", "shared is a model of 2 providers: home/shared, host/shared"),
        ("../../x", "unknown model '../../x'"),
        ("", "unknown model ''"),
    ],
)
def test_a_model_that_is_not_there(run, name, said):
    assert run("show", name) == ""
    assert run.code == 2
    assert said in run.err


def test_compare(run):
    rows = {
        line.split("\t")[0]: line.split("\t")[1:] for line in run("compare", "large-2", "host/acme/large").splitlines()
    }
    assert rows["price.input"] == ["*", "$3", "$2"]
    assert rows["context_window"] == ["*", "200,000", "100,000"]
    assert rows["base_model"] == ["", "acme/large", "acme/large"]
    assert rows["capabilities.web_search"] == ["*", "no", "-"]
    assert "family" not in rows
    only = run("compare", "large-2", "host/acme/large", "--differences")
    assert "base_model" not in only
    found = json.loads(run("compare", "large-2", "host/acme/large", "--format", "json"))
    assert [model["full_id"] for model in found["models"]] == ["acme/large-2", "host/acme/large"]
    assert "price.input" in found["differences"]
    assert "base_model" not in found["differences"]


def test_compare_says_what_is_your_own(run, tmp_path, monkeypatch):
    overlay = {"acme": {"models": {"large-2": {"pricing": {"input": 1}}}}, "mine": {"models": {"m": {}}}}
    monkeypatch.setenv("LLMREG_OVERLAY", str(write_catalog(tmp_path / "overlay", overlay)))
    run("compare", "acme/large-2", "mine/m")
    assert run.err == "acme/large-2: pricing.input from your own models\nmine/m: from your own models\n"


def test_compare_notices_and_slips(run):
    run("compare", "acme/large-1", "acme/large-2", "--format", "table")
    assert run.err.startswith("acme/large-1: deprecated since 2026-02-01")
    run("compare", "large-2", "large-latest")
    assert (run.code, run.err) == (2, "llmreg: compare needs two different models\n")


def test_providers(run):
    assert run("providers") == (
        "acme\tAcme\t3\t2\tusage\tlarge-2\nhome\t-\t1\t1\tlocal\tshared\nhost\t-\t2\t2\tusage\t-\n"
    )
    assert json.loads(run("providers", "--format", "json"))["providers"][0]["models"] == 3


def test_capabilities(run):
    rows = [line.split("\t") for line in run("capabilities").splitlines()]
    assert ["vision", "1", "1", "1"] in [row[:4] for row in rows]
    assert ["streaming", "1", "0", "1"] in [row[:4] for row in rows]
    (tools,) = json.loads(run("capabilities", "tool_use", "--format", "json"))["capabilities"]
    assert tools["name"] == "function_calling"
    assert "tools" in tools["aliases"].split(", ")
    matrix = run("capabilities", "--matrix", "--format", "markdown").splitlines()
    derived = "batch_operations | embeddings | function_calling | prompt_caching | streaming | vision"
    assert matrix[0] == f"| provider | models | {derived} |"
    assert matrix[2:] == [
        "| acme | 3 | 1 | 1 | 1 | 1 | 1 | 1 |",
        "| home | 1 | 0 | 0 | 0 | 0 | 0 | 0 |",
        "| host | 2 | 0 | 0 | 0 | 0 | 0 | 0 |",
    ]
    run("capabilities", "--matrix", "vision")
    assert run.code == 2
    run("capabilities", "visoin")
    assert (run.code, "did you mean vision" in run.err) == (2, True)


def test_default(run):
    assert run("default", "acme-ai") == "acme/large-2\n"
    assert run.err == ""
    run("default", "host")
    assert (run.code, run.err) == (2, "llmreg: host states no default model\n")
    write_catalog(
        run.root, {"old": {"default_model": "a", "models": {"a": {"status": "deprecated", "replacement": "b"}}}}
    )
    assert run("default", "old") == "old/a\n"
    assert run.err == "old/a is deprecated; use b instead\n"
    write_catalog(run.root, {"old": {"default_model": "gone", "models": {}}})
    run("default", "old")
    assert (run.code, run.err) == (2, "llmreg: the default model of old is 'gone', which it does not have\n")


def test_a_retired_default_gives_way_to_its_replacement(run):
    models = {
        "a": {"retirement_date": "2026-08-16", "replacement": "b"},
        "b": {"status": "retired", "replacement": "c-latest"},
        "c": {"status": "deprecated", "aliases": ["c-latest"]},
    }
    write_catalog(run.root, {"old": {"default_model": "a", "models": models}})
    assert run("default", "old", on="2026-08-15") == "old/a\n"
    assert run.err == ""
    assert run("default", "old", on="2026-08-16") == "old/c\n"
    assert run.err.splitlines() == [
        "the default model of old, old/a, is retired since 2026-08-16; using its replacement old/c",
        "old/c is deprecated",
    ]


@pytest.mark.parametrize("replacement", [{}, {"replacement": "a"}, {"replacement": "b"}, {"replacement": "other/a"}])
def test_a_retired_default_that_nothing_replaces_is_refused(run, replacement):
    models = {"a": {"status": "retired"} | replacement, "b": {"status": "retired", "replacement": "a"}}
    write_catalog(run.root, {"old": {"default_model": "a", "models": models}})
    assert run("default", "old") == ""
    assert run.code == 2
    assert run.err.startswith("llmreg: the default model of old, old/a, is retired, and no replacement of it")
    assert run.err.endswith("to name another, run: llmreg set old default_model=MODEL\n")


def test_schema(run):
    assert json.loads(run("schema"))["title"] == "llmreg provider file"
    assert run("schema", "capabilities", "--path") == f"{bundled_data() / 'schema' / 'capabilities.yml'}\n"
    run("schema", "capability")
    assert (run.code, "did you mean capabilities" in run.err) == (2, True)


def test_cache(run, tmp_path):
    folder = tmp_path / "cache"
    assert run("cache", "info") == ""
    run("query")
    (folder / "notes.txt").write_text("mine")
    assert run("cache", "info").startswith("index-")
    assert run("cache", "clear") == ""
    assert run.err == f"removed 1 files from {folder}\n"
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    (folder / "notes.txt").unlink()
    run("query")
    run("cache", "clear")
    assert not folder.exists()
    run("cache", "polish")
    assert (run.code, run.err) == (2, "llmreg: cache: 'polish' is not one of info, clear\n")


def test_words():
    assert (
        describe_condition({"service_tier": "flex", "days": ["sat", "sun"], "quality": "hd"})
        == "flex tier, on sat, sun, quality hd"
    )
    assert describe_condition({"days": ["sat", "cn-holiday"]}) == "on sat, public holidays in China"
    assert describe_condition({}) == "always"
    assert describe_variant({"when": {}, "input": 0, "per": {"request": 1}, "multiply": 2}, "EUR") == (
        "input free, per request 1 EUR, 2 times the token rates"
    )
    assert format_fact([]) == "none"
    assert format_fact({"effort": ["low"]}) == "effort low"


@pytest.fixture
def creators(run):
    listing = {"base_model": "corp/m", "pricing": {"input": 3, "output": 4}}
    write_catalog(run.root, {"corp": {"models": {"m.1": listing}}, "other": {"models": {"m-1": listing}}})
    return run


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["show", "M-1"], "corp/m.1"),
        (["show", "m-1#pricing.input"], "3"),
        (["compare", "m-1", "large-2"], "corp/m.1"),
        (["cost", "m-1", "--input", "1m"], "corp/m.1"),
    ],
)
def test_a_bare_id_is_that_of_its_creator(creators, arguments, shown):
    assert shown in creators(*arguments, "-f", "markdown" if arguments[0] == "compare" else "plain")
    assert "using corp/m.1, its creator's own listing; 1 other provider has it too" in creators.err
    creators(*arguments, "--quiet")
    assert creators.err == ""
    assert "OTHER/M.1" not in creators("show", "OTHER/M.1")
    assert creators.err == ""
