"""Other programs load what `export` writes, and their calculators agree with ours.

Runs where LLMREG_TEST_CONSUMERS names a folder: virtual environments for the packages are made there, once. With
LLMREG_TEST_CONSUMERS_REPORT (a file) the counts of docs/catalog.md are written to it.
"""

import json
import os
import subprocess
import venv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.usage import usage_of
from registry_cli.exports import group_by_provider, write_export
from registry_cli.exports.litellm import SPELLED as LITELLM_SPELLED
from registry_cli.sources.genai_prices import SPELLED as GENAI_SPELLED
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.provider_files import provider_files
from tests.consumers.grid import CALLS, DAY, grid

HERE = Path(__file__).parent
FOLDER = os.environ.get("LLMREG_TEST_CONSUMERS")
pytestmark = [
    pytest.mark.consumers,
    pytest.mark.skipif(not FOLDER, reason="LLMREG_TEST_CONSUMERS names no folder for virtual environments"),
]
LEAST_MODELS = 2000
CENT_OF_A_CENT = Decimal("0.0001")
USAGE_OF_GENAI = {
    "input": "input_tokens",
    "cached": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "output": "output_tokens",
    "reasoning": "output_reasoning_tokens",
}
# Providers for which LiteLLM has a calculator of its own.
OWN_CALCULATORS = {"fireworks_ai", "perplexity"}
LONG = {"long", "above", "cached"}


@pytest.fixture(scope="module")
def catalog():
    return load_catalog(provider_files(HERE.parents[1] / "config" / "models", None))


@pytest.fixture(scope="module")
def exported(catalog, tmp_path_factory):
    """Path of the whole catalog in a format."""
    folder = tmp_path_factory.mktemp("exports")

    def path(form: str) -> Path:
        found = folder / form
        if not found.exists():
            result = write_export(form, group_by_provider(catalog, list(catalog.models())), DAY)
            if "" in result.files:
                found.write_bytes(result.files[""])
            else:
                found.mkdir()
                for name, data in result.files.items():
                    (found / name).write_bytes(data)
        return found

    return path


def python_with(package: str) -> Path:
    """The interpreter of an environment that has a package."""
    place = Path(FOLDER or "") / package
    python = place / "bin" / "python"
    if not python.exists():
        venv.create(place, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", package], check=True)
    return python


def ask(package: str, script: str, work: dict) -> list:
    done = subprocess.run(
        [python_with(package), HERE / script], input=json.dumps(work), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def priced(catalog):
    """Every call of the grid at every model with a token price, and our bill for it."""
    for model in catalog.models():
        if model.pricing and model.pricing.rates:
            for name, counts, tier in grid(model):
                conditions = Conditions(DAY, time="12:00", service_tier=tier)
                yield model, name, counts, tier, ModelPrice(model).bill_call(usage_of(counts), conditions)


def compare(package: str, calls, answers, reason_of) -> Counter:
    """How many calls agree, and how many differ for which reason; asserts that no difference lacks one."""
    reasons: Counter[str] = Counter()
    agreeing, exactly, models = set(), 0, set()
    unexplained = []
    for (model, name, _, tier, bill), answer in zip(calls, answers, strict=True):
        models.add(model.full_id)
        difference = None if str(answer).startswith("error") else abs(Decimal(str(answer)) - bill.total)
        if difference is not None and bill.exact and difference < CENT_OF_A_CENT:
            agreeing.add(model.full_id)
            exactly += difference <= bill.total * Decimal("1e-12")
            reasons["equal"] += 1
            continue
        reason = reason_of(model, name.partition("/")[0], tier, bill, answer)
        if reason is None:
            unexplained.append((model.full_id, name, answer, str(bill)))
        reasons[reason or "unexplained"] += 1
    lines = [
        f"{package}: {len(models)} models, {len(agreeing)} agree, {sum(reasons.values())} calls, {exactly} to 12 digits"
    ]
    lines += [f"  {count}\t{reason}" for reason, count in reasons.most_common()]
    if report := os.environ.get("LLMREG_TEST_CONSUMERS_REPORT"):
        with Path(report).open("a") as file:
            file.write("\n".join(lines) + "\n")
    assert not unexplained, unexplained[:10]
    assert len(agreeing) >= LEAST_MODELS
    return reasons


def thresholds(model) -> set[int]:
    return {int(v.when["input_tokens_above"]) for v in model.pricing.variants if "input_tokens_above" in v.when}


def unknown_reason(bill, answer) -> str | None:
    if not bill.exact:
        names = {name.partition("_")[0] for name in bill.unknown}
        if names == {"cache"}:
            return "unknown cache price: it bills such tokens as plain input, we give a lower bound"
        return "unknown price: it bills another rate or nothing, we give a lower bound"
    if str(answer).startswith("error"):
        return f"it refuses: {str(answer)[7:60]}"
    return None


def reason_of_genai(model, _name, _tier, bill, answer) -> str | None:
    if reason := unknown_reason(bill, answer):
        return reason
    conditions = [variant.when for variant in model.pricing.variants]
    if any("days" in when for when in conditions):
        return "prices by day of the week: it has no such condition"
    if thresholds(model) and any(v.rates.keys() - model.pricing.rates.keys() for v in model.pricing.variants):
        return "a price that only a tier of length states: it needs one below the tier"
    return None


def test_genai_prices_calculates_from_ours_and_agrees(catalog, exported) -> None:
    calls = list(priced(catalog))
    asked = []
    for model, _, counts, tier, _ in calls:
        context = None if tier is None else {"processing": tier} if tier == "batch" else {"service_tier": tier}
        usage = {USAGE_OF_GENAI[name]: count for name, count in counts.items()}
        asked.append([GENAI_SPELLED.get(model.provider, model.provider), model.id, usage, context])
    work = {"data": str(exported("genai-prices")), "day": DAY, "calls": asked}
    compare("genai-prices", calls, ask("genai-prices", "ask_genai.py", work), reason_of_genai)


def reason_of_litellm(model, name, tier, bill, answer) -> str | None:
    if reason := unknown_reason(bill, answer):
        return reason
    batches = [variant for variant in model.pricing.variants if variant.when == {"service_tier": "batch"}]
    batch = batches[0] if batches else None
    halved = batch is not None and batch.multiply is None and not {"input", "output"} <= batch.rates.keys()
    of_cache = bool({"cached", "cache_write"} & CALLS[name].keys())
    reasons = {
        f"a calculator of its own for {model.provider}": model.provider in OWN_CALCULATORS,
        "Hugging Face: it bills 0 whatever the map says": model.provider == "huggingface" and answer == 0,
        "no batch price outside a region: it halves the standard price, we do not": tier == "batch" and batch is None,
        "a batch price for some rates only: it halves the others, we do not": tier == "batch" and halved,
        "a batch without a cache price of its own: it bills cached tokens as plain batch input": tier == "batch"
        and of_cache,
        "a price for long input that its model info does not carry": name in LONG and bool(thresholds(model)),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def test_litellm_takes_the_map_and_agrees(catalog, exported) -> None:
    keys = json.loads(exported("litellm").read_text())
    calls = list(priced(catalog))
    asked = []
    for model, _, counts, tier, _ in calls:
        spelled = LITELLM_SPELLED.get(model.provider, model.provider)
        name = (model.body.get("upstream_ids") or {}).get("litellm", model.id)
        bare = keys.get(name, {}).get("litellm_provider") == spelled
        asked.append([name if bare else f"{spelled}/{name}", spelled, counts, tier])
    answers = ask("litellm", "ask_litellm.py", {"data": str(exported("litellm")), "calls": asked})
    compare("litellm", calls, answers, reason_of_litellm)


def test_exllm_loads_the_yaml_by_its_own_rules(catalog, exported) -> None:
    """Its loader reads with YAML 1.1 rules: keys must be texts there too, capabilities lists of names, and a model's id
    none of the words that it turns into atoms."""
    atoms = {
        "provider",
        "models",
        "name",
        "pricing",
        "input",
        "output",
        "capabilities",
        "vision",
        "streaming",
        "default",
    }
    folder = exported("exllm")
    seen = 0
    for path in folder.iterdir():
        body = yaml.safe_load(path.read_text())
        assert path.stem == body["provider"]
        for name, model in body["models"].items():
            seen += 1
            assert isinstance(name, str)
            assert name not in atoms
            assert all(isinstance(key, str) for key in model)
            assert all(isinstance(item, str) for item in model.get("capabilities", []))
            assert all(isinstance(rate, int | float) for rate in model.get("pricing", {}).values())
            assert isinstance(model.get("deprecation_date", ""), str)
    assert seen == sum(1 for _ in catalog.models())
