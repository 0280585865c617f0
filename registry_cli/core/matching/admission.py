"""Which answers of a run count, and which wait for a person."""

from collections.abc import Mapping, Sequence

from registry_cli.core.matching.items import Item, Wishes
from registry_cli.core.matching.listening import Heard
from registry_cli.core.matching.policy import is_unproven, reason_for_age, reason_for_first_contact
from registry_cli.core.statements.record import Record


def admit_answers(
    provider: str, answers: Sequence[Heard], record: Record, wishes: Wishes
) -> tuple[list[Heard], list[Item]]:
    """Return the answers that count, comparison sources among them, and what to say of the others.

    An answer waits that is older than what is recorded from its source, and so does the first one of a source that is
    not verified. `--accept PROVIDER#models` admits them all.
    """
    if wishes.decisions.accepts(provider, "models"):
        return list(answers), []
    late = {each.source: reason_for_age(provider, each, record, wishes.stamp) for each in answers}
    timely, too_late = _hold_answers(provider, answers, late)
    new = [each for each in timely if not each.witness and is_unproven(each, record)]
    admitted, unproven = _hold_answers(
        provider, timely, {each.source: reason_for_first_contact(provider, each) for each in new}
    )
    return admitted, [*too_late, *unproven]


def _hold_answers(
    provider: str, answers: Sequence[Heard], reasons: Mapping[str, str | None]
) -> tuple[list[Heard], list[Item]]:
    """The answers but for those of sources that there is a reason to hold, and an item for each of these."""
    held = {source: reason for source, reason in reasons.items() if reason}
    items = [Item(provider, "models", "held", source=source, reason=reason) for source, reason in held.items()]
    return [answer for answer in answers if answer.source not in held], items
