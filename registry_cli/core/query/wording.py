"""Facts of an entry in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.status import ENDED
from registry_cli.core.format.fields import rates_of
from registry_cli.core.pricing.conditions import CN_HOLIDAY
from registry_cli.core.text.exact_json import dumps, format_plain

UNKNOWN, NOT_APPLICABLE = "unknown", "does not apply"


def format_amount(rate: Decimal | int | None, currency: str = "USD") -> str:
    """A price: `$0.15`, `0.15 EUR`, `free`."""
    if rate is None:
        return NOT_APPLICABLE
    if rate == 0:
        return "free"
    number = format_plain(Decimal(rate))
    return f"${number}" if currency == "USD" else f"{number} {currency}"


def format_fact(value: Any) -> str:
    """Any value of an entry, on one line."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: NOT_APPLICABLE, True: "yes", False: "no"}[value]
    if isinstance(value, int | Decimal):
        return f"{value:,}" if isinstance(value, int) else format_plain(value)
    if isinstance(value, Sequence) and not any(isinstance(item, Mapping) for item in value):
        return ", ".join(map(format_fact, value)) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{rate_name(name)} {format_fact(item)}" for name, item in value.items()) or "none"
    return dumps(value)


def rate_name(name: str) -> str:
    """`cache_write_1h` -> `cache write 1h`."""
    return name.replace("_", " ")


def describe_condition(when: Mapping[str, Any]) -> str:
    """When a variant holds: `batch tier, over 200,000 input tokens`."""
    return ", ".join(_describe_clause(key, value) for key, value in when.items()) or "always"


def _describe_clause(key: str, value: Any) -> str:
    words = {
        "input_tokens_above": "over {} input tokens",
        "monthly_tokens_above": "over {} tokens a month",
        "service_tier": "{} tier",
        "region": "region {}",
        "from": "from {}",
        "until": "until {}",
        "utc": "{} UTC",
        "days": "on {}",
    }
    if key == "days":
        value = ["public holidays in China" if day == CN_HOLIDAY else day for day in value]
    return words.get(key, f"{rate_name(key)} {{}}").format(format_fact(value))


def describe_variant(body: Mapping[str, Any], currency: str = "USD") -> str:
    """What a variant changes: `input $1.5, output $6, then 0.5 times all token rates`."""
    changes = [f"{rate_name(name)} {format_amount(rate, currency)}" for name, rate in rates_of(body).items()]
    changes += [
        f"per {rate_name(name)} {format_amount(rate, currency)}" for name, rate in (body.get("per") or {}).items()
    ]
    if body.get("multiply") is not None:
        changes.append(f"{format_plain(Decimal(body['multiply']))} times the token rates")
    return ", ".join(changes)


def own_price_note(own_price: Mapping[str, Any] | None) -> str | None:
    """That prices are the person's own, and by which setting; None where they are list prices."""
    if own_price is None:
        return None
    factor = format_plain(Decimal(own_price["multiply"]))
    return f"your prices: {factor} x list price (prices: {own_price['name']} in llmreg.yml)"


def describe_standing(status: str, body: Mapping[str, Any], last_listed: str | None = None) -> str | None:
    """What a person must know of a model that is deprecated, unlisted or retired; None of any other. `last_listed` is
    the day on which a source was last known to list an unlisted one."""
    if status not in ENDED:
        return None
    days = {"retired": body.get("retirement_date"), "deprecated": body.get("deprecation_date"), "unlisted": last_listed}
    since = days[status]
    text = "no longer listed by any source" if status == "unlisted" else status
    text += f" since {since}" if since else ""
    if status == "deprecated" and body.get("retirement_date"):
        text += f", retires on {body['retirement_date']}"
    replacement = body.get("replacement")
    return f"{text}; use {replacement} instead" if replacement else text
