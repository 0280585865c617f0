"""Fuzzing with coverage feedback, run by hand (it needs `pip install atheris`):

    python -m tests.fuzz.explore usage --minutes 30 --corpus /tmp/usage

Runs until so many minutes of processor time are used up. An input that reaches new code goes into the corpus, one
that ends in anything but llmreg's own errors is printed and kept as `crash-...` in the current directory, one for each
place in the code.
"""

import argparse
import hashlib
import os
import random
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["registry_cli"]):
    from tests.fuzz.targets import FAMILIES, Family


class Run:
    """Checks inputs until the processor time is used up; every place of a crash is reported once."""

    def __init__(self, family: Family, seconds: float) -> None:
        self._family, self._seconds, self._inputs, self._met = family, seconds, 0, set[str]()

    def check(self, data: bytes) -> None:
        self._inputs += 1
        try:
            self._family.check(data)
        except Exception as error:  # whatever comes out is the finding
            self._report(data, error)
        if time.process_time() > self._seconds:
            print(f"{self._inputs:,} inputs in {self._seconds / 60:g} minutes: {len(self._met)} crashes", flush=True)
            os._exit(1 if self._met else 0)

    def _report(self, data: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}"
        if place not in self._met:
            self._met.add(place)
            name = f"crash-{hashlib.sha256(data).hexdigest()[:12]}"
            Path(name).write_bytes(data)
            print(f"{name}: {place}\n{data[:300]!r}\n{''.join(traceback.format_exception(error)[-4:])}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("--minutes", type=float, default=1, help="Processor time (one core).")
    parser.add_argument("--corpus", type=Path, required=True, help="Directory of inputs; new ones are added.")
    options = parser.parse_args()
    family = FAMILIES[options.family]
    options.corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(family.seeds):
        (options.corpus / f"seed-{number:03}").write_bytes(seed)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return family.mutate(data, random.Random(seed))[:most]

    run = Run(family, options.minutes * 60)
    limits = ["-max_len=20000", "-timeout=600", "-rss_limit_mb=2000", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, str(options.corpus)], run.check, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
