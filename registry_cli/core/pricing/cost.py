"""What a call costs: exact, in the currency of the model's prices, and never silent about what is not known.

Every token is billed at one rate of the catalog, a rate that is not stated at the one it usually equals (`USUALLY`).
The rates are the base rates after every variant whose condition holds. A rate that is needed and unknown leaves the
total a lower bound; a `null` rate does not apply, and costs nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from registry_cli.core.catalog.models import Model, Pricing, Rates, Variant
from registry_cli.core.pricing.rates import billed, rates_under, units_under
from registry_cli.core.pricing.usage import KINDS, Usage
from registry_cli.core.text.exact_json import plain

STANDARD_TIERS = frozenset({"standard", "default", "auto", "on_demand", "on-demand"})
_EMPTY = Pricing()
_ZERO = Decimal(0)
_EXACT = 60  # digits: no product of a count, a rate and a few factors has more
_RATIO_DIGITS = 4
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAKERS = frozenset({"image_generation", "image_edit", "video_generation", "audio_speech"})
# Units that have several prices in a catalog: the first stated one counts.
_SENT = {
    "images": ("input_image",),
    "seconds": ("input_second", "input_audio_second", "input_video_second", "second"),
}
_MADE = {
    "images": ("output_image",),
    "seconds": ("output_second", "output_audio_second", "output_video_second", "second"),
}
_SINGLE = {
    "pages": ("page",),
    "characters": ("input_character",),
    "queries": ("query",),
    "web_searches": ("web_search",),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which circumstances a call is made; None where it is not said. `day` is an ISO day and `time` a time of
    that day in UTC (`16:30`)."""

    day: str
    time: str | None = None
    service_tier: str | None = None
    region: str | None = None
    monthly_tokens: int | None = None
    size: str | None = None
    quality: str | None = None
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that was used: `name` is a rate or `per.UNIT`, `priced_as` the rate that stood for it.

    `price` is for one million tokens or for one unit, None where it is unknown (`cost` is None too) or does not apply
    (`cost` is 0).
    """

    name: str
    count: Decimal
    priced_as: str
    price: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Bill:
    """What one call, or several together, cost at one model. `total` is a lower bound where something is `unknown`.

    `held` are the price variants that applied, `notes` what a person should know: conditions that were not given and
    would change the total, prices that do not apply.
    """

    model: str
    currency: str
    total: Decimal
    unknown: tuple[str, ...]
    parts: tuple[Part, ...]
    held: tuple[Variant, ...]
    notes: tuple[str, ...]

    @property
    def exact(self) -> bool:
        return not self.unknown

    @property
    def known(self) -> str:
        """The total as text: `$0.602`, `0.602 EUR`."""
        return f"${plain(self.total)}" if self.currency == "USD" else f"{plain(self.total)} {self.currency}"

    def __str__(self) -> str:
        return self.known if self.exact else f"at least {self.known}, unknown: {', '.join(self.unknown)}"


def usual_rate(name: str) -> str | None:
    """The rate that applies where this one is not stated: `input_audio` costs what `input` does, and so on."""
    stem, _, kind = name.rpartition("_")
    if kind in KINDS:
        return stem
    return "output" if name == "reasoning" else None


def cost(model: Model, usage: Usage, conditions: Conditions) -> Bill:
    """The bill of one call."""
    return cost_of_calls(model, [(usage, conditions)])


def cost_of_calls(model: Model, calls: Sequence[tuple[Usage, Conditions]]) -> Bill:
    """Several calls on one bill: each is priced by itself, then parts of the same kind and price are added up."""
    with localcontext() as context:
        context.prec = _EXACT
        bill = _together([bill_of(model, usage, conditions) for usage, conditions in calls])
        return replace(bill, notes=(*bill.notes, *_unsaid(model, calls, bill)))


def _together(bills: Sequence[Bill]) -> Bill:
    parts: dict[tuple[str, str, Decimal | None], Part] = {}
    held: list[Variant] = []
    for bill in bills:
        held += [variant for variant in bill.held if variant not in held]
        for part in bill.parts:
            key = (part.name, part.priced_as, part.price)
            parts[key] = _added(parts[key], part) if key in parts else part
    return Bill(
        bills[0].model,
        bills[0].currency,
        _tidy(sum((bill.total for bill in bills), _ZERO)),
        tuple(dict.fromkeys(name for bill in bills for name in bill.unknown)),
        tuple(parts.values()),
        tuple(held),
        tuple(dict.fromkeys(note for bill in bills for note in bill.notes)),
    )


def _added(left: Part, right: Part) -> Part:
    amount = None if left.cost is None or right.cost is None else left.cost + right.cost
    return replace(left, count=left.count + right.count, cost=amount if amount is None else _tidy(amount))


def _tidy(number: Decimal) -> Decimal:
    """Without idle zeros."""
    return Decimal(plain(number))


def holds(variant: Variant, conditions: Conditions, input_tokens: int) -> dict[str, Any] | None:
    """What would have to be the case besides what is given: nothing (`{}`) where the variant holds, None where it
    cannot, else the fields of `Conditions` that are not given, each with a value that would do."""
    missing: dict[str, Any] = {}
    for name, wanted in variant.when.items():
        found = _judge(name, wanted, conditions, input_tokens, variant.when)
        if found is None:
            return None
        missing |= found
    return missing


def _judge(
    name: str, wanted: Any, conditions: Conditions, input_tokens: int, when: Mapping[str, Any]
) -> dict[str, Any] | None:
    """`holds` for one condition."""
    met: bool | None
    would_do = {name: wanted}
    match name:
        case "from":
            met = wanted <= conditions.day
        case "until":
            met = conditions.day <= wanted
        case "input_tokens_above":
            met = input_tokens > wanted
        case "monthly_tokens_above":
            used = conditions.monthly_tokens
            met, would_do = None if used is None else used > wanted, {"monthly_tokens": int(wanted) + 1}
        case "utc" | "days":
            met, would_do = _judge_time(when, conditions)
        case _:
            given = getattr(conditions, name)
            met = None if given is None else given.casefold() == str(wanted).casefold()
    return would_do if met is None else {} if met else None


def _judge_time(when: Mapping[str, Any], conditions: Conditions) -> tuple[bool | None, dict[str, Any]]:
    """`utc` and `days` together: a range past midnight belongs to the day on which it starts."""
    days, ranges = when.get("days", _DAYS), when.get("utc")
    today = date.fromisoformat(conditions.day)
    on_day = _weekday(today) in days
    if ranges is None:
        return on_day, {}
    if conditions.time is None:
        return (None if on_day else False), {"time": ranges[0][:5]}
    the_day_before = _DAYS[_DAYS.index(_weekday(today)) - 1] in days
    for start, end in (text.split("-") for text in ranges):
        past_midnight = end <= start
        late = conditions.time >= start and (past_midnight or conditions.time < end)
        if (late and on_day) or (past_midnight and conditions.time < end and the_day_before):
            return True, {}
    return False, {}


def _weekday(day: date) -> str:
    return _DAYS[day.weekday()]


def bill_of(model: Model, usage: Usage, conditions: Conditions) -> Bill:
    """`cost` without a look at the conditions that were not given: for rankings of many models."""
    pricing = model.pricing or _EMPTY
    held = [variant for variant in pricing.variants if holds(variant, conditions, usage.input_tokens) == {}]
    rates = billed(rates_under(pricing, held), model.billing)
    units = billed_units(units_under(pricing, held), model.billing)
    free = model.billing == "local"
    parts = [_token_part(name, count, rates, free=free) for name, count in usage.tokens.items()]
    parts += _unit_parts(model, usage, units, free=free)
    return Bill(
        model.full_id,
        pricing.currency,
        _tidy(sum((part.cost for part in parts if part.cost is not None), _ZERO)),
        tuple(dict.fromkeys(part.priced_as for part in parts if part.cost is None)),
        tuple(parts),
        tuple(held),
        tuple(_remarks(model, parts, conditions)),
    )


def billed_units(units: Rates, billing: str) -> Rates:
    """Under a subscription a stated 0 is no price."""
    return {name: price for name, price in units.items() if price} if billing == "subscription" else units


def _token_part(name: str, count: int, rates: Rates, *, free: bool) -> Part:
    used: str | None = name
    while used is not None and used not in rates:
        used = usual_rate(used)
    if used is None:
        return Part(name, Decimal(count), name, _ZERO if free else None, _ZERO if free else None)
    rate = rates[used]
    return Part(name, Decimal(count), used, rate, _ZERO if rate is None else _tidy((count * rate).scaleb(-6)))


def _unit_parts(model: Model, usage: Usage, units: Rates, *, free: bool) -> Iterator[Part]:
    counts = dict(usage.units)
    if "request" in units and usage.requests:
        counts["request"] = usage.requests
    if "query" in units and usage.requests and not {"query", "queries"} & counts.keys():
        counts["query"] = usage.requests
    for name, count in counts.items():
        candidates = _candidates(model, name)
        unit = next((candidate for candidate in candidates if candidate in units), None)
        if unit is None:
            none = _ZERO if free else None
            yield Part(f"per.{candidates[0]}", count, f"per.{candidates[0]}", none, none)
        else:
            price = units[unit]
            yield Part(f"per.{unit}", count, f"per.{unit}", price, _ZERO if price is None else _tidy(count * price))


def _candidates(model: Model, name: str) -> Sequence[str]:
    if name.endswith("_made"):
        return _MADE[name.removesuffix("_made")]
    if name in _SENT:
        output = model.modalities.output
        makes = model.mode in _MAKERS or (bool(output) and "text" not in output)
        return _MADE[name] if makes else _SENT[name]
    return _SINGLE.get(name, (name,))


def _remarks(model: Model, parts: Sequence[Part], conditions: Conditions) -> Iterator[str]:
    for part in parts:
        if part.price is None and part.cost is not None:
            yield f"{part.priced_as} does not apply: {plain(part.count)} of it cost nothing"
    if model.billing == "subscription":
        yield "sold by subscription: what a call costs is not stated"
    known = [variant.when for variant in (model.pricing or _EMPTY).variants]
    for name in ("service_tier", "region", "size", "quality", "resolution"):
        given = getattr(conditions, name)
        if given is None or (name == "service_tier" and given.casefold() in STANDARD_TIERS):
            continue
        if not any(str(when.get(name, "")).casefold() == given.casefold() for when in known):
            yield f"no price is stated for {name.replace('_', ' ')} {given}: the others are used"


def _unsaid(model: Model, calls: Sequence[tuple[Usage, Conditions]], bill: Bill) -> Iterator[str]:
    """What the calls would cost under each condition that was not given and would change it."""
    variants = (model.pricing or _EMPTY).variants
    open_ends = [
        missing
        for usage, conditions in calls
        for variant in variants
        if (missing := holds(variant, conditions, usage.input_tokens))
    ]
    told: dict[str, dict[str, str]] = {}
    for missing in (one for place, one in enumerate(open_ends) if one not in open_ends[:place]):
        other = _together([bill_of(model, usage, _supposing(conditions, missing)) for usage, conditions in calls])
        if (other.total, other.unknown) != (bill.total, bill.unknown):
            subject = " and ".join(name.replace("_", " ") for name in missing)
            told.setdefault(subject, {})[", ".join(map(str, missing.values()))] = _against(other, bill)
    for subject, values in told.items():
        yield f"{subject} not given: " + ", ".join(f"{value} would cost {text}" for value, text in values.items())


def _supposing(conditions: Conditions, missing: Mapping[str, Any]) -> Conditions:
    return replace(conditions, **{name: value for name, value in missing.items() if getattr(conditions, name) is None})


def _against(other: Bill, bill: Bill) -> str:
    if bill.total and bill.exact and other.exact:
        ratio = other.total / bill.total
        return f"{plain(round(ratio, _RATIO_DIGITS - 1 - ratio.adjusted()) if ratio else ratio)} x"
    return f"at least {other.known}" if other.unknown and other.unknown == bill.unknown else str(other)
