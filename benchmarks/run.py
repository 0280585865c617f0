"""llmreg beside its peers on the same data, in one run:

    python benchmarks/run.py [--rounds 15]

Every round runs each command once, one after the other, so that a slow moment of the machine touches all of them;
figures are medians of whole processes (wall time), and the ratios are medians of the rounds' own ratios. Peers are
installed by name into virtual environments of their own under `benchmarks/.peers` (jq is used where it is on the
PATH). Every command's exit code is checked: a peer that fails is not faster.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "benchmarks" / ".peers"
SMALL_SET = 62  # files, as many as ExLLM keeps


@dataclass(frozen=True)
class Case:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    before: Sequence[Path] = ()  # removed before each run: caches, for a cold start


@dataclass(frozen=True)
class Target:
    """`of` must take at most `at_most` times as long as `over`."""

    of: str
    over: str
    at_most: float
    said: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {rounds} rounds\n")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        missed = query(work, rounds)
        missed += validate(work, rounds, "62 files", small_catalog(work), cold=5, cold_native=None, warm=None)
        missed += validate(
            work, rounds, "shipped catalog", ROOT / "config" / "models", cold=10, cold_native=4, warm=1.5
        )
    print(f"\n{missed} targets missed" if missed else "\nall targets met")
    return 0


def query(work: Path, rounds: int) -> int:
    llmreg = environment("llmreg", str(ROOT)) / "llmreg"
    catalog = ROOT / "config" / "models"
    variables = {"LLMREG_CACHE": str(work / "query-cache"), "LLMREG_OVERLAY": ""}
    ask = [str(llmreg), "query", "--catalog", str(catalog), "--vision", "--max-input", "5"]
    models = work / "models.json"
    models.write_bytes(output([*ask[:4], "--deprecated", "--all", "--format", "json"], variables))
    count = len(json.loads(models.read_bytes())["models"])
    cases = [
        Case("python -c pass", [str(llmreg.parent / "python"), "-c", "pass"], {}),
        Case("llmreg query", ask, variables),
        Case("llmreg query --format json", [*ask, "--format", "json"], variables),
    ]
    targets = [Target("llmreg query", "python -c pass", 7.5, "start-up")]
    if jq := shutil.which("jq"):
        select = (
            '.models[] | select((.capabilities // [] | index("vision")) and .price.input != null and .price.input <= 5)'
        )
        cases.append(Case("jq", [jq, "-r", f"{select} | .full_id", str(models)], {}))
        targets.append(Target("llmreg query", "jq", 0.8, "the same question to jq"))
    return report(f"query: vision at most $5 of {count:,} models", cases, targets, rounds)


def validate(
    work: Path, rounds: int, title: str, catalog: Path, *, cold: float, cold_native: float | None, warm: float | None
) -> int:
    llmreg = environment("llmreg", str(ROOT)) / "llmreg"
    checker = environment("check-jsonschema", "check-jsonschema", "ruamel.yaml<0.19", "ruamel.yaml.clib")
    native = native_jsonschema(environment("sourcemeta", "sourcemeta-jsonschema"))
    schema = str(ROOT / "schema" / "provider.schema.json")
    files = [str(path) for path in sorted(catalog.glob("*.yml"))]
    cache = work / f"cache-{title.replace(' ', '-')}"
    variables = {"LLMREG_CACHE": str(cache), "LLMREG_OVERLAY": ""}
    ask = [str(llmreg), "validate", "--catalog", str(catalog)]
    python = [str(checker / "python"), "-c"]
    fast = not subprocess.run([*python, "import _ruamel_yaml"], check=False, capture_output=True).returncode
    theirs = f"check-jsonschema ({'C' if fast else 'pure Python'} YAML)"
    cases = [
        Case("llmreg validate, cold", ask, {**variables, "LLMREG_CACHE": f"{cache}-cold"}, (Path(f"{cache}-cold"),)),
        Case("llmreg validate, warm", ask, variables),
        Case("sourcemeta jsonschema", [str(native), "validate", schema, *files], {}),
        Case(theirs, [str(checker / "check-jsonschema"), "--schemafile", schema, *files], {}),
    ]
    targets = [Target("llmreg validate, cold", theirs, 1 / cold, f"{cold:g} times faster")]
    if cold_native:
        targets.append(Target("llmreg validate, cold", "sourcemeta jsonschema", cold_native, "the native validator"))
    if warm:
        targets.append(Target("llmreg validate, warm", "sourcemeta jsonschema", warm, "the native validator"))
    return report(f"validate: {title} ({len(files)} files)", cases, targets, rounds)


def small_catalog(work: Path) -> Path:
    """As many files as ExLLM keeps, from the middle of the shipped catalog by size."""
    files = sorted((ROOT / "config" / "models").glob("*.yml"), key=lambda path: path.stat().st_size)
    start = (len(files) - SMALL_SET) // 2
    folder = work / "small"
    folder.mkdir()
    for path in files[start : start + SMALL_SET]:
        shutil.copy(path, folder)
    return folder


def report(title: str, cases: Sequence[Case], targets: Sequence[Target], rounds: int) -> int:
    print(f"## {title}\n")
    times: dict[str, list[float]] = {case.name: [] for case in cases}
    for case in cases:
        run(case)  # warms the disk's cache and our own
    for _ in range(rounds):
        for case in cases:
            times[case.name].append(run(case))
    first = cases[0].name
    for name, taken in times.items():
        ratio = statistics.median(mine / base for mine, base in zip(taken, times[first], strict=True))
        print(f"  {name:<38} {statistics.median(taken) * 1e3:9.1f} ms   {ratio:6.2f} x {first}")
    missed = 0
    for target in targets:
        pairs = zip(times[target.of], times[target.over], strict=True)
        ratio = statistics.median(mine / base for mine, base in pairs)
        met = ratio <= target.at_most
        missed += not met
        verdict = "met" if met else "MISSED"
        print(f"  {verdict}: {target.of} / {target.over} = {ratio:.3f}, at most {target.at_most:.3g} ({target.said})")
    print()
    return missed


def run(case: Case) -> float:
    for path in case.before:
        shutil.rmtree(path, ignore_errors=True)
    began = time.perf_counter()
    done = subprocess.run(
        case.command,
        env=plain_environment() | dict(case.environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    taken = time.perf_counter() - began
    if done.returncode != 0:
        sys.exit(f"{case.name} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return taken


def plain_environment() -> dict[str, str]:
    """Without what would change Python's own start-up, such as PYTHONDONTWRITEBYTECODE."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LLMREG"))}


def output(command: Sequence[str], variables: Mapping[str, str]) -> bytes:
    return subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True).stdout


def environment(name: str, *requirements: str) -> Path:
    """The `bin` folder of a virtual environment of its own with these packages."""
    folder = PEERS / name
    if not (folder / "ready").is_file() or str(ROOT) in requirements:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *requirements], check=True)
        (folder / "ready").touch()
    return folder / "bin"


def native_jsonschema(scripts: Path) -> Path:
    """The binary itself, without the Python program that starts it."""
    system = {"Linux": "linux", "Darwin": "darwin"}[platform.system()]
    machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return next(scripts.parent.rglob(f"jsonschema-{system}-{machine}"))


if __name__ == "__main__":
    sys.exit(main())
