"""llm-prices' `current-v1.json` and `historical-v1.json`: a price for input, output and cached input, per 1M tokens.

The source is github.com/simonw/llm-prices. It has no thresholds: the dearer rate for long input is a row of its own
(`Large >200k`, id `large-200k`) and becomes a variant of the model whose row says `Large <=200k`, or nothing.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json, refuse_long_list
from registry_cli.sources.rows import Rows
from registry_cli.sources.shapes import list_or_empty
from registry_cli.sources.wording import is_date

SOURCE = "llm-prices"
_OURS = {theirs: ours for ours, theirs in provider_ids.LLM_PRICES.items()}
_RATES = {"input": "input", "output": "output", "input_cached": "cache_read"}
_ABOVE = re.compile(r"\s*\(?>\s*([0-9]{1,9})\s*k\b.*", re.IGNORECASE)
_UP_TO = re.compile(r"\s*\(?(?:≤|<=?)\s*[0-9]+\s*k\b.*", re.IGNORECASE)
_SUFFIX = re.compile(r"-(?:gt-?)?[0-9]+k$", re.IGNORECASE)

Row = Mapping[str, Any]


def parse(data: bytes) -> Observations:
    """The whole list; raises `UpstreamError` where it is not one. A row of another kind is noted and left out."""
    repeated: list[str] = []
    document = read_json(data, SOURCE, repeated.append)
    prices = document.get("prices") if isinstance(document, dict) else None
    notes: list[Note] = []
    rows = Rows(SOURCE, "", notes=notes, has_disputes=bool(repeated))
    refuse_long_list(SOURCE, len(list_or_empty(prices)))
    listed = [rows.keys.watch_row(row) for row in list_or_empty(prices) if _is_row(rows, row)]
    if not listed:
        raise UpstreamError(f"{SOURCE}: not an object with a list of prices, each with its id and vendor")
    gathered: dict[str, dict[str, list[tuple[When, Row]]]] = {}
    known = {(row["vendor"], row["id"]) for row in listed}
    for row in listed:
        models = gathered.setdefault(_OURS.get(row["vendor"], row["vendor"]), {})
        above = _ABOVE.search(str(row.get("name", "")))
        base = _SUFFIX.sub("", row["id"])
        if above is None:
            models.setdefault(row["id"], []).append((ALWAYS, row))
        elif base != row["id"] and (row["vendor"], base) in known and int(above[1]):
            models.setdefault(base, []).append((When(input_tokens_above=int(above[1]) * 1000), row))
        else:
            notes.append(Note(row["vendor"], row["id"], "name", row["name"], "a price tier of no model that is listed"))
    providers = []
    for provider, models in gathered.items():
        rows.provider, rows.model = provider, ""
        if not rows.skip_too_long(models):
            providers.append(_read_provider(rows, provider, models))
    return Observations(SOURCE, tuple(providers), tuple(notes), unread_keys=rows.keys.find_unread(SOURCE))


def _is_row(rows: Rows, row: Any) -> bool:
    entry = row if isinstance(row, dict) else {}
    vendor, model_id = (_text_of(entry.get(name)) for name in ("vendor", "id"))
    rows.provider, rows.model = vendor, model_id
    if not vendor or not model_id:
        rows.note("prices", row, "not a price with its id and vendor")
        return False
    return not rows.skip_disputed(row) and rows.read_id(row["id"]) is not None


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _read_provider(rows: Rows, provider: str, models: Mapping[str, Sequence[tuple[When, Row]]]) -> ObservedProvider:
    observed = []
    for name, rows_of_model in models.items():
        with rows.guard_row(name):
            observed.append(_read_model(rows, name, rows_of_model))
    return ObservedProvider(provider, provider, {}, tuple(observed))


def _read_model(rows: Rows, name: str, rows_of_model: Sequence[tuple[When, Row]]) -> ObservedModel:
    """One model from its rows. The current price is the base; former prices are variants up to their last day."""
    prices = PriceList()
    base_rows = [row for tier, row in rows_of_model if not tier]
    newest = max(base_rows, key=_end_day, default=rows_of_model[0][1])
    for tier, row in sorted(rows_of_model, key=lambda entry: (bool(entry[0]), _end_day(entry[1]))):
        ended = row.get("to_date")
        over = _is_day(ended) and _end_day(row) < _end_day(newest)
        table = prices.rates_at(tier | _until_before(str(ended)) if over else tier)
        for key, rate in _RATES.items():
            amount = row.get(key)
            if isinstance(amount, int | Decimal) and not isinstance(amount, bool) and amount >= 0:
                price = rows.read_price(key, amount)
                if price is not None:
                    table.tokens[rate] = price
            elif amount is not None:
                rows.note(key, amount, "not a price")
    title = rows.read_line("name", _UP_TO.sub("", str(newest.get("name") or "")))
    facts: dict[str, Any] = {"name": title} if title else {}
    pricing, since = prices.to_pricing(), newest.get("from_date")
    if pricing:
        facts["pricing"] = {**pricing, **({"effective_date": since} if _is_day(since) else {})}
    return ObservedModel(name, name, facts)


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and is_date(value, whole=True)


def _end_day(row: Row) -> str:
    return str(row.get("to_date") or "9999-12-31")


def _until_before(ended: str) -> When:
    """`to_date` is the first day of the next price."""
    return When(until=(date.fromisoformat(ended) - timedelta(days=1)).isoformat())
