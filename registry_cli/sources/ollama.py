"""An Ollama server: what is installed (`/api/tags`), and each model's window and capabilities (`/api/show`).

The window is what the server gives the model: `num_ctx` where the model sets one, else all that the model can.
Models that run on Ollama's own servers are listed beside the others, with `remote_host`; they need a subscription.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.catalog.models import is_cloud_model
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.errors import UpstreamError
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.json_text import read_json
from registry_cli.sources.rows import Rows, known_facts
from registry_cli.sources.shapes import object_or_empty
from registry_cli.sources.wording import translate_words

_TAGS, _SHOW = "/api/tags", "/api/show"
_LATEST = ":latest"
_CAPABILITIES = {
    "completion": "text_completion",
    "tools": "function_calling",
    "thinking": "reasoning",
    "insert": "fill_in_the_middle",
    "vision": "vision",
    "audio": "audio_input",
    "embedding": "embeddings",
}
_TAKEN = {"vision": "image", "audio": "audio"}
_NUM_CTX = re.compile(r"^\s*num_ctx\s+([0-9]{1,12})\s*$", re.MULTILINE)


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("ollama", provider)
    shown = {page.about: _read_details(page) for page in pages[1:]}
    installed = rows.read_rows(pages[:1], "models")
    models = rows.read_models(
        [row | {"shown": shown.get(_stated_name(row), {})} for row in installed], _stated_name, _read_model
    )
    return rows.build_observations(models, {"billing": "local"})


def follow(request: Request, body: bytes) -> Sequence[Request]:
    """After the list, one question a model."""
    if not request.url.endswith(_TAGS):
        return ()
    names = {_stated_name(row) for row in Rows("ollama", "ollama").read_rows([Page(body)], "models")}
    return [show_request(request.url.removesuffix(_TAGS), name) for name in sorted(filter(None, names))]


def show_request(root: str, name: str) -> Request:
    """The question about one model; `name` may lack its tag."""
    return Request(root + _SHOW, about=name, json=json.dumps({"model": name}))


def read_shown_model(body: bytes, provider: str, name: str) -> ObservedModel:
    """One model from the answer to `show`. Raises `UpstreamError`."""
    rows = Rows("ollama", provider, name)
    return _read_model(rows, {"name": name, "shown": _read_details(Page(body, name))})


def _stated_name(row: Mapping[str, Any]) -> str:
    name = row.get("model") or row.get("name")
    return name if isinstance(name, str) else ""


def _read_details(page: Page) -> Mapping[str, Any]:
    document = read_json(page.body, "ollama")
    if not isinstance(document, dict):
        raise UpstreamError("ollama: an answer to /api/show that is no object")
    return document


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    spelled, shown = _stated_name(row), row["shown"]
    model_id = spelled.removesuffix(_LATEST)
    details = object_or_empty(shown.get("details"))
    can = rows.keep_texts(shown.get("capabilities"))
    facts = known_facts(
        family=rows.read_line("details.family", details.get("family")),
        aliases=[spelled] if spelled != model_id else [],
        billing="subscription" if row.get("remote_host") or is_cloud_model(model_id) else None,
        mode="chat" if "completion" in can else "embedding" if "embedding" in can else None,
        context_window=_read_window(rows, shown),
        modalities=_derive_modalities(can),
        capabilities=translate_words(can, _CAPABILITIES),
    )
    # A model with a parent was made on this machine, out of another one.
    return ObservedModel(model_id, spelled, facts, private=bool(details.get("parent_model")))


def _derive_modalities(can: Sequence[str]) -> dict[str, list[str]]:
    if "completion" not in can:
        return {}
    return {"input": ["text", *translate_words(can, _TAKEN)], "output": ["text"]}


def _read_window(rows: Rows, shown: Mapping[str, Any]) -> int | None:
    info = object_or_empty(shown.get("model_info"))
    key = f"{info.get('general.architecture')}.context_length"
    whole = rows.read_tokens(key, info.get(key))
    parameters = shown.get("parameters")
    chosen = _NUM_CTX.search(parameters) if isinstance(parameters, str) else None
    given = rows.read_tokens("num_ctx", int(chosen[1])) if chosen else None
    if given and whole and given < whole:
        rows.note(key, whole, f"the model can; this server gives it {given} (num_ctx)")
    return min(filter(None, (given, whole)), default=None)


SOURCE = Source(
    name="ollama",
    docs="https://github.com/ollama/ollama/blob/main/docs/api.md",
    base_url="http://127.0.0.1:11434",
    path=_TAGS,
    parse=parse,
    follow=follow,
    host_variable="OLLAMA_HOST",
    suffixes=("/v1", "/api"),
    local=True,
    verified=True,
)
