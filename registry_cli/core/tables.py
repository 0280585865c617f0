"""Answers as data, for `render` to make text of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under named columns; None is unknown.

    Columns in `numbers` hold numbers, or texts of numbers that must be shown exactly so. `marked` are the numbers of
    the rows that come from a person's own models. `documents` holds, for each row, a whole JSON object where that
    says more than the columns do.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    numbers: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    documents: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a card; `own` says that it comes from a person's own models."""

    label: str
    value: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One entry for reading: what must be known first (`notices`), then titled sections. `document` is its JSON."""

    title: str
    subtitle: str | None
    notices: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Fact, ...]], ...]
    document: str
