"""Sync against its targets, each `llmreg` a whole process from its start to its end:

    python benchmarks/syncing.py [--providers 150] [--models 35] [--rounds 5]

- 150 providers of 35 models, 5,250 in all, each provider a server of its own on loopback that answers after 300 ms.
  "Wall time at most the slowest upstream plus 1 s for all providers together" is said of the run of every day, which
  finds nothing to do or a few changes (here every tenth provider changed all its models): at most 1.3 s. The first
  meeting with all of them, and a day on which every model changed, are shown beside it, and what `fetch` takes by
  itself, imports included. Memory is less than 300 MB in all of them.
- 5,000 models of 100 providers in a recorded list of models.dev: "planning and writing 5,000 models from warm
  responses in at most 3 s of CPU" is said of a run that writes them: of the first, and of one with a changed price of
  every model. It is the time of whole processes, start-up and reading included.

The servers run in a process of their own, on the same machine; what a process forks is counted in its CPU time, and
its largest size is that of the largest of them. Exits with 1 where a target is missed.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe, Process, Value
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

DELAY = 0.3
SPARE = 1.0  # seconds that all of it may take beyond the slowest upstream
MEMORY = 300 << 20
CPU = 3.0
TENTH, EVERY = 1, 2  # which providers answer with other limits
DAILY = ("nothing to do", "every tenth changed")
LISTED = 100, 50  # providers of the recorded list, models of each
FETCH = """
import json, sys
from registry_cli.commands.sync.fetch import fetch
answers = fetch([(name, name, {"api": {"base_url": url}}) for name, url in json.load(sys.stdin)])
assert all(answer.failure is None for answer in answers), [answer.failure for answer in answers][:3]
"""


@dataclass(frozen=True)
class Taken:
    """One process: wall time, its own work, its largest size in bytes."""

    wall: float
    cpu: float
    memory: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--providers", type=int, default=150)
    parser.add_argument("--models", type=int, default=35, help="of each provider")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {options.rounds}, the largest size")
    with tempfile.TemporaryDirectory() as folder:
        missed = [of_servers(Path(folder) / "servers", options), of_a_list(Path(folder) / "list", options.rounds)]
    return int(any(missed))


def of_servers(folder: Path, options: argparse.Namespace) -> bool:
    ours, theirs = Pipe()
    changed = Value("b", 0)
    servers = Process(target=serve, args=(options.providers, options.models, theirs, changed), daemon=True)
    servers.start()
    urls = [(f"p{number:03}", f"http://127.0.0.1:{port}/v1") for number, port in enumerate(ours.recv())]
    runs: dict[str, list[Taken]] = {}

    def run(name: str, *arguments: str) -> None:
        runs.setdefault(name, []).append(measure(llmreg(folder, *arguments), environment(folder)))

    for _ in range(options.rounds):
        changed.value = 0
        start_catalog(folder, {name: _provider(name, url, options.models) for name, url in urls})
        fetch = measure([sys.executable, "-c", FETCH], environment(folder), json.dumps(urls))
        runs.setdefault("fetch alone", []).append(fetch)
        run("first met, --dry-run", "--accept", "all", "--dry-run")
        run("first met", "--accept", "all")
        run(DAILY[0])
        changed.value = TENTH
        run(DAILY[1])
        changed.value = EVERY
        run("all changed")
    servers.terminate()
    print(f"{options.providers} providers of {options.models} models, each answering after {DELAY * 1e3:.0f} ms")
    targets = dict.fromkeys(DAILY, DELAY + SPARE)
    return report(runs, lambda name, wall, _: wall <= targets.get(name, wall), f"at most {DELAY + SPARE:.1f} s", DAILY)


def of_a_list(folder: Path, rounds: int) -> bool:
    providers, models = LISTED
    names = [f"p{number:03}" for number in range(providers)]
    runs: dict[str, list[Taken]] = {}

    def run(name: str, price: float) -> None:
        listed = folder / "listed.json"
        listed.write_text(json.dumps({provider: listing(provider, models, price) for provider in names}))
        command = llmreg(folder, "--from", f"models.dev={listed}")
        runs.setdefault(name, []).append(measure(command, environment(folder)))

    for _ in range(rounds):
        start_catalog(folder, {name: f"provider: {name}\nmodels: {{}}\n" for name in names})
        run("first met", 2.5)
        run("nothing to do", 2.5)
        run("all changed", 3.5)
    print(f"{providers * models:,} models of {providers} providers in one recorded list")
    return report(runs, lambda _name, _wall, cpu: cpu <= CPU, f"at most {CPU:.1f} s of CPU", [*runs])


def listing(provider: str, models: int, price: float) -> dict[str, Any]:
    """What models.dev says of a provider."""
    rows = {
        f"{provider}-model-{number}": {
            "id": f"{provider}-model-{number}",
            "name": f"Model {number} of {provider}",
            "family": f"{provider}-model",
            "attachment": True,
            "reasoning": False,
            "tool_call": True,
            "release_date": "2026-01-15",
            "modalities": {"input": ["text", "image"], "output": ["text"]},
            "open_weights": False,
            "limit": {"context": 200000, "output": 32000},
            "cost": {"input": price, "output": 10, "cache_read": 0.25},
        }
        for number in range(models)
    }
    return {"id": provider, "name": provider.upper(), "env": [], "npm": "", "doc": "", "models": rows}


def llmreg(folder: Path, *arguments: str) -> list[str]:
    catalog = str(folder / "config" / "models")
    return [sys.executable, "-m", "registry_cli", "sync", "--all", "--quiet", "--catalog", catalog, *arguments]


def environment(folder: Path) -> dict[str, str]:
    """As a person has it: bytecode is kept, and so is what llmreg keeps."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "LLMREG_CACHE": str(folder / "cache"), "LLMREG_OVERLAY": ""}


def report(
    runs: dict[str, list[Taken]], holds: Callable[[str, float, float], bool], target: str, of: Sequence[str]
) -> bool:
    """Prints the runs of each kind, those that a target is said of against it, and says whether one missed it."""
    missed = False
    for name, taken in runs.items():
        wall, cpu = (
            statistics.median(values) for values in zip(*((each.wall, each.cpu) for each in taken), strict=True)
        )
        memory = max(each.memory for each in taken)
        good = holds(name, wall, cpu) and memory < MEMORY
        missed |= not good
        aim = target if name in of else "less than 300 MB"
        size = f"{memory / (1 << 20):4.0f} MB"
        print(f"  {name:21} {wall:6.2f} s   {cpu:6.2f} s of CPU   {size}   {'' if good else 'missed: '}{aim}")
    return missed


def measure(command: list[str], variables: dict[str, str], given: str = "") -> Taken:
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables, text=True)
    if process.stdin and process.stdout:
        process.stdin.write(given)
        process.stdin.close()
        process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command[:6])} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def start_catalog(folder: Path, texts: dict[str, str]) -> None:
    """A catalog of these provider files, and no record."""
    shutil.rmtree(folder / "config", ignore_errors=True)
    (folder / "config" / "models").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "config" / "models" / f"{name}.yml").write_text(text)


def _provider(name: str, url: str, models: int) -> str:
    """A file without what sync will find: limits, and one more model."""
    known = "".join(f"  {name}-model-{number}:\n    mode: chat\n" for number in range(models - 1))
    return f"provider: {name}\napi: {{base_url: '{url}'}}\nsync: {{sources: [{name}]}}\nmodels:\n{known}"


def serve(providers: int, models: int, told: Connection, changed: Any) -> None:
    """The upstreams: one loop, a port for each. `changed` says who answers with other limits."""
    asyncio.run(_serve(providers, models, told, changed))


async def _serve(providers: int, models: int, told: Connection, changed: Any) -> None:
    servers = []
    for number in range(providers):
        bodies = [body_of(number, models, context) for context in (128000, 256000)]
        servers.append(await asyncio.start_server(_answering(number, bodies, changed), "127.0.0.1", 0))
    told.send([server.sockets[0].getsockname()[1] for server in servers])
    await asyncio.gather(*(server.serve_forever() for server in servers))


def body_of(number: int, models: int, context: int) -> bytes:
    rows = [
        {
            "id": f"p{number:03}-model-{index}",
            "object": "model",
            "context_window": context,
            "max_output_tokens": 8192,
        }
        for index in range(models)
    ]
    return json.dumps({"object": "list", "data": rows}).encode()


def _answering(
    number: int, bodies: list[bytes], changed: Any
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(DELAY)
        body = bodies[changed.value == EVERY or (changed.value == TENTH and number % 10 == 0)]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    return answer


if __name__ == "__main__":
    sys.exit(main())
