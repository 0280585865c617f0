"""Databricks' list of foundation models that a workspace serves: names and tasks. No limits, no prices in USD.

A model is called by the name of its endpoint. `DATABRICKS_HOST` is the workspace's address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.rows import Rows, known_facts

_TASKS = {"llm/v1/chat": "chat", "llm/v1/completions": "completion", "llm/v1/embeddings": "embedding"}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("databricks", provider)
    models = rows.read_models(rows.read_rows(pages, "endpoints"), lambda row: row.get("name"), _read_model)
    return rows.build_observations(models)


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    served = value_at(row, "config.served_entities")
    model = value_at(served[0], "foundation_model") if isinstance(served, list) and served else None
    facts = known_facts(
        name=rows.read_line("display_name", value_at(model, "display_name")),
        mode=rows.read_mode("task", row.get("task"), _TASKS),
    )
    # An endpoint that serves anything else is the workspace's own.
    return ObservedModel(row["name"], row["name"], facts, private=not isinstance(model, dict))


SOURCE = Source(
    name="databricks",
    docs="https://docs.databricks.com/api/workspace/servingendpoints",
    base_url="https://${DATABRICKS_HOST}",
    path="/api/2.0/serving-endpoints:foundation-models",
    parse=parse,
    key="needed",
    key_variables=("DATABRICKS_TOKEN",),
    suffixes=("/ai-gateway/mlflow/v1", "/serving-endpoints"),
)
