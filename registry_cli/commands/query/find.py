"""One model from the index, opened."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry_cli.commands.query.open import Asked
from registry_cli.commands.query.query import DOCUMENT, document
from registry_cli.core.catalog.names import ModelName
from registry_cli.core.catalog.reading_names import resolve_for_reading
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.core.query.wording import own_price_note, standing
from registry_cli.core.text.exact_json import loads
from registry_cli.store.index.query import fetch


@dataclass(frozen=True)
class Found:
    """A model as of a day. `body` is its entry, `price` its headline rates and their currency, `own` the fields that
    come from a person's own models. `assumption` says how its name was read, where that was not plain."""

    name: ModelName
    status: str
    price: dict[str, Any]
    own: tuple[str, ...]
    body: dict[str, Any]
    document: str
    assumption: str | None = None

    @cached_property
    def notice(self) -> str | None:
        """That it is deprecated, unlisted or retired, since when, and what replaces it."""
        return standing(self.status, self.body)

    @property
    def own_prices(self) -> str | None:
        """That its prices are the person's own; None where they are list prices."""
        return own_price_note(self.body.get("own_price"))

    def is_own(self, field: str) -> bool:
        return self.own == ("*",) or any(own == field or own.startswith(f"{field}.") for own in self.own)


def find_model(asked: Asked, text: str, day: str) -> Found:
    """The model that a text names. Raises `UsageError` with the nearest."""
    name, assumption = resolve_for_reading(asked.names, text)
    row = fetch(asked.index, DOCUMENT, Selection(Filters(deprecated=True)), day, full_id=str(name))[0]
    _, _, _, status, price, overlay, body = row
    return Found(
        name,
        status,
        loads(price) if price else {},
        tuple(loads(overlay)) if overlay else (),
        loads(body),
        document(row),
        assumption,
    )
