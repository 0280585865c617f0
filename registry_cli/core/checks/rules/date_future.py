from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.checks.rules.date_order import is_after
from registry_cli.core.text.pointer import Pointer


def check(file: ProviderFile) -> Iterator[Problem]:
    today = file.on
    next_year = f"{int(today[:4]) + 1:04}{today[4:]}"
    for entry in file.entries:
        for where, day, limit in _dates_with_limits(entry.body, today, next_year):
            if day[:10] > limit[: len(day)]:
                yield Problem((*entry.pointer, *where), _describe_date(where[-1], day, today))


def _dates_with_limits(body: Mapping[str, Any], today: str, next_year: str) -> Iterator[tuple[Pointer, str, str]]:
    """Yield each date that has a latest possible day: its place, the date and that day."""
    cutoff, released = body.get("knowledge_cutoff"), body.get("release_date")
    if cutoff and not (released and is_after(cutoff, released)):  # that is date-order's finding
        yield ("knowledge_cutoff",), cutoff, today
    if released:
        yield ("release_date",), released, next_year
    effective = (body.get("pricing") or {}).get("effective_date")
    if effective:
        yield ("pricing", "effective_date"), effective, today


def _describe_date(field: str | int, day: str, today: str) -> str:
    if field == "release_date":
        return f"{day} is more than a year after {today}"
    if field == "effective_date":
        return f"these prices have not begun on {today}: write them as a variant with `from: '{day}'`"
    return f"{day} lies after {today}"


RULE = Rule(
    code="date-future",
    severity="warning",
    summary="A date lies further in the future than it can.",
    why="""\
Training data ends before today, prices that are stated as the base hold already, and a release more than a year
ahead is likelier a slip in the year than a plan. `--on` sets the day to judge by.""",
    fix="""\
Correct the year. Announced prices belong into `variants`, with the day in `from`.""",
    bad="""\
provider: acme
models:
  acme-1:
    knowledge_cutoff: '9026-03' # <-
    release_date: '9026-09-01' # <-
""",
    good="""\
provider: acme
models:
  acme-1:
    knowledge_cutoff: '2026-03'
    release_date: '2026-09-01'
""",
    check=check,
)
