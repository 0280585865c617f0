"""`query`: models by what they can do, cost and allow."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.catalog.status import STATUSES
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.query.columns import DEFAULT, Column, needs_schema, parse_columns, value_at
from registry_cli.core.query.filters import MODALITIES, MODES, Filters, Selection
from registry_cli.core.query.table import Table
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError
from registry_cli.store.catalog.bundled import read_schema
from registry_cli.store.index.query import fetch_models, resolve_capability

DOCUMENT = ("full_id", "provider", "id", "status", "price", "overlay", "body")


class OutputSpec(NamedTuple):
    """What of each model is wanted: `columns` by name, none for the usual ones; `documents` for whole entries."""

    columns: Sequence[str] = ()
    documents: bool = False


def query_models(asked: OpenCatalog, selection: Selection, day: str, wanted: OutputSpec) -> Table:
    """The models that a selection means, with names as people spell them. Raises `UsageError`."""
    selection = selection._replace(filters=resolve_filters(asked, selection.filters))
    if wanted.documents and not wanted.columns:
        rows = fetch_models(asked.index, DOCUMENT, selection, day)
        return Table(("model",), [row[:1] for row in rows], documents=[model_json(row) for row in rows])
    columns = parse_columns(wanted.columns or DEFAULT, read_schema() if needs_schema(wanted.columns) else None)
    sources = [column.source for column in columns]
    rows = fetch_models(asked.index, [*sources, "overlay"] if asked.overlay else sources, selection, day)
    marked = frozenset(number for number, row in enumerate(rows) if row[-1]) if asked.overlay else frozenset()
    return Table(
        tuple(column.name for column in columns),
        _read_values(rows, columns),
        frozenset(place for place, column in enumerate(columns) if column.numeric),
        marked,
    )


def count_matches(asked: OpenCatalog, selection: Selection, day: str) -> int:
    """Return how many models match."""
    return len(
        fetch_models(asked.index, ["key"], selection._replace(filters=resolve_filters(asked, selection.filters)), day)
    )


def model_json(row: Sequence[Any]) -> str:
    """Return a model as one JSON object: its names, what depends on the day, then its entry in the catalog.

    `row` has the columns `DOCUMENT`. All but the names are JSON already, so every number keeps its spelling.
    """
    from json.encoder import encode_basestring_ascii as quoted  # noqa: PLC0415  # not for a table

    full_id, provider, model, status, price, overlay, body = row
    own = f'"overlay":{overlay},' if overlay else ""
    head = (
        f'{{"full_id":{quoted(full_id)},"provider":{quoted(provider)},"id":{quoted(model)},'
        f'"status":"{status}","price":{price or "null"},{own}'
    )
    return head.removesuffix(",") + "}" if body == "{}" else head + body[1:]


def resolve_filters(asked: OpenCatalog, filters: Filters) -> Filters:
    """Return the filters with canonical names. Raises `UsageError` for a name that nothing has."""
    for option, given, known in (
        ("--mode", filters.modes, MODES),
        ("--status", filters.statuses, STATUSES),
        ("--input-modality", filters.input_modalities, MODALITIES),
        ("--output-modality", filters.output_modalities, MODALITIES),
    ):
        for word in given:
            if word not in known:
                near = did_you_mean(word, known)
                raise UsageError(f"{option}: {word!r} is not one of {', '.join(known)}{near}")
    if not filters.providers and not filters.capabilities and filters.base_model is None:
        return filters
    return filters._replace(
        base_model=_resolve_base_model(asked, filters.base_model),
        providers=tuple(_resolve_provider(asked, name) for name in filters.providers),
        capabilities=tuple(resolve_capability(asked.index, name) for name in filters.capabilities),
    )


def _resolve_base_model(asked: OpenCatalog, text: str | None) -> str | None:
    """Return the base model that a text is, or else that of the models that it names."""
    if text is None or asked.index.fetch_rows("SELECT 1 FROM models WHERE base_model = ? LIMIT 1", (text,)):
        return text
    from registry_cli.core.names.names import ModelName, model_at  # noqa: PLC0415  # brings the entries' types
    from registry_cli.core.names.reading_names import resolve_for_reading  # noqa: PLC0415

    provider = asked.names.provider(text.partition("/")[0]) if "/" in text else None
    own = model_at(asked.names, provider, text) if provider else None
    meant: list[ModelName] = [own] if own else asked.names.hosts(text) or [resolve_for_reading(asked.names, text).name]
    rows = [asked.index.fetch_rows("SELECT base_model FROM models WHERE full_id = ?", (str(name),)) for name in meant]
    stated = sorted({base for found in rows for (base,) in found if base})
    if len(stated) > 1:
        raise UsageError(f"--base-model: {text!r} is {' and '.join(stated)}: write which is meant")
    if not stated:
        raise UsageError(f"--base-model: {meant[0]} states no base model, so its other hosts are not known")
    return str(stated[0])


def _resolve_provider(asked: OpenCatalog, name: str) -> str:
    from registry_cli.core.names.reading_names import resolve_provider_for_reading  # noqa: PLC0415  # as above

    return resolve_provider_for_reading(asked.names, name)


def _read_values(rows: list[tuple[Any, ...]], columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Return rows without the overlay's column, and the part of JSON that a column means in its place."""
    inner = [place for place, column in enumerate(columns) if column.source in ("price", "body")]
    if not inner:
        return rows if not rows or len(rows[0]) == len(columns) else [row[: len(columns)] for row in rows]
    from registry_cli.core.text.exact_json import loads  # noqa: PLC0415  # only where JSON is opened

    found = []
    for row in rows:
        parsed: dict[str, Any] = {}
        values = list(row[: len(columns)])
        for place in inner:
            source, text = columns[place].source, row[place]
            if source not in parsed:
                parsed[source] = loads(text) if text else {}
            value = value_at(parsed[source], columns[place].path)
            values[place] = None if value is ABSENT else value
        found.append(tuple(values))
    return found
