"""How often the catalog is wrong, beside LiteLLM's map and models.dev's list, by what providers say themselves.

    python benchmarks/catalog_accuracy.py [FOLDER] [--catalog config/models] [--list] [--markdown]

FOLDER holds recorded answers (`responses/`) and the aggregators' lists (`aggregators/`); without it LLMREG_TEST_DATA
names one. The answers are read here in a few lines each and not by llmreg's own readers, so that a fault of those
shows. Four are measured: the catalog; the same *held out*, made anew from the two aggregators alone by the rules of
`llmreg import`, so that no answer it is judged by is in it; LiteLLM; models.dev.

A fact is right to 1e-6, wrong, or missing where the list has the model and not the fact. Wrong by a power of ten of
two or more is an error of unit. The error rate is of what is stated. Pairs compare on the facts that both state. The
answers are of different days, and so is whatever changed between: `--list` prints what is wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log10
from pathlib import Path
from typing import Any

import yaml

CATALOG = Path(__file__).parent.parent / "config" / "models"
CLOSE = 1e-6
PRICES = ("input", "output", "cache_read", "cache_write")
Facts = dict[str, Any]  # prices in USD per 1M tokens, limits in tokens, days as ISO text
Find = Callable[[str, str], Facts | None]  # our provider, the provider's id -> what a list says


@dataclass
class Score:
    """Of one list at one provider. `stated` has each fact that it states: whether it is right."""

    models: int = 0
    missing: int = 0
    unit: int = 0
    stated: dict[tuple[str, str], bool] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return sum(not right for right in self.stated.values())

    @property
    def rate(self) -> float:
        return self.wrong / len(self.stated) if self.stated else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=os.environ.get("LLMREG_TEST_DATA"))
    parser.add_argument("--catalog", type=Path, default=CATALOG)
    parser.add_argument("--list", action="store_true", help="every wrong fact")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if not options.folder:
        parser.error("FOLDER is missing, and LLMREG_TEST_DATA names none")
    folder = Path(options.folder)
    aggregators = {name: next((folder / "aggregators").glob(f"{name}*.json")) for name in ("litellm", "models.dev")}
    with tempfile.TemporaryDirectory() as made:
        lists = {
            "catalog": of_catalog(options.catalog),
            "held out": of_catalog(held_out(aggregators, Path(made))),
            "LiteLLM": of_litellm(json.loads(aggregators["litellm"].read_text())),
            "models.dev": of_models_dev(json.loads(aggregators["models.dev"].read_text())),
        }
    scores = {
        (about, name): score(provider, truth, find)
        for about, (provider, truth) in TRUTHS(folder / "responses").items()
        for name, find in lists.items()
    }
    show(scores, list(lists), markdown=options.markdown)
    if options.list:
        for (about, name), one in scores.items():
            for fault in one.faults:
                print(f"{about}\t{name}\t{fault}")
    return 0


# What providers say


def TRUTHS(folder: Path) -> dict[str, tuple[str, dict[str, Facts]]]:  # noqa: N802  # a table that needs the folder
    """What is compared -> our provider, and its models' facts as its answer states them."""

    def rows(name: str, key: str) -> list[dict[str, Any]]:
        return list(json.loads((folder / name).read_text())[key])

    return {
        "Anthropic limits": ("anthropic", {
            row["id"]: {"input_limit": row["max_input_tokens"], "output_limit": row["max_tokens"]}
            for row in rows("anthropic_models.json", "data")
        }),
        "xAI prices": ("xai", {
            row["id"]: stated({
                "input": row.get("prompt_text_token_price"),
                "output": row.get("completion_text_token_price"),
                "cache_read": row.get("cached_prompt_text_token_price"),
            }, 1e-4)
            for row in rows("xai_models.json", "data")
        }),
        "Perplexity prices": ("perplexity", {
            row["id"]: stated({name: row["pricing"].get(name) for name in PRICES})
            for row in rows("perplexity_models.json", "data") if row.get("pricing")
        }),
        "Cerebras prices": ("cerebras", {
            row["id"]: stated({"input": row["pricing"]["prompt"], "output": row["pricing"]["completion"]}, 1e6)
            for row in rows("cerebras_public_models.json", "data")
        }),
        "OpenRouter prices": ("openrouter", {
            row["id"]: stated({
                "input": row["pricing"].get("prompt"),
                "output": row["pricing"].get("completion"),
                "cache_read": row["pricing"].get("input_cache_read"),
                "cache_write": row["pricing"].get("input_cache_write"),
            }, 1e6)
            for row in rows("openrouter_models_all_modalities.json", "data")
            if float(row["pricing"].get("prompt", 0)) > 0 and not row["id"].startswith("~")
        }),
        "Bedrock lifecycle": ("bedrock", {
            row["modelId"]: lifecycle(row["modelLifecycle"])
            for row in rows("bedrock_foundation_models.json", "modelSummaries")
        }),
        "Mistral deprecations": ("mistral", {
            row["id"]: {"retirement": row["deprecation"][:10], "replacement": row["deprecation_replacement_model"]}
            for row in rows("mistral_models_2026-02.json", "data") if row["deprecation"]
        }),
    }  # fmt: skip


def stated(prices: Mapping[str, Any], factor: float = 1) -> Facts:
    """The prices that are stated, in USD per 1M tokens; less than nothing marks a router."""
    return {name: float(price) * factor for name, price in prices.items() if price is not None and float(price) >= 0}


def lifecycle(stated_cycle: Mapping[str, Any]) -> Facts:
    ends = stated_cycle.get("endOfLifeTime")
    facts: Facts = {"legacy": True} if stated_cycle["status"] == "LEGACY" else {}
    return facts | ({"retirement": str(ends)[:10]} if ends else {})


# What lists say


def of_catalog(folder: Path) -> Find:
    models: dict[tuple[str, str], Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.yml")):
        body = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        entries = {name: entry or {} for name, entry in (body.get("models") or {}).items()}
        for entry in entries.values():
            for alias in entry.get("aliases") or ():
                models.setdefault((path.stem, alias), entry)
        models |= {(path.stem, name): entry for name, entry in entries.items()}

    def find(provider: str, model: str) -> Facts | None:
        entry = models.get((provider, model))
        if entry is None:
            return None
        pricing = entry.get("pricing") or {}
        facts = {
            "input_limit": entry.get("max_input_tokens") or entry.get("context_window"),
            "output_limit": entry.get("max_output_tokens"),
            **{name: pricing.get(name) for name in PRICES},
            "legacy": True if entry.get("status") in ("deprecated", "retired") else None,
            "retirement": entry.get("retirement_date"),
            "replacement": entry.get("replacement"),
        }
        return {name: value for name, value in facts.items() if value is not None}

    return find


def held_out(aggregators: Mapping[str, Path], folder: Path) -> Path:
    """A catalog of the aggregators alone."""
    made = folder / "held" / "models"
    named = [f"{source}={aggregators[source]}" for source in ("models.dev", "litellm")]
    command = [sys.executable, "-m", "registry_cli", "import", *named, "--to", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


def of_litellm(document: Mapping[str, Any]) -> Find:
    def find(provider: str, model: str) -> Facts | None:
        entry = document.get(f"{provider}/{model}") or document.get(model)
        if entry is None or not str(entry.get("litellm_provider", "")).startswith(provider):
            return None
        prices = {
            name: entry.get(f"{key}_cost_per_token" if name in ("input", "output") else key)
            for name, key in (
                ("input", "input"),
                ("output", "output"),
                ("cache_read", "cache_read_input_token_cost"),
                ("cache_write", "cache_creation_input_token_cost"),
            )
        }
        facts = stated(prices, 1e6)
        facts |= {"input_limit": entry.get("max_input_tokens"), "output_limit": entry.get("max_output_tokens")}
        facts["retirement"] = entry.get("deprecation_date")
        return {name: value for name, value in facts.items() if value is not None}

    return find


def of_models_dev(document: Mapping[str, Any]) -> Find:
    spelled = {"bedrock": ("amazon-bedrock",), "perplexity": ("perplexity", "perplexity-agent")}

    def find(provider: str, model: str) -> Facts | None:
        for name in spelled.get(provider, (provider,)):
            entry = document.get(name, {"models": {}})["models"].get(model)
            if entry is not None:
                limit = entry.get("limit", {})
                facts = stated({each: entry.get("cost", {}).get(each) for each in PRICES})
                facts["input_limit"] = limit.get("input") or limit.get("context") or None
                facts["output_limit"] = limit.get("output") or None
                facts["legacy"] = True if entry.get("status") == "deprecated" else None
                return {each: value for each, value in facts.items() if value is not None}
        return None

    return find


# The comparison


def score(provider: str, truth: Mapping[str, Facts], find: Find) -> Score:
    found = Score()
    for model, facts in truth.items():
        said = find(provider, model)
        if said is None or not facts:
            continue
        found.models += 1
        for name, true in facts.items():
            if name not in said:
                found.missing += 1
                continue
            right = is_same(true, said[name])
            found.stated[model, name] = right
            if not right:
                found.unit += is_unit_error(true, said[name])
                found.faults.append(f"{model}\t{name}\t{said[name]}\tnot {true}")
    return found


def is_same(true: Any, said: Any) -> bool:
    if isinstance(true, float | int) and isinstance(said, float | int):
        return abs(true - said) <= CLOSE * max(abs(true), abs(said))
    return str(true) == str(said)


def is_unit_error(true: Any, said: Any) -> bool:
    numbers = all(isinstance(each, float | int) and not isinstance(each, bool) and each > 0 for each in (true, said))
    power = log10(said / true) if numbers else 0.0
    return abs(power) > 1.5 and abs(power - round(power)) < 0.01  # noqa: PLR2004


def show(scores: Mapping[tuple[str, str], Score], names: list[str], *, markdown: bool) -> None:
    header = ("compared", "list", "models", "facts", "wrong", "missing", "error rate", "unit errors")
    rows = [row(about, name, one) for (about, name), one in scores.items()]
    rows += [row("all", name, total([one for (_, each), one in scores.items() if each == name])) for name in names]
    lines(header, rows, markdown=markdown)
    print()
    paired = ("on the facts that both state", "facts", "ours wrong", "theirs wrong")
    lines(paired, list(pairs(scores)), markdown=markdown)


def row(about: str, name: str, one: Score) -> tuple[str, ...]:
    counts = (one.models, len(one.stated), one.wrong, one.missing)
    return (about, name, *map(str, counts), f"{one.rate:.1%}" if one.stated else "-", str(one.unit))


def total(scores: list[Score]) -> Score:
    stated_facts = {
        (f"{number}", *key): right for number, one in enumerate(scores) for key, right in one.stated.items()
    }
    counted = Counter({"models": 0})
    for one in scores:
        counted.update(models=one.models, missing=one.missing, unit=one.unit)
    return Score(counted["models"], counted["missing"], counted["unit"], stated_facts)  # type: ignore[arg-type]


def pairs(scores: Mapping[tuple[str, str], Score]) -> Iterator[tuple[str, ...]]:
    """Ours against theirs where both speak, so that who lists more models has no advantage of it."""
    comparisons = dict.fromkeys(about for about, _ in scores)
    for ours in ("catalog", "held out"):
        for theirs in ("LiteLLM", "models.dev"):
            both = [
                (scores[about, ours].stated[key], scores[about, theirs].stated[key])
                for about in comparisons
                for key in scores[about, ours].stated.keys() & scores[about, theirs].stated.keys()
            ]
            wrong = [str(sum(not pair[place] for pair in both)) for place in (0, 1)]
            yield f"{ours} against {theirs}", str(len(both)), *wrong


def lines(header: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool) -> None:
    if markdown:
        rule = ["---" if place < 2 else "---:" for place in range(len(header))]  # noqa: PLR2004
        print(*(f"| {' | '.join(each)} |" for each in (header, rule, *rows)), sep="\n")
        return
    widths = [max(len(each[place]) for each in (header, *rows)) for place in range(len(header))]
    for each in (header, *rows):
        print("  ".join(text.ljust(width) for text, width in zip(each, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
