"""`llmreg query` as people use it; what it finds is proved by test_index_agrees."""

import csv
import io
import json

import pytest

from registry_cli import Filters, Registry
from registry_cli.core.query.filters import parse_tokens
from registry_cli.errors import UsageError
from tests.support.random_catalogs import write_catalog


def test_plain_in_a_pipe(run):
    assert run("query") == (
        "home/shared\t-\t-\t0\t0\n"
        "host/shared\t-\t-\t0\t0\n"
        "host/acme/large\t100000\t-\t2\t20\n"
        "acme/large-2\t200000\t8192\t3\t15.5\n"
        "acme/[bold]pipe|`x`\t-\t-\t-\t-\n"
    )
    assert (run.code, run.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--vision", "--max-input", "5"], ["acme/large-2"]),
        (["--vision", "--max-input-price", "2.9"], []),
        (["--tools"], ["acme/large-2"]),
        (["-c", "tool_use"], ["acme/large-2"]),
        (["--web-search"], []),
        (["-p", "acme-ai", "--deprecated"], ["acme/large-1", "acme/large-2", "acme/[bold]pipe|`x`"]),
        (["--status", "deprecated"], ["acme/large-1"]),
        (["--free"], ["home/shared", "host/shared"]),
        (["--distinct", "--base-model", "acme/large"], ["host/acme/large"]),
        (["--min-context", "100k", "--sort", "-context"], ["acme/large-2", "host/acme/large"]),
        (["--min-context", "0.2m"], ["acme/large-2"]),
        (["--name", "*LARGE*", "-n", "1", "--reverse"], ["acme/large-2"]),
        (["--mode", "embedding"], ["acme/[bold]pipe|`x`"]),
        (["--no-open-weights"], ["acme/[bold]pipe|`x`"]),
        (["--released-since", "2026"], ["acme/large-2"]),
        (["--released-since", "2026-01-02"], []),
        (["--limit", "0"], []),
    ],
)
def test_options(run, arguments, found):
    assert run("query", *arguments, "--format", "ids").splitlines() == found
    assert run("query", *arguments, "--format", "json", "--no-cache").count("full_id") == len(found)
    limited = "-n" in arguments or "--limit" in arguments
    assert limited or run("query", *arguments, "--count") == f"{len(found)}\n"


def test_as_of_a_day(run):
    assert run("query", "--max-input", "2.5", "-p", "acme", "--format", "ids") == ""
    assert (
        run("query", "--max-input", "2.5", "-p", "acme", on="2026-06-01") == "acme/large-2\t200000\t8192\t2.5\t15.5\n"
    )
    assert "large-1" in run("query", on="2026-01-31")
    assert run("query", "--status", "retired", "--format", "ids", on="2026-09-01") == "acme/large-1\n"


def test_a_price_for_ever(run):
    """9999-12-31 is the last date there is: no day comes after it."""
    price = {"pricing": {"input": 3, "variants": [{"when": {"until": "9999-12-31"}, "input": 2}]}}
    write_catalog(run.root, {"ever": {"models": {"m": price}}})
    for day in ("2026-05-01", "9999-12-31"):
        assert run("query", "-p", "ever", "--columns", "input", on=day) == "2\n"


def test_json_is_the_whole_entry_with_exact_numbers(run):
    out = run("query", "--deprecated", "--max-input", "1", "--min-input-price", "1e-8", "--format", "json")
    assert json.loads(out)["models"][0] == {
        "full_id": "acme/large-1", "provider": "acme", "id": "large-1", "status": "deprecated",
        "price": {"currency": "USD", "input": 1e-07, "output": None}, "deprecation_date": "2026-02-01",
        "retirement_date": "2026-09-01", "replacement": "large-2", "pricing": {"input": 1e-07, "output": None},
    }  # fmt: skip
    assert '"input":0.0000001' in out
    lines = run("query", "--format", "jsonl").splitlines()
    assert [json.loads(line)["full_id"] for line in lines][2] == "host/acme/large"
    assert run("query", "--name", "none", "--format", "json") == '{"models":[]}\n'


def test_columns(run):
    columns = (
        "id,input,pricing.cache_read,price.cache_read,capabilities.vision,capabilities.web_search,modalities.input"
    )
    out = run("query", "--tools", "--columns", columns)
    assert out == "large-2\t3\t0.3\t0.3\tyes\tno\ttext,image\n"
    names = "batch_operations,function_calling,prompt_caching,streaming,vision"
    assert run("query", "--tools", "--columns", "capabilities") == f"{names}\n"
    out = run("query", "--tools", "--columns", "id,input,output", "--columns", "metadata.note", "--format", "json")
    assert out == '{"models":[\n{"id":"large-2","input":3,"output":15.5,"metadata.note":null}\n]}\n'


def test_what_a_value_holds_never_breaks_a_row(run):
    assert run("query", "--mode", "embedding", "--columns", "model,metadata.note") == "acme/[bold]pipe|`x`\ta\\tb\n"
    row = run("query", "--mode", "embedding", "--format", "markdown").splitlines()[2]
    assert row.startswith("| `` acme/[bold]pipe\\x7c`x` `` |")
    rows = list(csv.reader(io.StringIO(run("query", "--format", "csv"))))
    assert rows[0] == ["model", "context", "max_output", "input", "output"]
    assert rows[-1] == ["acme/[bold]pipe|`x`", "", "", "", ""]


def test_table(run):
    out = run("query", "--format", "table")
    assert "acme/[bold]pipe|`x`" in out
    assert "200,000" in out
    assert "\x1b" not in out


def test_a_long_table_shows_a_page(run):
    write_catalog(run.root, {"many": {"models": {f"m{number:02}": {} for number in range(60)}}})
    out = run("query", "-p", "many", "--format", "table")
    assert "many/m49" in out
    assert "many/m50" not in out
    assert run.err == "10 more; --all shows them\n"
    run("query", "-p", "many", "--format", "table", "--quiet")
    assert run.err == ""
    assert "many/m59" in run("query", "-p", "many", "--format", "table", "--all")
    assert run("query", "-p", "many", "--count") == "60\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-p", "acmee"], "unknown provider 'acmee'; did you mean acme"),
        (["-p", "../../x"], "unknown provider '../../x'"),
        (["-c", "tool"], "unknown capability 'tool'; did you mean tool"),
        (["--min-context", "many"], "--min-context: 'many' is not a number of tokens"),
        (["--min-output-tokens", "-1"], "--min-output-tokens: '-1' is not a number of tokens"),
        (["--mode", "chatt"], "--mode: 'chatt' is not one of chat"),
        (["--status", "dead"], "--status: 'dead' is not one of preview"),
        (["--input-modality", "smell"], "--input-modality: 'smell' is not one of text"),
        (["--sort", "prize"], "--sort: unknown field 'prize'; did you mean price"),
        (["--columns", ""], "--columns: names no column"),
        (["--columns", ","], "--columns: names no column"),
        (["--limit", "9" * 23], "Invalid value for '--limit'"),
        (["--min-context", "999999999999999m"], "--min-context: '999999999999999m' is more than anything has"),
        (["--columns", "contxt"], "--columns: unknown column 'contxt'; did you mean context"),
        (["--columns", "pricing.inputs"], "--columns: unknown column 'pricing.inputs'; did you mean pricing.input"),
        (["--released-since", "yesterday"], "--released-since: 'yesterday' is not a day"),
        (["--released-since", "2026-13"], "--released-since: '2026-13' is not a day"),
        (["--format", "xml"], "--format: 'xml' is not one of plain"),
        (["--max-input", "cheap"], "Invalid value for '--max-input'"),
        (["--max-input", "-1"], "Invalid value for '--max-input'"),
    ],
)
def test_slips_end_with_2_and_one_line(run, arguments, said):
    assert run("query", *arguments) == ""
    assert said in run.err
    assert run.code == 2


def test_a_wrong_day(run):
    run("query", on="2026-02-30")
    assert (run.code, run.err) == (2, "llmreg: --on: '2026-02-30' is not a day such as 2026-01-15\n")


def test_a_persons_own_models_are_marked(run, tmp_path, monkeypatch):
    overlay = {"acme": {"models": {"large-2": {"pricing": {"input": 1}}, "mine": {}}}}
    monkeypatch.setenv("LLMREG_OVERLAY", str(write_catalog(tmp_path / "overlay", overlay)))
    table = run("query", "-p", "acme", "--format", "table")
    assert "acme/large-2 *" in table
    assert "acme/mine *" in table
    assert "pipe|`x` *" not in table
    assert run.err == "* from your own models\n"
    found = json.loads(run("query", "-p", "acme", "--format", "json"))["models"]
    assert [model.get("overlay") for model in found] == [["pricing.input"], None, ["*"]]
    assert run("query", "-p", "acme", "-n", "1") == "acme/large-2\t200000\t8192\t1\t15.5\n"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("100k", 100_000), ("1m", 1_000_000), ("1.5M", 1_500_000), ("128000", 128_000), ("200,000", 200_000), ("0", 0)],
)
def test_tokens(text, tokens):
    assert parse_tokens(text, "--x") == tokens


@pytest.mark.parametrize("text", ["", "k", "1e5", "-1", "1.5", "1.2.3", "١٢", "1kk", "9" * 400])
def test_no_tokens(text):
    with pytest.raises(UsageError, match="--x"):
        parse_tokens(text, "--x")


@pytest.mark.parametrize("price", ["nan", "inf"])
def test_what_is_no_price(run, price):
    assert run("query", "--max-input", price) == ""
    assert run.code == 2
    assert "--max-input" in run.err


WORDED = {
    "acme": {
        "models": {
            "opus": {"pricing": {"input": 9}},
            "opus-2": {"pricing": {"input": 3}},
            "x/opus-1": {"pricing": {"input": 2}},
            "claude-opus": {"pricing": {"input": 1}},
            "other": {"name": "The Opus 4.5", "pricing": {"input": 0.5}},
            "kin": {"family": "opus", "pricing": {"input": 0.1}},
            "none": {"pricing": {"input": 0.01}},
        }
    },
    "opus-host": {"models": {"z": {"pricing": {"input": 0.2}}}},
}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            ["opus"],
            ["acme/opus", "acme/x/opus-1", "acme/opus-2", "acme/claude-opus", "acme/other", "acme/kin", "opus-host/z"],
        ),
        (["OPUS", "4_5"], ["acme/other"]),
        (["the opus"], ["acme/other"]),
        (["claude", "opus"], ["acme/claude-opus"]),
        (["opus", "acme", "1"], ["acme/x/opus-1"]),
        (["acme/opus"], ["acme/opus", "acme/opus-2"]),
        (["opus", "--max-input", "1"], ["acme/claude-opus", "acme/other", "acme/kin", "opus-host/z"]),
        (["opus", "-s", "-price", "-n", "2"], ["acme/opus", "acme/opus-2"]),
        (["opus", "-r", "-n", "1"], ["opus-host/z"]),
        (["%"], []),
    ],
)
def test_words(run, words, found):
    for file in run.root.iterdir():
        file.unlink()
    write_catalog(run.root, WORDED)
    assert run("query", *words, "-f", "ids").splitlines() == found
    if "-s" not in words and "-r" not in words:
        wanted = Filters(max_input=1.0) if "--max-input" in words else None
        asked = words[:1] if wanted else words
        registry = Registry(run.root)
        assert [model.full_id for model in registry.find_by_words(asked, wanted)] == found
