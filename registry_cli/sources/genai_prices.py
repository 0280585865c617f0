"""genai-prices' `data.json` (pydantic): providers with prices per 1M tokens, per 1,000 calls, per hour of sound.

The source is github.com/pydantic/genai-prices (MIT). It is a price list, so a price that is absent is one that its
calculator bills under the next broader price; ids are patterns, of which only plain equality names a model.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json, refuse_long_list
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.rows import HOURS, MOST_TOKENS, Rows, known_facts
from registry_cli.sources.shapes import OddValueError, read_object, read_objects, read_text
from registry_cli.sources.wording import is_date

SOURCE = "genai-prices"
SPELLED = provider_ids.GENAI_PRICES
_OURS = {theirs: ours for ours, theirs in SPELLED.items()}

# Their price -> our rate, both for one million tokens.
TOKENS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "output_reasoning_mtok": "reasoning",
    "output_citation_mtok": "citation",
    **{
        key: rate
        for kind in ("audio", "image", "video")
        for key, rate in (
            (f"input_{kind}_mtok", f"input_{kind}"),
            (f"output_{kind}_mtok", f"output_{kind}"),
            (f"cache_{kind}_read_mtok", f"cache_read_{kind}"),
            (f"cache_{kind}_write_mtok", f"cache_write_{kind}"),
            (f"cache_{kind}_write_1h_mtok", f"cache_write_1h_{kind}"),
            (f"output_{kind}_reasoning_mtok", f"reasoning_{kind}"),
        )
    },
}
# Their price -> our unit, and for how many of ours it is.
UNITS = {
    "requests_kcount": ("request", 1000),
    "web_searches_kcount": ("web_search", 1000),
    "storage_searches_kcount": ("file_search", 1000),
    "rerank_searches_kcount": ("query", 1000),
    "input_text_messages_kcount": ("message", 1000),
    "input_mchars": ("input_character", 1_000_000),
    "input_gpixels": ("input_pixel", 1_000_000_000),
    "input_document_kpages": ("page", 1000),
    "input_annotated_document_kpages": ("annotated_page", 1000),
    "input_audio_hours": ("input_audio_second", 3600),
    "audio_hours": ("input_audio_second", 3600),
    "output_audio_hours": ("output_audio_second", 3600),
}
# Their context of a call -> ours; `processing: batch` is a tier of service here.
CONTEXTS = {"processing": "service_tier", "service_tier": "service_tier", "speed": "service_tier", "region": "region"}


def parse(data: bytes) -> Observations:
    """The whole list; raises `UpstreamError` where it is not one.

    A provider or a model of another kind is noted and left out.
    """
    notes: list[Note] = []
    document = read_json(data, SOURCE, lambda key: notes.append(Note("", key, "", "", "stated twice, differently")))
    if not isinstance(document, list) or (document and not any(map(_is_provider, document))):
        raise UpstreamError(f"{SOURCE}: not a list of providers, each with its models")
    refuse_long_list(SOURCE, sum(len(entry["models"]) for entry in document if _is_provider(entry)))
    has_disputes = bool(notes)
    keys = KeyWatch()
    providers = []
    for entry in document:
        rows = Rows(SOURCE, "", notes=notes, has_disputes=has_disputes, keys=keys)
        if not _is_provider(entry):
            rows.note("models", entry, "not a provider with its models")
            continue
        rows.provider = _OURS.get(entry["id"], entry["id"])
        if not rows.skip_too_long(entry["models"]):
            providers.append(_read_provider(rows, entry))
    return Observations(SOURCE, tuple(providers), tuple(notes), unread_keys=keys.find_unread(SOURCE))


def _is_provider(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str) and isinstance(entry.get("models"), list)


def _read_provider(rows: Rows, entry: Mapping[str, Any]) -> ObservedProvider:
    facts = known_facts(name=rows.read_line("name", entry.get("name")), aliases=_provider_aliases(rows, entry))
    models = rows.read_models(entry["models"], lambda model: read_object("models", model).get("id"), _read_model)
    return ObservedProvider(rows.provider, entry["id"], facts, models)


def _provider_aliases(rows: Rows, entry: Mapping[str, Any]) -> list[str]:
    """What is odd here costs the provider its aliases, and none of its models."""
    names: list[str] = []
    with rows.guard_row(""):
        names = list(_plain_ids(rows, "provider_match", entry.get("provider_match")))
    return [name for name in rows.read_provider_ids("provider_match", names) if name != rows.provider]


def _read_model(rows: Rows, entry: Mapping[str, Any]) -> ObservedModel | None:
    if rows.skip_disputed(entry):
        return None
    entry = rows.keys.watch_row(entry)
    names = [rows.read_id(name) for name in _plain_ids(rows, "match", entry.get("match")) if name != entry["id"]]
    facts = known_facts(
        name=rows.read_line("name", entry.get("name")),
        aliases=list(dict.fromkeys(name for name in names if name)),
        context_window=rows.read_tokens("context_window", entry.get("context_window")),
        status="deprecated" if entry.get("deprecated") else None,
        pricing=_read_pricing(rows, entry),
    )
    return ObservedModel(entry["id"], entry["id"], facts)


def _plain_ids(rows: Rows, key: str, match: Any) -> Iterator[str]:
    """The ids a match names outright; a pattern names an open set of them."""
    for kind, value in read_object(key, match).items():
        if kind == "equals":
            yield read_text(key, value)
        elif kind == "or":
            for clause in read_objects(key, value):
                yield from _plain_ids(rows, key, clause)
        else:
            rows.note("match", {kind: value}, "a pattern, not an id")


def _read_pricing(rows: Rows, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    prices = PriceList()
    for step in _price_steps(entry.get("prices")):
        condition = _read_condition(rows, read_object("prices.constraint", step.get("constraint")))
        if condition is None:
            continue
        tables = _read_tables(rows, read_object("prices", step.get("prices")))
        if condition:
            _add_step(prices, condition, tables)
        else:
            for threshold, rates in tables.items():
                table = prices.rates_at(threshold)
                table.tokens.update(rates.tokens)
                table.per.update(rates.per)
    for variant in read_objects("price_variants", entry.get("price_variants")):
        _read_variant(rows, prices, variant)
    return prices.to_pricing()


def _price_steps(prices: Any) -> list[Mapping[str, Any]]:
    """Price lists that follow each other; mostly one, without a list around it."""
    return read_objects("prices", prices) if isinstance(prices, list) else [{"prices": read_object("prices", prices)}]


def _add_step(prices: PriceList, condition: When, tables: Mapping[When, Rates]) -> None:
    """A step that replaces the list before it, tiers included: a price it lacks is billed as the broader one."""
    base = tables.get(ALWAYS, Rates())
    known = [key for key in prices.variants if key.keys() == {"input_tokens_above"}]
    for threshold in dict.fromkeys([ALWAYS, *known, *tables]):
        rates = tables.get(threshold, base)
        stated_rates = {**base.tokens, **rates.tokens}
        table = prices.rates_at(threshold | condition)
        table.tokens.update(base.tokens)
        for name in prices.base.tokens:
            broader = "output" if name.startswith(("output", "reasoning")) else "input"
            if name not in stated_rates and broader in base.tokens:
                table.tokens[name] = base.tokens[broader]
        table.tokens.update(rates.tokens)
        table.per.update(rates.per if not threshold else {})


def _read_condition(rows: Rows, constraint: Mapping[str, Any]) -> When | None:
    """None for a constraint that is no condition of ours."""
    if not constraint:
        return ALWAYS
    start_day = constraint.get("start_date")
    if isinstance(start_day, str) and is_date(start_day, whole=True):
        return When(**{"from": start_day})
    start, end = (str(constraint.get(name, "")) for name in ("start_time", "end_time"))
    hours = f"{start[:5]}-{end[:5]}"
    if HOURS.fullmatch(hours) and start.endswith(("Z", "+00:00", ":00")):
        return When(utc=(hours,))
    rows.note("prices.constraint", constraint, "a condition the catalog does not have")
    return None


def _read_tables(rows: Rows, prices: Mapping[str, Any]) -> dict[When, Rates]:
    """The prices of one step by threshold, `ALWAYS` for the base."""
    tables: dict[When, Rates] = {}
    for key, value in prices.items():
        is_tiered = isinstance(value, dict)
        amounts: list[tuple[When, Any]] = [(ALWAYS, value.get("base") if is_tiered else value)]
        tiers = read_objects(f"{key}.tiers", value.get("tiers")) if is_tiered else []
        amounts += [(When(input_tokens_above=_start_of(key, tier)), tier.get("price")) for tier in tiers]
        for condition, amount in amounts:
            _add_price(rows, tables.setdefault(condition, Rates()), key, amount)
    return tables


def _start_of(key: str, tier: Mapping[str, Any]) -> int:
    start = tier.get("start")
    if type(start) is not int or not 0 < start <= MOST_TOKENS:
        raise OddValueError(f"{key}.tiers.start", start, "a number of tokens")
    return start


def _add_price(rows: Rows, rates: Rates, key: str, amount: Any) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or amount < 0:
        rows.note(key, amount, "not a price")
    elif key in TOKENS:
        _keep_price(rates.tokens, TOKENS[key], rows.read_price(key, amount))
    elif key in UNITS:
        unit, many = UNITS[key]
        _keep_price(rates.per, unit, rows.read_price(key, Decimal(amount) / many))
    else:
        rows.note(key, amount, "a price the catalog has no field for")


def _keep_price(prices: dict[str, Decimal], name: str, price: Decimal | None) -> None:
    if price is not None:
        prices[name] = price


def _read_variant(rows: Rows, prices: PriceList, variant: Mapping[str, Any]) -> None:
    contexts = read_object("price_variants.when", variant.get("when"))
    conditions = {CONTEXTS.get(name, ""): read_text(f"price_variants.when.{name}", contexts[name]) for name in contexts}
    tiers = {value for name, value in contexts.items() if CONTEXTS.get(name) == "service_tier"}
    since = _read_condition(rows, read_object("price_variants.constraint", variant.get("constraint")))
    if not conditions or not all(conditions) or len(tiers) > 1 or since is None:
        rows.note("price_variants", contexts, "a condition the catalog does not have")
        return
    if tiers == {"default"}:
        return
    tables = _read_tables(rows, read_object("price_variants.prices", variant.get("prices")))
    base = tables.pop(ALWAYS, Rates())
    # A flat price holds above every threshold, too.
    thresholds = [key["input_tokens_above"] for key in prices.variants if "input_tokens_above" in key]
    known = [When(input_tokens_above=threshold) for threshold in thresholds]
    for threshold in dict.fromkeys([ALWAYS, *known, *tables]):
        rates = tables.get(threshold, Rates())
        table = prices.rates_at(threshold | When(**conditions) | since)
        table.tokens.update({**base.tokens, **rates.tokens})
        table.per.update(rates.per if threshold else base.per)
