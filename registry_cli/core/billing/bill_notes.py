"""Warnings and notes beside a bill: calls that exceed the limits of a model, and prices that need explaining."""

from collections.abc import Iterator, Sequence

from registry_cli.core.billing.bills import EXACT, Bill
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.usage import Usage
from registry_cli.core.catalog.models import Model
from registry_cli.core.pricing.rates import UNPRICED
from registry_cli.core.pricing.rounding import round_to_digits
from registry_cli.core.text.exact_json import format_plain

_RATIO_DIGITS = 4
_STANDARD_REGION = "global"


def warn_of_sizes(model: Model, calls: Sequence[tuple[Usage, Conditions]]) -> Iterator[str]:
    """Warn of calls that exceed the limits of the model: often the tokens of many calls, given as those of one."""
    sent = max(usage.input_tokens for usage, _ in calls)
    made = max(usage.output_tokens for usage, _ in calls)
    both = max(usage.all_tokens for usage, _ in calls)
    window, most = model.context_window, model.max_input_tokens
    if most and sent > most:
        yield f"one call of {sent:,} input tokens exceeds the input limit of {most:,}"
    elif window and both > window:
        yield f"one call of {both:,} tokens exceeds the context window of {window:,}"
    if model.max_output_tokens and made > model.max_output_tokens:
        yield f"one call of {made:,} output tokens exceeds the output limit of {model.max_output_tokens:,}"


def note_prices(bill: Bill) -> Iterator[str]:
    """Note prices that replace missing ones, that do not apply, or that only long calls have."""
    for part in bill.parts:
        if part.note:
            yield part.note
        if part.price is None and part.cost is not None:
            yield f"{part.priced_as} does not apply: {format_plain(part.count)} of it cost nothing"
    thresholds = [held.when["input_tokens_above"] for held in bill.held if "input_tokens_above" in held.when]
    if thresholds:
        yield f"long-context prices apply: one call has more than {max(thresholds):,} input tokens"


def note_conditions(model: Model, calls: Sequence[tuple[Usage, Conditions]]) -> Iterator[str]:
    """Note given conditions for which the model has no price.

    A service tier without a price is not noted here: it makes the bill an estimate, which has a reason of its own.
    """
    if model.billing == "subscription":
        yield "sold by subscription: what a call costs is not stated"
    known = [variant.when for variant in (model.pricing or UNPRICED).variants]
    for conditions in dict.fromkeys(conditions for _, conditions in calls):
        for name in ("region", "size", "quality", "resolution"):
            given = getattr(conditions, name)
            if given not in (None, _STANDARD_REGION) and not any(
                str(when.get(name, "")).casefold() == given.casefold() for when in known
            ):
                yield f"no price is stated for {name} {given}: the standard price is used"


def compare_bills(other: Bill, bill: Bill) -> str:
    """Return the other bill relative to this one, such as `0.5 x`, or its total if there is no meaningful ratio."""
    if bill.total and not bill.unknown and not other.unknown:
        ratio = EXACT.divide(other.total, bill.total)
        rounded = round_to_digits(ratio, _RATIO_DIGITS)
        if rounded == 1:
            return str(other)
        is_rougher = other.estimates and not bill.estimates
        return f"{'about ' if is_rougher else ''}{format_plain(rounded)} x"
    return f"at least {other.known}" if other.unknown and other.unknown == bill.unknown else str(other)
