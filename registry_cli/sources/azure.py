"""Azure OpenAI's and Foundry's list of what a resource can deploy: lifecycle, retirement, kinds. No limits, no prices.

`deprecation.inference` is the day from which calls fail, far in the future (2099) where none is planned. The day of a
preview is one that many previews share and not yet fixed, so it is not taken. A row without `inference` is what
fine-tunes are made of, or gone. `created_at` is when Azure added the row. Two ids of the recorded list are there
twice. A capability that is false says what a deployment offers, not what the model lacks.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.rows import Rows, is_fine_tune, known_facts

_MODES = {"chat_completion": "chat", "embeddings": "embedding", "completion": "completion"}
_STATUSES = {"preview": "preview", "deprecated": "deprecated", "deprecating": "deprecated"}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("azure", provider)
    listed = [row for row in rows.read_rows(pages, "data") if value_at(row, "capabilities.inference") is not False]
    models = rows.read_models(listed, lambda row: row.get("id"), _read_model)
    return rows.build_observations(models)


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    status = _STATUSES.get(str(row.get("lifecycle_status")))
    ends = rows.read_day("deprecation.inference", value_at(row, "deprecation.inference"))
    facts = known_facts(
        mode=next((mode for theirs, mode in _MODES.items() if value_at(row, f"capabilities.{theirs}") is True), None),
        status=status,
        capabilities=["fine_tuning"] if value_at(row, "capabilities.fine_tune") is True else [],
        retirement_date=None if status == "preview" else ends,
    )
    return ObservedModel(row["id"], row["id"], facts, private=is_fine_tune(row["id"]) or ".ft-" in row["id"])


SOURCE = Source(
    name="azure",
    docs="https://learn.microsoft.com/en-us/azure/ai-foundry/openai/latest",
    base_url="https://${AZURE_OPENAI_ENDPOINT}/openai/v1",
    path="/models?api-version=preview",
    parse=parse,
    key="needed",
    key_variables=("AZURE_OPENAI_API_KEY", "AZURE_API_KEY"),
    key_header="api-key",
    key_prefix="",
    verified=True,
)
