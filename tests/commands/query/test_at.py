"""`--at REV|DATE`: every question, asked of the catalog as it was."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from registry_cli.api import Registry
from registry_cli.errors import GitError
from tests.support.cli import run_llmreg

EARLY = """\
provider: acme
models:
  large:
    context_window: 100000
    pricing: {input: 4, output: 8}
    capabilities: [vision]
  small: {context_window: 8000}
"""
LATE = EARLY.replace("input: 4", "input: 2").replace("  small: {context_window: 8000}\n", "")


def git(folder: Path, *arguments: str, day: str = "2026-01-10") -> str:
    stamp = f"{day}T12:00:00Z"
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=Ann", "-c", "user.email=ann@acme.example", *arguments],
        env={"PATH": "/usr/bin:/bin", "GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp, "HOME": str(folder)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def run():
    return run_llmreg


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository: acme as of 10 January, another provider a month later with acme's price halved."""
    models = tmp_path / "config" / "models"
    models.mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "main")
    (models / "acme.yml").write_text(EARLY)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "acme")
    (models / "acme.yml").write_text(LATE)
    (models / "other.yml").write_text("provider: other\nmodels:\n  huge: {context_window: 2000000}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "cheaper", day="2026-02-10")
    monkeypatch.chdir(tmp_path)
    return models


@pytest.mark.parametrize("at", ["HEAD~1", "2026-01-10", "2026-02-09", "main^"])
def test_questions_of_the_past(models, run, at):
    assert run("query", "-f", "ids", "--at", at).out == "acme/large\nacme/small\n"
    assert run("show", "acme/large#pricing.input", "--at", at).out == "4\n"
    assert run("providers", "-f", "ids", "--at", at).out == "acme\n"
    assert run("sql", "select count(*) from models", "--at", at).out == "2\n"
    assert run("compare", "large", "small", "--at", at).code == 0
    assert "8" in run("cost", "large", "--input", "1m", "--output", "0.5m", "--at", at).out
    assert run("capabilities", "vision", "--at", at).out.startswith("vision\t1\t")
    exported = json.loads(run("export", "json", "--at", at).out)
    assert sorted(exported["providers"][0]["models"]) == ["large", "small"]
    assert run("validate", "--at", at).err.endswith("1 file, 2 models: nothing to report\n")


def test_today_is_another_answer(models, run):
    assert run("show", "acme/large#pricing.input").out == "2\n"
    assert run("query", "-f", "ids", "--at", "2026-02-10").out == run("query", "-f", "ids").out


def test_the_index_of_today_stays_as_it_is(models, run):
    run("query")
    run("query", "--at", "HEAD~1")
    assert "huge" in run("query").out
    assert "huge" not in run("query", "--at", "HEAD~1", "--no-cache").out


def test_the_index_of_the_past_is_kept_and_never_needed(models, run, monkeypatch, tmp_path):
    cache = tmp_path / "cache"
    monkeypatch.setenv("LLMREG_CACHE", str(cache))
    (models / "acme.yml").write_text("provider: acme\nmodels: [\n")
    git(models, "commit", "-q", "-am", "oops", day="2026-02-12")
    first = run("query", "--at", "HEAD")
    (kept,) = cache.glob("index-of-past-*")
    made = kept.read_bytes()
    monkeypatch.setattr("registry_cli.store.index.index._build_index", None)  # nothing is built anew
    assert run("query", "--at", "HEAD") == first
    monkeypatch.undo()
    monkeypatch.setenv("LLMREG_CACHE", str(cache))
    monkeypatch.chdir(tmp_path)
    for damaged in (b"", b"not a database", made[:5000], made[:20000] + b"x" * (len(made) - 20000)):
        kept.write_bytes(damaged)
        assert run("query", "--at", "HEAD") == first
    for number in range(6):
        (models / "acme.yml").write_text(LATE + f"# {number}\n")
        git(models, "commit", "-q", "-am", f"comment {number}", day="2026-02-14")
        run("query", "--at", "HEAD")
    assert len(list(cache.glob("index-of-past-*"))) == 4


def test_the_day_of_the_answer(models, run):
    """A day asked for is the day that prices and statuses are of; for a revision it is that of the commit."""
    dated = LATE.replace("capabilities", "deprecation_date: '2026-02-20'\n    capabilities")
    (models / "acme.yml").write_text(dated)
    git(models, "commit", "-q", "-am", "on its way out", day="2026-02-15")
    git(models, "commit", "-q", "--allow-empty", "-m", "later", day="2026-04-01")
    assert run("show", "large#status", "--at", "HEAD~1").out == "active\n"
    assert run("show", "large#status", "--at", "2026-02-19").out == "active\n"
    assert run("show", "large#status", "--at", "2026-02-21").out == "deprecated\n"
    assert run("show", "large#status", "--at", "HEAD~1", "--on", "2026-02-21").out == "deprecated\n"


def test_what_was_broken_then_is_left_out_and_said(models, run):
    (models / "acme.yml").write_text("provider: acme\nmodels: [\n")
    git(models, "commit", "-q", "-am", "oops", day="2026-02-12")
    (models / "acme.yml").write_text(LATE)
    git(models, "commit", "-q", "-am", "mended", day="2026-02-13")
    found = run("query", "-f", "ids", "--at", "HEAD~1")
    assert (found.code, found.out) == (0, "other/huge\n")
    assert "left out: " in found.err
    assert ":config/models/acme.yml:" in found.err
    assert run("validate", "--at", "HEAD~1").code == 1


@pytest.mark.parametrize(
    ("at", "code", "said"),
    [
        ("nowhere", 2, "no revision"),
        ("2025-12-31", 2, "no commit by the end of 2025-12-31"),
        ("2026-02-30", 2, "is not a day"),
        ("--help", 2, "no revision"),
    ],
)
def test_no_such_past(models, run, at, code, said):
    found = run("query", f"--at={at}")
    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert found.err.count("\n") == 1


def test_no_repository(tmp_path, run):
    (tmp_path / "acme.yml").write_text(EARLY)
    found = run("query", "--catalog", str(tmp_path), "--at", "HEAD")
    assert found.code == 5
    assert "not in a git repository" in found.err
    with pytest.raises(GitError):
        Registry(tmp_path, at="HEAD")


def test_a_persons_own_models_have_no_past(models, run, tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    (own / "acme.yml").write_text("provider: acme\nmodels:\n  mine: {context_window: 1}\n")
    monkeypatch.setenv("LLMREG_OVERLAY", str(own))
    assert "mine" in run("query").out
    assert "mine" not in run("query", "--at", "HEAD").out


def test_local_servers_are_not_asked_about_the_past(models, run):
    (models / "ollama.yml").write_text("provider: ollama\nbilling: local\nmodels: {}\n")
    git(models, "add", ".")
    git(models, "commit", "-q", "-m", "local")
    found = run("show", "ollama/some", "--at", "HEAD")
    assert found.code == 2
    assert "server" not in found.err


def test_options_that_do_not_go_together(models, run):
    for options in (["--fix"], ["--max-age", "9d"], ["config/models"]):
        assert run("validate", "--at", "HEAD", *options).code == 2


def test_the_api(models):
    assert Registry(models, at="HEAD~1").get_pricing("acme", "large") == {"input": Decimal(4), "output": Decimal(8)}
    assert Registry(models, at="2026-02-10").list_providers() == ["acme", "other"]
