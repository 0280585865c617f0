"""Cohere's list: windows, endpoints and features. No prices, no output limit.

A model is known by its `name`. `context_length` counts input and output together, so it is above the window of the
documentation (132,096 for 128,000); 0 stands for the image half of an embedding model. `features` is null for models
where Cohere has not filled it in, so a missing feature is not denied.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.paging import follow_token
from registry_cli.sources.rows import Rows, known_facts, read_envelope
from registry_cli.sources.wording import translate_first, translate_words

_PAGE = "page_size=1000"
_MODES = {"chat": "chat", "embed": "embedding", "rerank": "rerank", "embed_image": "embedding",
          "transcriptions": "audio_transcription", "generate": "completion"}  # fmt: skip
_FEATURES = {"tools": "function_calling", "strict_tools": "strict_tools", "json_mode": "json_mode",
             "json_schema": "structured_output", "logprobs": "logprobs", "vision": "vision",
             "reasoning": "reasoning"}  # fmt: skip


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("cohere", provider)
    listed = rows.read_rows(pages, "models")
    models = rows.read_models(listed, lambda row: row.get("name"), _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    return follow_token(request, f"{_PAGE}&page_token=", read_envelope(body, "cohere").get("next_page_token"))


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    endpoints = rows.keep_texts(row.get("endpoints"))
    features = rows.keep_texts(row.get("features"))
    has = translate_words(features, _FEATURES)
    if row.get("supports_vision") is True and "vision" not in has:
        has.append("vision")
    facts = known_facts(
        mode=translate_first(endpoints, _MODES),
        status="deprecated" if row.get("is_deprecated") is True else None,
        context_window=rows.read_tokens("context_length", row.get("context_length")),
        capabilities=has,
    )
    return ObservedModel(row["name"], row["name"], facts, private=row.get("finetuned") is True)


SOURCE = Source(
    name="cohere",
    docs="https://docs.cohere.com/reference/list-models",
    base_url="https://api.cohere.com/v1",
    path=f"/models?{_PAGE}",
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("CO_API_KEY", "COHERE_API_KEY"),
    verified=True,
)
