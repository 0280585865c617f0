"""Vertex AI's Model Garden, a list for each publisher: ids and launch stages. No limits, no prices, no dates.

Models of Google, Anthropic and Mistral are called by their bare id, with the version after an `@` where the row names
one. What other publishers serve is called `publisher/model-maas`; the rest of theirs are weights to deploy, and left
out. The recorded list is Google's, the others are read by the documentation. The access token is one of
`gcloud auth print-access-token`, and lives for an hour.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.paging import follow_token
from registry_cli.sources.rows import Rows, known_facts, read_envelope

_FIRST = "google"
_OTHERS = ("anthropic", "mistralai", "meta", "deepseek-ai", "qwen")
_BARE = frozenset({"google", "anthropic", "mistralai"})
_SERVED = "-maas"
_PAGE = "pageSize=100"
_NAME = re.compile(r"publishers/([^/]+)/models/([^/]+)")
_PREVIEW = frozenset({"PUBLIC_PREVIEW", "PRIVATE_PREVIEW", "EXPERIMENTAL"})


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("vertex_ai", provider)
    # A publisher without models answers with an empty object.
    filled = [page for page in pages if page.body and read_envelope(page.body, rows.source) != {}]
    served = filter(_is_served, rows.read_rows(filled, "publisherModels"))
    models = rows.read_models(served, _model_id, _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    """The next page, and after the first page of the first publisher the other publishers."""
    token = read_envelope(body, "vertex_ai").get("nextPageToken") if body else None
    more = [*follow_token(request, f"{_PAGE}&pageToken=", token)]
    root, _, query = request.url.partition("?")
    parent = root.removesuffix(f"/{_FIRST}/models")
    if query == _PAGE and parent != root:
        more += [replace(request, url=f"{parent}/{each}/models?{_PAGE}", optional=True) for each in _OTHERS]
    return more


def _split_name(row: Mapping[str, Any]) -> tuple[str, str]:
    """The publisher and the id of `publishers/google/models/gemini`; the publisher is empty in another spelling."""
    found = _NAME.fullmatch(row["name"]) if isinstance(row.get("name"), str) else None
    return (found[1], found[2]) if found else ("", str(row.get("name") or ""))


def _is_served(row: Mapping[str, Any]) -> bool:
    publisher, model_id = _split_name(row)
    return publisher in _BARE or model_id.endswith(_SERVED)


def _model_id(row: Mapping[str, Any]) -> str:
    publisher, model_id = _split_name(row)
    if publisher not in _BARE:
        return f"{publisher}/{model_id}"
    version = row.get("versionId")
    plain = not isinstance(version, str) or version in ("", "default")
    return model_id if plain or "@" in model_id else f"{model_id}@{version}"


def _read_model(_rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    facts = known_facts(status="preview" if str(row.get("launchStage")) in _PREVIEW else None)
    return ObservedModel(_model_id(row), row["name"], facts)


SOURCE = Source(
    name="vertex_ai",
    docs="https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/publishers.models/list",
    base_url="https://aiplatform.googleapis.com/v1beta1",
    path=f"/publishers/{_FIRST}/models?{_PAGE}",
    incomplete=True,
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("GOOGLE_OAUTH_ACCESS_TOKEN",),
    header_variables={"x-goog-user-project": "GOOGLE_CLOUD_PROJECT"},
    verified=True,
)
