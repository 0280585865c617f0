"""All of ExLLM's ids name a model: of the catalog that ships, and of any once they are imported."""

import os
import shutil
from pathlib import Path

import pytest

from registry_cli.core.names.names import CatalogNames
from registry_cli.core.names.reading_names import resolve_for_reading
from registry_cli.errors import UsageError
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.yamledit.document import load_value
from tests.support.cli import run_llmreg

DATA = os.environ.get("LLMREG_TEST_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="LLMREG_TEST_DATA names no folder of recorded data"),
]


def exllm_ids():
    """Each id with its provider before it, as it stands in the files."""
    for path in sorted((Path(DATA) / "exllm").glob("*.yml")):
        value = load_value(path.read_text())
        provider = value.get("provider") or path.stem.removesuffix("_capabilities")
        for key in ("models", "model_capabilities"):
            yield from (f"{provider}/{model_id}" for model_id in value.get(key) or ())


def unresolved(root, ids):
    names = CatalogNames(load_catalog(provider_files(root, None)))
    missing = []
    for text in ids:
        try:
            resolve_for_reading(names, text)
        except UsageError:
            missing.append(text)
    return missing


def test_all_ids_of_exllm_name_a_model_of_the_catalog_that_ships():
    ids = list(dict.fromkeys(exllm_ids()))
    assert len(ids) > 1141
    assert unresolved(bundled_data() / "config" / "models", ids) == []


def test_they_are_added_to_a_catalog_that_lacks_them(tmp_path, monkeypatch):
    shutil.copytree(bundled_data() / "config", tmp_path / "config")
    root = tmp_path / "config" / "models"
    for provider in ("cohere", "groq"):
        (root / f"{provider}.yml").unlink()
        (tmp_path / "config" / "upstream" / f"{provider}.jsonl").unlink()
    ids = list(dict.fromkeys(exllm_ids()))
    assert unresolved(root, ids)
    command = ("import", "--past", f"exllm={DATA}/exllm", "--to", str(root), "--quiet")
    done = run_llmreg(*command)
    assert (done.code, done.text) == (0, "")
    assert unresolved(root, ids) == []
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*l*")}
    assert run_llmreg(*command).code == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*l*")} == before
    assert run_llmreg("validate", "--catalog", str(root), "--quiet").code == 0
