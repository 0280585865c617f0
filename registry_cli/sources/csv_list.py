"""A CSV of models: what `export csv` writes, or a team's own table with a header of our field names."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from registry_cli.core.query.filters import RATES
from registry_cli.core.query.flat_rows import nested
from registry_cli.core.sync.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources.exllm import as_written

SOURCE = "csv"
_ALSO = {
    "model": "id", "model_id": "id", "context": "context_window", "max_output": "max_output_tokens",
    "released": "release_date", "currency": "pricing.currency",
    **{rate: f"pricing.{rate}" for rate in RATES if rate != "reasoning"},
}  # fmt: skip
_FIELD = re.compile(
    r"(?:name|description|family|base_model|aliases|upstream_ids|mode|status|context_window|max_input_tokens"
    r"|max_output_tokens|output_dimensions|endpoints|open_weights|capabilities|capability_details|knowledge_cutoff"
    r"|release_date|deprecation_date|retirement_date|retirement_not_before|replacement|discovered_at|updated_at|metadata"
    r"|modalities(?:\.(?:input|output))?|reasoning(?:\.(?:effort|toggle|budget_tokens))?"
    rf"|pricing(?:\.(?:currency|effective_date|variants|{'|'.join(RATES)}|per(?:\.[a-z_]+)?))?)"
)
_MOST = 10_000_000  # characters of one cell


def parse(data: bytes) -> Observations:
    """The whole table. Raises `UpstreamError`, with the row, for what is no value of its column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UpstreamError(f"{SOURCE}: not UTF-8 at byte {error.start}") from None
    csv.field_size_limit(_MOST)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [row for row in reader if any(row)]
    except csv.Error as error:
        raise UpstreamError(f"{SOURCE}: line {reader.line_num}: {error}") from None
    header = [_ALSO.get(name.strip(), name.strip()) for name in (rows[0] if rows else ())]
    if "id" not in header or len(set(header)) < len(header):
        raise UpstreamError(f"{SOURCE}: the first row must name the columns, each once, `id` among them")
    unknown = [name for name in header if name not in {"provider", "id"} and not _FIELD.fullmatch(name)]
    notes = tuple(Note("", "", name, "", "a column the catalog does not have") for name in unknown)
    providers: dict[str, list[ObservedModel]] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(header, row, strict=False))
        provider, model = _named(cells, number)
        wanted = {name: cell.strip() for name, cell in cells.items() if name not in {"provider", "id", *unknown}}
        providers.setdefault(provider, []).append(ObservedModel(model, model, _facts(wanted, number)))
    return Observations(
        SOURCE,
        tuple(ObservedProvider(name, name, {}, tuple(models)) for name, models in providers.items()),
        notes,
        own=True,
    )


def _named(cells: Mapping[str, str], number: int) -> tuple[str, str]:
    provider, model = cells.get("provider", "").strip(), cells["id"].strip()
    if not provider:
        provider, _, model = model.partition("/")
    if not provider or not model:
        raise UpstreamError(f"{SOURCE}: row {number} names no provider and model")
    return provider, model


def _facts(cells: Mapping[str, str], number: int) -> Mapping[str, Any]:
    try:
        return as_written(nested(cells))
    except (ValueError, AttributeError, TypeError) as error:
        raise UpstreamError(f"{SOURCE}: row {number}: {error}") from None
