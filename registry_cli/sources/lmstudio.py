"""An LM Studio server. Its API of 2025 (`/api/v1`) lists capabilities; older servers only have `/api/v0`.

The window is the most that a model can be loaded with: what it is loaded with now changes from hour to hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, known_facts, read_envelope, read_flags

_NEW, _OLD = "/api/v1/models", "/api/v0/models"
_CAPABILITIES = {"vision": "vision", "trained_for_tool_use": "function_calling"}
_MODES = {"llm": "chat", "vlm": "chat", "embedding": "embedding", "embeddings": "embedding"}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    """Only the last page counts: a server without the new API gets two requests."""
    rows = Rows("lmstudio", provider)
    listed = rows.read_rows(pages[-1:], "models", "data")
    models = rows.read_models(listed, _stated_id, _read_model)
    facts = {"billing": "local"}
    return rows.build_observations(models, facts)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    """The older list, where the newer one is not there: an older server answers 404, or 200 and an error."""
    if not request.url.endswith(_NEW):
        return ()
    if body and isinstance(read_envelope(body, "lmstudio").get("models"), list):
        return ()
    return (replace(request, url=request.url.removesuffix(_NEW) + _OLD, optional=False),)


def _stated_id(row: Mapping[str, Any]) -> Any:
    return row.get("key") or row.get("id")


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    model_id, kind = _stated_id(row), row.get("type")
    stated_flags = row.get("capabilities")
    has, denied = read_flags(stated_flags, _CAPABILITIES)
    if isinstance(stated_flags, dict) and stated_flags.get("reasoning"):
        has.append("reasoning")
    if "tool_use" in rows.keep_texts(stated_flags):
        has.append("function_calling")
    if kind == "vlm":
        has.append("vision")
    facts = known_facts(
        name=rows.read_line("display_name", row.get("display_name")),
        mode=_MODES.get(str(kind)),
        context_window=rows.read_tokens("max_context_length", row.get("max_context_length")),
        capabilities=list(dict.fromkeys(has)),
    )
    return ObservedModel(model_id, model_id, facts, denied - set(has))


SOURCE = Source(
    name="lmstudio",
    docs="https://lmstudio.ai/docs/developer/rest",
    base_url="http://127.0.0.1:1234",
    path=_NEW,
    parse=parse,
    follow=follow,
    key="optional",
    key_variables=("LM_API_TOKEN",),
    suffixes=("/v1", "/api/v0", "/api"),
    optional=True,
    local=True,
)
