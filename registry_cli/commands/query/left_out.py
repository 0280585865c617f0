"""What a query left out, for a person: which filter left no model, and how many models it could not judge."""

from collections.abc import Iterator

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import resolve_filters
from registry_cli.core.query.criteria import Criterion, split_criteria
from registry_cli.core.query.filters import Filters
from registry_cli.store.index.counts import count_models, count_unknown

_SHOWN = 3


def explain_left_out(asked: OpenCatalog, filters: Filters, day: str, *, matched: int) -> Iterator[str]:
    """Return notes about a query that `matched` so many models: filters with names as people spell them."""
    filters = resolve_filters(asked, filters)
    if not matched:
        yield _explain_no_match(asked, filters, day)
    unknown, reasons = count_unknown(asked.index, filters, day)
    if unknown:
        counted = ", ".join(f"{reason} ({number:,})" for reason, number in reasons.items())
        yield f"{_count_text(unknown)} left out: {next(iter(reasons)) if len(reasons) == 1 else counted}"


def _explain_no_match(asked: OpenCatalog, filters: Filters, day: str) -> str:
    criteria = list(split_criteria(filters))
    impossible = [criterion for criterion in criteria if not count_models(asked.index, criterion.alone, day)]
    if len(impossible) == 1:
        others = count_models(asked.index, impossible[0].others, day)
        return f"no model matches {impossible[0].option}" + (f"; without it: {_count_text(others)}" if others else "")
    if impossible:
        return f"no model matches {' or '.join(criterion.option for criterion in impossible)}"
    fewer = _count_without(asked, criteria, day)
    if not filters.deprecated and not filters.statuses:
        hidden = count_models(asked.index, filters._replace(deprecated=True), day)
        fewer += [f"with --deprecated: {_count_text(hidden)}"] if hidden else []
    if fewer:
        return "; ".join(["no model matches", *fewer])
    return "no model matches; leaving out any one filter does not help" if criteria else "there are no models"


def _count_without(asked: OpenCatalog, criteria: list[Criterion], day: str) -> list[str]:
    """How many models would match without each filter, those that rule out most first."""
    counts = [(count_models(asked.index, criterion.others, day), criterion.option) for criterion in criteria]
    found = sorted((pair for pair in counts if pair[0]), key=lambda pair: -pair[0])
    return [f"without {option}: {_count_text(number)}" for number, option in found[:_SHOWN]]


def _count_text(number: int) -> str:
    return "1 model" if number == 1 else f"{number:,} models"
