"""Replicate's collection of language models: which there are. No limits, no prices, no dates of models.

The list of all models has thousands of pages of up to 2 MB, with 25 models each, most of them of no use here. The
collection is one answer. So this source shows which models are gone, and adds none that no other source knows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.paging import follow_address
from registry_cli.sources.rows import Rows, known_facts, read_envelope


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("replicate", provider)
    listed = rows.read_rows(pages, "models", "results")
    models = rows.read_models(listed, _model_id, _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    """`next` is the whole address of the next page."""
    return follow_address(request, read_envelope(body, "replicate").get("next"))


def _model_id(row: Mapping[str, Any]) -> str | None:
    owner, name = row.get("owner"), row.get("name")
    return f"{owner}/{name}" if isinstance(owner, str) and isinstance(name, str) and owner and name else None


def _read_model(_rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    model_id = f"{row['owner']}/{row['name']}"
    open_weights = True if row.get("weights_url") else None
    return ObservedModel(
        model_id, model_id, known_facts(open_weights=open_weights), private=row.get("visibility") == "private"
    )


SOURCE = Source(
    name="replicate",
    docs="https://replicate.com/docs/reference/http#collections.get",
    base_url="https://api.replicate.com/v1",
    path="/collections/language-models",
    incomplete=True,
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("REPLICATE_API_TOKEN",),
)
