"""200 launches and price changes in recorded lists: each is in the catalog after the next sync, priced where a source
prices it, and no other model changes."""

import json
import os
import random
from decimal import Decimal
from pathlib import Path

import pytest

from registry_cli.core.statements.record import parse_record
from registry_cli.yamledit.document import load_value
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

DATA = os.environ.get("LLMREG_TEST_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="LLMREG_TEST_DATA names no folder of recorded data"),
]
CHANGES, ROUNDS = 200, 4
# Source, file, where its rows are, the key of their id.
OWN_LISTS = {
    "openai": ("openai_models", "data", "id"),
    "anthropic": ("anthropic_models", "data", "id"),
    "gemini": ("gemini_models", "models", "name"),
    "xai": ("xai_models", "data", "id"),
    "mistral": ("mistral_models_2026-02", "data", "id"),
    "openrouter": ("openrouter_models_all_modalities", "data", "id"),
    "groq": ("groq_models_2025-06", "data", "id"),
    "bedrock": ("bedrock_foundation_models", "modelSummaries", "modelId"),
    "heroku": ("heroku_available_models", "", "model_id"),
    "perplexity": ("perplexity_models", "data", "id"),
    "venice": ("venice_static_models", "data", "id"),
}
AGGREGATORS = {"models.dev": "aggregators/models.dev-*.json", "litellm": "aggregators/litellm-*.json"}
BY_LITELLM = ("openai", "anthropic", "gemini", "mistral", "xai", "groq")
MODELS_DEV = {"openai": "openai", "anthropic": "anthropic", "mistral": "mistral", "groq": "groq", "gemini": "google"}
OTHER_NAMES = ("aliases", "canonical_slug", "alias_target", "name", "display_name", "displayName", "modelName")


class World:
    """The documents of all sources, which change; `bodies` and `records` are what the last sync made of them."""

    def __init__(self, run):
        self.run = run
        self.documents = {
            name: json.loads(recorded(f"responses/{file}.json")) for name, (file, *_) in OWN_LISTS.items()
        }
        self.documents |= {name: json.loads(recorded(pattern)) for name, pattern in AGGREGATORS.items()}
        self.bodies, self.records = {}, {}

    def rows(self, source):
        _, container, _ = OWN_LISTS[source]
        document = self.documents[source]
        return document[container] if container and isinstance(document, dict) else document

    def sync(self):
        given = []
        for source, document in self.documents.items():
            path = self.run.folder / f"{source}.json"
            path.write_text(json.dumps(document))
            given += ["--from", f"{source}={path}"]
        report = self.run.folder / "report.json"
        self.run("sync", *OWN_LISTS, *given, "--no-pr", "--report", str(report))
        assert self.run.code in (0, 3), self.run.err
        for name in OWN_LISTS:
            value = load_value((self.run.folder / "models" / f"{name}.yml").read_text())
            self.bodies |= {(name, model): body for model, body in value["models"].items()}
            self.records[name] = parse_record((self.run.folder / "upstream" / f"{name}.jsonl").read_text(), name)
        return json.loads(report.read_text())

    def prices(self, name):
        pricing = (self.bodies[name] or {}).get("pricing", {})
        return pricing.get("input"), pricing.get("output")

    def pricers(self, name):
        """The sources that state an input price of a model."""
        line = self.records[name[0]].get(name[1])
        return {source for source, fields in (line.said if line else {}).items() if "pricing.input" in fields}


def recorded(pattern):
    return next(Path(DATA).glob(pattern)).read_bytes()


def doubled(value):
    """Every number of a price list twice as high, in whatever form it is written."""
    if isinstance(value, dict):
        return {
            key: item if key in ("min_prompt_tokens", "size", "tier") else doubled(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [doubled(item) for item in value]
    if isinstance(value, str) and value.replace(".", "").isdigit():
        return f"{Decimal(value) * 2:f}"
    return value * 2 if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def launch(world, rng, number):
    """A copy of a row under a new id, half of them priced by LiteLLM too. Returns the model and its expected prices."""
    source = rng.choice(sorted(OWN_LISTS))
    key = OWN_LISTS[source][2]
    like = rng.choice(
        [row for row in world.rows(source) if (source, plain(row[key])) in world.bodies and ":" not in row[key]]
    )
    new = {name: value for name, value in like.items() if name not in OTHER_NAMES or name == key}
    new[key] = f"{like[key]}-launch{number}"
    world.rows(source).append(new | ({"name": new[key]} if source == "mistral" else {}))
    name = (source, plain(new[key]))
    own = world.pricers((source, plain(like[key])))
    if source in own:
        return name, world.prices((source, plain(like[key])))
    if source not in BY_LITELLM or rng.random() < 0.5:
        return name, (None, None)
    world.documents["litellm"][f"{source}/{name[1]}"] = {
        "litellm_provider": source,
        "mode": "chat",
        "input_cost_per_token": 1.5e-06,
        "output_cost_per_token": 6e-06,
    }
    return name, (Decimal("1.5"), Decimal(6))


def plain(model_id):
    return model_id.removeprefix("models/")


def change_own_price(world, rng, changed):
    source = rng.choice(["xai", "openrouter", "perplexity"])
    row = rng.choice(
        [
            row
            for row in world.rows(source)
            if (source, row["id"]) not in changed
            and world.bodies.get((source, row["id"]))
            and "launch" not in row["id"]
            if source in world.pricers((source, row["id"])) and all(world.prices((source, row["id"])))
        ]
    )
    if source == "xai":
        row |= {name: doubled(value) for name, value in row.items() if "_price" in name}
    else:
        row["pricing"] = doubled(row["pricing"])
    return source, row["id"]


def change_price_at_litellm(world, rng, changed):
    entries = world.documents["litellm"]
    found = [
        (key, (entry["litellm_provider"], key.rpartition("/")[2]))
        for key, entry in entries.items()
        if entry.get("litellm_provider") in BY_LITELLM
        and key in (plain_key := key.rpartition("/")[2], f"{entry['litellm_provider']}/{plain_key}")
    ]
    found = [(key, name) for key, name in found if name not in changed and is_priced_by(world, name, "litellm")]
    names = [name for _, name in found]
    key, name = rng.choice([each for each in found if names.count(each[1]) == 1])
    entries[key] = {
        field: doubled(value) if "cost" in field or "pricing" in field else value
        for field, value in entries[key].items()
    }
    return name


def change_price_at_models_dev(world, rng, changed):
    found = [
        (provider, spelled, model)
        for provider, spelled in MODELS_DEV.items()
        for model in world.documents["models.dev"][spelled]["models"]
        if (provider, model) not in changed and is_priced_by(world, (provider, model), "models.dev")
    ]
    provider, spelled, model = rng.choice(found)
    entry = world.documents["models.dev"][spelled]["models"][model]
    entry["cost"] = doubled(entry["cost"])
    return provider, model


def is_priced_by(world, name, aggregator):
    return (
        name in world.bodies
        and world.pricers(name) == {aggregator}
        and all(world.prices(name))
        and "launch" not in name[1]
    )


def test_launches_and_price_changes_in_recorded_lists(run):
    rng = random.Random(14)
    world = World(run)
    world.sync()
    number = 0
    for day in range(ROUNDS):
        expected = {}
        for _ in range(CHANGES // ROUNDS):
            number += 1
            change = rng.choice([launch, launch, change_own_price, change_price_at_litellm, change_price_at_models_dev])
            if change is launch:
                name, prices = launch(world, rng, number)
            else:
                name = change(world, rng, expected)
                prices = tuple(price * 2 for price in world.prices(name))
            expected[name] = prices
        assert len(expected) == CHANGES // ROUNDS
        before = dict(world.bodies)
        run.at(f"2026-12-{day + 1:02}")
        told = world.sync()
        wrong = {
            name: (prices, world.prices(name)) for name, prices in expected.items() if world.prices(name) != prices
        }
        assert wrong == {}
        others = {name for name, body in world.bodies.items() if body != before.get(name)} - expected.keys()
        assert others == set(), [each for each in told["changes"] if tuple(each["model"].split("/", 1)) in others]
        written = run.everything()
        world.sync()
        assert run.everything() == written
