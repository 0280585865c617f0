"""Which changes wait for a person although no person edited the field, and which models only their owner can use."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import NUMBERS, SETS, TEXT_FIELDS, TOKEN_LIMITS
from registry_cli.core.matching.listening import Heard
from registry_cli.core.statements.facts import VARIANT, Field, Fields
from registry_cli.core.statements.observations import ObservedModel
from registry_cli.core.statements.record import Record
from registry_cli.core.statements.record_times import is_credible

FIRST_CONTACT = "first contact with"  # begins the reason that `reason_for_patience` gives
_LEAP = 10
_GONE = Decimal("0.2")
_NAMED = 3
_LIMITS = frozenset({*TOKEN_LIMITS, "reasoning.budget_tokens.max"})
CURRENCY = "pricing.currency"
# A fine-tuned model names the organisation it was made for; the bare `ft:MODEL` is an entry of a price list.
_OWNED = re.compile(r"ft:[^:]+:.+", re.DOTALL)


def reason_to_hold(field: Field, old: Any, new: Any) -> str | None:
    """Why a person should look at a change before it is made; None where it may be."""
    if old is ABSENT or old is None:
        return None
    if field in _LIMITS and _is_number(old) and _is_number(new) and new < old:
        return "the limit shrinks"
    if field in SETS and not new:
        return "the list becomes empty"
    if field.startswith(VARIANT):
        changed = {name for name in old.keys() & new.keys() if name not in ("when", "per")}
        reasons = [_reason_for_leap(old[name], new[name]) for name in sorted(changed)]
        return next((reason for reason in reasons if reason), None)
    if field.startswith("pricing.") and field not in TEXT_FIELDS:
        return _reason_for_leap(old, new)
    return None


def currency_of(fields: Fields) -> str:
    return str(fields.get(CURRENCY, "USD"))


def is_doubtful(before: int, missing: int) -> bool:
    """Whether too much is gone of what a source listed last time for its list to be believed."""
    return missing > before * _GONE


def reason_for_doubt(source: str, missing: Sequence[str], *, empty: bool) -> str:
    if empty:
        return f"{source} lists nothing"
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return f"{source} does not list {', '.join(missing[:_NAMED])}{more}: over 20 % of what it listed before"


def is_unproven(answer: Heard, record: Record) -> bool:
    """Whether a person should check a source's answer first: its parser has not been tried on a real answer, and
    nothing in the record is from it. Statements in the record show that a person accepted them."""
    return (
        not answer.verified and bool(answer.models) and not any(answer.source in line.said for line in record.values())
    )


def reason_for_first_contact(provider: str, answer: Heard) -> str:
    models = "1 model" if len(answer.models) == 1 else f"{len(answer.models):,} models"
    return (
        f"{FIRST_CONTACT} {answer.source}, whose reading nobody has tried on a real answer: it lists {models}; "
        f"--accept {provider}#models lets it speak"
    )


def reason_for_age(provider: str, answer: Heard, record: Record, now: str) -> str | None:
    """Why a recorded answer waits that is older than what is recorded from its source; None for one that is not, and
    for an answer that the source gave just now."""
    times = (line.checked[answer.source] for line in record.values() if answer.source in line.checked)
    known = max((time for time in times if is_credible(time, now)), default="")
    if not answer.recorded or answer.checked_at >= known:
        return None
    return (
        f"the answer of {answer.source} is of {answer.checked_at[:10]}, what is recorded of it is of {known[:10]}; "
        f"--accept {provider}#models takes the older"
    )


def is_account_owned(model: ObservedModel) -> bool:
    """Whether a model is its owner's business: it is never written unless asked for."""
    return model.private or bool(_OWNED.fullmatch(model.id))


def knows_enough(fields: Fields) -> bool:
    """Whether an entry made of these facts would be of use. Without limits and prices it is only a
    name, which counts where the provider itself lists it."""
    return any(field in fields for field in NUMBERS) or any(field.startswith("pricing.") for field in fields)


def _reason_for_leap(old: Any, new: Any) -> str | None:
    if not (_is_number(old) and _is_number(new)):
        return None
    if (old == 0) != (new == 0):
        return "the price moves to zero" if new == 0 else "the price moves from zero"
    low, high = sorted((abs(Decimal(old)), abs(Decimal(new))))
    return f"the price moves more than {_LEAP} times" if high > low * _LEAP else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
