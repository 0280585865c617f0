"""A stranger's clone with everything hostile in it that a repository can carry, opened with every command.

No program of the stranger runs, nothing outside the clone changes, nothing of the environment is printed or written,
and no command ends in an internal error. The list of commands is the program's own: a new one needs a line in `CALLS`.
"""

import hashlib
import json
import os
import shutil
import socket
from pathlib import Path

import pytest

from registry_cli.cli import COMMANDS
from registry_cli.core.trust.known import known_hosts
from registry_cli.errors import INTERNAL_ERROR
from tests.support.cli import run_llmreg
from tests.support.hostile_repositories import CATALOG, plain_git

CALLS = {
    "query": [["query"], ["query", "--at", "HEAD~1"], ["query", "--no-cache", "-f", "json"]],
    "show": [["show", "acme/m1"], ["show", "acme/m1#pricing.input"], ["show", "acme/m1", "--at", "HEAD~1"]],
    "compare": [["compare", "acme/m1", "acme/m2"]],
    "providers": [["providers"]],
    "capabilities": [["capabilities", "--matrix"]],
    "default": [["default", "acme"]],
    "cost": [["cost", "acme/m1", "--input", "1k"], ["cost", "--usage", "config/models/acme.yml"]],
    "sql": [["sql", "select count(*) from models"], ["sql", "select count(*) from changes"]],
    "sync": [
        ["sync", "--all", "--dry-run", "--from", "models.dev=../listed.json"],
        ["sync", "acme", "--no-pr", "--from", "models.dev=../listed.json", "--accept", "all", "--report", "report.md"],
        ["sync", "acme", "--commit", "--from", "models.dev=../listed.json"],
        ["sync", "acme", "--pr", "--from", "models.dev=../listed.json"],
    ],
    "diff": [["diff", "acme", "--from", "models.dev=../listed.json"]],
    "explain": [["explain", "acme/m1"]],
    "deprecations": [["deprecations", "-f", "ics"]],
    "audit": [["audit", "acme"]],
    "doctor": [["doctor"]],
    "trust": [["trust", "--list"]],
    "validate": [["validate"], ["validate", "--fix"], ["validate", "--new-since", "HEAD~1"]],
    "schema": [["schema"]],
    "recover": [["recover"], ["recover", "--finish"], ["recover", "--discard"]],
    "set": [["set", "acme/m1", "context_window=5"], ["set", "acme/m1", "context_window=6", "--commit"]],
    "unset": [["unset", "acme/m1", "name"]],
    "add": [["add", "acme/m9", "context_window=5"]],
    "remove": [["remove", "acme/m2"]],
    "rename": [["rename", "acme/m1", "m8"]],
    "deprecate": [["deprecate", "acme/m1"]],
    "alias": [["alias", "acme/m1", "m7"]],
    "fmt": [["fmt"]],
    "history": [["history", "acme/m1"]],
    "changelog": [["changelog"], ["changelog", "HEAD~1..HEAD", "--format", "atom"]],
    "blame": [["blame", "acme/m1"]],
    "restore": [["restore", "acme/m1", "--to", "HEAD~1"]],
    "import": [["import", "models.dev=../listed.json", "--to", "config/models"]],
    "export": [["export", "json", "-o", "out.json"], ["export", "exllm", "-o", "exported"]],
    "init": [["init", "--workflows"], ["init", "new", "--provider", "openai"]],
    "cache": [["cache", "info"], ["cache", "clear"]],
}
CANARY = "CANARY-0123456789abcdef"
RECORD = {"id": "m1", "facts": {"@base": {"pricing.input": 1}, "models.dev": {"pricing.input": 0.001}},
          "checked": {"models.dev": "2099-01-01T00:00:00Z"}}  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    """What lies in a folder, by path; where a link leads is not followed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = f"-> {path.readlink()}"
        elif path.is_file():
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[str(path)] = "a directory"
    return found


@pytest.fixture
def outside(tmp_path, monkeypatch) -> Path:
    """What a stranger would like to reach: a home with dotfiles, an empty file, a workflow and a journal's target."""
    home = tmp_path / "victim"
    (home / "workflows").mkdir(parents=True)
    (home / ".bashrc").write_text("# default\n")
    (home / "empty").touch()
    (home / "workflows" / "sync.yml").write_text("on: push\n")
    (home / "secret.yml").write_text(f"provider: secret\nname: {CANARY}\nmodels: {{}}\n")
    return home


@pytest.fixture
def environment(monkeypatch):
    """A canary in every key variable, and no way out of this machine."""
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    for name in known_hosts().homes:
        monkeypatch.setenv(name, f"sk-{name}-{CANARY}")
    monkeypatch.setenv("GITHUB_TOKEN", f"ghp_{CANARY}")
    monkeypatch.setenv("DATABASE_URL", f"postgres://u:{CANARY}@db/x")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed.getsockname()[1]}")
    yield
    closed.close()


def embed_a_repository(clone: Path, trap, _outside: Path) -> None:
    source = clone.parent / "source"
    source.mkdir()
    plain_git(source, "init", "--quiet")
    (source / "acme.yml").write_text(CATALOG.format(window=7))
    plain_git(source, "add", "--all")
    plain_git(source, "commit", "--quiet", "--message", "hidden")
    trap.set_in(source / ".git")
    shutil.copytree(source / ".git", clone / "config" / "models", dirs_exist_ok=True)


def link_outside(clone: Path, _trap, outside: Path) -> None:
    shutil.rmtree(clone / "config" / "upstream")
    (clone / "config" / "upstream").symlink_to(outside)
    (clone / "config" / "llmreg.yml").symlink_to(outside / "secret.yml")
    (clone / ".github").mkdir()
    (clone / ".github" / "workflows").symlink_to(outside / "workflows")


def link_a_provider_file(clone: Path, _trap, outside: Path) -> None:
    (clone / "config" / "models" / "secret.yml").symlink_to(outside / "secret.yml")


def leave_a_journal(clone: Path, _trap, outside: Path) -> None:
    models = clone / "config" / "models"
    shutil.rmtree(clone / "config" / "upstream")
    (clone / "config" / "upstream").symlink_to(outside)
    prefix = f".llmreg-{hashlib.sha256(b'models').hexdigest()[:8]}-"
    new = CATALOG.format(window=666)
    (models / f"{prefix}0123.tmp").write_text(new)
    old = (models / "acme.yml").read_bytes()
    files = [
        {"path": "../upstream/.bashrc", "temporary": None, "old": _sha(b"# default\n"), "new": None},
        {"path": "../upstream/empty", "temporary": None, "old": _sha(b""), "new": None},
        {"path": "acme.yml", "temporary": f"{prefix}0123.tmp", "old": _sha(old), "new": _sha(new.encode())},
    ]
    (models / ".llmreg-journal").write_text(json.dumps({"version": 1, "files": files}))


def edit_the_record(clone: Path, _trap, _outside: Path) -> None:
    record = clone / "config" / "upstream" / "acme.jsonl"
    record.write_text(json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "facts": {"x": {"pricing.input": []}}}) + "\n")


def add_huge_and_odd_files(clone: Path, _trap, _outside: Path) -> None:
    models = clone / "config" / "models"
    with (models / "huge.yml").open("wb") as file:
        file.truncate(10**12)
    os.mkfifo(models / "pipe.yml")
    (models / "zero.yml").symlink_to("/dev/zero")
    (models / "deep.yml").write_text("- " * 50_000)
    (models / "bomb.yml").write_text("a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a]\n" for n in range(2000)))
    with (clone / "config" / "upstream" / "huge.jsonl").open("wb") as file:
        file.truncate(10**12)
    os.mkfifo(clone / "config" / "upstream" / "pipe.jsonl")
    with (clone / "config" / "llmreg.yml").open("wb") as file:
        file.truncate(10**12)


def send_keys_elsewhere(clone: Path, _trap, _outside: Path) -> None:
    text = (clone / "config" / "models" / "acme.yml").read_text()
    api = 'api: {base_url: "http://127.0.0.1:9/${DATABASE_URL}", key_env: [OPENAI_API_KEY, GITHUB_TOKEN]}\n'
    (clone / "config" / "models" / "acme.yml").write_text(text.replace("models:", f"{api}models:", 1))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_every_command_has_a_call():
    assert CALLS.keys() == COMMANDS.keys(), "say how a new command is called"


@pytest.mark.parametrize(
    "make_hostile",
    [
        embed_a_repository,
        link_outside,
        link_a_provider_file,
        leave_a_journal,
        edit_the_record,
        add_huge_and_odd_files,
        send_keys_elsewhere,
    ],
    ids=lambda make: make.__name__,
)
@pytest.mark.usefixtures("environment")
def test_every_command_on_a_hostile_clone(clone, trap, outside, monkeypatch, make_hostile):
    make_hostile(clone, trap, outside)
    trap.calls()
    safe = clone.parent / "safe"
    shutil.copytree(clone, safe, symlinks=True) if make_hostile is not add_huge_and_odd_files else None
    before = digests(outside)
    for calls in CALLS.values():
        for call in calls:
            if safe.exists():  # each command meets the clone as it was
                shutil.rmtree(clone)
                shutil.copytree(safe, clone, symlinks=True)
                os.chdir(clone)
            ran = run_llmreg(*call)
            shown = " ".join(call)
            assert ran.code in {0, 1, 2, 3, 4, 5, 6}, (shown, ran.err)
            assert ran.code != INTERNAL_ERROR, (shown, ran.err)
            assert "Traceback" not in ran.err
            assert CANARY not in ran.text, shown
            assert trap.calls() == [], shown
            assert digests(outside) == before, shown
            written = [path for path in clone.rglob("*") if path.is_file() and path.stat().st_size < 10**8]
            assert not [path for path in written if CANARY.encode() in path.read_bytes() and not path.is_symlink()], (
                shown
            )
