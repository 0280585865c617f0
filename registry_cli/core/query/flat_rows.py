"""An entry as one flat row of texts, and back: what CSV has in place of structure.

A cell is empty where nothing is stated and `null` where a fact does not apply. Lists are parted by `;`, what has more
structure is JSON in its cell. Columns are named by their path: `pricing.per.page`, `modalities.input`.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from registry_cli.core.format.fields import (
    CAPABILITIES,
    FLAG,
    LIST,
    MAPPING,
    NUMBERS,
    SET,
    TEXT_FIELDS,
    paths_of_kind,
)
from registry_cli.core.format.flattening import OPENED_GROUPS, flatten, put_field
from registry_cli.core.text.exact_json import dumps, format_plain, loads

LISTS = frozenset({*paths_of_kind(SET, LIST, CAPABILITIES), "derived_capabilities"})
_FLAGS = frozenset(paths_of_kind(FLAG))
_STRUCTURES = OPENED_GROUPS | {*paths_of_kind(MAPPING), "capability_details", "pricing.variants"}
_PART = ";"


def flatten_entry(body: Mapping[str, Any]) -> dict[str, str]:
    """The columns and cells of one entry."""
    return {path: _format_cell(value) for path, value in flatten(body, OPENED_GROUPS).items()}


class CellError(ValueError):
    """A cell that its column cannot have."""

    def __init__(self, column: str, cell: str) -> None:
        super().__init__(f"{column}: {cell[:60]!r} is no value of this column")
        self.column = column
        self.cell = cell


def nest_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    """The entry of a row, empty cells left out. Raises `CellError`."""
    body: dict[str, Any] = {}
    for path, cell in cells.items():
        if cell == "":
            continue
        try:
            put_field(body, path, _parse_cell(path, cell), OPENED_GROUPS)
        except (ValueError, InvalidOperation, RecursionError):
            raise CellError(path, cell) from None
    return body


def _format_cell(value: Any) -> str:
    if isinstance(value, str):
        return dumps(value) if value in {"", "null"} or value.startswith('"') or value != value.strip() else value
    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, list | tuple) and value and all(_is_joinable(item) for item in value):
        return _PART.join(value)
    return dumps(value)


def _is_joinable(item: Any) -> bool:
    return isinstance(item, str) and bool(item) and _PART not in item and item == item.strip() and item[0] not in '["'


def _parse_cell(path: str, cell: str) -> Any:
    if cell == "null":
        return None
    if path in LISTS:
        return parse_list(cell)
    if path in _STRUCTURES:
        return loads(cell)
    if path in _FLAGS:
        return _parse_flag(cell)
    if path in NUMBERS or (path.startswith("pricing.") and path not in TEXT_FIELDS):
        return _parse_number(cell, whole=path in NUMBERS)
    return loads(cell) if cell.startswith('"') else cell


def parse_list(cell: str) -> list[Any]:
    """The items of a cell that holds a list."""
    if cell.startswith("["):
        found = loads(cell)
        if not isinstance(found, list):
            raise ValueError(cell)
        return found
    return [part for text in cell.split(_PART) if (part := text.strip())]


def _parse_flag(cell: str) -> bool:
    flags = {"true": True, "false": False, "yes": True, "no": False}
    if cell.lower() not in flags:
        raise ValueError(cell)
    return flags[cell.lower()]


def _parse_number(cell: str, *, whole: bool) -> int | Decimal:
    number = Decimal(cell.removeprefix("$").replace(",", "").replace("_", ""))
    if not number.is_finite() or (whole and number != number.to_integral_value()):
        raise ValueError(cell)
    return int(number) if whole else number
