"""A Parquet file with the columns of `export csv`, limits as integers and prices as exact decimals."""

import io
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.format.fields import NUMBERS, TEXT_FIELDS
from registry_cli.core.query.flat_rows import LISTS, parse_list
from registry_cli.errors import UsageError
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.csv_table import KEYS, rows_of
from registry_cli.exports.facts import provider_losses

_NOT_PRICES = TEXT_FIELDS | {"pricing.variants", "pricing.per"}
_DIGITS = 38


def write(shelves: Sequence[Shelf], _day: str) -> Exported:
    """One file. A fact that does not apply is null there, as an unknown one is; these are its losses."""
    try:
        import pyarrow as pa  # noqa: PLC0415  # an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise UsageError("export parquet: needs pyarrow; install llmreg[parquet]") from None
    losses: Counter[str] = Counter()
    for shelf in shelves:
        losses += provider_losses(shelf.provider, set())
    rows = rows_of(shelves)
    losses.update(column for row in rows for column, cell in row.items() if cell == "null")
    arrays = {}
    for column in [*KEYS, *sorted({column for row in rows for column in row} - set(KEYS))]:
        values = [_cell_value(column, row.get(column)) for row in rows]
        arrays[column] = pa.array(values, type=_column_type(pa, column, values))
    buffer = io.BytesIO()
    parquet.write_table(pa.table(arrays), buffer)
    return Exported({"": buffer.getvalue()}, losses)


def _is_price(column: str) -> bool:
    return column.startswith("pricing.") and column not in _NOT_PRICES


def _column_type(pa: Any, column: str, values: Sequence[Any]) -> Any:
    if column in NUMBERS:
        return pa.int64()
    if _is_price(column):
        decimals = max((-int(value.as_tuple().exponent) for value in values if value is not None), default=0)
        return pa.decimal128(_DIGITS, max(decimals, 0))
    if column in LISTS:
        return pa.list_(pa.string())
    return pa.bool_() if column == "open_weights" else pa.string()


def _cell_value(column: str, cell: str | None) -> Any:
    if cell is None or cell == "null":
        return None
    if column in NUMBERS:
        return int(cell)
    if _is_price(column):
        return Decimal(cell)
    if column in LISTS:
        return parse_list(cell)
    return cell == "true" if column == "open_weights" else cell
