"""A small catalog and its record, and commands run on it with recorded answers."""

import json
from datetime import datetime

import pytest

from tests.support.cli import run_llmreg

FILE = """\
provider: acme
models:
  large:
    # what we use
    context_window: 200000  # by hand
    pricing:
      input: 3.0
      output: 15.0
    updated_at: '2026-01-01T00:00:00Z'

  small:
    name: Small
"""


def listed(context=200000, price=3, **more):
    """models.dev's list with one provider."""
    large = {"name": "large", "limit": {"context": context, "output": 8000}, "cost": {"input": price, "output": 15}}
    models = {"large": large, "small": {"name": "Small"}, **more}
    return {"acme": {"name": "Acme", "env": ["ACME_KEY"], "models": models}}


class SyncWorkspace:
    """`run(...)` gives stdout of a command on the catalog; the exit code and stderr of the last run are kept."""

    def __init__(self, folder, monkeypatch):
        self.folder, self._monkeypatch = folder, monkeypatch
        self.file, self.record = folder / "models" / "acme.yml", folder / "upstream" / "acme.jsonl"
        self.code, self.err = 0, ""

    def __call__(self, *arguments):
        ran = run_llmreg(*arguments, "--catalog", self.folder / "models")
        self.code, self.err = ran.code, ran.err
        return ran.out

    def sync(self, answer, *arguments, source="models.dev", command=("sync", "acme")):
        path = self.folder / f"{source}.json"
        path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
        return self(*command, "--from", f"{source}={path}", *arguments)

    def at(self, day):
        moment = datetime.fromisoformat(f"{day}T06:00:00+00:00")
        self._monkeypatch.setattr("registry_cli.clock.current_time", lambda: moment)

    def everything(self):
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.suffix in (".yml", ".jsonl")}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    folder = tmp_path / "config"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "acme.yml").write_text(FILE)
    syncing = SyncWorkspace(folder, monkeypatch)
    syncing.at("2026-11-22")
    return syncing
