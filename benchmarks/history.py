"""The catalog's history beside `git log -p -U0` of the same commits:

    python benchmarks/history.py [--commits 500] [--providers 50] [--rounds 5] [--long 10000] [CATALOG ...]

On a repository made for it (`git fast-import`), on one with `--long` commits, and on each catalog folder given: a
clone of any repository in this format. Whole processes, `llmreg history` of one model, by turns with git:

    cold         nothing in the cache: every version of every file is read and compared
    moved        HEAD is some commits further than the cache
    unchanged    the cache is of this HEAD

Each is given with its whole process and, for the targets, without the start of Python and of the command line, which
`llmreg --version` of the same round stands for. Targets: cold at most 5 x git, moved and unchanged at most 1 x; 10,000
commits in under a minute cold; memory flat as history grows.
"""

import argparse
import multiprocessing
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

FOLDER = "config/models"
MODELS = 25  # of a provider at first
NEW = 5  # commits that a moved HEAD is ahead of the cache
TARGETS = {"cold": 5, "moved": 1, "unchanged": 1}
LONG = 60  # seconds
OFTEN, SOMETIMES, SELDOM = 0.2, 0.1, 0.05


class Took(NamedTuple):
    seconds: float
    megabytes: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("catalogs", nargs="*", type=Path, metavar="CATALOG")
    parser.add_argument("--commits", type=int, default=500)
    parser.add_argument("--providers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long", type=int, default=10_000, help="commits of the long repository; 0 for none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        made = generated(work / "made", given.commits, given.providers)
        missed = report(f"{given.commits:,} commits over {given.providers} providers", made, work, given.rounds)
        for catalog in given.catalogs:
            missed += report(str(catalog), catalog.resolve(), work, given.rounds)
        if given.long:
            missed += long(generated(work / "long", given.long, given.providers), made, work, given.long)
    print(f"\n{missed} targets missed" if missed else "\nall targets met")
    return 1 if missed else 0


def report(title: str, catalog: Path, work: Path, rounds: int) -> int:
    clone = work / "clone"  # so that HEAD can move, whosever the repository is
    shutil.rmtree(clone, ignore_errors=True)
    top = Path(git(catalog, "rev-parse", "--show-toplevel").strip())
    git(work, "clone", "--quiet", "--no-local", str(top), str(clone))
    here = clone / catalog.relative_to(top)
    head, before = git(here, "rev-parse", "HEAD", f"HEAD~{NEW}").split()
    name = some_model(here)
    cases: dict[str, list[Took]] = {
        "git log -p -U0": [],
        "cold": [],
        "moved": [],
        "unchanged": [],
        "start": [],
    }
    for _ in range(rounds):
        cases["git log -p -U0"].append(timed(["git", "-C", str(here), "log", "-p", "-U0", "--first-parent", "--", "."]))
        cache = work / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        cases["cold"].append(history(here, name, cache))
        cases["unchanged"].append(history(here, name, cache))
        shutil.rmtree(cache)
        git(here, "checkout", "--quiet", before)
        history(here, name, cache)
        git(here, "checkout", "--quiet", head)
        cases["moved"].append(history(here, name, cache))
        cases["start"].append(timed([*LLMREG, "--version"]))
    print(f"## {title}\n")
    first, start = cases["git log -p -U0"], cases.pop("start")
    print(f"  {'llmreg --version':<18} {statistics.median(each.seconds for each in start) * 1e3:9.1f} ms")
    missed = 0
    for case, taken in cases.items():
        whole = statistics.median(mine.seconds / base.seconds for mine, base in zip(taken, first, strict=True))
        middle, peak = statistics.median(each.seconds for each in taken), max(each.megabytes for each in taken)
        line = f"  {case:<18} {middle * 1e3:9.1f} ms   {whole:6.2f} x git   {peak:6.0f} MB"
        if case in TARGETS:
            own = statistics.median(
                (mine.seconds - begun.seconds) / base.seconds
                for mine, begun, base in zip(taken, start, first, strict=True)
            )
            missed += own > TARGETS[case]
            verdict = "MISSED" if own > TARGETS[case] else "met"
            line += f"   {own:6.2f} x without its start: {verdict}, at most {TARGETS[case]} x"
        print(line)
    print()
    return missed


def long(catalog: Path, small: Path, work: Path, commits: int) -> int:
    print(f"## {commits:,} commits\n")
    base = timed(["git", "-C", str(catalog), "log", "-p", "-U0", "--first-parent", "--", "."])
    found = {}
    for title, where in (("the short one, cold", small), ("cold", catalog)):
        cache = work / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        found[title] = history(where, some_model(where), cache)
    unchanged = history(catalog, some_model(catalog), work / "cache")
    for title, took in (("git log -p -U0", base), *found.items(), ("unchanged", unchanged)):
        print(f"  {title:<20} {took.seconds:8.2f} s   {took.megabytes:6.0f} MB")
    missed = found["cold"].seconds > LONG
    print(f"  {'MISSED' if missed else 'met'}: cold {found['cold'].seconds:.1f} s, at most {LONG} s\n")
    return int(missed)


LLMREG = [sys.executable, "-m", "registry_cli"]


def history(catalog: Path, model: str, cache: Path) -> Took:
    command = [*LLMREG, "history", model, "--catalog", str(catalog), "--quiet"]
    return timed(command, {"LLMREG_CACHE": str(cache), "LLMREG_OVERLAY": ""})


def timed(command: Sequence[str], variables: Mapping[str, str] | None = None) -> Took:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LLMREG"))}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=plain | dict(variables or {}), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return Took(taken, used.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024))


def some_model(catalog: Path) -> str:
    """The first model of the first file that has any, as far as can be seen without reading YAML."""
    for path in sorted(catalog.glob("*.yml")):
        found = re.search(r"^models:\s*\n(?:\s*#.*\n)*\s+[\"']?([^\s\"'#:]+)", path.read_text(), re.MULTILINE)
        if found:
            return f"{path.stem}/{found[1]}"
    sys.exit(f"{catalog} has no model")


def generated(top: Path, commits: int, providers: int) -> Path:
    """A catalog's folder in a repository whose commits each change a few models of a few providers."""
    top.mkdir()
    git(top, "init", "--quiet", "--initial-branch=main")
    # In a process of its own: what is measured later would begin with the memory of this one.
    imported = multiprocessing.get_context("fork").Process(target=fast_import, args=(top, commits, providers))
    imported.start()
    imported.join()
    git(top, "reset", "--hard", "--quiet", "main")
    return top / FOLDER


def fast_import(top: Path, commits: int, providers: int) -> None:
    with subprocess.Popen(["git", "-C", str(top), "fast-import", "--quiet"], stdin=subprocess.PIPE) as process:
        for part in stream(commits, providers):
            process.stdin.write(part)  # type: ignore[union-attr]  # a pipe, as asked for


def stream(commits: int, providers: int) -> Iterator[bytes]:
    chance = random.Random(7)  # noqa: S311  # the same repository every time
    names = [f"provider-{number:02}" for number in range(providers)]
    catalog = {name: {f"model-{number}": model(chance) for number in range(MODELS)} for name in names}
    for number in range(commits):
        changed = names if not number else chance.sample(names, chance.randint(1, 4))
        for name in changed if number else ():
            change(catalog[name], chance, number)
        said = f"Change {number}".encode()
        yield b"commit refs/heads/main\ncommitter A <a@example.org> %d +0000\n" % (1_700_000_000 + number * 3_600)
        yield b"data %d\n%s\n" % (len(said), said)
        for name in changed:
            text = written(name, catalog[name])
            yield f"M 100644 inline {FOLDER}/{name}.yml\ndata {len(text)}\n".encode() + text + b"\n"


def change(models: dict[str, dict[str, str]], chance: random.Random, number: int) -> None:
    for name in chance.sample(sorted(models), chance.randint(1, 3)):
        models[name]["input"] = f"{chance.randint(1, 2_000) / 100}"
        if chance.random() < OFTEN:
            models[name]["context"] = str(chance.choice([8, 32, 128, 200, 1_000]) * 1_000)
    if chance.random() < SOMETIMES:
        models[f"model-{number}-new"] = model(chance)
    if chance.random() < SELDOM and len(models) > MODELS // 2:
        del models[chance.choice(sorted(models))]


def model(chance: random.Random) -> dict[str, str]:
    return {
        "input": f"{chance.randint(1, 2_000) / 100}",
        "context": "128000",
        "release": f"2025-{chance.randint(1, 12):02}-01",
    }


def written(provider: str, models: Mapping[str, Mapping[str, str]]) -> bytes:
    lines = [f"provider: {provider}", f"name: The models of {provider}", "models:"]
    for name, facts in models.items():
        lines += [
            f"  {name}:", f"    name: {name.title()}", "    mode: chat", f"    context_window: {facts['context']}",
            "    max_output_tokens: 16384", "    modalities:", "      input: [text, image]", "      output: [text]",
            "    pricing:", f"      input: {facts['input']}", "      output: 10", "      cache_read: 0.5",
            "    capabilities:", "    - function_calling", "    - streaming", "    - vision",
            f"    release_date: '{facts['release']}'",
        ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
