"""A write never makes a file that readers refuse."""

import json
import subprocess

import pytest

from registry_cli.errors import FileError
from registry_cli.store.files.sizes import MAX_FILE_SIZE, MAX_RECORD_SIZE
from registry_cli.store.files.transaction import FileChange, write_files
from tests.support.cli import run_llmreg
from tests.support.faults.breakable_catalogs import files_under

MODEL = "  {}: {{name: '{}', pricing: {{input: 1, output: 2}}}}\n"


def almost_full(left: int) -> bytes:
    """A provider file that may grow by so many bytes."""
    text = "provider: acme\nmodels:\n" + MODEL.format("m1", "M1")
    filler = MAX_FILE_SIZE - left - len(text)
    return (text + f"#{'x' * 98}\n" * (filler // 100) + f"#{'y' * (filler % 100 - 2)}\n").encode()


@pytest.fixture
def models(tmp_path, monkeypatch):
    folder = tmp_path / "config" / "models"
    folder.mkdir(parents=True)
    (folder / "acme.yml").write_bytes(almost_full(left=50))
    (folder / "beta.yml").write_text("provider: beta\nmodels:\n" + MODEL.format("m1", "M1"))
    monkeypatch.chdir(tmp_path)
    answer = {
        provider: {"id": provider, "name": "B", "models": {"m1": {"id": "m1", "name": "N" * 100}}}
        for provider in ("acme", "beta")
    }
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    subprocess.run(["git", "init", "-q"], check=True)
    return folder


EDITS = [
    ["set", "acme/m1", f"family={'f' * 60}"],
    ["add", "acme/m2", f"name={'n' * 60}"],
    ["rename", "acme/m1", "m" * 60],
    ["deprecate", "acme/m1", "--on", "2030-01-01"],
    ["sync", "acme", "beta", "--from", "models.dev=answer.json", "--accept", "all"],
]


@pytest.mark.parametrize("dry_run", [False, True], ids=["", "dry run"])
@pytest.mark.parametrize("arguments", EDITS, ids=lambda each: each[0])
def test_an_edit_that_would_make_a_file_too_large_is_refused_whole(arguments, dry_run, models, tmp_path, monkeypatch):
    before = files_under(tmp_path / "config")
    ran = run_llmreg(*arguments, *["--dry-run"] * dry_run)
    assert ran.code == 6, ran
    assert "acme.yml: would have 10.0 MB; a provider file has at most 10 MB; nothing was written" in ran.err
    assert files_under(tmp_path / "config") == before
    assert run_llmreg("query", "--name", "*", "-f", "ids").out == "acme/m1\nbeta/m1\n"


def test_what_still_fits_is_written(models, monkeypatch):
    assert run_llmreg("set", "acme/m1", "family=f").code == 0
    assert MAX_FILE_SIZE - 50 < (models / "acme.yml").stat().st_size <= MAX_FILE_SIZE


@pytest.mark.parametrize(
    ("name", "most"), [("models/acme.yml", MAX_FILE_SIZE), ("upstream/acme.jsonl", MAX_RECORD_SIZE)]
)
def test_the_bound_of_each_kind_is_exact(tmp_path, name, most):
    root = tmp_path / "models"
    root.mkdir()
    other = FileChange(root / "other.yml", None, b"provider: other\n")
    with pytest.raises(FileError, match="nothing was written"):
        write_files(root, [other, FileChange(tmp_path / name, None, b" " * (most + 1))])
    assert files_under(tmp_path) == {}
    write_files(root, [other, FileChange(tmp_path / name, None, b" " * most)])
    assert (tmp_path / name).stat().st_size == most


def test_an_import_of_too_many_models_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("registry_cli.store.files.sizes.MAX_FILE_SIZE", 5_000)
    models = {f"m{number}": {"id": f"m{number}", "name": "N" * 40} for number in range(100)}
    answer = {"acme": {"id": "acme", "models": models}, "beta": {"id": "beta", "models": {"m": {"id": "m"}}}}
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    ran = run_llmreg("import", "models.dev=answer.json", "--to", "new")
    assert ran.code == 6
    assert "new/acme.yml: would have" in ran.err
    assert files_under(tmp_path / "new") == {}


@pytest.mark.parametrize("command", [["explain", "acme/m1"], ["validate"]], ids=" ".join)
def test_a_record_of_gigabytes_is_not_read(models, monkeypatch, command):
    (models / "acme.yml").write_text("provider: acme\nmodels:\n" + MODEL.format("m1", "M1"))
    (models.parent / "upstream").mkdir()
    with (models.parent / "upstream" / "acme.jsonl").open("wb") as file:
        file.truncate(3_000_000_000)
    ran = run_llmreg(*command)
    assert ran.code in (1, 6)
    assert "acme.jsonl" in ran.text
    assert "3,000 MB; at most 50 MB are read" in ran.text
