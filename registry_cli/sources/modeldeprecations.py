"""modeldeprecations.dev: lifecycle dates of many makers' models, each with the maker's page that states it.

`/api/v1/models.json` needs no key. `computed_status` is as of the day of the file. `earliest_shutdown_on` is a promise
not to retire before that day, not a date of retirement. Descriptions and notes are not read.
"""

from collections.abc import Mapping
from typing import Any

from registry_cli.core.statements.lifecycle_sources import LIST_OF_MANY, PLATFORMS
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources.compatible import value_at
from registry_cli.sources.json_text import read_json
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.rows import Rows, known_facts
from registry_cli.sources.shapes import list_or_empty

SOURCE = LIST_OF_MANY
_PROVIDERS = {theirs: ours for ours, theirs in PLATFORMS.items()}
_STATES = ("active", "deprecated", "retired")


def parse(data: bytes) -> Observations:
    """The whole list; raises `UpstreamError` where it is not one."""
    document = read_json(data, SOURCE, lambda _key: None)
    listed = document.get("models") if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise UpstreamError(f"{SOURCE}: not an object with a list of models")
    by_provider: dict[str, list[Mapping[str, Any]]] = {}
    notes: list[Note] = []
    keys = KeyWatch()
    for row in listed:
        if isinstance(row, dict) and isinstance(row.get("provider"), str):
            by_provider.setdefault(row["provider"], []).append(keys.watch_row(row))
        else:
            notes.append(Note("", "", "provider", "", "a row without a provider"))
    providers = []
    for spelled, rows_of_provider in by_provider.items():
        rows = Rows(SOURCE, _PROVIDERS.get(spelled, spelled))
        models = rows.read_models(rows_of_provider, lambda row: row.get("model"), _read_model)
        providers.append(ObservedProvider(rows.provider, spelled, {}, models))
        notes += rows.notes
    return Observations(SOURCE, tuple(providers), tuple(notes), unread_keys=keys.find_unread(SOURCE))


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    status = row.get("computed_status") or row.get("status")
    facts = known_facts(
        name=rows.read_line("name", row.get("name")),
        status=status if status in _STATES else None,
        aliases=sorted(
            {alias for alias in rows.keep_texts(row.get("aliases")) if alias != row["model"] and rows.read_id(alias)}
        ),
        release_date=rows.read_day("released_on", row.get("released_on")),
        deprecation_date=rows.read_day("deprecated_on", row.get("deprecated_on")),
        retirement_date=rows.read_day("shutdown_on", row.get("shutdown_on")),
        retirement_not_before=rows.read_day("earliest_shutdown_on", row.get("earliest_shutdown_on")),
        replacement=_read_replacement(row),
    )
    return ObservedModel(row["model"], row["model"], facts)


def _read_replacement(row: Mapping[str, Any]) -> str | None:
    """The replacement that is recommended, else the first of the same platform."""
    first = None
    for replacement in list_or_empty(row.get("replacements")):
        model = value_at(replacement, "model")
        if not isinstance(model, str) or value_at(replacement, "provider") != row["provider"]:
            continue
        if replacement.get("recommended") is True:
            return model
        first = first or model
    return first
