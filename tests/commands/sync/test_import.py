"""`llmreg import`: files in, files out, and nothing that exists is touched."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from registry_cli.commands.edit.provider_text import provider_text
from registry_cli.commands.sync.import_catalog import import_catalog
from registry_cli.errors import FileError, UsageError
from registry_cli.yamledit.document import load_value
from tests.support.paths import ROOT

SCHEMA = ROOT / "schema" / "provider.schema.json"
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MODELS_DEV = {
    "acme": {
        "name": "Acme", "env": ["ACME_KEY"],
        "models": {"large": {"limit": {"context": 1000, "output": 2000}, "cost": {"input": 3, "output": 15}}},
    }
}  # fmt: skip
LITELLM = {
    "acme/large": {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 9e-6, "supports_vision": True},
    "other/small": {"litellm_provider": "other", "mode": "chat", "input_cost_per_token": 1e-6},
}


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    named = []
    for source, content in (("models.dev", MODELS_DEV), ("litellm", LITELLM)):
        path = tmp_path / f"{source}.json"
        path.write_text(json.dumps(content))
        named.append(f"{source}={path}")
    return named


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "registry_cli", "import", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_two_sources_make_one_catalog(arguments: list[str], tmp_path: Path) -> None:
    to = tmp_path / "new" / "models"
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / SCHEMA.name).write_bytes(SCHEMA.read_bytes())
    result = import_catalog(arguments, to=to, dry_run=False, now=lambda: NOW)
    assert (result.written, result.kept, result.model_count) == (("acme", "other"), (), 2)
    assert (
        (to / "acme.yml").read_text()
        == """\
# yaml-language-server: $schema=../../schema/provider.schema.json
provider: acme
name: Acme
api: {key_env: [ACME_KEY]}
updated_at: '2026-11-22T06:00:00Z'
models:
  large:
    mode: chat
    context_window: 1000
    pricing:
      input: 3.0
      output: 15.0
    capabilities:
    - streaming
    - vision
"""
    )
    assert [str(note) for note in result.notes] == [
        "acme/large\tlimit.output\t2000\toutput above the context window of 1000"
    ]


def test_the_order_of_the_arguments_is_the_precedence(arguments: list[str], tmp_path: Path) -> None:
    result = import_catalog(arguments[::-1], to=tmp_path / "models", dry_run=True, now=lambda: NOW)
    assert "input: 9.0" in result.texts["acme"]


def test_a_dry_run_writes_nothing(arguments: list[str], tmp_path: Path) -> None:
    to = tmp_path / "models"
    result = import_catalog(arguments, to=to, dry_run=True, now=lambda: NOW)
    assert (result.written, set(result.texts)) == ((), {"acme", "other"})
    assert not to.exists()


@pytest.mark.parametrize("name", ["acme.yml", "acme.yaml", "ACME.yml"])
def test_an_existing_file_is_left_alone(arguments: list[str], tmp_path: Path, name: str) -> None:
    mine = tmp_path / name
    mine.write_text("mine")
    result = import_catalog(arguments, to=tmp_path, dry_run=False, now=lambda: NOW)
    assert (result.written, result.kept, mine.read_text()) == (("other",), ("acme",), "mine")
    assert {path.name for path in tmp_path.iterdir()} >= {"other.yml"}


def test_every_file_fits_the_schema(arguments: list[str], tmp_path: Path) -> None:
    validator = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text()), validate_formats=True)
    for text in import_catalog(arguments, to=tmp_path, dry_run=True, now=lambda: NOW).texts.values():
        validator.validate(load_value(text))


def test_an_id_that_is_a_path_never_becomes_one(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"../evil": MODELS_DEV["acme"], "acme": MODELS_DEV["acme"]}))
    result = import_catalog([f"models.dev={path}"], to=tmp_path / "in", dry_run=False, now=lambda: NOW)
    assert result.written == ("acme",)
    assert "an id that cannot be a file's name" in {note.reason for note in result.notes}
    assert not (tmp_path / "evil.yml").exists()


@pytest.mark.parametrize(
    ("argument", "said"),
    [("models.dev", "is not SOURCE=FILE"), ("litellm=", "is not SOURCE=FILE"), ("nobody=x", "no source is called")],
)
def test_a_wrong_argument(argument: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        import_catalog([argument], to=tmp_path, dry_run=False, now=lambda: NOW)


def test_an_id_that_a_screen_cannot_show_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps({**LITELLM, "other/a\x1b[31m": LITELLM["other/small"]}))
    result = import_catalog([f"litellm={path}"], to=tmp_path / "out", dry_run=False, now=lambda: NOW)
    assert [note.reason for note in result.notes] == [
        "not an id: too long, outer spaces or a character that cannot be seen"
    ]
    assert list(load_value((tmp_path / "out" / "other.yml").read_text())["models"]) == ["small"]  # type: ignore[index, call-overload, arg-type]


def test_a_source_named_twice(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="twice"):
        import_catalog([arguments[0], arguments[0]], to=tmp_path, dry_run=False, now=lambda: NOW)


@pytest.mark.parametrize("content", [None, b"<html>", b"{}[", b"[1]"])
def test_a_file_that_is_not_the_sources_changes_nothing(
    content: bytes | None, tmp_path: Path, arguments: list[str]
) -> None:
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError, match=r"bad\.json"):
        import_catalog([arguments[0], f"litellm={path}"], to=tmp_path / "out", dry_run=False, now=lambda: NOW)
    assert not (tmp_path / "out").exists()


def test_the_text_is_read_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body: dict[str, Any] = {"provider": "acme", "models": {"a": {"name": "A: b"}}}
    assert load_value(provider_text(body, tmp_path)) == body
    monkeypatch.setattr("registry_cli.commands.edit.provider_text.load_value", lambda _: {})
    with pytest.raises(Exception, match="does not read back"):
        provider_text(body, tmp_path)


def test_the_command(arguments: list[str], tmp_path: Path) -> None:
    notes = tmp_path / "notes.tsv"
    first = run(*arguments, "--to", tmp_path / "out", "--notes", notes)
    assert (first.returncode, first.stdout) == (0, "")
    assert "wrote 2 of 2 providers (2 models in all); 1 notes" in first.stderr
    assert notes.read_text().startswith("acme/large\tlimit.output\t2000\t")
    second = run(*arguments, "--to", tmp_path / "out")
    assert second.stderr.count("exists, left alone") == 2
    assert run(*arguments, "--to", tmp_path / "dry", "--dry-run", "-q").stderr == ""
    assert not (tmp_path / "dry").exists()


@pytest.mark.parametrize(("argument", "code"), [("nobody=x", 2), ("litellm=/nowhere/x.json", 6)])
def test_the_commands_exit_codes(argument: str, code: int, tmp_path: Path) -> None:
    result = run(argument, "--to", tmp_path / "out")
    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (code, "", 1)


def test_new_files_have_the_mode_that_the_umask_leaves_and_no_strays_beside_them(
    arguments: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(*arguments, "--to", out).returncode == 0
    umask = os.umask(0o022)
    os.umask(umask)
    assert {path.suffix for path in out.iterdir()} == {".yml"}
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o666 & ~umask}
