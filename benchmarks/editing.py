"""Edits by splices beside ruamel.yaml's load and dump, on one file of the shipped catalog's own entries:

    python benchmarks/editing.py [--lines 10000]

The target: an edit, its proof by reading again included, at least 25 times faster than ruamel's round trip; time linear
in the file's size and in the number of operations.
"""

import argparse
import gc
import io
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.ops import Operation, Set

ROOT = Path(__file__).parents[1]
TARGET = 25
ROUNDS = 5  # of both by turns: what else the machine does then meets both


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=10_000)
    lines = parser.parse_args().lines
    gc.disable()  # as the command line runs, and for both alike
    text = catalog_text(lines)
    price = prices(text)[0]
    rounds = [
        (median(lambda: apply(text, [Set(price, Decimal("123.4"))]), 5), median(lambda: ruamel(text), 1))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (statistics.median(taken) for taken in zip(*rounds, strict=True))
    ratios = sorted(theirs / ours for ours, theirs in rounds)
    print(f"one price in {text.count(chr(10)):,} lines")
    print(f"  llmreg  {ours * 1e3:9.1f} ms, verified")
    print(f"  ruamel  {theirs * 1e3:9.1f} ms, load and dump")
    faster = statistics.median(ratios)
    print(f"  {faster:.1f} times faster ({ratios[0]:.1f} to {ratios[-1]:.1f} in {ROUNDS} rounds; target: {TARGET})\n")
    print("one edit, by size")
    for size in (lines // 8, lines // 4, lines // 2, lines, lines * 2, lines * 4):
        part = catalog_text(size)
        where, count = prices(part)[0], part.count("\n")
        taken = median(lambda part=part, where=where: apply(part, [Set(where, Decimal("123.4"))]), 5)  # type: ignore[misc]
        print(f"  {count:>7,} lines {taken * 1e3:9.1f} ms   {taken / count * 1e6:6.2f} us a line")
    print("\nmany edits in one pass")
    for count in (1, 10, 100, 1_000):
        operations: list[Operation] = [Set(path, Decimal("123.4")) for path in prices(text)[:count]]
        taken = median(lambda operations=operations: apply(text, operations), 5)  # type: ignore[misc]
        print(f"  {len(operations):>5,} edits {taken * 1e3:9.1f} ms")
    return 0 if faster >= TARGET else 1


def catalog_text(lines: int) -> str:
    """One provider file of about so many lines: entries of the shipped catalog's largest files under new ids."""
    found = sorted((ROOT / "config" / "models").glob("*.yml"), key=lambda path: -path.stat().st_size)
    out = ["provider: large", "models:"]
    for number, path in enumerate(found):
        entries = path.read_text().partition("\nmodels:\n")[2]
        out += [renamed(line, number) for line in entries.splitlines()]
        if len(out) >= lines:
            break
    return "\n".join(out[: last_entry(out, lines)]) + "\n"


def renamed(line: str, number: int) -> str:
    """Two files may have a model of the same id."""
    if not line.startswith("  ") or line[2] == " ":
        return line
    key = line.strip().removesuffix(":").strip("'\"")
    return f"  '{key}~{number}':"


def last_entry(lines: list[str], most: int) -> int:
    end = min(most, len(lines))
    while end < len(lines) and lines[end].startswith("   "):
        end += 1
    return end


def prices(text: str) -> list[tuple[str, ...]]:
    value = load_value(text)
    models = value["models"]  # type: ignore[index, call-overload]
    return [("models", key, "pricing", "input") for key, model in models.items() if "input" in model.get("pricing", {})]


def ruamel(text: str) -> str:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100_000
    data = yaml.load(text)
    data["models"][prices_of(data)]["pricing"]["input"] = 123.4
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def prices_of(data: dict[str, dict[str, dict[str, object]]]) -> str:
    return next(key for key, model in data["models"].items() if "pricing" in model)


def median(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()  # neither waits for anything, and other processes count less
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
