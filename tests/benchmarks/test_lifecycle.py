"""The script that measures what the catalog tells of models that have ended tells right from wrong."""

import json
import subprocess
import sys

import pytest

from tests.support.paths import ROOT
from tests.support.random_catalogs import write_catalog

SCRIPT = ROOT / "benchmarks" / "lifecycle.py"
PAGE = """\
| Deprecated Model | Shutdown Date | Recommended Replacement Model ID |
| --- | --- | --- |
| old-1 | 08/16/26 | new-1 or new-2 |
"""
LISTED = {
    "models": [
        {
            "provider": "google",
            "model": "g-1",
            "aliases": ["g-1-001"],
            "shutdown_on": "2026-06-01",
            "replacements": [{"provider": "google", "model": "g-2"}],
        },
        {"provider": "google", "model": "g-2", "earliest_shutdown_on": "2027-06-01"},
    ]
}
RIGHT = {
    "groq": {
        "default_model": "new-1",
        "models": {"new-1": {}, "old-1": {"retirement_date": "2026-08-16", "replacement": "new-1"}},
    },
    "gemini": {
        "models": {
            "g-1": {"retirement_date": "2026-06-01", "replacement": "g-2", "aliases": ["g-1-001"]},
            "g-2": {"retirement_not_before": "2027-06-01"},
        }
    },
}


@pytest.fixture
def measure(tmp_path):
    (tmp_path / "groq-deprecations.md").write_text(PAGE)
    (tmp_path / "modeldeprecations.json").write_text(json.dumps(LISTED))

    def measured(catalog):
        root = write_catalog(tmp_path / "models", catalog)
        command = [sys.executable, SCRIPT, tmp_path, "--catalog", root, "--on", "2026-11-30"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        missed = [line.partition("  ")[0] for line in done.stdout.splitlines() if line.endswith("MISSED")]
        return missed, done.returncode

    return measured


def test_a_catalog_that_tells_the_truth(measure):
    assert measure(RIGHT) == ([], 0)


@pytest.mark.parametrize(
    ("provider", "model", "change", "missed"),
    [
        ("groq", "old-1", {"retirement_date": None}, ["shut down, not shown as active", "shut down, shown as retired"]),
        ("gemini", "g-1", {"retirement_date": None, "status": "deprecated"}, ["shut down, shown as retired"]),
        ("gemini", "g-1", {"replacement": None}, ["replacement stored"]),
        ("gemini", "g-1", {"replacement": "g-9"}, ["replacement resolves"]),
        ("gemini", "g-1", {"aliases": None}, ["name resolves"]),
        ("gemini", "g-2", {"retirement_date": "2027-06-01"}, ["promise not stored as the retirement date"]),
        ("groq", "new-1", {"status": "retired"}, ["default model is not retired"]),
    ],
)
def test_each_kind_of_error_misses_its_goal(measure, provider, model, change, missed):
    catalog = json.loads(json.dumps(RIGHT))
    body = catalog[provider]["models"][model] | change
    catalog[provider]["models"][model] = {field: value for field, value in body.items() if value is not None}
    assert measure(catalog) == (missed, 1)
