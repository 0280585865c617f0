"""The Gemini API's list: limits and methods. No prices, no dates, no modalities.

`thinking` is left out rather than false, and older answers leave it out throughout: its absence says nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.paging import follow_token
from registry_cli.sources.rows import Rows, known_facts, read_envelope
from registry_cli.sources.wording import translate_words

_PUBLISHED = "models/"
_TUNED = "tunedModels/"
_CAPABILITIES = {
    "batchGenerateContent": "batch_operations",
    "asyncBatchEmbedContent": "batch_operations",
    "createCachedContent": "prompt_caching",
    "countTokens": "token_counting",
    "bidiGenerateContent": "realtime",
}
# The first method that a model has decides; one of `generateContent` may make text, images or sound.
_MODES = {
    "generateContent": None,
    "embedContent": "embedding",
    "predictLongRunning": "video_generation",
    "predict": "image_generation",
    "bidiGenerateContent": "realtime",
}
_WITHOUT_WINDOW = frozenset({"image_generation", "video_generation"})  # what they make is no text


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("gemini", provider)
    listed = rows.read_rows(pages, "models")
    models = rows.read_models(listed, lambda row: _model_id(row.get("name")), _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    return follow_token(request, "pageSize=1000&pageToken=", read_envelope(body, "gemini").get("nextPageToken"))


def _model_id(name: Any) -> Any:
    return name.removeprefix(_PUBLISHED) if isinstance(name, str) else name


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    methods = rows.keep_texts(row.get("supportedGenerationMethods"))
    mode = next((mode for method, mode in _MODES.items() if method in methods), None)
    capabilities = translate_words(methods, _CAPABILITIES)
    if row.get("thinking") is True:
        capabilities.append("reasoning")
    facts = known_facts(
        name=rows.read_line("displayName", row.get("displayName")),
        mode=mode,
        **_read_limits(rows, row, mode),
        capabilities=list(dict.fromkeys(capabilities)),
    )
    model_id = _model_id(row["name"])
    return ObservedModel(model_id, row["name"], facts, private=row["name"].startswith(_TUNED))


def _read_limits(rows: Rows, row: Mapping[str, Any], mode: str | None) -> dict[str, int]:
    most_input = rows.read_tokens("inputTokenLimit", row.get("inputTokenLimit"))
    output = rows.read_tokens("outputTokenLimit", row.get("outputTokenLimit"))
    if output == 1:
        output = None  # stands for a vector
    if mode in _WITHOUT_WINDOW:
        return known_facts(max_input_tokens=most_input, max_output_tokens=output)
    # Both limits stand apart. The window is told as the input limit, which documents call so too, but a model that
    # writes more than it reads has room for both.
    if most_input and output and output > most_input:
        return known_facts(context_window=most_input + output, max_input_tokens=most_input, max_output_tokens=output)
    return known_facts(context_window=most_input, max_output_tokens=output)


SOURCE = Source(
    name="gemini",
    docs="https://ai.google.dev/api/models#method:-models.list",
    base_url="https://generativelanguage.googleapis.com/v1beta",
    path="/models?pageSize=1000",
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    key_header="x-goog-api-key",
    key_prefix="",
    verified=True,
)
