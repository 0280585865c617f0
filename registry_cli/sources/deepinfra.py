"""DeepInfra's own list, which has more than its list in OpenAI's shape: deprecations and replacements.

`max_tokens` is the window that is served. Prices are cents a token; what a cached token costs is a factor on the price
of input, `discount` a fraction off. Rates by length are a line of text: `$1 in $5 out $0.2 cached <= 32K, $2 in ...`.
`pricing.type` is the unit of sale: tokens, seconds of audio, characters of text; of other types the unit is unknown.
Only the list in OpenAI's shape has output limits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.conditions import When
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.pricing.rounding import tidy_price
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.rows import Rows, known_facts, read_number
from registry_cli.sources.wording import translate_words

_LIST, _LIKE_OPENAI = "/models/list", "/v1/openai/models?filter=with_meta"
_CENTS_PER_TOKEN, _CENTS = Decimal(10_000), Decimal("0.01")
_SOLD_BY = {
    "input_length": ("cents_per_input_sec", "input_audio_second"),
    "input_character_length": ("cents_per_input_chars", "input_character"),
}
_TAGS = {
    "tools": "function_calling",
    "json": "json_mode",
    "structured-output": "structured_output",
    "reasoning": "reasoning",
    "can-disable-reasoning": "reasoning",
    "multimodal": "vision",
    "vision": "vision",
    "input-audio": "audio_input",
    "input-video": "video_input",
}
_MODES = {
    "text-generation": "chat",
    "embeddings": "embedding",
    "reranker": "rerank",
    "text-to-image": "image_generation",
    "text-to-video": "video_generation",
    "text-to-speech": "audio_speech",
    "automatic-speech-recognition": "audio_transcription",
}
_BAND = re.compile(
    r"\$\s*(?P<input>[0-9.]+)\s+in\s+\$\s*(?P<output>[0-9.]+)\s+out(?:\s+\$\s*(?P<cache_read>[0-9.]+)\s+cached)?"
    r"(?:\s*(?:<=|>)\s*(?P<length>[0-9]+)\s*K)?"
)


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("deepinfra", provider)
    listed = rows.read_rows(pages[:1], "")
    callable_rows = [row for row in listed if not row.get("private")]
    most = {}
    for row in rows.read_rows(pages[1:], "data"):
        if isinstance(row.get("id"), str):
            most[row["id"]] = value_at(row, "metadata.max_tokens")
    models = rows.read_models(
        callable_rows,
        lambda row: row.get("model_name"),
        lambda rows, row: _read_model(rows, row, most.get(row["model_name"])),
    )
    return rows.build_observations(models)


def follow(request: Request, _body: bytes) -> Sequence[Request]:
    if not request.url.endswith(_LIST):
        return ()
    return (replace(request, url=request.url.removesuffix(_LIST) + _LIKE_OPENAI),)


def _read_model(rows: Rows, row: Mapping[str, Any], most_output: Any) -> ObservedModel:
    model_id, gone = row["model_name"], row.get("deprecated")
    tags = rows.keep_texts(row.get("tags"))
    dated = not isinstance(gone, bool)
    facts = known_facts(
        mode=rows.read_mode("type", row.get("reported_type") or row.get("type"), _MODES),
        status="deprecated" if gone is True else None,
        **rows.consistent_limits(
            rows.read_tokens("max_tokens", row.get("max_tokens")), rows.read_tokens("max_tokens", most_output)
        ),
        pricing=_read_pricing(rows, row.get("pricing")),
        capabilities=translate_words(tags, _TAGS),
        deprecation_date=rows.read_day("deprecated", gone) if dated else None,
        replacement=rows.read_line("replaced_by", row.get("replaced_by")),
    )
    denied = {"reasoning"} if "non-reasoning" in tags else set()
    return ObservedModel(model_id, model_id, facts, frozenset(denied))


def _read_pricing(rows: Rows, stated_prices: Any) -> dict[str, Any]:
    if not isinstance(stated_prices, dict):
        return {}
    kind, prices = str(stated_prices.get("type") or "tokens"), PriceList()
    if kind in _SOLD_BY:
        theirs, ours = _SOLD_BY[kind]
        price = rows.read_price(f"pricing.{theirs}", stated_prices.get(theirs), _CENTS)
        prices.base.per |= {ours: price} if price else {}
    elif kind in ("tokens", "input_tokens"):
        prices.base.tokens |= _read_rates(rows, stated_prices)
        _add_bands(rows, stated_prices, prices)
    else:
        rows.note("pricing.type", kind, "sold by something else than tokens, seconds or characters")
    if not any([*prices.base.tokens.values(), *prices.base.per.values()]):
        return {}
    return _apply_discount(rows, stated_prices, prices).to_pricing()


def _read_rates(rows: Rows, prices: Mapping[str, Any]) -> dict[str, Decimal]:
    rates = {
        ours: rows.read_price(f"pricing.{theirs}", prices.get(theirs), _CENTS_PER_TOKEN)
        for ours, theirs in (("input", "cents_per_input_token"), ("output", "cents_per_output_token"))
    }
    given = rates["input"]
    for ours, theirs in (
        ("cache_read", "rate_per_input_token_cached"),
        ("cache_write", "rate_per_input_token_cache_write"),
    ):
        factor = read_number(prices.get(theirs))
        if given and factor is not None and factor > 0:
            rates[ours] = tidy_price(given * factor)
    return {ours: rate for ours, rate in rates.items() if rate is not None}


def _add_bands(rows: Rows, stated_prices: Mapping[str, Any], prices: PriceList) -> None:
    """Rates by length. The text states the rates themselves, the first band those of the base."""
    text = stated_prices.get("full")
    if not isinstance(text, str) or "<=" not in text:
        return
    bands = [_BAND.fullmatch(part.strip()) for part in text.split(",")]
    lengths = [band["length"] if band else None for band in bands[:-1]]
    if not all(bands) or not all(lengths):
        rows.note("pricing.full", text, "rates by length, written otherwise than expected")
        return
    for band, length in zip(bands[1:], lengths, strict=True):
        if band and length:
            rates = {ours: rows.read_price("pricing.full", band[ours]) for ours in ("input", "output", "cache_read")}
            table = prices.rates_at(When(input_tokens_above=int(length) * 1000))
            table.tokens |= {ours: rate for ours, rate in rates.items() if rate is not None}


def _apply_discount(rows: Rows, stated_prices: Mapping[str, Any], prices: PriceList) -> PriceList:
    """With its end a discount is a condition; without one these are the prices."""
    discount = read_number(stated_prices.get("discount"))
    if stated_prices.get("discount") is not None and (discount is None or not 0 <= discount < 1):
        rows.note("pricing.discount", stated_prices.get("discount"), "not a fraction; the full prices are taken")
    elif discount:
        last_day = rows.read_day("pricing.discount_ends_at", stated_prices.get("discount_ends_at"))
        if last_day:
            prices.multipliers[When(until=last_day)] = 1 - discount
        else:
            for _, rates in prices.all_tables():
                for table in (rates.tokens, rates.per):
                    table |= {ours: tidy_price(rate * (1 - discount)) for ours, rate in table.items()}
    return prices


SOURCE = Source(
    name="deepinfra",
    docs="https://deepinfra.com/docs/openai_api",
    base_url="https://api.deepinfra.com",
    path=_LIST,
    parse=parse,
    follow=follow,
    suffixes=("/v1/openai", "/v1"),
)
