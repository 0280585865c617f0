"""Keys that only a newer llmreg knows: readers name them and read on, edits and `validate` refuse them."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_cli.api import Registry
from registry_cli.api_types import UnknownKeyWarning
from registry_cli.core.format.unknown_keys import UnknownKeys, unknown_key_warnings
from tests.support.cli import CliResult, run_llmreg

NEWER = """\
provider: acme
name: Acme
colour: blue
models:
  large:
    context_window: 1000
    tempurature: 1
    pricing:
      input: 1
      output: 2
      smell: 3
      variants:
      - when: {moon: full}
        input: 90
      - when: {service_tier: batch}
        input: 0.5
        smell: 1
  small:
    context_window: 2000
    tempurature: {deep: [1]}
  plain:
    context_window: 3000
"""
WARNING = (
    "acme.yml: 2 models have keys that this llmreg does not know "
    "(colour, pricing.smell, pricing.variants.smell, pricing.variants.when.moon, tempurature); they are ignored\n"
)
READERS = (
    ["query"],
    ["query", "--no-cache"],
    ["show", "acme/large"],
    ["compare", "acme/large", "acme/plain"],
    ["cost", "acme/large", "--input", "1m", "--output", "0"],
    ["providers"],
    ["capabilities"],
    ["sql", "select count(*) from models"],
    ["export", "json", "--to", "all.json"],
    ["export", "litellm", "--to", "map.json"],
)
Run = Callable[..., CliResult]


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "config" / "models"
    folder.mkdir(parents=True)
    (folder / "acme.yml").write_text(NEWER)
    (folder / "beta.yml").write_text("provider: beta\nmodels: {b1: {context_window: 1000}}\n")
    return folder


@pytest.fixture
def run(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return run_llmreg


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_readers_warn_once_and_answer(catalog: Path, run: Run, words: list[str]) -> None:
    for _ in range(2):  # from the files, then from the cache
        done = run(*words)
        assert done.code == 0
        assert done.err.count(WARNING) == 1
    assert WARNING not in run(*words, "--quiet").err


def test_what_is_known_is_answered_and_a_variant_of_an_unknown_condition_never_holds(catalog: Path, run: Run) -> None:
    assert run("query", "-q", "-f", "ids").out.split() == ["acme/large", "acme/plain", "acme/small", "beta/b1"]
    assert "$1\n" in run("cost", "acme/large", "--input", "1m", "--output", "0", "-q").out
    assert "$0.5" in run("cost", "acme/large", "--input", "1m", "--output", "0", "--tier", "batch", "-q").out
    entry = json.loads(run("show", "acme/large", "-f", "json", "-q").out)
    assert "tempurature" not in json.dumps(entry)
    assert "smell" not in json.dumps(entry)


def test_the_warning_goes_with_the_keys(catalog: Path, run: Run) -> None:
    assert "unknown" not in run("query", "--name", "b1").out
    (catalog / "acme.yml").write_text("provider: acme\nmodels: {large: {context_window: 1000}}\n")
    assert run("query").err == ""


def test_a_known_key_with_a_wrong_value_still_refuses_the_file(catalog: Path, run: Run) -> None:
    text = NEWER.replace("context_window: 3000", "context_window: many")
    (catalog / "acme.yml").write_text(text)
    done = run("query")
    assert (done.code, done.out) == (6, "")
    assert "acme.yml:22:21 schema plain#context_window: expected" in done.err


def test_validate_reports_the_keys_as_errors(catalog: Path, run: Run) -> None:
    done = run("validate")
    assert done.code == 1
    assert done.out.count(" unknown-key ") == 6


@pytest.mark.parametrize(
    "words",
    [["set", "acme/plain", "context_window=5"], ["add", "acme/new", "context_window=5"], ["remove", "acme/small"]],
    ids=" ".join,
)
def test_edits_refuse_the_file_and_no_other(catalog: Path, run: Run, words: list[str]) -> None:
    done = run(*words)
    assert done.code == 6
    assert "acme.yml:3:1" in done.err
    assert "nothing was written" in done.err
    assert (catalog / "acme.yml").read_text() == NEWER
    assert run("set", "beta/b1", "context_window=5").code == 0


def test_sync_refuses_the_file(catalog: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "md.json").write_text(
        json.dumps({"acme": {"id": "acme", "models": {"large": {"id": "large", "limit": {"context": 5}}}}})
    )
    done = run("sync", "acme", "--no-pr", "--from", "models.dev=md.json")
    assert done.code == 6
    assert "colour: unknown key" in done.err
    assert (catalog / "acme.yml").read_text() == NEWER


def test_an_import_says_what_it_leaves_out(catalog: Path, run: Run) -> None:
    done = run("import", f"exllm={catalog}", "--to", "elsewhere")
    assert done.code == 0
    assert "tempurature: unknown key" in done.text


def test_the_api_warns_once_and_answers(catalog: Path) -> None:
    registry = Registry(catalog)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert registry.get_context_window("acme", "small") == 2000
        assert len(registry.list_all()) == 4
    assert [(each.category, f"{each.message}\n") for each in caught] == [(UnknownKeyWarning, WARNING)]


def test_keys_under_an_anchor_are_passed_over_wherever_it_stands(catalog: Path, run: Run) -> None:
    (catalog / "acme.yml").write_text(
        "provider: acme\nmodels:\n  one: {pricing: &prices {input: 1, odd: 2, variants: &list "
        "[{when: {moon: 1}, input: 9}, {when: {region: eu}, input: 2}]}}\n"
        "  two: {pricing: *prices}\n  three: {pricing: {input: 4, variants: *list}}\n"
    )
    assert run("query", "-q", "-f", "ids").code == 0
    for model, cost in (("one", "$2"), ("two", "$2"), ("three", "$2")):
        done = run("cost", f"acme/{model}", "--input", "1m", "--output", "0", "--region", "eu", "-q")
        assert cost in done.out, model


def test_keys_of_the_provider_alone_and_of_ones_own_models(
    catalog: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (catalog / "acme.yml").write_text("provider: acme\ncolour: blue\nmodels: {large: {context_window: 1000}}\n")
    assert run("query").err == (
        "acme.yml: the provider has keys that this llmreg does not know (colour); they are ignored\n"
    )
    overlay = tmp_path / "own"
    overlay.mkdir()
    (overlay / "beta.yml").write_text("provider: beta\nmodels: {mine: {context_window: 5, shade: 1}}\n")
    monkeypatch.setenv("LLMREG_OVERLAY", str(overlay))
    assert "beta.yml: 1 model has keys that this llmreg does not know (shade)" in run("query").err


def test_many_files_are_one_line_and_long_names_are_cut() -> None:
    found = [UnknownKeys(f"p{number}.yml", ("new", "x" * 100), 1) for number in range(6)]
    [line] = unknown_key_warnings(found)
    assert line.startswith(f"6 files have keys that this llmreg does not know (new, {'x' * 60}...); they are ignored")
    assert len(unknown_key_warnings(found[:5])) == 5
    [few] = unknown_key_warnings([UnknownKeys("p.yml", tuple("abcdefg"), 3)])
    assert "(a, b, c, d, e and 2 more)" in few
