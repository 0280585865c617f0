"""A CSV of models: what `export csv` writes, or a team's own table with a header of our field names."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry_cli.core.format.fields import FIELDS, RATES
from registry_cli.core.query.flat_rows import CellError, nest_cells
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources.exllm import written_facts
from registry_cli.sources.json_text import refuse_long_list
from registry_cli.sources.rows import Rows
from registry_cli.sources.shapes import OddValueError

SOURCE = "csv"
_ALSO = {
    "model": "id", "model_id": "id", "context": "context_window", "max_output": "max_output_tokens",
    "released": "release_date", "currency": "pricing.currency",
    **{rate: f"pricing.{rate}" for rate in RATES if rate != "reasoning"},
}  # fmt: skip
_BUDGET = "reasoning.budget_tokens."  # in one cell, as JSON
_PATHS = "|".join(re.escape(field.path) for field in FIELDS if not field.path.startswith(_BUDGET))
_FIELD = re.compile(
    rf"(?:{_PATHS}|capability_details"
    rf"|pricing\.(?:currency|effective_date|variants|{'|'.join(RATES)}|per(?:\.[a-z_]+)?))"
)
_DERIVED = "derived_capabilities"  # what `export csv` derives from the other columns
_MOST = 10_000_000  # characters of one cell


class _Record(NamedTuple):
    """One row of the table under its number, and the model that it names."""

    number: int
    model: str
    cells: Mapping[str, str]


def parse(data: bytes) -> Observations:
    """The whole table. Raises `UpstreamError` where it is none; a row that cannot be read is noted and left out."""
    header, lines = _read_table(data)
    unknown = {name for name in header if name not in {"provider", "id"} and not _FIELD.fullmatch(name)}
    odd = [name for name in header if name in unknown and name != _DERIVED]
    notes = [Note("", "", name, "", "a column the catalog does not have") for name in odd]
    records: dict[str, list[_Record]] = {}
    for number, line in enumerate(lines, 2):
        cells = dict(zip(header, line, strict=False))
        provider, model = _model_address(cells)
        if provider and model:
            facts = {name: cell.strip() for name, cell in cells.items() if name not in {"provider", "id", *unknown}}
            records.setdefault(provider, []).append(_Record(number, model, facts))
        else:
            notes.append(Note("", "", "id", cells.get("id", ""), f"row {number} names no provider and model"))
    providers = tuple(_read_provider(Rows(SOURCE, name, notes=notes), mine) for name, mine in records.items())
    return Observations(SOURCE, providers, tuple(notes), own=True)


def _read_table(data: bytes) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows below them."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UpstreamError(f"{SOURCE}: not UTF-8 at byte {error.start}") from None
    refuse_long_list(SOURCE, data.count(b"\n"))
    csv.field_size_limit(_MOST)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [row for row in reader if any(row)]
    except csv.Error as error:
        raise UpstreamError(f"{SOURCE}: line {reader.line_num}: {error}") from None
    header = [_ALSO.get(name.strip(), name.strip()) for name in (rows[0] if rows else ())]
    if "id" not in header or len(set(header)) < len(header):
        raise UpstreamError(f"{SOURCE}: the first row must name the columns, each once, `id` among them")
    return header, rows[1:]


def _model_address(cells: Mapping[str, str]) -> tuple[str, str]:
    """The provider and the model of a row; one is empty where it names none."""
    provider, model = cells.get("provider", "").strip(), cells.get("id", "").strip()
    if not provider:
        provider, _, model = model.partition("/")
    return provider, model


def _read_provider(rows: Rows, records: Sequence[_Record]) -> ObservedProvider:
    models = rows.read_models(records, lambda record: record.model, _read_model)
    return ObservedProvider(rows.provider, rows.provider, {}, models)


def _read_model(_rows: Rows, record: _Record) -> ObservedModel:
    try:
        facts = written_facts(nest_cells(record.cells))
    except CellError as error:
        raise OddValueError(error.column, error.cell, f"a value of this column (row {record.number})") from None
    return ObservedModel(record.model, record.model, facts)
