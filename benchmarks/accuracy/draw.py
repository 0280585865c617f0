"""Draw a sample of facts from the frame, by a rule that knows no values.

    python benchmarks/accuracy/draw.py 1 [--frame DIR] [--output FILE]

The frame (`frame/*.jsonl`) lists which cells the tables of makers' pages offer: page, row, columns, without values.
A sample is a list of cells; a person then copies the value of each from its page. The rule is in the repository
before any value is, so nobody can prefer cells that look good.

The rule, for each provider on its own, so that adding a provider changes no other provider's cells:

* Every cell has a key: the SHA-256 of seed, provider, row and column. A cell that several pages offer counts once,
  with the page whose address sorts first.
* Cells are taken in turns over the kinds of field in `TURNS`, each time the cell of that kind with the lowest key,
  but never more than `FACTS_PER_MODEL` of one model in one sample.
* A provider gives facts in proportion to the square root of the number of its cells, at least `FEWEST`, at most the
  cap of the sample, and never more than half of its cells, so that something is left for the next sample.
* A cell of an earlier sample (`sample-*.jsonl` beside this file) is not drawn again.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

CellId = tuple[str, str, str]  # provider, row, column

HERE = Path(__file__).parent
FACTS_PER_MODEL = 3
FEWEST = 7
TURNS = ("price", "limit", "price", "lifecycle", "price", "date", "limit", "modality", "price", "capability")
LIFECYCLE = {"status", "deprecation_date", "retirement_date", "replacement"}
DATES = {"knowledge_cutoff", "release_date"}


@dataclass(frozen=True)
class SampleRule:
    seed: str
    per_root: int
    """Facts of a provider, times the square root of the number of its cells."""
    cap: int
    """Facts that one provider gives at most."""


RULES = {1: SampleRule("llmreg accuracy 1, 2026-11-30", 3, 66), 2: SampleRule("llmreg accuracy 2, 2026-11-30", 1, 20)}


@dataclass(frozen=True)
class Cell:
    """One fact that a page offers: which column of which row."""

    provider: str
    row: str
    column: str
    url: str

    @property
    def id(self) -> CellId:
        return self.provider, self.row, self.column


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sample", type=int, choices=sorted(RULES), help="Number of the sample to draw.")
    parser.add_argument("--frame", type=Path, default=HERE / "frame", help="Directory of the frame files.")
    parser.add_argument("--output", type=Path, help="File to write (default: standard output).")
    options = parser.parse_args()
    cells = draw_sample(read_frame(options.frame), options.sample, read_earlier_samples(options.sample))
    text = "".join(json.dumps(vars(cell)) + "\n" for cell in cells)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def read_frame(directory: Path) -> Iterator[Cell]:
    """Yield every cell of the frame files in a directory."""
    for path in sorted(directory.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            for row in page["rows"]:
                for column in row["columns"]:
                    yield Cell(page["provider"], row["row"], column, page["url"])


def read_earlier_samples(number: int, directory: Path = HERE) -> frozenset[CellId]:
    """Return the cells of the samples that were drawn before sample `number`."""
    earlier: set[CellId] = set()
    for before in range(1, number):
        for line in (directory / f"sample-{before}.jsonl").read_text(encoding="utf-8").splitlines():
            earlier.add(Cell(**json.loads(line)).id)
    return frozenset(earlier)


def draw_sample(cells: Iterable[Cell], number: int, excluded: frozenset[CellId] = frozenset()) -> list[Cell]:
    """Return the cells of a sample, by provider and in the order drawn."""
    by_provider: dict[str, dict[CellId, Cell]] = {}
    for cell in sorted(cells, key=lambda cell: cell.url):
        by_provider.setdefault(cell.provider, {}).setdefault(cell.id, cell)
    drawn: list[Cell] = []
    for provider in sorted(by_provider):
        drawn += draw_provider(list(by_provider[provider].values()), RULES[number], excluded)
    return drawn


def draw_provider(cells: list[Cell], rule: SampleRule, excluded: frozenset[CellId]) -> list[Cell]:
    """Return the cells that one provider gives to a sample."""
    wanted = min(rule.cap, max(FEWEST, rule.per_root * isqrt(len(cells))), len(cells) // 2)
    by_kind: dict[str, list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: _key(rule.seed, cell)):
        if cell.id not in excluded:
            by_kind.setdefault(kind_of(cell.column), []).append(cell)
    drawn: list[Cell] = []
    per_model: dict[str, int] = {}
    while len(drawn) < wanted and any(by_kind.values()):
        for kind in TURNS:
            if len(drawn) == wanted:
                break
            found = _take_next(by_kind.get(kind, []), per_model)
            if found is not None:
                drawn.append(found)
                per_model[found.row] = per_model.get(found.row, 0) + 1
    return drawn


def kind_of(column: str) -> str:
    """Return the kind of field that a column holds: price, limit, date, lifecycle, modality or capability."""
    head = column.partition(".")[0]
    if head == "pricing":
        return "price"
    if head in LIFECYCLE:
        return "lifecycle"
    if head in DATES:
        return "date"
    return {"modalities": "modality", "capabilities": "capability"}.get(head, "limit")


def _take_next(cells: list[Cell], per_model: dict[str, int]) -> Cell | None:
    """Remove and return the first cell whose model has not given its share yet."""
    while cells:
        cell = cells.pop(0)
        if per_model.get(cell.row, 0) < FACTS_PER_MODEL:
            return cell
    return None


def _key(seed: str, cell: Cell) -> str:
    return hashlib.sha256("|".join((seed, *cell.id)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
