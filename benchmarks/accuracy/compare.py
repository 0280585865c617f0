"""Compare the catalog, LiteLLM's map and models.dev's list with the facts that were copied from makers' pages.

    python benchmarks/accuracy/compare.py --litellm FILE --models-dev FILE [--catalog DIR] [--sample N]
                                          [--before DIR] [--missing]

Prints, for each kind of field and in all, how many facts were asked, and how many each list has right, wrong or
missing; the rates with 95 % intervals (Wilson); a paired test on the same facts (McNemar, exact); every wrong fact of
the catalog; and how many models that their makers' pages list as available the catalog shows as deprecated or retired.
`--before` names an older catalog and prints what it had right and this one has not.

A fact is a line of `facts-N*.jsonl`: a cell of the sample with the `value` that the page states, prices in USD per 1M
tokens. A value of null (with `why`) was not on the page after all and is not asked. How equality is judged:

* Prices: equal to one part in a million. 0 is free and equals only 0.
* Limits: equal. Where the page itself rounds (`"rounded": true`, "128K", "1M"), any number from there to 5 % above
  is right, because a page's K may be 1,024 and its M 1,048,576.
* Days: as far as both go (a list that names the month agrees with any day in it). Knowledge cutoff: by month.
* Status: live (active or preview), deprecated or retired. A list that has a model without a mark says that it is
  live, and a date of its own that has passed counts. If the page says deprecated and the list says retired on a day
  between the page's day and today, the page is too old to contradict it: that is right.
* Modalities: the same kinds of input. PDF is judged only where the page names documents, because many pages count
  documents as a feature.
* Replacement: the same id, one of the ids in `or`, or an alias of the same entry.

Missing is what a list does not state, a model that it does not have included.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # the other modules of this directory, wherever it is run from

from draw import kind_of
from lists import DEPRECATED, LIVE, RETIRED, TODAY, Entry, FactList, read_catalog, read_litellm, read_models_dev

HERE = Path(__file__).parent
CATALOG = HERE.parents[1] / "config" / "models"
Fact = dict[str, Any]
RIGHT, WRONG, MISSING = "right", "wrong", "missing"
Z95 = 1.959964


@dataclass(frozen=True)
class Verdict:
    """How one list fares on one fact."""

    outcome: str
    stated: Any = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--litellm", type=Path, required=True, help="LiteLLM's map (JSON file).")
    parser.add_argument("--models-dev", type=Path, required=True, help="models.dev's list (JSON file).")
    parser.add_argument("--catalog", type=Path, default=CATALOG, help="Catalog directory (default: the shipped one).")
    parser.add_argument("--before", type=Path, help="Older catalog directory to compare with.")
    parser.add_argument("--sample", type=int, default=1, help="Number of the sample (default: 1).")
    parser.add_argument("--missing", action="store_true", help="Also print the facts that the catalog lacks.")
    options = parser.parse_args()
    facts = [fact for fact in read_lines("facts", options.sample) if fact["value"] is not None]
    alive = read_lines("alive", options.sample)
    providers = sorted({line["provider"] for line in [*facts, *alive]})
    catalog = read_catalog(options.catalog, providers)
    lists = [catalog, read_litellm(options.litellm, providers), read_models_dev(options.models_dev, providers)]
    judged = {facts_of.name: [judge(fact, facts_of) for fact in facts] for facts_of in lists}
    print_table(facts, judged)
    print_pairs(judged)
    print_facts("Wrong in the catalog", facts, judged[catalog.name], WRONG)
    if options.missing:
        print_facts("Missing in the catalog", facts, judged[catalog.name], MISSING)
    if options.before:
        older = read_catalog(options.before, providers)
        print_losses(facts, [judge(fact, older) for fact in facts], judged[catalog.name])
    print_alive(alive, catalog)
    return 0


def read_lines(kind: str, sample: int, directory: Path = HERE) -> list[Fact]:
    """Return the lines of `KIND-N.jsonl` and of every `KIND-N-*.jsonl`."""
    paths = sorted([*directory.glob(f"{kind}-{sample}.jsonl"), *directory.glob(f"{kind}-{sample}-*.jsonl")])
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def judge(fact: Fact, facts_of: FactList) -> Verdict:
    """Return how a list fares on one fact."""
    entry = facts_of.find(fact["provider"], fact["row"])
    if entry is None:
        return Verdict(MISSING, "no such model")
    stated = entry.state(fact["column"])
    if stated is None:
        return Verdict(MISSING)
    right = _comparison_of(fact["column"])(fact, stated, entry, facts_of)
    return Verdict(RIGHT if right else WRONG, stated)


Comparison = Callable[[Fact, Any, Entry, FactList], bool]


def _comparison_of(column: str) -> Comparison:
    by_column: dict[str, Comparison] = {
        "status": _same_status,
        "replacement": _same_replacement,
        "knowledge_cutoff": lambda fact, stated, *_: _same_day(str(fact["value"])[:7], str(stated)[:7]),
    }
    by_kind: dict[str, Comparison] = {
        "price": lambda fact, stated, *_: abs(stated - fact["value"]) <= 1e-6 * abs(fact["value"]),
        "limit": lambda fact, stated, *_: _same_limit(fact, stated),
        "date": lambda fact, stated, *_: _same_day(str(fact["value"]), str(stated)),
        "lifecycle": lambda fact, stated, *_: _same_day(str(fact["value"]), str(stated)),
        "modality": lambda fact, stated, *_: _same_modalities(fact["value"], stated),
        "capability": lambda fact, stated, *_: bool(stated) == fact["value"],
    }
    return by_column.get(column) or by_kind[kind_of(column)]


def _same_limit(fact: Fact, stated: float) -> bool:
    value = fact["value"]
    return bool(value <= stated <= value * 1.05 if fact.get("rounded") else stated == value)


def _same_day(page: str, stated: str) -> bool:
    length = min(len(page), len(stated))
    return page[:length] == stated[:length]


def _same_modalities(page: Sequence[str], stated: Iterable[str]) -> bool:
    ignored = set() if "pdf" in page else {"pdf"}
    return set(page) == set(stated) - ignored


def _same_status(fact: Fact, stated: str, entry: Entry, _: FactList) -> bool:
    page = LIVE if fact["value"] in ("active", "preview") else fact["value"]
    return stated == page or (page == DEPRECATED and is_dated_after_page(fact, stated, entry))


def is_dated_after_page(line: Fact, stated: str, entry: Entry) -> bool:
    """Whether a list says that a model was deprecated or retired on a day between the page's day and today."""
    day = entry.state("retirement_date" if stated == RETIRED else "deprecation_date")
    return stated != LIVE and day is not None and str(line["page_as_of"]) < str(day) <= TODAY


def _same_replacement(fact: Fact, stated: str, _: Entry, facts_of: FactList) -> bool:
    wanted = {fact["value"], *fact.get("or", [])}
    bare = str(stated).removeprefix(f"{fact['provider']}/")
    entry = facts_of.find(fact["provider"], bare)
    return bool(wanted & {str(stated), bare} or (entry and wanted & entry.ids))


def print_table(facts: Sequence[Fact], judged: dict[str, list[Verdict]]) -> None:
    """Print the counts by kind of field, and the rates of each list."""
    kinds = sorted({kind_of(fact["column"]) for fact in facts})
    print(f"{'right / wrong / missing':28}{'asked':>7}" + "".join(f"{name:>20}" for name in judged))
    for kind in [*kinds, "all"]:
        chosen = [number for number, fact in enumerate(facts) if kind in (kind_of(fact["column"]), "all")]
        cells = [" / ".join(map(str, count([verdicts[number] for number in chosen]))) for verdicts in judged.values()]
        print(f"{kind:28}{len(chosen):>7}" + "".join(f"{cell:>20}" for cell in cells))
    for name, verdicts in judged.items():
        right, wrong, _ = count(verdicts)
        print(
            f"{name}: wrong of stated {show_rate(wrong, right + wrong)}; right of asked {show_rate(right, len(facts))}"
        )


def count(verdicts: Sequence[Verdict]) -> tuple[int, int, int]:
    """Return how many are right, wrong and missing."""
    outcomes = [verdict.outcome for verdict in verdicts]
    return outcomes.count(RIGHT), outcomes.count(WRONG), outcomes.count(MISSING)


def show_rate(part: int, whole: int) -> str:
    low, high = wilson_interval(part, whole)
    return f"{part}/{whole} = {part / whole if whole else 0:.1%} (95 %: {low:.1%} to {high:.1%})"


def wilson_interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion."""
    if not whole:
        return 0.0, 1.0
    rate, square = part / whole, Z95 * Z95
    center = rate + square / (2 * whole)
    spread = Z95 * sqrt(rate * (1 - rate) / whole + square / (4 * whole * whole))
    divisor = 1 + square / whole
    return max(0.0, (center - spread) / divisor), min(1.0, (center + spread) / divisor)


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the two-sided p of the exact McNemar test, from the pairs on which the two differ."""
    pairs = only_first + only_second
    tail = sum(comb(pairs, number) for number in range(min(only_first, only_second) + 1))
    return min(1.0, 2.0 * tail / 2.0**pairs)


def print_pairs(judged: dict[str, list[Verdict]]) -> None:
    """Print the catalog beside each other list: right on all facts, wrong on those that both state."""
    ours, *others = judged
    for other in others:
        pairs = list(zip(judged[ours], judged[other], strict=True))
        both = [pair for pair in pairs if all(verdict.outcome != MISSING for verdict in pair)]
        for title, outcome, chosen in (("right", RIGHT, pairs), ("wrong where both state", WRONG, both)):
            only_ours = sum(a.outcome == outcome != b.outcome for a, b in chosen)
            only_other = sum(b.outcome == outcome != a.outcome for a, b in chosen)
            p = mcnemar_p(only_ours, only_other)
            print(f"{title}: only {ours} {only_ours}, only {other} {only_other} (of {len(chosen)}; p = {p:.2g})")


def print_facts(title: str, facts: Sequence[Fact], verdicts: Sequence[Verdict], outcome: str) -> None:
    chosen = [(fact, verdict) for fact, verdict in zip(facts, verdicts, strict=True) if verdict.outcome == outcome]
    print(f"\n{title}: {len(chosen)}")
    for fact, verdict in chosen:
        print(f"  {describe(fact)}: page {fact['value']}, list {verdict.stated}  ({fact['url']}, {fact['page_as_of']})")


def describe(fact: Fact) -> str:
    return f"{fact['provider']}/{fact['row']}#{fact['column']}"


def print_losses(facts: Sequence[Fact], before: Sequence[Verdict], now: Sequence[Verdict]) -> None:
    """Print what an older catalog had right and this one has not."""
    lost = [
        (fact, new)
        for fact, old, new in zip(facts, before, now, strict=True)
        if old.outcome == RIGHT and new.outcome != RIGHT
    ]
    right, wrong, missing = count(before)
    print(f"\nBefore: {right} right, {wrong} wrong, {missing} missing. Right before and not now: {len(lost)}")
    for fact, verdict in lost:
        print(f"  {describe(fact)}: page {fact['value']}, now {verdict.outcome} {verdict.stated}")


def print_alive(alive: Sequence[Fact], catalog: FactList) -> None:
    """Print which models that their makers' pages list as available the catalog shows otherwise.

    A day of the catalog's own that is later than the page is told apart, because the page may be too old. It counts
    all the same: the day may be a promise ("not before") that was read as a retirement.
    """
    unknown: list[Fact] = []
    dead: list[tuple[Fact, str]] = []
    for line in alive:
        entry = catalog.find(line["provider"], line["model"])
        if entry is None:
            unknown.append(line)
        elif (status := str(entry.state("status"))) != LIVE:
            dated = is_dated_after_page(line, status, entry)
            dead.append((line, status + (", on a day after the page's" if dated else "")))
    undated = sum("," not in status for _, status in dead)
    known = len(alive) - len(unknown)
    print(f"\nAlive by their makers' pages: {len(alive)}; not in the catalog: {len(unknown)}")
    print(f"shown as deprecated or retired: {show_rate(len(dead), known)}")
    print(f"the same without days after the page's: {show_rate(undated, known)}")
    for line, status in [*dead, *((line, "not in the catalog") for line in unknown)]:
        print(f"  {line['provider']}/{line['model']}: {status}  ({line['url']}, {line['page_as_of']})")


if __name__ == "__main__":
    sys.exit(main())
