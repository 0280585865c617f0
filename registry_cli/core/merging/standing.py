"""Which facts of a source stand below what every other source states.

A source is believed in the order of its provider's precedence. Some of what it states is worth less than the rest: it
counts only where no source states the fact at its own rank. To add such facts, add a row to `_LAST`: the name of the
source and the fields, as `fields_of` names them. Of the rows the first stands highest.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from registry_cli.core.statements.facts import Fields
from registry_cli.core.statements.lifecycle_sources import LIST_OF_MANY

Words = Sequence[tuple[str, Fields]]  # what each source states, the highest first

_RELEASE_DATE = "release_date"
_RELEASE = frozenset({_RELEASE_DATE})
# Makers whose list says when the entry of a model was made, some days before the release.
_ENTERED_BEFORE = frozenset({"anthropic", "minimax", "xai"})
_DAYS_BEFORE = 14
_LAST = (
    # It tells when models end; what models are called, and since when, others know better.
    (LIST_OF_MANY, frozenset({"name", "aliases", "release_date"})),
    # These have `created`: when the entry was made, days before the release, or long after it at OpenRouter.
    ("anthropic", _RELEASE),
    ("minimax", _RELEASE),
    ("xai", _RELEASE),
    ("openrouter", _RELEASE),
)


def rank_by_standing(words: Words) -> Words:
    """The words in the order in which they are believed: a source may come twice, with what stands last at the end."""
    stated = dict(words)
    last_of = {source: last for source, last in _LAST if source in stated}
    if not last_of:
        return words
    entered = entry_day(words)
    if entered:
        for source, fields in words:
            if fields.get(_RELEASE_DATE) == entered:
                last_of.setdefault(source, _RELEASE)
    ranked = [(source, _remove_standing(fields, last_of.get(source, frozenset()))) for source, fields in words]
    for source, last in last_of.items():
        ranked.append((source, _select_fields(stated[source], last)))
    return ranked


def entry_day(words: Words) -> str | None:
    """The day on which the maker entered the model into its list. A source that has it as the release copied it."""
    return next((fields.get(_RELEASE_DATE) for source, fields in words if source in _ENTERED_BEFORE), None)


def is_release_after_entry(day: Any, entered: str) -> bool:
    """Whether a date may be that of the release of a model which was entered then, and so is the better one."""
    try:
        days = (date.fromisoformat(day) - date.fromisoformat(entered)).days
    except (TypeError, ValueError):
        return False
    return 0 < days <= _DAYS_BEFORE


def _remove_standing(fields: Fields, names: frozenset[str]) -> Fields:
    return {name: value for name, value in fields.items() if name not in names} if names else fields


def _select_fields(fields: Fields, names: frozenset[str]) -> Fields:
    return {name: value for name, value in fields.items() if name in names}
