"""genai-prices' `data.json`: a list of providers with the prices of their models, in USD per 1M tokens.

Its calculator takes a price only beside every broader one (`cache_read` needs `input`), and where two narrow ones
meet (sound read from the cache) it wants that price too: `_complete` adds what ours says there.

What has no price is free to that calculator, so a model is left out where it would bill a call, or one side of it, at
nothing although nobody says that it is free.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.models import Model, Pricing
from registry_cli.core.pricing.conditions import ALWAYS, When
from registry_cli.core.pricing.expand import expand_prices
from registry_cli.core.pricing.price_list import PriceList, Rates
from registry_cli.core.pricing.rates import KINDS, day_after
from registry_cli.core.pricing.rounding import tidy_price
from registry_cli.core.text.exact_json import dumps
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses, unpriced_side
from registry_cli.sources.genai_prices import SPELLED, TOKENS, UNITS

_KEYS = {ours: theirs for theirs, ours in TOKENS.items()}
_SOUND = "input_audio_second"
_UNITS = {ours: (theirs, many) for theirs, (ours, many) in reversed(UNITS.items()) if "output" not in theirs}
_UNITS[_SOUND] = ("audio_hours", 3600)  # the broader of two; the narrower needs it
_NEVER = "(?!)"  # a pattern that matches no address
_FIRST_DAY = ""
_SURCHARGES = frozenset({"web_search", "file_search"})  # units that are never all that a call costs
_MEETINGS = (("cache_read", "input"), ("cache_write", "input"), ("cache_write_1h", "input"), ("reasoning", "output"))


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """One JSON list. Prices that change by date are steps of a list; `day` is the one on which a model must have a
    price."""
    losses: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    providers = []
    for shelf in shelves:
        spelled = SPELLED.get(shelf.provider.id, shelf.provider.id)
        models = []
        for model in shelf.models:
            facts = Facts(model)
            lists = _price_lists(model)
            today = lists[max(since for since in lists if since <= day)]
            if reason := _reason_to_leave_out(model, today):
                left_out[reason] += 1
                continue
            models.append(_export_model(facts, _usable_lists(model, lists)))
            losses += facts.count_left()
        if not models:
            continue
        losses += provider_losses(shelf.provider, {"name", "aliases"})
        provider = {"id": spelled, "name": shelf.provider.name or spelled, "api_pattern": _NEVER}
        aliases = [name for name in shelf.provider.aliases if name != spelled]
        match = {"provider_match": _match_clause(aliases)} if aliases else {}
        providers.append({**provider, **match, "models": models})
    return Exported({"": f"{dumps(providers, 1)}\n".encode()}, losses, left_out)


def _export_model(facts: Facts, lists: Mapping[str, PriceList]) -> Mapping[str, Any]:
    model = facts.model
    name = (model.body.get("upstream_ids") or {}).get("genai-prices", model.id)
    entry: dict[str, Any] = {"id": name}
    if label := facts.take("name"):
        entry["name"] = label
    facts.take("aliases")
    entry["match"] = _match_clause([name, *(alias for alias in model.aliases if alias != name)])
    if window := facts.take("context_window"):
        entry["context_window"] = window
    if model.status in ("deprecated", "unlisted", "retired"):
        entry["deprecated"] = True
        facts.cross_off(*(["status"] if model.status == "deprecated" else []))
    return {**entry, **_export_prices(facts, lists)}


def _match_clause(names: Sequence[str]) -> Mapping[str, Any]:
    clauses = [{"equals": name} for name in names]
    return clauses[0] if len(clauses) == 1 else {"or": clauses}


def _price_lists(model: Model) -> dict[str, PriceList]:
    """What holds from each day on which a price begins or ends, the first being the beginning of time."""
    lists = {}
    days = _price_days(model)
    for since in days:
        prices = expand_prices(
            model, since, lambda when: _is_expressible(when, hours=len(days) == 1), whole_tiers=True
        ).prices
        if model.billing == "local":
            prices.base.tokens = {"input": Decimal(0), "output": Decimal(0), **prices.base.tokens}
        lists[since] = prices
    return lists


def _reason_to_leave_out(model: Model, prices: PriceList) -> str | None:
    """Why the calculator would bill a call at nothing, or one side of it; None where it has the price or it is free."""
    pricing, base = model.pricing or Pricing(), prices.base
    if pricing.currency != "USD":
        return "price in another currency"
    if not (base.tokens or base.per or pricing.variants):
        return "unknown price"
    table = _price_table(prices)
    rates = {name for name, key in _KEYS.items() if key in table}
    units = {unit for unit, (key, _) in _UNITS.items() if key in table} - _SURCHARGES
    is_free_there = not any(table.values())
    is_free = not any((*base.tokens.values(), *base.per.values()))
    if not (rates or units) or (is_free_there and not is_free):
        return "price in a unit or under a condition that the format lacks"
    if side := unpriced_side(model, rates):
        return f"no {side} price that the format can hold"
    return None


def _usable_lists(model: Model, lists: Mapping[str, PriceList]) -> dict[str, PriceList]:
    """The lists without those of times whose prices are unknown; the first left holds from the beginning of time."""
    known = [(since, prices) for since, prices in lists.items() if _reason_to_leave_out(model, prices) is None]
    return {since if place else _FIRST_DAY: prices for place, (since, prices) in enumerate(known)}


def _export_prices(facts: Facts, lists: Mapping[str, PriceList]) -> dict[str, Any]:
    first = lists[_FIRST_DAY]
    _cross_off(facts, first, hours=len(_price_days(facts.model)) == 1)
    for prices in lists.values():
        prices.drop_usual_rates()
    steps: list[dict[str, Any]] = []
    for since, prices in lists.items():
        table = _with_both_sides(_price_table(prices))
        if not steps:
            steps.append({"prices": table})
        elif table != steps[-1]["prices"]:
            steps.append({"constraint": {"start_date": since}, "prices": table})
    for condition in first.variants:
        if condition.keys() == {"utc"}:
            start, end = condition["utc"][0].split("-")
            constraint = {"start_time": f"{start}:00Z", "end_time": f"{end}:00Z"}
            steps.append(
                {"constraint": constraint, "prices": _with_both_sides(_price_table(first, condition, whole=True))}
            )
    variants = [variant for since in reversed(list(lists)) for variant in _export_variants(lists[since], since)]
    return {
        "prices": steps if len(steps) > 1 else steps[0]["prices"],
        **({"price_variants": variants} if variants else {}),
    }


def _price_days(model: Model) -> list[str]:
    """The days on which a price begins or ends, after the beginning of time."""
    days = set()
    for variant in model.pricing.variants if model.pricing else ():
        days |= {variant.when.get("from"), day_after(variant.when.get("until"))}
    return sorted({_FIRST_DAY, *filter(None, days)})


def _is_expressible(when: Mapping[str, Any], *, hours: bool) -> bool:
    if "utc" in when:
        return hours and when.keys() <= {"utc", "input_tokens_above"} and len(when["utc"]) == 1
    return when.keys() <= {"input_tokens_above", "service_tier", "region"} and when.get("service_tier") != "default"


def _cross_off(facts: Facts, prices: PriceList, *, hours: bool) -> None:
    stated = _complete_pairs({name: {} for name in prices.base.tokens if name in _KEYS})
    facts.cross_off(*(f"pricing.{name}" for name in stated))
    facts.cross_off(*(f"pricing.per.{unit}" for unit in prices.base.per if unit in _UNITS))
    pricing = facts.model.pricing
    if pricing is None or pricing.currency != "USD":
        return
    for variant in pricing.variants:
        condition = {name: value for name, value in variant.when.items() if name not in ("from", "until")}
        # A step or a tier needs a price below it, to fall back to.
        sayable = {name for name in pricing.rates if name in _KEYS} >= variant.rates.keys()
        sayable = sayable and _UNITS.keys() >= variant.per.keys() and (not condition or not variant.per)
        if sayable and _is_expressible(condition, hours=hours):
            facts.cross_off_variant(variant)


def _export_variants(prices: PriceList, since: str) -> Iterator[Mapping[str, Any]]:
    """Overrides for a tier or a region, the more special first: the first that names a price decides it."""
    plain = {
        condition.without("input_tokens_above")
        for condition in prices.variants
        if {"service_tier", "region"} & condition.keys()
    }
    for condition in sorted(plain, key=lambda condition: (-len(condition), *condition.items())):
        context = dict(condition)
        if context.get("service_tier") == "batch":
            context["processing"] = context.pop("service_tier")
        table = _price_table(prices, condition)
        if table:
            constraint = {"constraint": {"start_date": since}} if since else {}
            yield {"when": context, **constraint, "prices": table}


def _price_table(prices: PriceList, under: When = ALWAYS, *, whole: bool = False) -> dict[str, Any]:
    """The prices under a condition with their tiers, by its keys: those the condition changes, or the `whole` list."""
    own = prices.variants.get(under, Rates())  # nothing for the base, or where only its tiers have prices
    stated = {**prices.base.tokens, **own.tokens}
    tiers = {
        condition["input_tokens_above"]: rates.tokens
        for condition, rates in prices.variants.items()
        if "input_tokens_above" in condition and condition.without("input_tokens_above") == under
    }
    found: dict[str, Any] = {}
    for name in (name for name in _KEYS if name in stated):
        steps = [{"start": start, "price": tiers[start][name]} for start in sorted(tiers) if name in tiers[start]]
        flat = all(step["price"] == stated[name] for step in steps)
        found[name] = stated[name] if flat else {"base": stated[name], "tiers": steps}
    found = _complete_pairs(found)
    units = {**prices.base.per, **own.per}
    if "page" not in units:
        units.pop("annotated_page", None)
    if under and not whole:
        changed = {*own.tokens, *(name for rates in tiers.values() for name in rates)}
        found = {name: price for name, price in found.items() if {name, _original_rate(name, stated)} & changed}
        units = {unit: price for unit, price in units.items() if unit in own.per}
    return {
        **{key: found[name] for name, key in _KEYS.items() if name in found},
        **{key: tidy_price(units[unit] * many) for unit, (key, many) in _UNITS.items() if unit in units},
    }


def _with_both_sides(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """With 0 for the side of a call to which no price applies, such as the output of an embedding model."""
    sides = dict.fromkeys((_KEYS["input"], _KEYS["output"]), 0)
    return {**sides, **table} if sides.keys() & table.keys() else table


def _complete_pairs(found: dict[str, Any]) -> dict[str, Any]:
    """With the price of every meeting of two and of the two; without those that lack a broader price."""
    for kind in KINDS:
        for rate, narrow in _MEETINGS:
            others = set(_broader_conditions(f"{rate}_{kind}")) - {f"{narrow}_{kind}"}
            if f"{rate}_{kind}" in found and others <= found.keys():
                found.setdefault(f"{narrow}_{kind}", found[narrow])
    for name in [name for name in found if not found.keys() >= set(_broader_conditions(name))]:
        del found[name]
    for kind in KINDS:
        for rate, narrow in _MEETINGS:
            if rate in found and f"{narrow}_{kind}" in found:
                found.setdefault(f"{rate}_{kind}", found[rate])
    return found


def _original_rate(name: str, stated: Mapping[str, Any]) -> str:
    """The rate that `_complete` made this one of; itself where it is stated."""
    return name if name in stated else name.rpartition("_")[0]


def _broader_conditions(name: str) -> Sequence[str]:
    """The prices that must be there for this one to count."""
    stem, _, kind = name.rpartition("_")
    rate, kinds = (stem, (kind,)) if kind in KINDS else (name, ())
    if rate in ("input", "output"):
        return (rate,) if kinds else ()
    direction = "output" if rate in ("reasoning", "citation") else "input"
    wider = ("cache_write",) if rate == "cache_write_1h" else ()
    return (direction, *wider, *((rate, f"{direction}_{kind}") if kinds else ()))
