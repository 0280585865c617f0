"""The JSON of `cost` names what it is based on, so that a bill can be repeated."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from registry_cli import Registry
from registry_cli.version import __version__
from tests.commands.query.test_at import git
from tests.support.cli import run_llmreg

CATALOG = "provider: acme\nmodels: {m: {updated_at: '2026-01-%02dT10:00:00Z', pricing: {input: %d}}}\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config" / "models").mkdir(parents=True)
    monkeypatch.setenv("LLMREG_OVERLAY", str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    git(tmp_path, "init", "-q", "-b", "main")
    for day, price in ((10, 2), (11, 3)):
        (tmp_path / "config" / "models" / "acme.yml").write_text(CATALOG % (day, price))
        git(tmp_path, "add", "config")
        git(tmp_path, "commit", "-q", "-m", "price", day=f"2026-01-{day}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bill(monkeypatch):
    def bill(*arguments: str):
        done = run_llmreg("cost", "m", "--input", "1m", "--on", "2026-05-01", "-f", "json", *arguments)
        assert done.code == 0, done.err
        (document,) = json.loads(done.out)["models"]
        return document

    return bill


def test_a_bill_names_the_commit_and_is_the_same_from_it(repository, bill) -> None:
    head = git(repository, "rev-parse", "HEAD")
    now = bill()
    digest = now["basis"].pop("digest")
    assert digest.startswith("sha256:")
    assert now["basis"] == {"day": "2026-05-01", "data_day": "2026-01-11", "commit": head, "llmreg": __version__}
    then = bill("--at", head)
    assert (then["basis"].pop("digest"), then) == (digest, now)
    earlier = bill("--at", "HEAD~1")
    assert (earlier["cost"], earlier["basis"]["data_day"]) == (2, "2026-01-10")
    assert earlier["basis"]["commit"] == git(repository, "rev-parse", "HEAD~1")
    assert earlier["basis"]["digest"] != digest


def test_files_that_no_commit_has_are_named_by_their_digest_alone(repository, bill) -> None:
    before = bill()["basis"]
    path = repository / "config" / "models" / "acme.yml"
    path.write_text(CATALOG % (12, 4))
    changed = bill()["basis"]
    assert (changed["commit"], changed["data_day"]) == (None, "2026-01-12")
    assert changed["digest"] != before["digest"]
    path.write_text(CATALOG % (11, 3))
    assert bill()["basis"] == before
    (repository / "config" / "models" / "new.yml").write_text("provider: new\nmodels: {}\n")
    assert bill()["basis"]["commit"] is None


def test_an_overlay_changes_the_digest_and_not_the_commit(repository, bill) -> None:
    before = bill()["basis"]
    (repository / "mine" / "acme.yml").write_text("provider: acme\nmodels: {m: {pricing: {input: 1}}}\n")
    after = bill()["basis"]
    assert after["commit"] == before["commit"]
    assert after["digest"] != before["digest"]


def test_without_git_or_dates_the_digest_remains(tmp_path, bill, monkeypatch) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "acme.yml").write_text("provider: acme\nmodels: {m: {pricing: {input: 1}}}\n")
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    basis = bill("--catalog", str(tmp_path / "plain"))["basis"]
    assert (basis["commit"], basis["data_day"]) == (None, None)
    assert basis["digest"].startswith("sha256:")


def test_a_repository_without_a_commit_yet(tmp_path, bill, monkeypatch) -> None:
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh" / "acme.yml").write_text("provider: acme\nmodels: {m: {pricing: {input: 1}}}\n")
    git(tmp_path, "init", "-q")
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    assert bill("--catalog", str(tmp_path / "fresh"))["basis"]["commit"] is None


def test_python_names_the_same_basis(repository, bill) -> None:
    for at in (None, "HEAD~1"):
        registry = Registry("config/models", at=at)
        assert asdict(registry.pricing_basis(on=date(2026, 5, 1))) == bill(*(["--at", at] if at else []))["basis"]
    (repository / "config" / "models" / "acme.yml").write_text(CATALOG % (12, 4))
    assert registry.pricing_basis().commit is not None
    changed = Registry("config/models")
    assert changed.pricing_basis().commit is None
