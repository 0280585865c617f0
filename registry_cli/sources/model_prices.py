"""model-prices' snapshot: what makers charge for their own models, as a timeline of each price with its evidence.

The source is github.com/wakamex/model-prices (MIT). Its `data` branch publishes the snapshot as `v1/SHA256.json`, which
`v1/latest.json` names. Most of it repeats models.dev's history; what is corrected or first read from a maker's page
names that page, and the day. Of a timeline the last span holds today. Rates are USD per 1M tokens.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, CN_HOLIDAY, When
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.core.pricing.rounding import tidy_price
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.http import Request
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json, refuse_long_list
from registry_cli.sources.rows import HOURS, Rows
from registry_cli.sources.shapes import OddValueError, read_list, read_object, read_objects, read_text

SOURCE = "model-prices"
BASE_URL = "https://raw.githubusercontent.com/wakamex/model-prices/data"
LATEST = "/v1/latest.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_RATES = ("input", "output", "cache_read", "cache_write")
STANDARD = "standard"
_TIERS = frozenset({"batch", "fast", "flex", "ultrafast"})
_FROM_MODELS_DEV = "models.dev commit"
_WEEKEND = ("sat", "sun")
_HOLIDAYS = {"cn": CN_HOLIDAY}
_MOST_SPANS = 10_000

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """The rates that hold from a day on; empty if no price held.

    `start` is empty for the first span. `since` is the first day on which the rates are known to hold. `page` is the
    page that states them; empty if the span repeats models.dev.
    """

    start: str
    rates: Row
    since: str
    page: str


def follow_latest(request: Request, body: bytes) -> Sequence[Request]:
    """The request for the snapshot that `latest.json` names, which is asked for first."""
    try:
        name = json.loads(body).get("sha256")
    except (ValueError, AttributeError):
        return ()
    if not isinstance(name, str) or not _SHA256.fullmatch(name):
        return ()
    return (replace(request, url=f"{request.url.rpartition('/')[0]}/{name}.json"),)


def parse(data: bytes) -> Observations:
    """Return today's prices. Raises `UpstreamError` for data that is no snapshot."""
    document = read_json(data, SOURCE, lambda _key: None)
    prices = document.get("prices") if isinstance(document, dict) else None
    if not isinstance(prices, dict) or not prices:
        raise UpstreamError(f"{SOURCE}: not a snapshot with prices by provider")
    refuse_long_list(SOURCE, sum(len(models) for models in prices.values() if isinstance(models, dict)))
    notes: list[Note] = []
    providers = []
    for spelled, models in prices.items():
        provider = provider_ids.from_models_dev(spelled)
        rows = Rows(SOURCE, provider, notes=notes, has_disputes=False)
        if not isinstance(models, dict) or not rows.read_provider_ids("prices", [spelled]):
            rows.note("prices", spelled, "not an object of models")
            continue
        read = partial(_read_model, hours=_rules_by_hours(rows, spelled, document))
        observed = rows.read_models(models.items(), lambda item: item[0], read)
        providers.append(ObservedProvider(provider, spelled, {}, observed))
    return Observations(SOURCE, tuple(providers), tuple(notes))


def read_spans(key: str, timeline: Any) -> list[TimelineSpan]:
    """The spans of one mode of a model, in their order. Raises `OddValueError`."""
    spans = read_objects(key, timeline)
    if len(spans) > _MOST_SPANS:
        raise OddValueError(key, len(spans), f"at most {_MOST_SPANS:,} spans")
    return [_read_span(key, span) for span in spans]


def _read_span(key: str, stated: Row) -> TimelineSpan:
    rates = read_object(f"{key}.rates", stated.get("rates"))
    is_copy = rates.get("valid_from_basis") == _FROM_MODELS_DEV
    page = "" if is_copy else read_text(f"{key}.source", rates.get("source"))
    since = read_text(f"{key}.valid_from", rates.get("valid_from"))[:10]
    return TimelineSpan(read_text(f"{key}.start", stated.get("start"))[:10], rates, since, page)


def latest_rates(spans: Sequence[TimelineSpan]) -> TimelineSpan | None:
    """The rates that hold today; None if no price holds.

    The last spans may state the same rates: the result has the day of the first of them, and the page of any.
    """
    if not spans or not spans[-1].rates:
        return None
    last = spans[-1]
    run = [last]
    for span in reversed(spans[:-1]):
        if _stated_amounts(span.rates) != _stated_amounts(last.rates):
            break
        run.append(span)
    page = next((span.page for span in run if span.page), "")
    return TimelineSpan(run[-1].start, last.rates, min(span.since for span in run), page)


def _stated_amounts(rates: Row) -> tuple[Any, ...]:
    return (*(rates.get(name) for name in _RATES), rates.get("tiers"), rates.get("cache_write_1h_multiple"))


def _read_model(rows: Rows, item: tuple[str, Any], hours: Sequence["_Hours"]) -> ObservedModel | None:
    name, modes = item
    spans = {mode: latest_rates(read_spans(mode, timeline)) for mode, timeline in read_object(name, modes).items()}
    standard = spans.get(STANDARD)
    if standard is None:
        return None
    prices = PriceList()
    add_rates(rows, prices, ALWAYS, standard.rates)
    for mode, span in spans.items():
        if mode in _TIERS and span is not None:
            add_rates(rows, prices, When(service_tier=mode), span.rates)
        elif mode != STANDARD:
            rows.note(mode, "", "no condition for this mode of a model")
    for rule in hours:
        rule.apply_to(prices, name)
    pricing = prices.to_pricing()
    if not pricing:
        return None
    day = rows.read_day("valid_from", standard.since) or ""
    return ObservedModel(name, name, {"pricing": pricing}, price_page=standard.page, price_day=day)


def add_rates(rows: Rows, prices: PriceList, condition: When, stated: Row) -> None:
    """Add what a span states to a price list: rates in USD per 1M tokens, also above each length of input."""
    tables = [(condition, stated)]
    for tier in read_objects("tiers", stated.get("tiers")):
        above = rows.read_tokens("tiers.above", tier.get("above"))
        if above:
            tables.append((condition | When(input_tokens_above=above), tier))
    multiple = stated.get("cache_write_1h_multiple")
    for where, table in tables:
        rates = {name: rows.read_price(name, table.get(name)) for name in _RATES}
        known = {name: price for name, price in rates.items() if price is not None}
        if multiple is not None and known.get("input") and known.get("cache_write"):
            known["cache_write_1h"] = tidy_price(known["input"] * Decimal(multiple))
        prices.rates_at(where).tokens.update(known)


@dataclass(frozen=True, slots=True)
class _Hours:
    """A rule of a provider by the time of day: factors change the recorded rates at these times.

    If the times are peak hours, the base of the price list has the peak rates, and variants have the other hours.
    """

    times: tuple[str, ...]
    factors: Mapping[str, Decimal]  # by model; "" for all of the provider
    is_peak: bool
    days_off: tuple[str, ...]  # on which no hour is one of peak; none where all days are alike

    def apply_to(self, prices: PriceList, model: str) -> None:
        factor = self.factors.get(model, self.factors.get(""))
        if factor is None or not prices.base:
            return
        recorded, changed = prices.base.copy(), _multiply_rates(prices.base, factor)
        if not self.is_peak:
            prices.variants[When(utc=self.times)] = changed
            return
        prices.base = changed
        rest = tuple(_other_hours(self.times))
        if rest:
            prices.variants[When(utc=rest)] = recorded
        if self.days_off:
            prices.variants[When(utc=self.times, days=self.days_off)] = recorded.copy()


def _multiply_rates(rates: Rates, factor: Decimal) -> Rates:
    return Rates({name: tidy_price(price * factor) for name, price in rates.tokens.items()})


def _other_hours(times: Sequence[str]) -> Iterator[str]:
    """The hours of the day outside these spans, which must not run past midnight."""
    at = "00:00"
    for span in sorted(times):
        start, end = span.split("-")
        if at < start:
            yield f"{at}-{start}"
        at = end
    if at != "00:00":
        yield f"{at}-00:00"


def _rules_by_hours(rows: Rows, spelled: str, document: Row) -> list[_Hours]:
    """The rules by the time of day that hold for a provider today."""
    hours: list[_Hours] = []
    with rows.guard_row(""):
        schedules = read_object("schedules", document.get("schedules"))
        rules = read_objects("schedules.schedule", schedules.get("schedule"))
        hours += [
            _read_hours(rows, rule) for rule in rules if rule.get("provider") == spelled and "valid_until" not in rule
        ]
    return hours


def _read_hours(rows: Rows, rule: Row) -> _Hours:
    is_peak = "peak_hours_utc" in rule
    key = "peak" if is_peak else "off_peak"
    spans = [read_list(key, span) for span in read_list(key, rule.get(f"{key}_hours_utc"))]
    times = tuple("-".join(map(str, span)) for span in spans)
    if not times or not all(map(HOURS.fullmatch, times)):
        raise OddValueError(f"{key}_hours_utc", spans, "hours such as 16:30, 00:30")
    stated = rule.get(f"{key}_multiplier")
    by_model = stated if isinstance(stated, dict) else {"": stated}
    factors = {name: rows.read_price(f"{key}_multiplier", factor) for name, factor in by_model.items()}
    known = {name: factor for name, factor in factors.items() if factor}
    return _Hours(times, known, is_peak, _days_off(rows, rule))


def _days_off(rows: Rows, rule: Row) -> tuple[str, ...]:
    """The weekend and the public holidays, as far as the rule leaves them out."""
    weekend = _WEEKEND if rule.get("weekdays_only") is True else ()
    named = read_text("holidays", rule.get("holidays"))
    if not named:
        return weekend
    if named not in _HOLIDAYS:
        rows.note("holidays", named, "no condition for these public holidays")
        return weekend
    return (*weekend, _HOLIDAYS[named])
