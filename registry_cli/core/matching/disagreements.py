"""Where the sources of a model disagree, by its record alone.

Only what is comparable is compared: prices in one currency, a rate with the same rate, a variant with the variant of
the same condition, dates as far as both go, limits that mean the same (`comparable_limits`). How a model is called, and
what a person wrote, is no disagreement of sources. A source that lists the model no more has no say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.format.fields import (
    DATE,
    LIST,
    PARTIAL_DATE,
    SET,
    TEXT_FIELDS,
    TOKEN_LIMITS,
    paths_of_kind,
    rates_of,
)
from registry_cli.core.matching.listening import DERIVED
from registry_cli.core.matching.policy import currency_of
from registry_cli.core.merging.freshness import comparable_limits
from registry_cli.core.statements.facts import VARIANT, Field, Fields, group_of
from registry_cli.core.statements.record import Line
from registry_cli.core.statements.statement_days import PRICES
from registry_cli.yamledit.apply import equal_data

ALL = Decimal(100)  # per cent: of what is no number, and of a number against 0
_WORDING = TEXT_FIELDS | {"name", "family", "aliases", "base_model"}
_WHOLE_LISTS = frozenset(paths_of_kind(SET, LIST))
_DATES = frozenset(paths_of_kind(DATE, PARTIAL_DATE))


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source says; `checked` is when it last did, `since` the day on which it first did, of prices and limits.
    Each is an empty text where it is not known. `cites` where its price list names a page of the provider."""

    source: str
    value: Any
    checked: str
    since: str = ""
    cites: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of a model (`provider/id`) that sources state differently. `file` is the catalog's value, `ABSENT` where
    it has none; `off` is how far the voices are apart, in per cent of the larger; `kept`: a person let it be."""

    model: str
    field: Field
    file: Any
    voices: tuple[Voice, ...]
    off: Decimal
    kept: bool


def find_disagreements(
    model: str, line: Line, at: Callable[[Field], Any], threshold: Decimal
) -> Iterator[Disagreement]:
    """Those of one model beyond a threshold in per cent; `at` gives the file's value of a field."""
    said = {source: line.said[source] for source in sorted(line.listed_by - {DERIVED})}
    for field in sorted({field for fields in said.values() for field in fields} - _WORDING):
        for speakers in _comparable_groups(field, said):
            voices = tuple(_voice_of(who, field, said[who][field], line) for who in speakers)
            off = _difference_percent(field, [voice.value for voice in voices])
            if off > threshold:
                kept = _is_kept(line.kept.get(field, ()), voices)
                yield Disagreement(model, field, at(field), voices, off, kept)


def _voice_of(source: str, field: Field, value: Any, line: Line) -> Voice:
    group = group_of(field)
    cites = group == PRICES and source in line.cites
    return Voice(source, value, line.checked.get(source, ""), line.since.get(source, {}).get(group, ""), cites)


def add_verdict(line: Line, found: Iterable[Disagreement]) -> dict[Field, Sequence[Any]]:
    """`kept` of a record's line once the values of these disagreements are let be."""
    kept = dict(line.kept)
    for disagreement in found:
        kept[disagreement.field] = _distinct_values(voice.value for voice in disagreement.voices)
    return kept


def _comparable_groups(field: Field, said: Mapping[str, Fields]) -> Iterator[list[str]]:
    """The sources that state a field in a way that can be compared, in groups of two or more."""
    speakers = [source for source, fields in said.items() if field in fields]
    if field.startswith("pricing."):
        by_currency: dict[str, list[str]] = {}
        for source in speakers:
            by_currency.setdefault(currency_of(said[source]), []).append(source)
        groups = [sources for _, sources in sorted(by_currency.items())]
    elif field in TOKEN_LIMITS:
        groups = [comparable_limits(field, said)]
    else:
        groups = [speakers]
    return (group for group in groups if len(group) > 1)


def _difference_percent(field: Field, values: Sequence[Any]) -> Decimal:
    """How far the values are apart in per cent, by the two that are farthest apart."""
    if field.startswith(VARIANT):
        lists = [{**rates_of(value), **_multiply_of(value)} for value in values]
        farthest = Decimal(0)
        for name in set.intersection(*map(set, lists)):
            farthest = max(farthest, _difference_of_numbers([rates[name] for rates in lists]))
        return farthest
    if all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values):
        return _difference_of_numbers([Decimal(value) for value in values])
    if field in _WHOLE_LISTS and all(isinstance(value, list) for value in values):
        return Decimal(0) if len({frozenset(value) for value in values}) == 1 else ALL
    if field in _DATES:
        longest = max(values, key=len)
        return Decimal(0) if all(longest.startswith(value) for value in values) else ALL
    return Decimal(0) if all(equal_data(value, values[0]) for value in values) else ALL


def _multiply_of(variant: Mapping[str, Any]) -> dict[str, Any]:
    return {"multiply": variant["multiply"]} if "multiply" in variant else {}


def _difference_of_numbers(numbers: Sequence[Decimal | int]) -> Decimal:
    low, high = Decimal(min(numbers)), Decimal(max(numbers))
    larger = max(abs(low), abs(high))
    return (high - low) / larger * ALL if larger else Decimal(0)


def _is_kept(kept: Sequence[Any], voices: Sequence[Voice]) -> bool:
    """A verdict holds until a source states a value that was not among the judged ones."""
    return all(_is_among(voice.value, kept) for voice in voices)


def _is_among(value: Any, others: Iterable[Any]) -> bool:
    return any(equal_data(value, other) for other in others)


def _distinct_values(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not _is_among(value, found):
            found.append(value)
    return found
