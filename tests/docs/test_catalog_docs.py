"""docs/catalog.md's figures and docs/capabilities.md are what the catalog comes to."""

import importlib.util
import re
import subprocess
import sys

import pytest

from registry_cli.commands.query.open import open_catalog
from registry_cli.core.catalog.derived import PROOFS
from tests.support.paths import ROOT
from tests.support.random_catalogs import write_catalog
from tests.support.small_catalog import CATALOG


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("catalog_report", ROOT / "benchmarks" / "catalog_report.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalog_report"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small(tmp_path):
    """A small catalog of which one model has a record."""
    folder = write_catalog(tmp_path / "config" / "models", CATALOG)
    (tmp_path / "config" / "upstream").mkdir()
    (tmp_path / "config" / "upstream" / "acme.jsonl").write_text(
        '{"id":"large-2","facts":{"litellm":{"context_window":100000,"pricing.input":2.0},"models.dev":'
        '{"context_window":200000}},"checked":{"litellm":"2026-05-02T00:00:00Z","models.dev":"2026-05-01T00:00:00Z"}}\n'
    )
    return folder


def test_the_figures_of_a_small_catalog(script, small):
    with open_catalog(small) as asked:
        text = script.figures(asked, small)
    assert "As of 2026-05-02" in text
    assert "3 providers, 6 models" in text
    assert "| models.dev | 1 | 1 | 1 | 2026-05-01 | yes |" in text
    assert "| litellm | 1 | 2 | 1 | 2026-05-02 | yes |" in text
    assert "1 disagreements of more than 5 % in 1 models" in text
    assert "| acme/large | 2 | 2 | 3 |" in text


def test_the_matrix_has_a_row_for_each_provider_with_models(script, small):
    with open_catalog(small) as asked:
        text = script.capability_page(asked)
    assert re.findall(r"^\| (acme|home|host) ", text, re.MULTILINE) == ["acme", "home", "host"]
    assert "| function_calling | 1 | 0 | 1 |" in text


def test_the_page_lists_what_proves_a_capability():
    page = (ROOT / "docs" / "capabilities.md").read_text().replace("\\", "")
    for proof in PROOFS:
        (row,) = re.findall(rf"^\| {proof.capability} \| ([^|0-9].*) \|$", page, re.MULTILINE)
        assert str(proof.evidence) in row


def test_only_what_stands_between_the_marks_is_made(script):
    text = f"before\n{script.BEGIN}\nold\n{script.END}\nafter\n"
    assert script.with_figures(text, "new\n") == f"before\n{script.BEGIN}\n\nnew\n\n{script.END}\nafter\n"
    with pytest.raises(SystemExit):
        script.with_figures("no marks", "new\n")


def test_the_pages_say_how_many_models_are_shipped(script):
    with open_catalog(ROOT / "config" / "models") as asked:
        first = next(script.contents(asked, "2026-11-22"))
    assert f"- {first}\n" in (ROOT / "docs" / "catalog.md").read_text()


@pytest.mark.slow
def test_the_pages_are_what_they_would_be():
    command = [sys.executable, str(ROOT / "benchmarks" / "catalog_report.py"), "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
