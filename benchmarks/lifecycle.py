"""How well the catalog tells which models have ended, by what lifecycle sources state.

    python benchmarks/lifecycle.py FOLDER [--catalog config/models] [--on 2026-11-30] [--list]

FOLDER holds recorded answers: `modeldeprecations*.json` and `PROVIDER-deprecations.md`. They are read here in a few
lines each and not by llmreg's own readers, so that a fault of those shows. Exits with 1 where a goal is not reached.

A model counts as shut down where a source states a day of shutdown that has come, and no other source states a later
one. Names are looked up as llmreg resolves them, aliases included.
"""

import argparse
import json
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from registry_cli import Registry
from registry_cli.errors import LlmregError

CATALOG = Path(__file__).parent.parent / "config" / "models"
PROVIDERS = {"google": "gemini", "vertex": "vertex_ai", "moonshot": "moonshotai", "z-ai": "zai"}
DATE_FORMATS = ("%Y-%m-%d", "%b %d, %Y", "%B %d, %Y", "%m/%d/%y")
GOAL_RETIRED, GOAL_REPLACEMENTS = 99.0, 95.0


@dataclass
class Stated:
    """What the sources state of one name of a provider."""

    ends: set[str] = field(default_factory=set)
    promises: set[str] = field(default_factory=set)
    replacements: set[str] = field(default_factory=set)


@dataclass
class Score:
    """How many of those that were asked are right, and which are not."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    def count(self, is_right: bool, what: str) -> None:
        self.asked += 1
        if not is_right:
            self.wrong.append(what)

    @property
    def right(self) -> float:
        return 100 * (1 - len(self.wrong) / self.asked) if self.asked else 100.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--catalog", type=Path, default=CATALOG)
    parser.add_argument("--on", type=date.fromisoformat, default=datetime.now().astimezone().date())
    parser.add_argument("--list", action="store_true", help="every name that is wrong")
    options = parser.parse_args()
    stated = read_sources(options.folder)
    if not stated:
        parser.error(f"no modeldeprecations*.json or *-deprecations.md in {options.folder}")
    warnings.simplefilter("ignore")  # about models that are retired: that is what is measured
    scores = measured(Registry(options.catalog), stated, options.on)
    goals = {
        "shut down, not shown as active": 100.0,
        "shut down, shown as retired": GOAL_RETIRED,
        "replacement stored": GOAL_REPLACEMENTS,
        "replacement resolves": 100.0,
        "promise not stored as the retirement date": 100.0,
        "name resolves": 100.0,
        "default model is not retired": 100.0,
    }
    failed = False
    for name, goal in goals.items():
        score = scores[name]
        reached = score.right >= goal
        failed |= not reached
        counts = f"{score.asked - len(score.wrong)} of {score.asked}"
        print(f"{name:42} {counts:>12} {score.right:6.1f} % (goal {goal:g} %){'' if reached else ' MISSED'}")
        for what in score.wrong if options.list else ():
            print(f"    {what}")
    return int(failed)


def measured(registry: Registry, stated: dict[tuple[str, str], Stated], on: date) -> dict[str, Score]:
    scores = {name: Score() for name in (
        "shut down, not shown as active", "shut down, shown as retired", "replacement stored", "replacement resolves",
        "promise not stored as the retirement date", "name resolves", "default model is not retired",
    )}  # fmt: skip
    day = on.isoformat()
    for (provider, name), facts in sorted(stated.items()):
        full = f"{provider}/{name}"
        try:
            model = registry.get_info(provider, name)
        except LlmregError:
            scores["name resolves"].count(False, full)
            continue
        scores["name resolves"].count(True, full)
        status = registry.get_status(provider, name, on=on)
        if facts.ends and max(facts.ends) <= day:
            scores["shut down, not shown as active"].count(status in ("deprecated", "retired"), f"{full}: {status}")
            scores["shut down, shown as retired"].count(status == "retired", f"{full}: {status}")
        if facts.replacements:
            shown = f"{full}: {model.replacement}, not {' or '.join(sorted(facts.replacements))}"
            scores["replacement stored"].count(model.replacement is not None, shown)
        if facts.promises - facts.ends:
            is_promise = model.retirement_date in facts.promises - facts.ends
            scores["promise not stored as the retirement date"].count(
                not is_promise, f"{full}: {model.retirement_date}"
            )
    for model in registry.list_all():
        if model.replacement is not None:
            scores["replacement resolves"].count(resolves(registry, model.provider, model.replacement), model.full_id)
    for provider in registry.list_providers():
        if provider in {each for each, _ in stated} and registry.catalog.providers[provider].default_model:
            status = registry.get_status(provider, registry.get_default_model(provider), on=on)
            scores["default model is not retired"].count(status != "retired", provider)
    return scores


def resolves(registry: Registry, provider: str, name: str) -> bool:
    for names in ((provider, name), (name,)):
        try:
            registry.get_info(*names)
        except LlmregError:
            continue
        return True
    return False


def read_sources(folder: Path) -> dict[tuple[str, str], Stated]:
    """What the sources state, by provider and name."""
    found: dict[tuple[str, str], Stated] = {}
    for path in sorted(folder.glob("modeldeprecations*.json")):
        for row in json.loads(path.read_bytes())["models"]:
            provider = PROVIDERS.get(row["provider"], row["provider"])
            offered = [each["model"] for each in row.get("replacements", ()) if each["provider"] == row["provider"]]
            for name in (row["model"], *row.get("aliases", ())):
                facts = found.setdefault((provider, name), Stated())
                facts.ends |= {row["shutdown_on"]} if row.get("shutdown_on") else set()
                facts.promises |= {row["earliest_shutdown_on"]} if row.get("earliest_shutdown_on") else set()
                facts.replacements |= {*offered}
    for path in sorted(folder.glob("*-deprecations.md")):
        provider = path.name.removesuffix("-deprecations.md")
        for name, end, promise, replacement in read_page(path.read_text()):
            facts = found.setdefault((provider, name), Stated())
            facts.ends |= {end} - {""}
            facts.promises |= {promise} - {""}
            facts.replacements |= {replacement} - {""}
    return found


def read_page(text: str) -> Iterator[tuple[str, str, str, str]]:
    """The rows about models: the id, the day of shutdown, the day before which there is none, the replacement."""
    columns: list[str] = []
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            columns = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not columns:
            columns = [cell.lower() for cell in cells]
            continue
        row = dict(zip(columns, cells, strict=False))
        date_text = next(
            (cell for name, cell in row.items() if "shutdown date" in name or "retirement date" in name), ""
        )
        about = next(
            (cell for name, cell in row.items() if re.search(r"model|system", name) and "replace" not in name), ""
        )
        instead = next((cell for name, cell in row.items() if "replacement" in name or "substitute" in name), "")
        bound = re.match(r"not sooner than\s+", date_text, re.IGNORECASE)
        day = iso_day(date_text[bound.end() :] if bound else date_text)
        if day:
            for name in re.findall(r"`([^`]+)`", about) or [about]:
                if " " not in name and not name.startswith("/"):
                    yield name, "" if bound else day, day if bound else "", first_id(instead)


def iso_day(text: str) -> str:
    plain = re.sub("[\u2010-\u2014]", "-", text)
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(plain, form).date().isoformat()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return ""


def first_id(text: str) -> str:
    codes = re.findall(r"`([^`]+)`", text)
    name = codes[0] if codes else re.split(r"\s+or\s+|,\s*", text)[0]
    words = name.split()
    if not codes and words and all(re.search(r"\d", word) for word in words):
        name = words[0]
    return "" if " " in name or not name.strip("-") or name.startswith("/") else name


if __name__ == "__main__":
    sys.exit(main())
