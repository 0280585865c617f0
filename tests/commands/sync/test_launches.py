"""200 launches and price changes: each is in the catalog after the next sync, with a price where a source has one."""

import json
import random

import pytest

from registry_cli.yamledit.document import load_value
from tests.support.launches import OWN_LISTS, PROVIDERS, WITHOUT_LIST, Market, draw_change
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

CHANGES, ROUNDS = 200, 5


def files(run):
    return {name: load_value((run.folder / "models" / f"{name}.yml").read_text()) for name in PROVIDERS}


def prices(run):
    """Input and output price of every model, None for an unknown one."""
    found = {}
    for provider, value in files(run).items():
        for name, body in value["models"].items():
            pricing = body.get("pricing", {})
            found[provider, name] = (pricing.get("input"), pricing.get("output"))
    return found


def expected(market):
    return {
        (provider, each.id): (each.price, each.price * 4) if each.priced_by else (None, None)
        for provider, models in market.models.items()
        for each in models
    }


def bodies(run):
    return {(provider, name): body for provider, value in files(run).items() for name, body in value["models"].items()}


def sync_market(run, market):
    given = []
    for source, answer in market.answers().items():
        path = run.folder / f"{source}.json"
        path.write_text(json.dumps(answer))
        given += ["--from", f"{source}={path}"]
    report = run.folder / "report.json"
    run("sync", *PROVIDERS, *given, "--no-pr", "--report", str(report))
    assert run.code == 0, run.err  # nothing waits for a person
    return json.loads(report.read_text())


@pytest.mark.parametrize("seed", [14])
def test_launches_and_price_changes(run, seed):
    rng = random.Random(seed)
    market = Market()
    for provider in PROVIDERS:
        for _ in range(3):
            draw_change(market, provider, rng, ())
    sync_market(run, market)
    assert prices(run) == expected(market)
    for day in range(ROUNDS):
        before, changed = bodies(run), set()
        for _ in range(CHANGES // ROUNDS):
            provider = rng.choice(PROVIDERS)
            changed.add((provider, draw_change(market, provider, rng, {name for _, name in changed}).id))
        run.at(f"2026-12-{day + 1:02}")
        told = sync_market(run, market)
        after = bodies(run)
        assert prices(run) == expected(market)
        assert {name for name in after if after[name] != before.get(name)} == changed
        assert told["unread_keys"] == {}
        written = run.everything()
        again = sync_market(run, market)
        assert run.everything() == written
        assert [each for each in again["changes"] if each["status"] not in ("unmatched", "kept")] == []


def test_a_bare_name_is_a_model_at_its_provider_alone(run):
    market = Market()
    for provider in OWN_LISTS:
        market.launch(provider, 1)
    market.launch(WITHOUT_LIST, 1, "litellm")
    sync_market(run, market)
    assert {name for _, name in bodies(run)}.isdisjoint({"bare-word", "bare-key"})
    assert "13 new (3 without limits or prices)" in run.err
