"""The script that measures the catalog measures what it says."""

import importlib.util
import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("catalog_accuracy", ROOT / "benchmarks" / "catalog_accuracy.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalog_accuracy"] = module
    spec.loader.exec_module(module)
    return module


def test_right_wrong_missing_and_unit_errors_are_told_apart(script):
    truth = {"a": {"input": 3.0, "output": 15.0}, "b": {"input": 2.0, "output": 4.0}, "unlisted": {"input": 1.0}}
    said = {"a": {"input": 3.0000001, "output": 16.0}, "b": {"input": 2e-6}}
    found = script.score("acme", truth, lambda _provider, model: said.get(model))
    assert (found.models, len(found.stated), found.wrong, found.missing, found.unit) == (2, 3, 2, 1, 1)
    assert found.rate == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("true", "said", "unit"),
    [(3, 3000, True), (3, 3e-6, True), (3, 300, True), (3, 30, False), (3, 4, False), (3, 0, False), (3, 2000, False)],
)
def test_a_unit_error_is_a_power_of_ten(script, true, said, unit):
    assert script.is_unit_error(true, said) is unit


def test_lists_are_read_in_their_own_units(script):
    litellm = script.of_litellm({"acme/m": {"litellm_provider": "acme", "input_cost_per_token": 2e-6}})
    models_dev = script.of_models_dev({"acme": {"models": {"m": {"cost": {"input": 2}, "limit": {"context": 9}}}}})
    assert litellm("acme", "m") == {"input": 2.0}
    assert models_dev("acme", "m") == {"input": 2.0, "input_limit": 9}


@pytest.mark.data
def test_the_shipped_catalog_has_no_error_of_unit():
    folder = os.environ.get("LLMREG_TEST_DATA")
    if not folder:
        pytest.skip("LLMREG_TEST_DATA names no folder of recorded data")
    command = [sys.executable, str(ROOT / "benchmarks" / "catalog_accuracy.py"), folder]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    (row,) = [line.split() for line in printed.splitlines() if line.startswith("all ") and " catalog " in line]
    assert int(row[3]) > 500  # facts
    assert row[-1] == "0"
