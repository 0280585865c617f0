"""xAI's list: prices as integers of 1e-10 USD a token, a second price list above a length, aliases.

The prices were absent in early 2026. A wrong key is answered with 400.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.conditions import When
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, created_days, is_fine_tune, stated

_PER_MILLION = Decimal("0.0001")  # 1e-10 USD a token -> USD per 1M tokens
_DOLLARS = Decimal("1e-10")
_RATES = {
    "prompt_text_token_price": "input",
    "completion_text_token_price": "output",
    "cached_prompt_text_token_price": "cache_read",
    "prompt_image_token_price": "input_image",
}
# A model without a cache or without image input has 0 in these fields: no price, not a free one.
_ALWAYS_PRICED = frozenset({"input", "output"})
_LONG = "_long_context"


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("xai", provider)
    listed = rows.read_rows(pages, "data", "models")
    dated = [row | {"created": day} for row, day in zip(listed, created_days(listed), strict=True)]
    models = rows.observe(dated, lambda row: row.get("id"), _model)
    return rows.observations(models)


def _model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    facts = stated(
        aliases=sorted({alias for alias in rows.texts(row.get("aliases")) if alias != row["id"] and rows.id(alias)}),
        mode="image_generation" if row.get("image_price") else None,
        context_window=rows.tokens("context_length", row.get("context_length")),
        modalities=_modalities(rows, row),
        pricing=_pricing(rows, row),
        release_date=rows.day("created", row.get("created")),
    )
    return ObservedModel(row["id"], row["id"], facts, private=is_fine_tune(row["id"]))


def _modalities(rows: Rows, row: Mapping[str, Any]) -> dict[str, list[str]]:
    """Stated by `/language-models` and `/image-generation-models` alone."""
    return stated(
        input=rows.texts(row.get("input_modalities")),
        output=rows.texts(row.get("output_modalities")),
    )


def _pricing(rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    prices = PriceList()
    threshold = rows.tokens("long_context_threshold", row.get("long_context_threshold"))
    for theirs, ours in _RATES.items():
        rate = rows.price(theirs, row.get(theirs), _PER_MILLION)
        if rate or (rate == 0 and ours in _ALWAYS_PRICED):
            prices.base.tokens[ours] = rate
        long = rows.price(theirs + _LONG, row.get(theirs + _LONG), _PER_MILLION)
        if threshold and (long or (long == 0 and ours in _ALWAYS_PRICED)):
            prices.at(When(input_tokens_above=threshold)).tokens[ours] = long
    image = rows.price("image_price", row.get("image_price"), _DOLLARS)
    if image:
        prices.base.per["output_image"] = image
    if not any(prices.base.tokens.values()):
        prices.base.tokens.clear()  # 0 throughout fills a field; nothing of xAI's is free
    return prices.facts()


SOURCE = Source(
    name="xai",
    docs="https://docs.x.ai/docs/api-reference#list-models",
    base_url="https://api.x.ai/v1",
    path="/models",
    parse=parse,
    key="needed",
    key_variables=("XAI_API_KEY",),
    verified=True,
)
