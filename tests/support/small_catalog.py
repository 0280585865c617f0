"""Runs llmreg in this process on a small catalog of its own, as a person would on the command line."""

import pytest

from tests.support.cli import run_llmreg
from tests.support.random_catalogs import write_catalog

CATALOG = {
    "acme": {
        "name": "Acme",
        "aliases": ["acme-ai"],
        "default_model": "large-2",
        "models": {
            "large-2": {
                "name": "Acme Large 2",
                "base_model": "acme/large",
                "aliases": ["large-latest"],
                "context_window": 200000,
                "max_output_tokens": 8192,
                "modalities": {"input": ["text", "image"], "output": ["text"]},
                "capabilities": ["streaming", {"tools": {"version": "2.0"}}, {"web_search": {"supported": False}}],
                "pricing": {
                    "input": 3,
                    "output": 15.50,
                    "cache_read": 0.3,
                    "per": {"web_search": 0.01},
                    "variants": [
                        {"when": {"service_tier": "batch"}, "multiply": 0.5},
                        {"when": {"input_tokens_above": 100000}, "input": 6},
                        {"when": {"from": "2026-06-01"}, "input": 2.5},
                    ],
                },
                "release_date": "2026-01",
            },
            "large-1": {
                "deprecation_date": "2026-02-01",
                "retirement_date": "2026-09-01",
                "replacement": "large-2",
                "pricing": {"input": 1e-7, "output": None},
            },
            "[bold]pipe|`x`": {"mode": "embedding", "open_weights": False, "metadata": {"note": "a\tb"}},
        },
    },
    "host": {
        "models": {
            "acme/large": {"base_model": "acme/large", "pricing": {"input": 2, "output": 20}, "context_window": 100000},
            "shared": {"status": "preview", "pricing": {"input": 0, "output": 0}},
        }
    },
    "home": {"billing": "local", "default_model": "shared", "models": {"shared": {"capabilities": []}}},
}


class QuestionRunner:
    """`run(...)` gives stdout; the exit code and stderr of the last run are kept."""

    def __init__(self, root):
        self.root = root
        self.code, self.err = 0, ""

    def __call__(self, *arguments, on="2026-05-01"):
        dated = ["--on", on] if arguments[0] in ("query", "show", "compare", "providers", "default") else []
        asked = [] if arguments[0] in ("schema", "cache") else ["--catalog", str(self.root)]
        ran = run_llmreg(*arguments, *asked, *dated)
        self.code, self.err = ran.code, ran.err
        return ran.out


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    return QuestionRunner(write_catalog(tmp_path / "catalog", CATALOG))
