"""watsonx.ai's list of foundation models in one region: limits and lifecycle. No prices in USD.

`max_sequence_length` counts input and output together. `lifecycle` has the day on which each stage begins: from
`deprecated` on a model is advised against, from `withdrawn` on calls fail. Anyone may ask; `WATSONX_URL` names the
region's address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.paging import follow_address
from registry_cli.sources.rows import Rows, known_facts, read_envelope
from registry_cli.sources.shapes import list_or_empty
from registry_cli.sources.wording import translate_first

_VERSION = "version=2025-10-01"  # of the API, as a date
_MODES = {"text_chat": "chat", "text_generation": "completion", "embedding": "embedding", "rerank": "rerank"}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("watsonx", provider)
    listed = rows.read_rows(pages, "resources")
    models = rows.read_models(listed, lambda row: row.get("model_id"), _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    """`next.href` is the whole address of the next page."""
    return follow_address(request, value_at(read_envelope(body, "watsonx"), "next.href"))


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    functions = {str(value_at(each, "id")) for each in list_or_empty(row.get("functions"))}
    stages = {str(value_at(each, "id")): each for each in list_or_empty(row.get("lifecycle"))}
    others = rows.keep_texts(value_at(stages.get("deprecated"), "alternative_model_ids"))
    facts = known_facts(
        mode=translate_first(functions, _MODES),
        **rows.consistent_limits(
            rows.read_tokens("max_sequence_length", value_at(row, "model_limits.max_sequence_length")),
            rows.read_tokens("max_output_tokens", value_at(row, "model_limits.max_output_tokens")),
        ),
        deprecation_date=rows.read_day("lifecycle.deprecated", value_at(stages.get("deprecated"), "start_date")),
        retirement_date=rows.read_day("lifecycle.withdrawn", value_at(stages.get("withdrawn"), "start_date")),
        replacement=others[0] if others else None,
    )
    return ObservedModel(row["model_id"], row["model_id"], facts)


SOURCE = Source(
    name="watsonx",
    docs="https://cloud.ibm.com/apidocs/watsonx-ai#list-foundation-model-specs",
    base_url="https://us-south.ml.cloud.ibm.com",
    path=f"/ml/v1/foundation_model_specs?{_VERSION}&limit=200",
    incomplete=True,
    parse=parse,
    follow=follow,
    host_variable="WATSONX_URL",
)
