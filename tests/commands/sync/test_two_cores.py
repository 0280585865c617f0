"""Providers are planned by two processes where there are many models; nobody can tell from what comes of it."""

import json
import os
import pickle
import shutil
from datetime import datetime

import pytest

from registry_cli.commands.sync import run as sync
from registry_cli.core.format.absent import ABSENT
from tests.support.cli import run_llmreg

DAYS = ("2026-11-22", "2026-11-23", "2026-11-24")


def listed(names, price, last="b"):
    return {
        name: {
            "name": name,
            "models": {
                model: {"name": model, "limit": {"context": 9000}, "cost": {"input": price, "output": 2 * price}}
                for model in ("a", last)
            },
        }
        for name in names
    }


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "config" / "models").mkdir(parents=True)
    for name in "pqrst":
        known = "\n  a:\n    pricing:\n      input: 7\n" if name == "r" else " {}\n"
        (tmp_path / "config" / "models" / f"{name}.yml").write_text(f"provider: {name}\nmodels:{known}")
    return tmp_path / "config"


@pytest.fixture
def synced(catalog, monkeypatch):
    def run(answer, day, providers=("--all",)):
        monkeypatch.setattr("registry_cli.clock.current_time", lambda: datetime.fromisoformat(f"{day}T06:00:00+00:00"))
        (catalog / "answer.json").write_text(json.dumps(answer))
        given = ["--from", f"models.dev={catalog / 'answer.json'}", "--catalog", str(catalog / "models")]
        ran = run_llmreg("sync", *providers, *given)
        files = {path.name: path.read_bytes() for path in catalog.rglob("*") if path.suffix in (".yml", ".jsonl")}
        return ran.code, ran, files

    def all_days():
        names = [*"pqrs", "u"]
        return [
            run(listed(names, price, last), day)
            for day, price, last in zip(DAYS, (2.5, 3.5, 300), ("b", "c", "c"), strict=True)
        ]

    run.all_days = all_days
    return run


def by_two(monkeypatch):
    """Gives the items that a child was asked for."""
    shares = []

    def watched(work, items, *more):
        shares.append(list(items[len(items) // 2 :]))
        return in_two(work, items, *more)

    in_two = sync.map_in_two_processes
    monkeypatch.setattr(sync, "map_in_two_processes", watched)
    monkeypatch.setattr(sync, "_WORTH_A_FORK", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return shares


def test_two_processes_come_to_what_one_does(catalog, synced, monkeypatch):
    shutil.copytree(catalog, catalog.parent / "kept")
    alone = synced.all_days()
    shutil.rmtree(catalog)
    shutil.copytree(catalog.parent / "kept", catalog)
    shares = by_two(monkeypatch)
    assert synced.all_days() == alone
    assert [len(share) for share in shares] == [3, 3, 3]
    assert [code for code, _, _ in alone] == [0, 3, 3]


def test_of_several_faults_the_first_is_told(catalog, synced, monkeypatch):
    for name in "pqrs":
        (catalog / "models" / f"{name}.yml").write_text(f"provider: {name}\nmodels: {{a: {{nonsense: 1}}}}\n")
    alone = synced(listed("pqrst", 1), DAYS[0])
    shares = by_two(monkeypatch)
    assert synced(listed("pqrst", 1), DAYS[0]) == alone
    assert shares
    assert "p.yml" in alone[1].err
    assert "q.yml" not in alone[1].err


def test_a_slip_is_told_whoever_finds_it(catalog, synced, monkeypatch):
    (catalog / "models" / "t.yml").unlink()
    before = {path.name: path.read_bytes() for path in (catalog / "models").iterdir()}
    by_two(monkeypatch)
    for providers in (["t", "p"], ["p", "t"]):
        code, said, _ = synced(listed("p", 1), DAYS[0], providers)
        assert code == 2
        assert "'t'" in said.err
    assert {path.name: path.read_bytes() for path in (catalog / "models").iterdir()} == before


def test_what_is_absent_is_so_in_another_process_too():
    assert pickle.loads(pickle.dumps([ABSENT]))[0] is ABSENT  # noqa: S301  # our own
