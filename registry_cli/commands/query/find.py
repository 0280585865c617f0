"""One model from the index, opened."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import DOCUMENT, model_json
from registry_cli.core.names.names import ModelName
from registry_cli.core.names.reading_names import resolve_for_reading
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.core.query.wording import describe_standing, own_price_note
from registry_cli.core.text.exact_json import loads
from registry_cli.errors import FileError
from registry_cli.store.index.query import fetch_models


@dataclass(frozen=True)
class FoundModel:
    """A model as of a day. `body` is its entry, `price` its headline rates and their currency, `own` the fields that
    come from a person's own models. `assumption` says how its name was read, where that was not plain.
    `last_listed` is the day since which no source lists an unlisted model, where the record knows it."""

    name: ModelName
    status: str
    price: dict[str, Any]
    own: tuple[str, ...]
    body: dict[str, Any]
    document: str
    assumption: str | None = None
    last_listed: str | None = None

    @cached_property
    def notice(self) -> str | None:
        """That the model is deprecated, unlisted or retired, since when, and its replacement; None otherwise."""
        return describe_standing(self.status, self.body, self.last_listed)

    @property
    def own_prices(self) -> str | None:
        """That the prices are the user's own; None for list prices."""
        return own_price_note(self.body.get("own_price"))

    def is_own(self, field: str) -> bool:
        return self.own == ("*",) or any(own == field or own.startswith(f"{field}.") for own in self.own)


def find_model(asked: OpenCatalog, text: str, day: str) -> FoundModel:
    """Return the model that a text names. Raises `UsageError` with the nearest names."""
    name, assumption = resolve_for_reading(asked.names, text)
    row = fetch_models(asked.index, DOCUMENT, Selection(Filters(deprecated=True)), day, full_id=str(name))[0]
    _, _, _, status, price, overlay, body = row
    return FoundModel(
        name,
        status,
        loads(price) if price else {},
        tuple(loads(overlay)) if overlay else (),
        loads(body),
        model_json(row),
        assumption,
        find_last_listed(asked, name, status),
    )


def find_last_listed(asked: OpenCatalog, name: ModelName, status: str) -> str | None:
    """Return the day since which no source lists an unlisted model, by the source record; None if unknown."""
    if status != "unlisted" or asked.then:
        return None
    from registry_cli.core.sync.once_listed import last_listed  # noqa: PLC0415  # seldom needed
    from registry_cli.store.catalog.records import read_record  # noqa: PLC0415

    try:
        record, _ = read_record(asked.place.root, name.provider)
    except FileError:
        return None  # the answer does not depend on it
    line = record.get(name.id)
    return last_listed(line) if line else None
