"""`prices:` in `llmreg.yml`, of the catalog and beside the overlay: list prices times what a person agreed to."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from registry_cli.api import Registry
from registry_cli.commands.query.open import open_catalog
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import usage_of
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.own_prices import multiply_pricing
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.core.text.exact_json import loads
from registry_cli.errors import FileError
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.index.query import fetch_models
from tests.commands.query.test_at import git
from tests.support.cli import run_llmreg
from tests.support.random_catalogs import write_catalog

CATALOG = {
    "acme": {
        "models": {
            "large": {
                "aliases": ["large-latest"],
                "pricing": {
                    "input": 2,
                    "output": 10,
                    "cache_read": None,
                    "per": {"web_search": 0.01},
                    "variants": [
                        {"when": {"input_tokens_above": 1000}, "input": 4, "per": {"web_search": 0.02}},
                        {"when": {"service_tier": "batch"}, "multiply": 0.5},
                        {"when": {"from": "2030-01-01"}, "input": 1},
                    ],
                },
            },
            "small": {"pricing": {"input": 1, "output": 3}},
            "unpriced": {"context_window": 1000},
        },
    },
    "acme-eu": {"models": {"large": {"pricing": {"currency": "EUR", "input": 3, "output": 9}}}},
}
DAY = "2026-05-01"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog in `config/models`, an overlay in `mine/models`, neither with settings yet."""
    write_catalog(tmp_path / "config" / "models", CATALOG)
    (tmp_path / "mine" / "models").mkdir(parents=True)
    monkeypatch.setenv("LLMREG_OVERLAY", str(tmp_path / "mine" / "models"))
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder, monkeypatch):
    return run_llmreg


def agree(folder: Path, prices: str, *, overlay: bool = False) -> None:
    (folder / ("mine" if overlay else "config") / "llmreg.yml").write_text(f"prices: {prices}\n")


def total(run, *arguments: str) -> str:
    done = run("cost", *arguments, "--on", DAY, "-q")
    assert done.code == 0, done.err
    return done.out.split("\t")[1].strip()


def test_every_rate_tier_and_unit_is_multiplied_and_factors_stay() -> None:
    listed = json.loads(json.dumps(CATALOG["acme"]["models"]["large"]["pricing"]), parse_float=Decimal)
    own = multiply_pricing(listed, Decimal("0.85"))
    assert own == {
        "input": Decimal("1.7"),
        "output": Decimal("8.5"),
        "cache_read": None,
        "per": {"web_search": Decimal("0.0085")},
        "variants": [
            {"when": {"input_tokens_above": 1000}, "input": Decimal("3.4"), "per": {"web_search": Decimal("0.017")}},
            {"when": {"service_tier": "batch"}, "multiply": Decimal("0.5")},
            {"when": {"from": "2030-01-01"}, "input": Decimal("0.85")},
        ],
    }
    assert list(own) == list(listed)
    for conditions in ({}, {"service_tier": "batch"}):
        for counts in ({"input": 1000, "output": 7}, {"input": 5000, "output": 7, "web_searches": 3}):
            entries = [
                build_model("acme", "large", {"pricing": pricing}, "usage", Vocabulary({})) for pricing in (listed, own)
            ]
            bills = [ModelPrice(entry).bill_call(usage_of(counts), Conditions(DAY, **conditions)) for entry in entries]
            assert bills[1].total == bills[0].total * Decimal("0.85")


def test_the_most_specific_name_counts_and_they_are_not_combined(folder, run) -> None:
    agree(folder, "{acme: {multiply: 0.5}, acme/large: {multiply: 0.9}}")
    assert total(run, "acme/large", "--output", "1m") == "$9"
    assert total(run, "acme/small", "--output", "1m") == "$1.5"
    assert total(run, "acme-eu/large", "--output", "1m") == "9 EUR"
    agree(folder, "{acme/large-latest: {multiply: 0.8}}")  # an alias of it
    assert total(run, "acme/large", "--output", "1m") == "$8"
    assert total(run, "acme/small", "--output", "1m") == "$3"


def test_the_overlay_counts_before_the_catalog_for_the_same_name_alone(folder, run) -> None:
    agree(folder, "{acme: {multiply: 0.5}, acme/large: {multiply: 0.9}}")
    agree(folder, "{acme: {multiply: 0.1}}", overlay=True)
    assert total(run, "acme/small", "--output", "1m") == "$0.3"
    assert total(run, "acme/large", "--output", "1m") == "$9"
    (folder / "config" / "llmreg.yml").unlink()
    assert total(run, "acme/large", "--output", "1m") == "$1"


def test_every_answer_follows_the_settings_as_they_are_now(folder, run) -> None:
    for factor, price in (("0.5", "$5"), ("0.25", "$2.5"), (None, "$10"), ("2", "$20"), ("0.5", "$5")):
        path = folder / "config" / "llmreg.yml"
        path.unlink(missing_ok=True)
        if factor:
            agree(folder, f"{{acme/large: {{multiply: {factor}}}}}")
        for cached in ([], ["--no-cache"]):
            assert total(run, "acme/large", "--output", "1m", *cached) == price
            assert total(run, "acme/large", "--output", "1m", "--list-prices", *cached) == "$10"
    path.write_text("prices: {acme/large: {multiply: 0.5}}\nvalidate: {strict: true}\n")
    assert total(run, "acme/large", "--output", "1m") == "$5"


def test_filters_and_orders_use_your_prices(folder, run) -> None:
    agree(folder, "{acme/large: {multiply: 0.1}}")
    cheap = ("query", "--max-output", "2", "-f", "ids", "--on", DAY)
    assert run(*cheap).out == "acme/large\n"
    assert run(*cheap, "--list-prices").out == ""
    order = ("query", "-p", "acme", "--sort", "output", "-f", "ids", "--on", DAY)
    assert run(*order).out.split()[:2] == ["acme/large", "acme/small"]
    assert run(*order, "--list-prices").out.split()[:2] == ["acme/small", "acme/large"]
    by_cost = ("query", "-p", "acme", "--sort", "cost", "--output", "1m", "-f", "ids", "--on", DAY)
    assert run(*by_cost).out.split()[:2] == ["acme/large", "acme/small"]
    assert run("sql", "select output from catalog where full_id = 'acme/large'").out == "1\n"
    assert run("sql", "select output from catalog where full_id = 'acme/large'", "--list-prices").out == "10\n"


def test_show_and_compare_say_both_prices(folder, run) -> None:
    agree(folder, "{acme: {multiply: 0.5}}")
    card = run("show", "acme/large", "--on", DAY).out
    assert "model\tnotice\tyour prices: 0.5 x list price (prices: acme in llmreg.yml)\n" in card
    assert "\tinput\t$1 (list $2)\n" in card
    assert "\tper web search\t$0.005 (list $0.01)\n" in card
    assert "input $2, per web search $0.01 (list: input $4, per web search $0.02)\n" in card
    assert "\tbatch tier\t0.5 times the token rates\n" in card
    assert run("show", "acme/large#pricing.input").out == "1\n"
    assert run("show", "acme/large#list_pricing.input").out == "2\n"
    assert run("show", "acme/large#list_pricing.wrong").code == 2
    assert "list" not in run("show", "acme/large", "--list-prices").out
    (document,) = json.loads(run("show", "acme/large", "-f", "json").out)["models"]
    assert document["own_price"] == {"name": "acme", "multiply": 0.5}
    assert (document["pricing"]["input"], document["list_pricing"]["input"], document["price"]["input"]) == (1, 2, 1)
    compared = run("compare", "acme/large", "acme-eu/large", "--on", DAY)
    assert "price.input\t*\t$1\t3 EUR\n" in compared.out
    assert "acme/large: your prices: 0.5 x list price" in compared.err
    assert "\t$2\t" in run("compare", "acme/large", "acme-eu/large", "--on", DAY, "--list-prices").out


def test_bills_name_the_setting(folder, run) -> None:
    agree(folder, "{acme: {multiply: 0.5}}")
    done = run("cost", "acme/large", "--output", "1m", "-f", "json")
    assert json.loads(done.out)["models"][0]["own_price"] == {"name": "acme", "multiply": 0.5}
    assert "acme/large: your prices: 0.5 x list price (prices: acme in llmreg.yml)" in done.err
    assert "own_price" not in run("cost", "acme/large", "--output", "1m", "-f", "json", "--list-prices").out


def test_exports_follow(folder, run) -> None:
    agree(folder, "{acme: {multiply: 0.5}}")
    for arguments, price in (([], "1.5"), (["--list-prices"], "3")):
        run("export", "csv", "-p", "acme", "--to", "out.csv", *arguments)
        rows = csv.DictReader(Path("out.csv").read_text().splitlines())
        assert next(row["pricing.output"] for row in rows if row["id"] == "small") == price
    run("export", "litellm", "-p", "acme", "--to", "out.json")
    assert json.loads(Path("out.json").read_text())["acme/small"]["output_cost_per_token"] == 1.5e-6


def test_prices_that_your_overlay_states_are_yours_already(folder, run) -> None:
    agree(folder, "{acme: {multiply: 0.5}}")
    (folder / "mine" / "models" / "acme.yml").write_text(
        "provider: acme\nmodels:\n  large: {pricing: {output: 7, per: {web_search: 0.003}}}\n"
        "  own: {pricing: {input: 6}}\n"
    )
    assert total(run, "acme/large", "--output", "1m") == "$7"
    assert total(run, "acme/large", "--input", "1000", "--web-searches", "1") == "$0.004"  # $0.001 of input at half
    assert total(run, "acme/own", "--input", "1m") == "$6"


def test_setting_one_rate_by_overlay_says_which_tiers_stay_public(folder, run) -> None:
    done = run("set", "--overlay", "acme/large", "pricing.input=1", "pricing.output=5")
    assert done.err == (
        "acme/large#pricing.input is your price; these keep the list price: over 1,000 input tokens; from 2030-01-01"
        " (set pricing.variants too, or use prices: in llmreg.yml for all)\n"
    )
    assert "web_search is your price; these keep the list price: over 1,000 input" in run(
        "set", "--overlay", "acme/large", "pricing.per.web_search=0.001"
    ).err  # fmt: skip
    assert "your price" not in run("set", "--overlay", "acme/small", "pricing.input=0.5").err
    assert "your price" not in run("set", "acme/large", "pricing.input=1.5").err
    tier = "pricing.variants[input_tokens_above=1000].input=3"
    assert "your price" not in run("set", "--overlay", "acme/large", tier, "pricing.input=2").err


def test_python_uses_your_prices_and_follows_the_settings(folder) -> None:
    agree(folder, "{acme: {multiply: 0.5}}")
    registry = Registry(folder / "config" / "models")
    assert registry.get_pricing("acme", "small")["output"] == Decimal("1.5")
    assert registry.cost("acme/small", output=1_000_000).own_price == ("acme", Decimal("0.5"))
    assert [model.id for model in registry.find_by_cost_range(output=(0, 1.5))] == ["small"]
    agree(folder, "{acme: {multiply: 0.1}}")
    assert registry.reload_config()
    assert registry.cost("acme/small", output=1_000_000).total == Decimal("0.3")
    assert not registry.reload_config()
    listed = Registry(folder / "config" / "models", list_prices=True)
    assert listed.cost("acme/small", output=1_000_000).total == 3
    assert listed.get_info("acme/small").own_price is None
    (folder / "other" / "models").mkdir(parents=True)
    agree_beside = folder / "other" / "llmreg.yml"
    agree_beside.write_text("prices: {acme: {multiply: 3}}\n")
    overlaid = Registry(folder / "config" / "models", overlay=folder / "other" / "models")
    assert overlaid.cost("acme/small", output=1_000_000).total == 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prices: {acme: 0.8}\n", "prices.acme"),
        ("prices: {acme: {multiply: 0}}\n", "multiply"),
        ("prices: {acme: {multiply: -1}}\n", "multiply"),
        ("prices: {acme: {times: 2}}\n", "the key is missing"),
        ("prices: {'': {multiply: 2}}\n", "prices"),
        ("prices: [acme]\n", "prices"),
        ("prices: {acme: {multiply: 'x'}}\n", "multiply"),
        ("prices: {acme: {multiply: .inf}}\n", "not a finite number"),
        ("prices: {acme: {multiply: 0.8}\n", ":2:"),
        ("prises: {acme: {multiply: 0.8}}", "1:1 unknown-key prises: unknown key; did you mean prices?"),
        ("price: {acme/large: {multiply: 0.8}}", "1:1 unknown-key price: unknown key; did you mean prices?"),
    ],
)
def test_settings_with_a_fault_are_refused_with_their_place(folder, run, text, says) -> None:
    (folder / "config" / "llmreg.yml").write_text(text)
    done = run("cost", "acme/small", "--output", "1m")
    assert (done.code, done.out) == (6, "")
    assert "llmreg.yml:" in done.err
    assert says in done.err
    assert run("validate").code == 1
    with pytest.raises(FileError):
        Registry(folder / "config" / "models")


def test_a_name_that_means_nothing_is_warned_of(folder, run) -> None:
    agree(folder, "{acem: {multiply: 0.5}, acme/lrge: {multiply: 0.5}, acme-eu: {multiply: 1}}")
    for arguments in (["query"], ["show", "acme-eu/large"], ["cost", "acme/large", "--input", "1"]):
        assert run(*arguments).err.startswith(
            "llmreg.yml: prices: 'acem' is no provider or model of this catalog\n"
            "llmreg.yml: prices: 'acme/lrge' is no provider or model of this catalog\n"
        )


def test_settings_without_prices_change_nothing(folder, run) -> None:
    (folder / "config" / "llmreg.yml").write_text("sync: {draft: true}\n")
    assert total(run, "acme/small", "--output", "1m") == "$3"
    assert len(list((folder / "cache").glob("index-*.sqlite"))) == 1


def test_the_past_has_the_prices_that_were_agreed_to_then(folder, run) -> None:
    git(folder, "init", "-q", "-b", "main")
    for day, prices in (("2026-01-10", "{acme: {multiply: 0.5}}"), ("2026-02-10", "{acme: {multiply: 0.25}}")):
        agree(folder, prices)
        git(folder, "add", "config")
        git(folder, "commit", "-q", "-m", prices, day=day)
    agree(folder, "{acme: {multiply: 0.1}}", overlay=True)
    bill = ("acme/small", "--output", "1m")
    assert total(run, *bill) == "$0.3"
    for _ in range(2):  # from the cache, too
        assert total(run, *bill, "--at", "HEAD") == "$0.75"
        assert total(run, *bill, "--at", "HEAD~1") == "$1.5"
        assert total(run, *bill, "--at", "HEAD", "--list-prices") == "$3"
    past = Registry(folder / "config" / "models", at="HEAD~1")
    assert past.cost("acme/small", output=1_000_000).total == Decimal("1.5")
    (folder / "config" / "llmreg.yml").write_text("prices: {acme: half}\n")
    git(folder, "commit", "-q", "-a", "-m", "wrong")
    done = run("cost", *bill, "--at", "HEAD")
    assert (done.code, ":llmreg.yml:1:" in done.err) == (6, True)


@pytest.mark.parametrize("factor", ["0.8", "1.1", "0.333333333333", "3", "0.001"])
def test_the_index_has_the_same_prices_as_the_entries(folder, factor) -> None:
    prices = {"acme": Decimal(factor)}
    agree(folder, f"{{acme: {{multiply: {factor}}}}}")
    root = folder / "config" / "models"
    listed = {model.full_id: model for model in load_catalog(provider_files(root, None)).models()}
    everything = Selection(Filters(deprecated=True))
    with open_catalog(root, cached=False) as asked:
        for model in load_catalog(provider_files(root, None, prices)).models():
            for day in (DAY, "2031-01-01"):
                ((price,),) = fetch_models(asked.index, ["price"], everything, day, full_id=model.full_id)
                stored = {name: rate for name, rate in (loads(price) if price else {}).items() if name != "currency"}
                assert stored == headline_rates(model, day)
                times = prices.get(model.provider, 1)
                assert stored == {
                    name: None if rate is None else rate * times
                    for name, rate in headline_rates(listed[model.full_id], day).items()
                }
