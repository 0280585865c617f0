"""Heroku's list of models that an app can be given: kinds, ends and what comes after. No limits, no prices."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, known_facts
from registry_cli.sources.wording import translate_first

_MODES = {
    "text-to-text": "chat",
    "text-to-embedding": "embedding",
    "text-to-score": "rerank",
    "text-to-image": "image_generation",
}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("heroku", provider)
    models = rows.read_models(rows.read_rows(pages, ""), lambda row: row.get("model_id"), _read_model)
    return rows.build_observations(models)


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    kinds = rows.keep_texts(row.get("type"))
    facts = known_facts(
        mode=translate_first(kinds, _MODES),
        status="deprecated" if row.get("state") == "deprecated" else None,
        deprecation_date=rows.read_day("deprecation_date", row.get("deprecation_date")),
        retirement_date=rows.read_day("eol_date", row.get("eol_date")),
        replacement=rows.read_line("replacement_model", row.get("replacement_model")),
    )
    return ObservedModel(row["model_id"], row["model_id"], facts)


SOURCE = Source(
    name="heroku",
    docs="https://devcenter.heroku.com/articles/heroku-inference-api-available-models",
    base_url="https://us.inference.heroku.com",
    path="/available-models",
    parse=parse,
    verified=True,
)
