"""`show`: one model as a card, or one field of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.commands.query.find import FoundModel, find_model
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.catalog.build import build_pricing
from registry_cli.core.catalog.models import Rates
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import (
    ENDING,
    ENTRY,
    IDENTITY,
    INTERFACE,
    KNOWLEDGE,
    LIMITS,
    RATES,
    RELEASE,
    USE,
    fields_in,
)
from registry_cli.core.pricing.rates import rates_on
from registry_cli.core.query.cards import Card, Fact
from registry_cli.core.query.columns import describe_unknown_field, field_exists, value_at
from registry_cli.core.query.wording import (
    UNKNOWN,
    describe_condition,
    describe_variant,
    format_amount,
    format_fact,
    rate_name,
)
from registry_cli.errors import UsageError
from registry_cli.store.catalog.bundled import read_schema

_ALWAYS = frozenset({"context_window", "max_output_tokens"})


def _labels(*sections: str) -> dict[str, str]:
    return {field.path: field.label for field in fields_in(*sections) if field.label}


_LIMITS = _labels(LIMITS)
_DATES = _labels(RELEASE, KNOWLEDGE, ENDING, ENTRY)
_ABOUT = _labels(IDENTITY, USE, INTERFACE)


def show_model(asked: OpenCatalog, text: str, day: str, *, refresh: bool = False) -> Card:
    """Return a model's card on an ISO day. Raises `UsageError` for an unknown model.

    A local server is asked for a model that the catalog does not have, with `refresh` even if it answered recently.
    """
    found, origin = _find_or_ask(asked, text, day, refresh=refresh)
    body = found.body
    about = [
        Fact("provider", _provider_name(asked, found.name.provider)),
        Fact("status", found.status),
        *_stated_facts(found, _ABOUT),
    ]
    sections = (
        ("About", about),
        ("Limits (tokens)", _limit_facts(found)),
        (f"Prices per 1M tokens on {day}", [*_price_facts(found, day)]),
        ("Modalities", [Fact(direction, format_fact(kinds), found.is_own(f"modalities.{direction}"))
                        for direction, kinds in (body.get("modalities") or {}).items()]),
        ("Capabilities", [*_capability_facts(found)]),
        ("Dates", _stated_facts(found, _DATES)),
    )  # fmt: skip
    return Card(
        title=str(found.name),
        subtitle=" - ".join(filter(None, [body.get("name"), body.get("description")])) or None,
        notices=tuple(filter(None, [found.notice, origin, _own_models_note(found), found.own_prices])),
        sections=tuple((title, tuple(facts)) for title, facts in sections if facts),
        document=found.document,
        notes=_assumption_notes(found),
    )


class FieldValue(NamedTuple):
    """The value of a field, None if it is unknown or does not apply; `notes` are what was assumed to find it."""

    value: Any
    notes: tuple[str, ...]


def show_field(asked: OpenCatalog, text: str, name: str, day: str, *, refresh: bool = False) -> FieldValue:
    """Return one field of a model on an ISO day. Raises `UsageError` for a field that no entry can have."""
    found, _ = _find_or_ask(asked, text, day, refresh=refresh)
    return FieldValue(_field_value(found, name), _assumption_notes(found))


def _field_value(found: FoundModel, name: str) -> Any:
    if name in ("status", "price", "id", "provider", "full_id"):
        return {"status": found.status, "price": found.price, "id": found.name.id,
                "provider": found.name.provider, "full_id": str(found.name)}[name]  # fmt: skip
    head, _, rate = name.partition(".")
    if head == "price" and (rate in RATES or rate == "currency"):
        return found.price.get(rate)
    path = name.split(".")
    schema = read_schema()
    if not field_exists(schema, ["pricing", *path[1:]] if head == "list_pricing" else path):
        raise UsageError(describe_unknown_field(name, schema))
    value = value_at(found.body, path)
    return None if value is ABSENT else value


def _find_or_ask(asked: OpenCatalog, text: str, day: str, *, refresh: bool) -> tuple[FoundModel, str | None]:
    """Return the model, and where its facts are from if it has no entry."""
    try:
        return find_model(asked, text, day), None
    except UsageError as unknown:
        if asked.then:
            raise  # a server only knows what is
        from registry_cli.commands.query.local_model import find_local_model  # noqa: PLC0415  # asks a server

        try:
            found = find_local_model(asked, text, day, refresh=refresh)
        except UsageError as error:
            raise UsageError(f"{unknown.message}; {error.message}") from None
        if found is None:
            raise
        return found[0], found[1].said


def _assumption_notes(found: FoundModel) -> tuple[str, ...]:
    return (found.assumption,) if found.assumption else ()


def _own_models_note(found: FoundModel) -> str | None:
    if found.own == ("*",):
        return "from your own models"
    return "* marks what comes from your own models" if found.own else None


def _provider_name(asked: OpenCatalog, provider: str) -> str:
    name, billing = asked.index.fetch_rows("SELECT name, billing FROM providers WHERE id = ?", (provider,))[0]
    told = {"subscription": ", sold by subscription", "local": ", runs on your own machine"}.get(billing, "")
    return f"{name or provider}{told}"


def _stated_facts(found: FoundModel, labels: dict[str, str]) -> list[Fact]:
    return [
        Fact(label, format_fact(found.body[name]), found.is_own(name))
        for name, label in labels.items()
        if name in found.body
    ]


def _limit_facts(found: FoundModel) -> list[Fact]:
    return [
        Fact(label, format_fact(found.body[name]) if name in found.body else UNKNOWN, found.is_own(name))
        for name, label in _LIMITS.items()
        if name in found.body or name in _ALWAYS
    ]


def _price_facts(found: FoundModel, day: str) -> Iterator[Fact]:
    """Yield what the model costs, with the list price beside each price that is the user's own."""
    pricing = found.body.get("pricing") or {}
    currency = found.price.get("currency", "USD")
    rates = {name: rate for name, rate in found.price.items() if name != "currency"}
    listed = found.body.get("list_pricing")
    list_rates = _list_rates(found, day) if listed else rates
    for name in dict.fromkeys(("input", "output", *rates)):
        shown = format_amount(rates[name], currency) if name in rates else UNKNOWN
        shown += _list_price(rates.get(name), list_rates.get(name), currency)
        yield Fact(rate_name(name), shown, found.is_own(f"pricing.{name}"))
    list_units = (listed or pricing).get("per") or {}
    for name, rate in (pricing.get("per") or {}).items():
        shown = format_amount(rate, currency) + _list_price(rate, list_units.get(name), currency)
        yield Fact(f"per {rate_name(name)}", shown, found.is_own(f"pricing.per.{name}"))
    variants = pricing.get("variants") or ()
    for changed, before in zip(variants, (listed or pricing).get("variants") or (), strict=True):
        shown = describe_variant(changed, currency)
        if changed != before:
            shown += f" (list: {describe_variant(before, currency)})"
        yield Fact(describe_condition(changed.get("when") or {}), shown, found.is_own("pricing.variants"))
    if pricing.get("effective_date"):
        yield Fact("since", pricing["effective_date"], found.is_own("pricing.effective_date"))


def _list_rates(found: FoundModel, day: str) -> Rates:
    pricing = build_pricing(found.body["list_pricing"])
    return rates_on(pricing, day) if pricing else {}


def _list_price(own: Decimal | None, listed: Decimal | None, currency: str) -> str:
    return "" if own == listed else f" (list {format_amount(listed, currency)})"


def _capability_facts(found: FoundModel) -> Iterator[Fact]:
    details = found.body.get("capability_details") or {}
    simple = [name for name in found.body.get("capabilities", ()) if name not in details]
    if simple:
        yield Fact("has", ", ".join(simple), found.is_own("capabilities"))
    for name, detail in details.items():
        if detail == {"supported": False}:
            yield Fact(name, "no", found.is_own("capabilities"))
        else:
            words = "; ".join(f"{rate_name(key)}: {format_fact(value)}" for key, value in detail.items())
            yield Fact(name, words or "yes", found.is_own("capabilities"))
    for name, evidence in (found.body.get("derived_capabilities") or {}).items():
        yield Fact(name, f"derived from {evidence}")
