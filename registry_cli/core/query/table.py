"""Answers as data, for `render` to make text of."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Table(NamedTuple):
    """Rows of values under named columns; None is unknown.

    Columns in `numbers` hold numbers, or texts of numbers that must be shown exactly so. `marked` are the numbers of
    the rows that come from a person's own models. `documents` holds, for each row, a whole JSON object where that
    says more than the columns do. `notes` are for a person: what was assumed, what was left out.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    numbers: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    documents: Sequence[str] | None = None
    notes: tuple[str, ...] = ()
