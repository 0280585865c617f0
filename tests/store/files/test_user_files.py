"""Files that the user names: one clear line for what is no regular file, and no more is read than is meant."""

import io
import json
import os
import sys

import pytest

from registry_cli.errors import FileError
from registry_cli.store.files.user_files import read_user_file, read_user_lines
from tests.support.cli import run_llmreg

CALL = {"model": "acme/m1", "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}}
ANSWER = {"acme": {"id": "acme", "name": "Acme", "models": {"m1": {"id": "m1", "name": "M1"}}}}


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    models = tmp_path / "config" / "models"
    models.mkdir(parents=True)
    (models / "acme.yml").write_text("provider: acme\nmodels:\n  m1: {pricing: {input: 1, output: 2}}\n")
    monkeypatch.chdir(tmp_path)
    return models


def odd_file(kind, folder):
    """A path that cannot be read as a file, and what the message says of it."""
    path = folder / "odd.json"
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = "/dev/zero"
    elif kind == "5 GB":
        with path.open("wb") as file:
            file.truncate(5_000_000_000)
    elif kind == "link to a pipe":
        os.mkfifo(folder / "pipe")
        path.symlink_to("pipe")
    else:
        path.symlink_to("odd.json")
    return path


@pytest.fixture
def run_in(catalog, monkeypatch):
    return run_llmreg


KINDS = {
    "directory": "a directory, not a regular file",
    "pipe": "a pipe, not a regular file; for standard input give -",
    "link to a pipe": "a pipe, not a regular file; for standard input give -",
    "device": "a device, not a regular file",
    "5 GB": " than ",
    "link to itself": "links that lead in a circle",
    "missing": "No such file or directory",
}


@pytest.mark.parametrize(("kind", "message"), KINDS.items())
@pytest.mark.parametrize("command", ["sync", "import", "cost"])
def test_what_is_no_regular_file_is_one_clear_line(command, kind, message, tmp_path, run_in):
    path = tmp_path / "nothing.json" if kind == "missing" else odd_file(kind, tmp_path)
    arguments = {
        "sync": ["sync", "acme", "--no-pr", "--from", f"models.dev={path}"],
        "import": ["import", f"models.dev={path}", "--to", str(tmp_path / "new")],
        "cost": ["cost", "--usage", str(path)],
    }[command]
    ran = run_in(*arguments)
    assert ran.code == 6
    assert ran.err.count("\n") == 1
    assert str(path).removeprefix(f"{tmp_path}/") in ran.err
    assert message in ran.err
    assert not (tmp_path / "new").exists()


def test_a_dash_is_standard_input(catalog, monkeypatch, run_in):
    lines = "".join(f"{json.dumps(CALL)}\n" for _ in range(3))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    ran = run_in("cost", "--usage", "-", "--catalog", str(catalog))
    assert (ran.code, ran.out) == (0, "acme/m1\t$3\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ANSWER).encode())))
    assert run_in("import", "models.dev=-", "--to", "new").code == 0


def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "file").write_bytes(b"one\ntwo")
    (tmp_path / "link").symlink_to("file")
    assert read_user_file(tmp_path / "link", at_most=7) == b"one\ntwo"
    assert list(read_user_lines(tmp_path / "link", longest=3)) == [b"one", b"two"]


def test_the_bound_is_exact(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"12345678\n1234567")
    with pytest.raises(FileError, match="larger than"):
        read_user_file(path, at_most=15)
    lines = read_user_lines(path, longest=7)
    with pytest.raises(FileError, match="a line of more than") as caught:
        next(lines)
    assert caught.value.line == 1
    assert list(read_user_lines(path, longest=8)) == [b"12345678", b"1234567"]


def test_a_log_is_not_read_beyond_its_first_wrong_line(tmp_path, run_in):
    """A line of a size that no call has ends the reading there, however much follows."""
    path = tmp_path / "calls.jsonl"
    with path.open("wb") as file:
        file.write(json.dumps(CALL).encode() + b"\n" + json.dumps(CALL).encode() + b"\n")
        file.truncate(3_000_000_000)
    ran = run_in("cost", "--usage", str(path))
    assert (ran.code, ran.err) == (6, "llmreg: calls.jsonl:3: a line of more than 64 MB\n")
