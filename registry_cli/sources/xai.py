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
from registry_cli.sources.rows import Rows, created_days, is_fine_tune, known_facts

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
    models = rows.read_models(dated, lambda row: row.get("id"), _read_model)
    return rows.build_observations(models)


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    facts = known_facts(
        aliases=sorted(
            {alias for alias in rows.keep_texts(row.get("aliases")) if alias != row["id"] and rows.read_id(alias)}
        ),
        mode="image_generation" if row.get("image_price") else None,
        context_window=rows.read_tokens("context_length", row.get("context_length")),
        modalities=_read_modalities(rows, row),
        pricing=_read_pricing(rows, row),
        release_date=rows.read_day("created", row.get("created")),
    )
    return ObservedModel(row["id"], row["id"], facts, private=is_fine_tune(row["id"]))


def _read_modalities(rows: Rows, row: Mapping[str, Any]) -> dict[str, list[str]]:
    """Stated by `/language-models` and `/image-generation-models` alone."""
    return known_facts(
        input=rows.keep_texts(row.get("input_modalities")),
        output=rows.keep_texts(row.get("output_modalities")),
    )


def _read_pricing(rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    prices = PriceList()
    threshold = rows.read_tokens("long_context_threshold", row.get("long_context_threshold"))
    for theirs, ours in _RATES.items():
        rate = rows.read_price(theirs, row.get(theirs), _PER_MILLION)
        if rate or (rate == 0 and ours in _ALWAYS_PRICED):
            prices.base.tokens[ours] = rate
        long = rows.read_price(theirs + _LONG, row.get(theirs + _LONG), _PER_MILLION)
        if threshold and (long or (long == 0 and ours in _ALWAYS_PRICED)):
            prices.rates_at(When(input_tokens_above=threshold)).tokens[ours] = long
    image = rows.read_price("image_price", row.get("image_price"), _DOLLARS)
    if image:
        prices.base.per["output_image"] = image
    if not any(prices.base.tokens.values()):
        prices.base.tokens.clear()  # 0 throughout fills a field; nothing of xAI's is free
    return prices.to_pricing()


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
