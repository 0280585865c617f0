"""OpenAI's own list: which models an account can call, and when one will be shut down. No prices, no limits.

`created` is when the entry was made, days before a model can be called, so it is not read as a release date.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, is_fine_tune, known_facts

_ACCOUNTS = ("org-", "user-", "proj-")  # how the owner of a model begins that an account made


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("openai", provider)
    models = rows.read_models(rows.read_rows(pages, "data"), lambda row: row.get("id"), _read_model)
    return rows.build_observations(models)


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    model_id = row["id"]
    own = is_fine_tune(model_id) or str(row.get("owned_by")).startswith(_ACCOUNTS)
    facts = known_facts(retirement_date=rows.read_day("shutdown_date", row.get("shutdown_date")))
    return ObservedModel(model_id, model_id, facts, private=own)


SOURCE = Source(
    name="openai",
    docs="https://platform.openai.com/docs/api-reference/models/list",
    base_url="https://api.openai.com/v1",
    path="/models",
    parse=parse,
    key="needed",
    key_variables=("OPENAI_API_KEY",),
    header_variables={"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"},
    verified=True,
)
