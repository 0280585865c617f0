"""OpenRouter's list: everything but few dates. Prices are texts of USD a token, with traps.

`overrides` is a list among those texts (prices above a length or at some hours), -1 stands for a router's unknown
price, 0 for a price in another unit unless the id says `free`; an id `~vendor/x-latest` is an alias of its target;
a window of 0 and an expiration at the end of the century are no facts. What sound and video cost has no unit. Responses
name a model by its dated `canonical_slug`, which is kept as an alias.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.modalities import denied_capabilities, implied_capabilities, split_known
from registry_cli.sources.paging import follow_address
from registry_cli.sources.rows import Rows, created_days, known_facts, read_envelope, read_number
from registry_cli.sources.shapes import list_or_empty, object_or_empty
from registry_cli.sources.wording import translate_first, translate_words

_MILLION = 1_000_000
_RATES = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "input_cache_write_1h": "cache_write_1h",
    "internal_reasoning": "reasoning",
    "audio": "input_audio",
    "audio_output": "output_audio",
    "input_audio_cache": "cache_read_audio",
    "image_output": "output_image",
}
_UNITS = {"web_search": "web_search", "request": "request"}
# `image` was the price of one image until early 2026, of hundreds of tokens, and is a token rate since: at most 2.25
# times `prompt` in all recorded answers.
_MOST_OF_PROMPT = 4
_SAID_TWICE = frozenset({"image_token", "discount"})
_CONDITIONS = frozenset({"min_prompt_tokens", "utc_start", "utc_end"})
_CLOCK = re.compile(r"([0-2][0-9]:[0-5][0-9])(?::00)?Z?")
_FREE = re.compile(r"[:/-]free$")
_CAPABILITIES = {
    "tools": "function_calling",
    "tool_choice": "tool_choice",
    "parallel_tool_calls": "parallel_function_calling",
    "structured_outputs": "structured_output",
    "response_format": "json_mode",
    "reasoning": "reasoning",
    "reasoning_effort": "reasoning_effort",
    "logprobs": "logprobs",
    "logit_bias": "logit_bias",
    "seed": "seed_control",
    "temperature": "temperature",
    "verbosity": "verbosity",
    "prediction": "predicted_outputs",
    "web_search_options": "web_search",
}
_DENIED = frozenset({"function_calling", "structured_output", "reasoning"})  # what the list of parameters is whole in
_MODALITIES = {"file": "pdf", "speech": "audio", "transcription": "text"}
_MODES = {
    "embeddings": "embedding",
    "rerank": "rerank",
    "speech": "audio_speech",
    "transcription": "audio_transcription",
    "video": "video_generation",
    "text": "chat",
    "image": "image_generation",
}
_UNPRICED = frozenset({"audio_speech", "audio_transcription", "video_generation"})
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_VENDOR = re.compile(r"^[^:]{1,40}: (?=\S)")


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("openrouter", provider)
    listed = rows.read_rows(pages, "data")
    ids = {row["id"] for row in listed if isinstance(row.get("id"), str)}
    targets = {
        row["id"]: _alias_target(row) for row in listed if str(row.get("id")) in ids and _alias_target(row) in ids
    }
    targets |= _slug_aliases(rows, listed, ids)
    aliases: dict[str, list[str]] = {}
    for alias, target in sorted(targets.items()):
        aliases.setdefault(target, []).append(alias)
    own = [
        row | {"created": day, "aliases": aliases.get(str(row.get("id")), [])}
        for row, day in zip(listed, created_days(listed), strict=True)
        if str(row.get("id")) not in targets
    ]
    models = rows.read_models(own, lambda row: row.get("id"), _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    return follow_address(request, value_at(read_envelope(body, "openrouter"), "links.next"))


def _slug_aliases(rows: Rows, listed: Sequence[Mapping[str, Any]], ids: Collection[str]) -> dict[str, str]:
    """Each canonical slug, which responses have for a model's name -> the id that it means.

    Variants (`x:free`) and pointers (`~x-latest`) have the slug of the plain model. A slug is left out if it is an id
    itself, or if several plain models share it.
    """
    claimants: dict[str, list[str]] = {}
    for row in listed:
        slug, model_id = row.get("canonical_slug"), row.get("id")
        if not isinstance(model_id, str) or model_id.startswith("~"):
            continue
        if isinstance(slug, str) and slug not in ids and rows.read_id(slug):
            claimants.setdefault(slug, []).append(model_id)
    slugs = {}
    for slug, model_ids in claimants.items():
        plain = [model_id for model_id in model_ids if ":" not in model_id] or model_ids
        if len(plain) == 1:
            slugs[slug] = plain[0]
    return slugs


def _alias_target(row: Mapping[str, Any]) -> str:
    target = row.get("alias_target")
    slug = target.get("slug") if isinstance(target, dict) else target
    return slug if isinstance(slug, str) else ""


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    architecture, top = object_or_empty(row.get("architecture")), object_or_empty(row.get("top_provider"))
    taken, made = _stated_modalities(rows, architecture)
    mode = translate_first(made, _MODES)
    modalities = known_facts(input=_catalog_modalities(taken), output=_catalog_modalities(made))
    parameters = rows.keep_texts(row.get("supported_parameters"))
    capabilities = translate_words(parameters, _CAPABILITIES)
    capabilities += [name for name in implied_capabilities(modalities) if mode == "chat"]
    denied = _DENIED - set(capabilities) if parameters else frozenset()
    name = rows.read_line("name", row.get("name"))
    facts = known_facts(
        name=_VENDOR.sub("", name) if name else None,
        aliases=row["aliases"],
        mode=mode,
        **rows.consistent_limits(
            rows.read_tokens("context_length", row.get("context_length")),
            rows.read_tokens("max_completion_tokens", top.get("max_completion_tokens")),
        ),
        modalities=modalities,
        reasoning=known_facts(
            effort=_read_efforts(rows, object_or_empty(row.get("reasoning")).get("supported_efforts"))
        ),
        pricing=_read_pricing(rows, row, mode),
        capabilities=capabilities,
        knowledge_cutoff=rows.read_day("knowledge_cutoff", row.get("knowledge_cutoff")),
        release_date=rows.read_day("created", row.get("created")),
        retirement_date=rows.read_day("expiration_date", row.get("expiration_date")),
    )
    return ObservedModel(row["id"], row["id"], facts, denied | denied_capabilities(modalities))


def _catalog_modalities(stated_kinds: Sequence[str]) -> list[str]:
    return split_known(_MODALITIES.get(kind, kind) for kind in stated_kinds)[0]


def _stated_modalities(rows: Rows, architecture: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What a model takes and makes, in OpenRouter's words. Answers before 2025 have `text+image->text` alone."""
    taken, made = (rows.keep_texts(architecture.get(f"{way}_modalities")) for way in ("input", "output"))
    both = architecture.get("modality")
    if taken or made or not isinstance(both, str) or "->" not in both:
        return taken, made
    way_in, _, way_out = both.partition("->")
    return way_in.split("+"), way_out.split("+")


def _read_efforts(rows: Rows, levels: Any) -> list[str]:
    return [level for level in _EFFORTS if level in rows.keep_texts(levels)]


def _read_pricing(rows: Rows, row: Mapping[str, Any], mode: str | None) -> dict[str, Any]:
    stated_prices = object_or_empty(row.get("pricing"))
    if mode in _UNPRICED:
        rows.note("pricing", "", "prices of sound and video, whose unit is not stated")
        return {}
    prices = PriceList()
    prices.base = _read_rates(rows, stated_prices, stated_prices.get("prompt"))
    priced = any([*prices.base.tokens.values(), *prices.base.per.values()])
    if not priced and not _FREE.search(row["id"]):
        if prices.base:
            rows.note("pricing", 0, "0 throughout stands for an unknown price")
        return {}
    if priced and mode != "chat":  # images and vectors are not written in tokens, and have 0 there
        prices.base.tokens = {name: rate for name, rate in prices.base.tokens.items() if rate}
    for override in list_or_empty(stated_prices.get("overrides")):
        condition = _read_condition(rows, override)
        if condition:
            prices.variants[condition] = _read_rates(
                rows, override, override.get("prompt", stated_prices.get("prompt"))
            )
    return prices.to_pricing()


def _read_rates(rows: Rows, prices: Mapping[str, Any], prompt: Any) -> Rates:
    """The prices of one table. `prompt` is the price of an input token there, which shows what `image` counts."""
    rates = Rates()
    most_of_token = (read_number(prompt) or 0) * _MOST_OF_PROMPT
    for theirs, value in prices.items():
        if theirs in _RATES:
            rate = rows.read_price(f"pricing.{theirs}", value, _MILLION)
            if rate is not None and (rate or theirs in {"prompt", "completion"}):
                rates.tokens[_RATES[theirs]] = rate
        elif theirs in _UNITS or theirs == "image":
            price = rows.read_price(f"pricing.{theirs}", value)
            if price and theirs == "image" and price <= most_of_token:
                rates.tokens["input_image"] = price * _MILLION
            elif price:
                rates.per[_UNITS.get(theirs, "input_image")] = price
        elif theirs not in _SAID_TWICE and theirs not in _CONDITIONS and theirs != "overrides":
            rows.note(f"pricing.{theirs}", value, "a price the catalog has no field for")
    return rates


def _read_condition(rows: Rows, override: Any) -> When:
    """The condition of one override; its minimum is the vendor's threshold, which the vendors' prices lie above."""
    if not isinstance(override, dict):
        return ALWAYS
    above = rows.read_tokens("min_prompt_tokens", override.get("min_prompt_tokens"))
    hours = [_CLOCK.fullmatch(str(override.get(name, ""))) for name in ("utc_start", "utc_end")]
    if any(name in override for name in ("utc_start", "utc_end")) and not all(hours):
        rows.note("pricing.overrides", override, "hours that cannot be read")
        return ALWAYS
    conditions: dict[str, Any] = {"input_tokens_above": above} if above else {}
    if all(hours):
        conditions["utc"] = ("-".join(found[1] for found in hours if found),)
    if not conditions or any(_may_be_condition(name, value) for name, value in override.items()):
        rows.note("pricing.overrides", override, "a condition the catalog does not have")
        return ALWAYS
    return When(**conditions)


def _may_be_condition(name: str, value: Any) -> bool:
    """Whether an unknown part of an override is not plainly a price: prices are numbers written as text."""
    is_known = name in _RATES or name in _UNITS or name in _SAID_TWICE or name in _CONDITIONS or name == "image"
    return not is_known and not (isinstance(value, str) and read_number(value) is not None)


SOURCE = Source(
    name="openrouter",
    docs="https://openrouter.ai/docs/api-reference/list-available-models",
    base_url="https://openrouter.ai/api/v1",
    path="/models?output_modalities=all",
    parse=parse,
    follow=follow,
    verified=True,
)
