"""Whatever flips in a file of the cache, no answer changes: the file is found damaged, and done without."""

import os
import random
import subprocess

import pytest

from registry_cli.http import Kept
from registry_cli.store.cache.answers import AnswerCache
from registry_cli.store.cache.directory import CacheDirectory
from registry_cli.store.files.user_directories import cache_directory

PROVIDER = """\
provider: acme
models:
  one: {context_window: 1000, max_output_tokens: 2000, pricing: {input: 1, output: 2}}
  two: {context_window: 1000, pricing: {input: 1, output: 2}}
"""
RECORD = (
    '{"id":"one","facts":{"@base,models.dev":{"context_window":1000}},'
    '"checked":{"models.dev":"2026-01-01T00:00:00Z"}}\n'
)
QUESTIONS = (
    ["query", "--format", "csv"],
    ["validate", "--format", "json"],
    ["history", "acme/one"],
    ["sql", "select * from catalog"],
)


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    models = tmp_path / "work" / "config" / "models"
    models.mkdir(parents=True)
    (models / "acme.yml").write_text(PROVIDER)
    (models.parent / "llmreg.yml").write_text("validate: {strict: true}\n")
    (models.parent / "upstream").mkdir()
    (models.parent / "upstream" / "acme.jsonl").write_text(RECORD)
    monkeypatch.chdir(tmp_path / "work")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], check=True)
    return models


def flipped(data: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 40])):
        damaged[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def test_no_damage_changes_an_answer(catalog, run):
    run.root = catalog
    answers = [run(*question) for question in QUESTIONS]
    assert all(answers)
    files = {path: path.read_bytes() for path in cache_directory(os.environ).rglob("*") if path.is_file()}
    kinds = {path.relative_to(cache_directory(os.environ)).as_posix().split("-")[0].split("/")[0] for path in files}
    assert kinds == {"index", "history", "findings", "records"}
    rng = random.Random(6)
    for _ in range(12):
        for path, data in files.items():
            path.write_bytes(flipped(data, rng))
        assert [run(*question) for question in QUESTIONS] == answers


@pytest.mark.parametrize("kind", ["answer", "value"])
def test_an_answer_of_an_upstream_is_kept_whole_or_not_at_all(kind, tmp_path):
    """Its time and its validators as well as its text."""
    cache = AnswerCache(CacheDirectory(tmp_path))
    url, kept = "https://api.acme.example/v1/models", Kept(b"[]", '"a-validator"', "Mon, 05 Jan 2026 00:00:00 GMT")
    if kind == "answer":
        cache.write_answer(url, kept)
    else:
        cache.write_value("local models", ["a"], 1000.0)

    def read():
        return cache.read_answer(url) if kind == "answer" else cache.read_value("local models", 1001.0, 60.0)

    assert read() == (kept if kind == "answer" else ["a"])
    (path,) = (tmp_path / "answers").iterdir()
    data = path.read_bytes()
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        assert read() is None


def test_the_cache_is_cleared_of_all_its_files(catalog, run):
    run.root = catalog
    for question in QUESTIONS:
        run(*question)
    run("cache", "clear")
    assert not cache_directory(os.environ).exists()
