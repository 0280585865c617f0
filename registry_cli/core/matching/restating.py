"""What an answer changes in the evidence of a record's line: since when its source states prices and limits, and
whether its price list names a page of the provider."""

from collections.abc import Mapping
from typing import Any

from registry_cli.core.matching.citations import is_own_page
from registry_cli.core.matching.listening import Heard
from registry_cli.core.statements.facts import Fields
from registry_cli.core.statements.observations import ObservedModel
from registry_cli.core.statements.record import Line
from registry_cli.core.statements.record_times import is_credible
from registry_cli.core.statements.statement_days import PRICES, Days, date_statements


def update_days(old: Line, answer: Heard, said: Fields, model: ObservedModel, now: str, *, is_first: bool) -> Days:
    """Since when the source of an answer states what it `said` of a model; `old` is the line before. `is_first` where
    nothing of the source is recorded of the provider."""
    source = answer.source
    checked = old.checked.get(source, "")
    return date_statements(
        old.said.get(source, {}),
        said,
        old.since.get(source, {}),
        checked=checked[:10] if is_credible(checked, now) else "",
        answered=answer.checked_at[:10],
        own=model.price_day,
        is_first=is_first,
    )


def update_citations(
    cites: frozenset[str], source: str, model: ObservedModel, provider: str, body: Mapping[str, Any]
) -> frozenset[str]:
    """The sources that name a page of the provider for their prices, after one of them stated the model anew."""
    if PRICES not in model.facts:
        return cites
    return cites | {source} if is_own_page(provider, body, model.price_page) else cites - {source}
