"""`cost`: the cost of calls at given models, or at the models that the responses name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from registry_cli.commands.billing.usage_notes import UsageNotes
from registry_cli.commands.query.find import find_last_listed
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.billing.bills import Bill, unique_texts
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.call_sums import CallSums
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.service_tiers import check_tier
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.models import Model, OwnPrice
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.names.names import ModelName
from registry_cli.core.names.reading_names import resolve_for_reading
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.core.query.wording import describe_standing, own_price_note
from registry_cli.core.responses.call import Call
from registry_cli.core.responses.lines import LeftOutLine, NumberedCall
from registry_cli.core.text.exact_json import loads
from registry_cli.errors import UsageError
from registry_cli.store.index.query import fetch_models

COLUMNS = ("full_id", "provider", "id", "billing", "status", "body")
_BILLED = ("pricing", "mode", "modalities", "context_window", "max_input_tokens", "max_output_tokens")
_TIER = re.compile(r'"service_tier":"([^"]+)"')  # in the JSON of the index
_NO_WORDS = Vocabulary({})  # the index has canonical names already


@dataclass(frozen=True, slots=True)
class Costed:
    """A bill for each model, the cheapest first, and the bill of each call.

    `warnings` and `notes` are for stderr. So are `usage_notes`, which are about the calls and belong to no bill.
    """

    bills: tuple[Bill, ...]
    calls: tuple[tuple[int, Bill], ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    usage_notes: tuple[str, ...]


def price_calls(
    asked: OpenCatalog,
    names: Sequence[str],
    calls: Iterable[NumberedCall | LeftOutLine],
    conditions: Conditions,
    provider: str | None,
    *,
    each: bool = False,
    times: int = 1,
    per: str | None = None,
) -> Costed:
    """Price every call at every given model, or at the model its response names if none is given.

    Calls are read one by one. Each is made so many `times` in the period `per`. Bills of single calls are kept only
    with `each`. Raises `UsageError`.
    """
    resolved = [resolve_for_reading(asked.names, name) for name in names]
    names = list(dict.fromkeys(str(name) for name, _ in resolved))  # a model named twice is billed once
    models = _PricedModels(asked, conditions.day, provider)
    notes = UsageNotes()
    bills_of_calls: list[tuple[int, Bill]] = []
    for item in calls:
        if isinstance(item, LeftOutLine):
            notes.take_left_out(item)
            continue
        notes.take_call(item)
        for call in [item.call] if names else [item.call, *item.call.side_calls]:
            given = conditions.filled_from(call.service_tier, call.region)
            usage = call.own_usage if names else call.usage
            for model in [models.find_named(name) for name in names] or [models.find_answering(call, item.number)]:
                model.sums.add(usage, given)
                if each or (call.stated_cost is not None and len(names) <= 1):
                    bill = model.price.bill_call(usage, given)
                    bills_of_calls += [(item.number, bill)] if each else []
                    notes.take_bill(item.number, call.stated_cost, bill)
    if not notes.calls:
        raise UsageError("; ".join(["cost: no call to price", *notes.notes()]))
    check_tier_of_catalog(asked, conditions, [model.price for model in models])
    bills = [replace(model.price.bill_calls(model.sums.merge_calls(), times), per=per) for model in models]
    bills.sort(key=cost_order)
    return Costed(
        tuple(bills),
        tuple(bills_of_calls) if notes.calls > 1 else (),
        unique_texts(f"{bill.model}: {warning}" for bill in bills for warning in bill.warnings),
        unique_texts([*(reading for _, reading in resolved if reading), *models.notes(), *_notes_on(bills)]),
        (*models.note_assumptions(), *notes.notes()),
    )


def check_tier_of_catalog(asked: OpenCatalog, conditions: Conditions, prices: Iterable[ModelPrice]) -> None:
    """Raise `UsageError` if no model of the catalog has a price for the service tier."""
    if any(price.has_tier(conditions) for price in prices):
        return
    rows = asked.index.fetch_rows("SELECT body FROM models WHERE body LIKE '%\"service_tier\"%'")
    check_tier(conditions.special_tier, {name.casefold() for (body,) in rows for name in _TIER.findall(body)})


def cost_order(bill: Bill) -> tuple[Any, ...]:
    """Return the sort key of a bill: US dollars first, exact totals before inexact ones, then by total."""
    return (bill.currency != "USD", bill.currency, not bill.exact, bill.total, bill.model)


def model_of(row: Mapping[str, Any]) -> Model:
    """Return a model with the fields that a bill needs, from the columns `COLUMNS` of the index."""
    body = loads(row["body"])
    needed = {name: body[name] for name in _BILLED if name in body}
    model = build_model(row["provider"], row["id"], needed, row["billing"], _NO_WORDS)
    own_price = body.get("own_price")
    return replace(model, own_price=OwnPrice(own_price["name"], Decimal(own_price["multiply"]))) if own_price else model


@dataclass(frozen=True, slots=True)
class _PricedModel:
    """A model and the calls to bill."""

    price: ModelPrice
    sums: CallSums


class _PricedModels:
    """The models at which calls are priced, each looked up once."""

    def __init__(self, asked: OpenCatalog, day: str, provider: str | None) -> None:
        self._asked = asked
        self._day = day
        self._provider = provider
        self._models: dict[str, _PricedModel] = {}
        self._full_ids: dict[str, str] = {}
        self._notes: list[str] = []
        self._answering: dict[tuple[str | None, str | None], tuple[str, str | None]] = {}
        self._assumed: Counter[str] = Counter()

    def __iter__(self) -> Iterator[_PricedModel]:
        return iter(self._models.values())

    def find_named(self, text: str) -> _PricedModel:
        """Return the model that the user or a response names."""
        if text not in self._full_ids:
            name, reading = resolve_for_reading(self._asked.names, text)
            self._notes += [reading] if reading else []
            self._full_ids[text] = str(name)
        full_id = self._full_ids[text]
        if full_id not in self._models:
            self._models[full_id], notice = _find_model(self._asked, full_id, self._day)
            self._notes += [f"{full_id}: {notice}"] if notice else []
        return self._models[full_id]

    def find_answering(self, call: Call, number: int) -> _PricedModel:
        """Return the model that answered a call."""
        stated = (call.model, call.provider)
        if stated not in self._answering:
            self._answering[stated] = _name_model(self._asked, call, number, self._provider)
        name, assumed_provider = self._answering[stated]
        if assumed_provider:
            self._assumed[assumed_provider] += 1
        return self.find_named(name)

    def notes(self) -> Sequence[str]:
        """Return how names were resolved, and which models are deprecated or retired."""
        return self._notes

    def note_assumptions(self) -> Iterator[str]:
        """Yield a note for each provider that was assumed to have answered."""
        for provider, count in self._assumed.items():
            calls = "1 call" if count == 1 else f"{count:,} calls"
            yield f"provider {provider} assumed for {calls}, from the names of the counts; set another with --provider"


def _find_model(asked: OpenCatalog, full_id: str, day: str) -> tuple[_PricedModel, str | None]:
    everything = Selection(Filters(deprecated=True))
    row = dict(zip(COLUMNS, fetch_models(asked.index, COLUMNS, everything, day, full_id=full_id)[0], strict=True))
    price = ModelPrice(model_of(row))
    since = find_last_listed(asked, ModelName(*full_id.split("/", 1)), row["status"])
    return _PricedModel(price, CallSums(price.thresholds)), describe_standing(row["status"], loads(row["body"]), since)


def _name_model(asked: OpenCatalog, call: Call, number: int, provider: str | None) -> tuple[str, str | None]:
    """Return the name of the model that answered, and the provider if it was assumed.

    The provider is the given one, else the one whose responses have this shape, which is an assumption.
    """
    if call.model is None:
        raise UsageError(f"cost: call {number} names no model; give MODEL")
    name = call.model.removeprefix("models/")
    host = asked.names.provider(provider or call.provider or "")
    if provider and host is None:
        raise UsageError(f"cost: unknown provider {provider!r}")
    if host and (provider or _is_known(asked, f"{host}/{name}")):
        return f"{host}/{name}", None if provider else host
    if len(asked.names.hosts(name)) > 1:
        try:
            resolve_for_reading(asked.names, name)
        except UsageError as error:
            raise UsageError(f"cost: {error}; choose one with --provider") from None
    return name, None


def _is_known(asked: OpenCatalog, text: str) -> bool:
    try:
        resolve_for_reading(asked.names, text)
    except UsageError:
        return False
    return True


def _notes_on(bills: Sequence[Bill]) -> Iterator[str]:
    for bill in bills:
        if bill.own_price:
            yield f"{bill.model}: {own_price_note(bill.own_price._asdict())}"
        yield from (f"{bill.model}: {note}" for note in bill.notes)
    currencies = sorted({bill.currency for bill in bills})
    if len(currencies) > 1:
        yield f"not compared with each other: prices in {', '.join(currencies)}"
