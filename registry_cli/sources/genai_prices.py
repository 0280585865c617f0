"""genai-prices' `data.json` (pydantic): providers with prices per 1M tokens, per 1,000 calls, per hour of sound.

The source is github.com/pydantic/genai-prices (MIT). It is a price list, so a price that is absent is one that its
calculator bills under the next broader price; ids are patterns, of which only plain equality names a model.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.price_list import PriceList, Rates, When, both, tidy, when
from registry_cli.core.sync.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json
from registry_cli.sources.wording import is_date, one_line

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


@dataclass(slots=True)
class _Reading:
    provider: str
    notes: list[Note]
    model: str = ""

    def note(self, key: str, value: Any, reason: str) -> None:
        self.notes.append(Note(self.provider, self.model, key, str(value), reason))


def parse(data: bytes) -> Observations:
    """The whole list; raises `UpstreamError` where it is not one."""
    document = read_json(data, SOURCE)
    if not isinstance(document, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) and isinstance(entry.get("models"), list)
        for entry in document
    ):
        raise UpstreamError(f"{SOURCE}: not a list of providers, each with its models")
    notes: list[Note] = []
    return Observations(SOURCE, tuple(_provider(entry, notes) for entry in document), tuple(notes))


def _provider(entry: Mapping[str, Any], notes: list[Note]) -> ObservedProvider:
    reading = _Reading(_OURS.get(entry["id"], entry["id"]), notes)
    facts: dict[str, Any] = {"name": one_line(entry["name"])} if entry.get("name") else {}
    aliases = [name for name in _equals(reading, entry.get("provider_match")) if name != reading.provider]
    if aliases:
        facts["aliases"] = aliases
    models = []
    for model in entry["models"]:
        if not isinstance(model, dict) or not isinstance(model.get("id"), str):
            reading.note("models", model, "a model without an id")
            continue
        reading.model = model["id"]
        models.append(ObservedModel(model["id"], model["id"], _model(reading, model)))
    return ObservedProvider(reading.provider, entry["id"], facts, tuple(models))


def _model(reading: _Reading, entry: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": one_line(entry["name"])} if entry.get("name") else {}
    aliases = [name for name in _equals(reading, entry.get("match")) if name != entry["id"]]
    if aliases:
        facts["aliases"] = list(dict.fromkeys(aliases))
    context = entry.get("context_window")
    if isinstance(context, int) and context > 0:
        facts["context_window"] = context
    if entry.get("deprecated"):
        facts["status"] = "deprecated"
    pricing = _pricing(reading, entry)
    if pricing:
        facts["pricing"] = pricing
    return facts


def _equals(reading: _Reading, match: Any) -> Iterator[str]:
    """The ids a match names outright; a pattern names an open set of them."""
    for kind, value in (match or {}).items():
        if kind == "equals":
            yield str(value)
        elif kind == "or":
            for clause in value:
                yield from _equals(reading, clause)
        else:
            reading.note("match", {kind: value}, "a pattern, not an id")


def _pricing(reading: _Reading, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    stated = entry.get("prices") or {}
    steps = stated if isinstance(stated, list) else [{"prices": stated}]
    prices = PriceList()
    for step in steps:
        condition = _condition(reading, step.get("constraint"))
        if condition is None:
            continue
        tables = _tables(reading, step.get("prices") or {})
        if condition:
            _continue(prices, condition, tables)
        else:
            for threshold, rates in tables.items():
                table = prices.at(threshold)
                table.tokens.update(rates.tokens)
                table.per.update(rates.per)
    for variant in entry.get("price_variants") or ():
        _read_variant(reading, prices, variant)
    return prices.facts()


def _continue(prices: PriceList, condition: When, tables: Mapping[When, Rates]) -> None:
    """A step that replaces the list before it, tiers included: a price it lacks is billed as the broader one."""
    base = tables.get((), Rates())
    for threshold in dict.fromkeys([(), *(key for key in prices.variants if _is_tier(key)), *tables]):
        rates = tables.get(threshold, base)
        lacking = [name for name in prices.base.tokens if name not in {**base.tokens, **rates.tokens}]
        broader = {
            name: base.tokens["output" if name.startswith(("output", "reasoning")) else "input"]
            for name in lacking
            if ("output" if name.startswith(("output", "reasoning")) else "input") in base.tokens
        }
        table = prices.at(both(threshold, condition))
        table.tokens.update({**base.tokens, **broader, **rates.tokens})
        table.per.update(rates.per if not threshold else {})


def _is_tier(condition: When) -> bool:
    return [name for name, _ in condition] == ["input_tokens_above"]


def _condition(reading: _Reading, constraint: Any) -> When | None:
    """None for a constraint that is no condition of ours."""
    if not constraint:
        return ()
    if is_date(constraint.get("start_date"), whole=True):
        return when(**{"from": constraint["start_date"]})
    start, end = (str(constraint.get(name, ""))[:5] for name in ("start_time", "end_time"))
    if start and end and str(constraint["start_time"]).endswith(("Z", "+00:00", ":00")):
        return when(utc=(f"{start}-{end}",))
    reading.note("prices.constraint", constraint, "a condition the catalog does not have")
    return None


def _tables(reading: _Reading, stated: Mapping[str, Any]) -> dict[When, Rates]:
    """The prices of one step by threshold, `()` for the base."""
    tables: dict[When, Rates] = {}
    for key, value in stated.items():
        tiers = value.get("tiers", ()) if isinstance(value, dict) else ()
        amounts: list[tuple[When, Any]] = [((), value.get("base") if isinstance(value, dict) else value)]
        amounts += [(when(input_tokens_above=tier["start"]), tier["price"]) for tier in tiers]
        for condition, amount in amounts:
            _set(reading, tables.setdefault(condition, Rates()), key, amount)
    return tables


def _set(reading: _Reading, rates: Rates, key: str, amount: Any) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or amount < 0:
        reading.note(key, amount, "not a price")
    elif key in TOKENS:
        rates.tokens[TOKENS[key]] = tidy(amount)
    elif key in UNITS:
        unit, many = UNITS[key]
        rates.per[unit] = tidy(Decimal(amount) / many)
    else:
        reading.note(key, amount, "a price the catalog has no field for")


def _read_variant(reading: _Reading, prices: PriceList, variant: Mapping[str, Any]) -> None:
    stated: Mapping[str, str] = variant.get("when") or {}
    tiers = {value for name, value in stated.items() if CONTEXTS.get(name) == "service_tier"}
    since = _condition(reading, variant.get("constraint"))
    if not stated or not stated.keys() <= CONTEXTS.keys() or len(tiers) > 1 or since is None:
        reading.note("price_variants", variant.get("when"), "a condition the catalog does not have")
        return
    if tiers == {"default"}:
        return
    conditions = {CONTEXTS[name]: value for name, value in stated.items()}
    tables = _tables(reading, variant.get("prices") or {})
    base = tables.pop((), Rates())
    # A flat price holds above every threshold, too.
    known = [tuple(pair for pair in key if pair[0] == "input_tokens_above") for key in prices.variants]
    for threshold in dict.fromkeys([(), *filter(None, known), *tables]):
        rates = tables.get(threshold, Rates())
        table = prices.at(both(both(threshold, when(**conditions)), since))
        table.tokens.update({**base.tokens, **rates.tokens})
        table.per.update(rates.per if threshold else base.per)
