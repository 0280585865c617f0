"""Cloudflare Workers AI's list of models: windows, prices, some capabilities, planned ends.

Everything apart from the name stands under `properties`, where numbers and booleans are text. A price list names its
units; those for tokens are taken, in USD, the others (tiles, steps, minutes) are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.rows import Rows, known_facts, read_envelope, read_number
from registry_cli.sources.shapes import list_or_empty

_PAGE = "per_page=100"
_UNITS = {"per M input tokens": "input", "per M output tokens": "output", "per M cached input tokens": "cache_read"}
_CAPABILITIES = {"function_calling": "function_calling", "vision": "vision", "reasoning": "reasoning",
                 "lora": "fine_tuning", "async_queue": "batch_operations"}  # fmt: skip
_MODES = {
    "Text Generation": "chat",
    "Text Embeddings": "embedding",
    "Text-to-Image": "image_generation",
    "Text-to-Speech": "audio_speech",
    "Automatic Speech Recognition": "audio_transcription",
}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("cloudflare", provider)
    listed = rows.read_rows(pages, "result")
    models = rows.read_models(listed, lambda row: row.get("name"), _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    """The page after this one; the address of the first names none."""
    root, _, query = request.url.partition("?")
    page = read_number(query.rpartition("&page=")[2]) or 1
    last = read_number(value_at(read_envelope(body, "cloudflare"), "result_info.total_pages"))
    return (replace(request, url=f"{root}?{_PAGE}&page={page + 1}"),) if last and page < last else ()


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    listed = list_or_empty(row.get("properties"))
    properties = {str(value_at(entry, "property_id")): value_at(entry, "value") for entry in listed}
    denied = frozenset(ours for theirs, ours in _CAPABILITIES.items() if properties.get(theirs) in ("false", False))
    facts = known_facts(
        mode=rows.read_mode("task.name", value_at(row, "task.name"), _MODES),
        status="preview" if properties.get("beta") in ("true", True) else None,
        **rows.consistent_limits(
            rows.read_tokens("context_window", properties.get("context_window")),
            rows.read_tokens("max_output_tokens", properties.get("max_output_tokens")),
        ),
        pricing=_read_pricing(rows, properties.get("price")),
        capabilities=[ours for theirs, ours in _CAPABILITIES.items() if properties.get(theirs) in ("true", True)],
        retirement_date=rows.read_day("planned_deprecation_date", properties.get("planned_deprecation_date")),
    )
    own = not row["name"].startswith("@")  # a fine-tune of an account
    return ObservedModel(row["name"], row["name"], facts, denied, private=own)


def _read_pricing(rows: Rows, listed: Any) -> dict[str, Any]:
    prices = PriceList()
    for price in list_or_empty(listed):
        ours = _UNITS.get(str(value_at(price, "unit")))
        rate = rows.read_price(f"price ({value_at(price, 'unit')})", value_at(price, "price"))
        if ours and rate is not None and value_at(price, "currency") == "USD":
            prices.base.tokens[ours] = rate
    return prices.to_pricing() if any(prices.base.tokens.values()) else {}


SOURCE = Source(
    name="cloudflare",
    docs="https://developers.cloudflare.com/api/resources/ai/subresources/models/methods/list/",
    base_url="https://api.cloudflare.com/client/v4/accounts/${CLOUDFLARE_ACCOUNT_ID}/ai",
    path=f"/models/search?{_PAGE}",
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"),
    suffixes=("/v1",),
)
