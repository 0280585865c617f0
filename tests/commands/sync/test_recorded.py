"""The whole lists of the aggregators against the catalog that comes with llmreg: at full size, and twice is once."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registry_cli.sources.base import unpack_pages
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.bundled import bundled_data

DATA = os.environ.get("LLMREG_TEST_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="LLMREG_TEST_DATA names no folder of recorded data"),
]


def test_a_first_sync_at_full_size_and_a_second_that_changes_nothing(tmp_path):
    root = tmp_path / "config" / "models"
    shutil.copytree(bundled_data() / "config" / "models", root)
    lists = Path(DATA) / "aggregators"
    named = [f"{source}={next(lists.glob(f'{source}*.json'))}" for source in ("models.dev", "litellm")]
    command = [sys.executable, "-m", "registry_cli", "sync", "--all", "--catalog", str(root)]
    command += [part for name in named for part in ("--from", name)]
    environ = {**os.environ, "LLMREG_CACHE": str(tmp_path / "cache"), "LLMREG_OVERLAY": ""}

    def run():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode in (0, 3), done.stderr
        return after.ru_utime - before.ru_utime

    def everything():
        return {path: path.read_bytes() for path in tmp_path.joinpath("config").rglob("*") if path.is_file()}

    run()
    first = everything()
    assert sum(data.count(b"\n") for path, data in first.items() if path.suffix == ".jsonl") > 8000
    seconds = run()
    assert everything() == first
    assert seconds < 30  # a guard against another order of magnitude; the benchmarks measure


FIRST = {
    "xai": "xai_models",
    "mistral": "mistral_models_2026-02",
    "gemini": "gemini_models",
    "bedrock": "bedrock_foundation_models",
}


@pytest.mark.parametrize("provider", FIRST)
def test_a_new_file_has_the_providers_own_ids_and_a_second_sync_changes_nothing(provider, tmp_path):
    root = tmp_path / "config" / "models"
    root.mkdir(parents=True)
    answer = Path(DATA) / "responses" / f"{FIRST[provider]}.json"
    lists = Path(DATA) / "aggregators"
    named = [f"{provider}={answer}"]
    named += [f"{source}={next(lists.glob(f'{source}*.json'))}" for source in ("models.dev", "litellm")]
    environ = {**os.environ, "LLMREG_CACHE": str(tmp_path / "cache"), "LLMREG_OVERLAY": ""}

    def run():
        command = [sys.executable, "-m", "registry_cli", "sync", provider, "--no-pr", "--catalog", str(root)]
        command += [part for name in named for part in ("--from", name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
        assert done.returncode in (0, 3), done.stderr
        return [line for line in done.stdout.splitlines() if line.startswith(("new", "applied", "missing"))]

    def everything():
        return {path: path.read_bytes() for path in tmp_path.joinpath("config").rglob("*") if path.is_file()}

    assert run()
    first = everything()
    assert run() == []
    assert everything() == first
    written = first[root / f"{provider}.yml"].decode()
    observed = find_source(provider).read_answers(unpack_pages(answer.read_bytes()), provider)
    enough = [model.id for _, model in observed.models() if "context_window" in model.facts and not model.private]
    assert [name for name in enough if name not in written] == []
