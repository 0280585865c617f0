"""Sync of many providers at once, each a server of its own on loopback that answers after 300 ms:

    python benchmarks/syncing.py [--providers 150] [--models 35] [--rounds 5]

The targets: `llmreg sync --all` takes at most one second more than the slowest upstream, and less than 300 MB.
Every process is measured whole, from its start to its end; the servers run in a process of their own. What `fetch`
takes by itself, imports included, is shown beside it.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

DELAY = 0.3
SPARE = 1.0  # seconds that all of it may take beyond the slowest upstream
MEMORY = 300 << 20
FETCH = """
import json, sys
from registry_cli.commands.fetching import fetch
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
    ours, theirs = Pipe()
    servers = Process(target=serve, args=(options.providers, options.models, theirs), daemon=True)
    servers.start()
    ports: list[int] = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        urls = [(f"p{number:03}", f"http://127.0.0.1:{port}/v1") for number, port in enumerate(ports)]
        catalog = write_catalog(Path(folder), urls, options.models)
        environment = {**os.environ, "LLMREG_CACHE": str(Path(folder) / "cache"), "LLMREG_OVERLAY": ""}
        fetch = [sys.executable, "-c", FETCH]
        sync = [sys.executable, "-m", "registry_cli", "sync", "--all", "--quiet", "--catalog", str(catalog)]
        commands = {
            "fetch alone": (fetch, json.dumps(urls)),
            "sync --all --dry-run": ([*sync, "--dry-run"], ""),
            "sync --all": (sync, ""),
            "sync --all, again": (sync, ""),
        }
        taken: dict[str, list[Taken]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            write_catalog(Path(folder), urls, options.models)
            for name, (command, given) in commands.items():
                taken[name].append(measure(command, given, environment))
    servers.terminate()
    print(f"{options.providers} providers of {options.models} models, each answering after {DELAY * 1e3:.0f} ms")
    missed = False
    for name, runs in taken.items():
        wall = statistics.median(each.wall for each in runs)
        cpu = statistics.median(each.cpu for each in runs)
        memory = max(each.memory for each in runs)
        good = wall <= DELAY + SPARE and memory < MEMORY
        missed |= not good
        size = f"{memory / (1 << 20):6.0f} MB"
        print(f"  {name:22} {wall:6.2f} s   {cpu:6.2f} s of CPU   {size}   {'' if good else 'missed'}")
    return int(missed)


def measure(command: list[str], given: str, environment: dict[str, str]) -> Taken:
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True)
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


def write_catalog(folder: Path, urls: list[tuple[str, str]], models: int) -> Path:
    """A file a provider, without what sync will find."""
    catalog = folder / "config" / "models"
    catalog.mkdir(parents=True, exist_ok=True)
    for name, url in urls:
        known = "".join(f"  {name}-model-{number}:\n    mode: chat\n" for number in range(models - 1))
        api = f"api: {{base_url: '{url}'}}\nsync: {{sources: [{name}]}}\n"
        (catalog / f"{name}.yml").write_text(f"provider: {name}\n{api}models:\n{known}")
    return catalog


def serve(providers: int, models: int, told: Connection) -> None:
    """The upstreams: one loop, a port for each."""
    asyncio.run(_serve(providers, models, told))


async def _serve(providers: int, models: int, told: Connection) -> None:
    servers = []
    for number in range(providers):
        rows = [
            {
                "id": f"p{number:03}-model-{index}",
                "object": "model",
                "context_window": 128000,
                "max_output_tokens": 8192,
            }
            for index in range(models)
        ]
        body = json.dumps({"object": "list", "data": rows}).encode()
        servers.append(await asyncio.start_server(_answering(body), "127.0.0.1", 0))
    told.send([server.sockets[0].getsockname()[1] for server in servers])
    await asyncio.gather(*(server.serve_forever() for server in servers))


def _answering(body: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(DELAY)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    return answer


if __name__ == "__main__":
    sys.exit(main())
