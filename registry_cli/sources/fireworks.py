"""Fireworks' list of serverless models: windows, dates, image input and tools. No prices, no output limit.

The public models are those of the account `fireworks`; their names are `accounts/fireworks/models/...`, which calls
use whole. `deprecationDate` is the day on which the shared deployment is taken down. False values may be left out, so
only what is stated is denied.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.paging import follow_token
from registry_cli.sources.rows import Rows, known_facts, read_envelope, read_flags, read_number

_PUBLIC = "accounts/fireworks/models/"
_QUERY = "filter=supports_serverless%3Dtrue&pageSize=200"
_CAPABILITIES = {"supportsImageInput": "vision", "supportsTools": "function_calling"}
_MODES = {"EMBEDDING_MODEL": "embedding", "FLUMINA_BASE_MODEL": "image_generation"}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("fireworks_ai", provider)
    listed = rows.read_rows(pages, "models")
    models = rows.read_models(filter(_is_served, listed), lambda row: row.get("name"), _read_model)
    return rows.build_observations(models)


def _is_served(row: Mapping[str, Any]) -> bool:
    return row.get("supportsServerless") is not False and row.get("state") in (None, "READY")


def follow(request: Request, body: bytes) -> Sequence[Request]:
    return follow_token(request, f"{_QUERY}&pageToken=", read_envelope(body, "fireworks_ai").get("nextPageToken"))


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    has, denied = read_flags(row, _CAPABILITIES)
    facts = known_facts(
        name=rows.read_line("displayName", row.get("displayName")),
        mode=_MODES.get(str(row.get("kind"))),
        context_window=rows.read_tokens("contextLength", row.get("contextLength")),
        capabilities=has,
        retirement_date=_read_day(rows, row.get("deprecationDate")),
    )
    return ObservedModel(row["name"], row["name"], facts, denied, private=not row["name"].startswith(_PUBLIC))


def _read_day(rows: Rows, value: Any) -> str | None:
    """A date as `{year, month, day}`, any of which is 0 or left out where it is not known."""
    if not isinstance(value, dict):
        return None
    parts = [read_number(value.get(name)) for name in ("year", "month", "day")]
    if not all(parts):
        return None
    year, month, day = (int(part) for part in parts if part)
    return rows.read_day("deprecationDate", f"{year:04}-{month:02}-{day:02}")


SOURCE = Source(
    name="fireworks_ai",
    docs="https://docs.fireworks.ai/api-reference/list-models",
    base_url="https://api.fireworks.ai",
    path=f"/v1/accounts/fireworks/models?{_QUERY}",
    incomplete=True,  # models that are served on demand are not in it
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("FIREWORKS_API_KEY",),
    suffixes=("/inference/v1", "/v1"),
)
