"""Long fuzzing of the reader and of everything `validate` does with a text, run by hand:

    LLMREG_TEST_DATA=... python tests/fuzz/fuzz_reader.py --minutes 60

Mutated provider files go through reading, places, the schema, the rules and the entries. Only llmreg's own errors may
come out, within a few seconds each. Cases run in child processes, so that a killed interpreter is seen and counted;
each case follows from its worker's seed and its number, so that every failure can be run again (`--replay SEED:CASE`).
"""

import argparse
import os
import random
import subprocess
import sys
import time
import traceback
from pathlib import Path

from registry_cli.core.catalog.build import build_provider
from registry_cli.core.checks.checker import Judge, examine
from registry_cli.errors import FileError
from registry_cli.store.catalog.load import Reader
from registry_cli.yamledit.document import Scalars, decode, read
from registry_cli.yamledit.escapes import UNSAFE

CASES = 2_000  # a worker's life
SLOW = 5.0  # seconds that no case may take
ROOT = Path(__file__).parents[2]
TOKENS = (
    *"\t\n\r:-?#&*!|>'\"%@`{}[],~=<>\0\x1b\x85\ufeff\u2028\u202e\ud800é中😀",
    *("  ", "\r\n", "---\n", "...\n", "%YAML 1.1\n---\n", "<<: *a\n", "&a ", "*a", "!!str ", "!!python/none "),
    *("null", "~", ".nan", "-.inf", "1e400", "012", "0o17", "0x1F", "1_000", "1:30", "2024-01-01", "9" * 5000, "-1"),
    *("- " * 100, "[" * 99, "{a: " * 99, "? ", "? [a]\n: b\n", '"\\e[31m"', '"\\ud800"', "true: 1\n", "a: |\n  x\n\n"),
    *("models:\n", "  x:\n", "pricing:\n", "when: {}\n", "capabilities: [vision, vision]\n", "input: 0.0000025\n"),
)  # fmt: skip


def seeds() -> list[bytes]:
    """The shipped catalog's smaller files, the schema's vocabulary, and recorded files where they are at hand."""
    folders = [ROOT / "config" / "models", ROOT / "schema"]
    if data := os.environ.get("LLMREG_TEST_DATA"):
        folders.append(Path(data) / "exllm")
    texts = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.yml"))]
    return [text[:20_000] for text in texts] or [b"provider: a\nmodels:\n  b: {context_window: 1}\n"]


def mutated(rng: random.Random, corpus: list[bytes]) -> bytes:
    lines = rng.choice(corpus).splitlines(keepends=True)
    start = rng.randrange(len(lines))
    lines = lines[start : start + rng.randint(1, 60)] if rng.random() < 0.7 else lines
    text = bytearray(b"".join(lines))
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            text[at:at] = rng.choice(TOKENS).encode("utf-8", "surrogatepass")
        elif kind == 1:
            del text[at : at + rng.choice((1, 2, 10, 100))]
        elif kind == 2 and at < len(text):
            text[at] = rng.randrange(256)
        elif kind == 3:
            text[at:at] = text[at : at + rng.randint(1, 200)] * rng.randint(1, 4)
        elif kind == 4:
            other = rng.choice(corpus)
            cut = rng.randrange(len(other))
            text[at:at] = other[cut : cut + rng.randint(1, 300)]
        else:
            text = text.replace(b"  ", rng.choice((b" ", b"    ", b"\t")), rng.randint(1, 5))
    return bytes(text)


def check(data: bytes, reader: Reader, judge: Judge, scalars: Scalars) -> None:
    """Raises whatever is not llmreg's own error, and `AssertionError` for a place that cannot be."""
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for mark in examine(data, "acme", judge, scalars).marks:
        assert 1 <= mark.line <= lines
        assert mark.column >= 1
        assert not UNSAFE.search(mark.message)
    try:
        document = read(decode(data), scalars)
    except FileError as fault:
        str(fault)
        return
    document.misread_positions()
    for key in document.value if isinstance(document.value, dict) else ():
        assert 1 <= document.position((key,)).line <= lines
    if not document.faults and reader.contract.accepts(document.value):
        build_provider("acme", [document.value], None, reader.vocabulary)


def worker(seed: int, first: int, count: int) -> int:
    corpus, reader, scalars = seeds(), Reader(), Scalars()
    judge = Judge(reader.contract, reader.vocabulary, "2026-11-22")
    failures = 0
    for case in range(first, first + count):
        data = mutated(random.Random(f"{seed}:{case}"), corpus)
        began = time.monotonic()
        try:
            check(data, reader, judge, scalars)
        except Exception:  # whatever comes out is the finding
            failures += 1
            print(f"FAILED --replay {seed}:{case}\n{data[:300]!r}\n{traceback.format_exc()}", flush=True)
        if time.monotonic() - began > SLOW:
            failures += 1
            print(f"SLOW --replay {seed}:{case}", flush=True)
    return min(failures, 100)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--worker", type=int)
    parser.add_argument("--replay")
    options = parser.parse_args()
    if options.replay:
        seed, case = map(int, options.replay.split(":"))
        return worker(seed, case, 1)
    if options.worker is not None:
        return worker(options.worker, 0, CASES)
    end = time.monotonic() + options.minutes * 60
    seed, cases, failed, killed = options.seed, 0, 0, 0
    while time.monotonic() < end:
        child = subprocess.run([sys.executable, __file__, "--worker", str(seed)], timeout=3600, check=False)
        cases += CASES
        if child.returncode < 0:
            killed += 1
            print(f"KILLED by signal {-child.returncode}: worker seed {seed}", flush=True)
        failed += max(child.returncode, 0)
        seed += 1
    print(f"{cases:,} cases in {options.minutes:g} minutes: {failed} uncaught or slow, {killed} killed")
    return 1 if failed or killed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
