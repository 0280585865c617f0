"""The catalog that ships: currencies, units and dates that aggregators have wrong."""

import pytest

from registry_cli.store.catalog.bundled import bundled_data
from tests.support.cli import run_llmreg


def rows(monkeypatch, query):
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    models = str(bundled_data() / "config" / "models")
    ran = run_llmreg("sql", query, "--format", "csv", "--catalog", models)
    assert ran.code == 0, ran.err
    return ran.out.splitlines()[1:]


@pytest.mark.parametrize(
    "condition",
    [
        "provider in ('scaleway', 'moark') and input is not null",
        "release_date < '2018'",
        "mode in ('embedding', 'rerank') and input > 20",
        "context_window > 10485760 or context_window = 1048756",
        "provider = 'evroc' and id like '%Voxtral%' and input is not null",
        "provider = 'ollama' and id like '%-cloud' and input is not null",
    ],
)
def test_no_model_of_the_catalog_has_it(monkeypatch, condition):
    query = f"select provider, id from catalog where {condition}"  # noqa: S608  # the conditions above
    assert rows(monkeypatch, query) == []
