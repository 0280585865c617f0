"""The cost of calls to one model: exact, in the currency of its prices, with every unknown reported.

Every token is billed at one rate of the catalog. A rate that is not stated falls back to the one that it usually equals
(`usual_rate`). The rates are the base rates after every variant whose condition holds. If a rate is needed and unknown,
the total is a lower bound. A `null` rate does not apply and costs nothing. If a rate replaces one that the catalog
should state, the total is an estimate.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from registry_cli.core.billing.bill_notes import compare_bills, note_conditions, note_prices, warn_of_sizes
from registry_cli.core.billing.bills import (
    ZERO,
    Bill,
    Part,
    Remarks,
    add,
    add_bills,
    multiply,
    multiply_bill,
    normalize,
    strip_zeros,
    unique_texts,
)
from registry_cli.core.billing.call_conditions import Conditions, VariantCondition
from registry_cli.core.billing.rate_table import PricedAs, RateTable, rate_names
from registry_cli.core.billing.service_tiers import tiers_of
from registry_cli.core.billing.usage import MergedCalls, Usage
from registry_cli.core.catalog.models import Model
from registry_cli.core.pricing.conditions import CN_HOLIDAY
from registry_cli.core.pricing.rates import UNPRICED

_REMEMBERED = 1000  # sets of conditions
Calls = Sequence[tuple[Usage, Conditions]]
_MEDIA_MODES = {
    "image_generation": "image",
    "image_edit": "image",
    "video_generation": "video",
    "audio_speech": "audio",
}
# Units that may have one of several prices in a catalog: the first stated one applies.
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


class ModelPrice:
    """The prices of one model, prepared once for billing many calls."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._name = model.full_id
        self._pricing = model.pricing or UNPRICED
        self._conditions = [VariantCondition.from_when(variant.when) for variant in self._pricing.variants]
        self._by_words: dict[tuple[str | None, ...], Sequence[int]] = {}
        self._tables: dict[tuple[int, ...], RateTable] = {}
        self._output_kind = _only_output_kind(model, rate_names(self._pricing))
        self._tiers = tiers_of(model)
        self._has_holidays = any(CN_HOLIDAY in condition.days for condition in self._conditions)

    def has_tier(self, conditions: Conditions) -> bool:
        """Return whether the model has a price for the service tier; it always has one for the standard tier."""
        tier = conditions.special_tier
        return tier is None or tier in self._tiers

    @property
    def thresholds(self) -> list[int]:
        """The numbers of input tokens above which the price of a call changes."""
        above = (variant.when.get("input_tokens_above") for variant in self._pricing.variants)
        return [size for size in above if size is not None]

    def bill_call(self, usage: Usage, conditions: Conditions) -> Bill:
        """Return the bill of one call."""
        table = self._table_for(conditions, usage)
        tokens = self._name_output(usage.tokens) if self._output_kind else usage.tokens
        parts = [_price_part(name, Decimal(count), table.price_token(name)) for name, count in tokens.items()]
        if usage.units or table.units:
            parts += self._price_units(usage, table)
        total = ZERO
        unknown, estimates = [*usage.unread], [*usage.doubts]
        if usage.undivided and table.price_token("output").price:
            unknown.append("output")
        if usage.merged is not None and self._may_cross_threshold(usage.merged):
            estimates.append("the size of each call is not stated, and long calls have other prices")
        if self._has_holidays:
            estimates += self._doubt_holidays(usage, conditions)
        for part in parts:
            if part.cost is None:
                unknown.append(part.priced_as)
            else:
                total = add(total, part.cost)
            if part.is_estimate and part.note:
                estimates.append(part.note)
        if conditions.service_tier and total and not self.has_tier(conditions):
            tier = conditions.special_tier
            estimates.append(f"no price is stated for service tier {tier}: the standard price is used")
        return Bill(
            self._name,
            self._pricing.currency,
            strip_zeros(total),
            tuple(parts),
            unique_texts(unknown) if unknown else (),
            unique_texts(estimates) if estimates else (),
            table.held,
            own_price=self.model.own_price,
            calls=1 if usage.merged is None else usage.merged.calls,
            remark=partial(self._make_remarks, ((usage, conditions),), 1),
        )

    def _doubt_holidays(self, usage: Usage, conditions: Conditions) -> Iterator[str]:
        """Return a reason for an estimate if the day may be a public holiday with a price of its own."""
        for place in self._variants_for(conditions):
            if self._conditions[place].depends_on_unknown_holiday(conditions, usage.input_tokens):
                day = conditions.day
                yield f"{day} may be a public holiday in China, with another price: llmreg has no calendar of it"

    def bill_calls(self, calls: Calls, times: int = 1) -> Bill:
        """Return the bill of several calls together. Each is priced separately, and all are made so many times."""
        bill = add_bills([self.bill_call(usage, conditions) for usage, conditions in calls])
        return replace(multiply_bill(bill, times), remark=partial(self._make_remarks, calls, times))

    def _may_cross_threshold(self, merged: MergedCalls) -> bool:
        return any(merged.input_tokens <= size < merged.possible_input_tokens for size in self.thresholds)

    def _table_for(self, conditions: Conditions, usage: Usage) -> RateTable:
        held: tuple[int, ...] = ()
        if places := self._variants_for(conditions):
            sent = usage.input_tokens
            held = tuple([place for place in places if self._conditions[place].holds_in_numbers(conditions, sent)])
        if held not in self._tables:
            self._tables[held] = RateTable(self.model, [self._pricing.variants[place] for place in held])
        return self._tables[held]

    def _variants_for(self, conditions: Conditions) -> Sequence[int]:
        """Return the places of the variants whose tier, region and other words hold."""
        words = conditions.words
        places = self._by_words.get(words)  # one lookup: another thread may clear them
        if places is None:
            if len(self._by_words) > _REMEMBERED:
                self._by_words.clear()
            places = self._by_words[words] = [
                place for place, condition in enumerate(self._conditions) if condition.missing_words(conditions) == {}
            ]
        return places

    def _price_units(self, usage: Usage, table: RateTable) -> Iterator[Part]:
        for unit, count in _count_units(usage, table.units).items():
            price = table.price_unit(self._unit_names(unit))
            yield _price_part(price.name, count, price)

    def _name_output(self, tokens: Mapping[str, int]) -> Mapping[str, int]:
        """Return the tokens with the output named after the only kind of media that the model makes.

        Usage that names the kind itself is returned unchanged.
        """
        if self._output_kind is None or self._output_kind in tokens:
            return tokens
        return {self._output_kind if name == "output" else name: count for name, count in tokens.items()}

    def _unit_names(self, name: str) -> Sequence[str]:
        """Return the names that a unit may have in a price list."""
        if name.endswith("_made"):
            return _MADE[name.removesuffix("_made")]
        if name in _SENT:
            output = self.model.modalities.output
            makes = self.model.mode in _MEDIA_MODES or (bool(output) and "text" not in output)
            return _MADE[name] if makes else _SENT[name]
        return _SINGLE.get(name, (name,))

    def _make_remarks(self, calls: Calls, times: int, bill: Bill) -> Remarks:
        notes = [
            *bill.estimates,
            *note_prices(bill),
            *note_conditions(self.model, calls),
            *self._note_open_conditions(calls, times, bill),
        ]
        return Remarks(unique_texts(warn_of_sizes(self.model, calls)), unique_texts(notes))

    def _note_open_conditions(self, calls: Calls, times: int, bill: Bill) -> Iterator[str]:
        """Note the cost of the calls under each condition that is not given and would change the total."""
        alternatives: dict[str, dict[str, str]] = {}
        for missing in self._open_conditions(calls):
            other = self.bill_calls(
                [(usage, _assume_missing(conditions, missing)) for usage, conditions in calls], times
            )
            if (other.total, other.unknown) != (bill.total, bill.unknown):
                subject = " and ".join(name.replace("_", " ") for name in missing)
                values = ", ".join(map(str, missing.values()))
                alternatives.setdefault(subject, {})[values] = compare_bills(other, bill)
        for subject, prices in alternatives.items():
            yield f"{subject} not given: " + ", ".join(f"{value} would cost {text}" for value, text in prices.items())

    def _open_conditions(self, calls: Calls) -> list[Mapping[str, Any]]:
        """Return the missing conditions under which a variant would hold for one of the calls, without repeats."""
        open_conditions: dict[tuple[tuple[str, Any], ...], Mapping[str, Any]] = {}
        for usage, conditions in calls:
            for condition in self._conditions:
                missing = condition.missing_for(conditions, usage.input_tokens)
                if missing:
                    open_conditions.setdefault(tuple(missing.items()), missing)
        return list(open_conditions.values())


def _price_part(name: str, count: Decimal, priced: PricedAs) -> Part:
    priced_as, price, each, note, is_estimate = priced
    cost = None if each is None else add(normalize(multiply(count, each)), ZERO)  # `strip_zeros`, without a call
    return Part(name, count, priced_as, price, cost, note, is_estimate)


def _count_units(usage: Usage, units: Mapping[str, Decimal | None]) -> Mapping[str, Decimal]:
    """Return the units of a call, with its request if requests are priced."""
    counts = dict(usage.units)
    if "request" in units and usage.requests:
        counts["request"] = usage.requests
    if "query" in units and usage.requests and not {"query", "queries"} & counts.keys():
        counts["query"] = usage.requests
    return counts


def _only_output_kind(model: Model, rates: frozenset[str]) -> str | None:
    """Return the rate of the output of a model that makes only one kind of media, if that kind has its own price."""
    made = model.modalities.output
    medium = _MEDIA_MODES.get(model.mode or "") or (made[0] if len(made) == 1 else None)
    rate = f"output_{medium}"
    return rate if rate in rates else None


def _assume_missing(conditions: Conditions, missing: Mapping[str, Any]) -> Conditions:
    return conditions._replace(**{name: value for name, value in missing.items() if getattr(conditions, name) is None})
