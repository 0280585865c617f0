"""CSV: one row a model, one column for every field that any of them states; `core.query.flat_rows` fills the cells."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

from registry_cli.core.query.flat_rows import flatten_entry
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import provider_losses

KEYS = ("provider", "id")
DERIVED = "derived_capabilities"


def write(shelves: Sequence[Shelf], _day: str) -> Exported:
    """Every fact of the models; those of the providers have no row."""
    losses: Counter[str] = Counter()
    for shelf in shelves:
        losses += provider_losses(shelf.provider, set())
    rows = rows_of(shelves)
    columns = [*KEYS, *sorted({column for row in rows for column in row} - set(KEYS))]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return Exported({"": text.getvalue().encode()}, losses)


def rows_of(shelves: Sequence[Shelf]) -> list[dict[str, str]]:
    """The cells of each model by column. Derived capabilities have a column of their own, which `import` leaves out."""
    rows = []
    for shelf in shelves:
        for model in shelf.models:
            row = {"provider": model.provider, "id": model.id, **flatten_entry(model.body)}
            if model.derived_capabilities:
                row |= flatten_entry({DERIVED: list(model.derived_capabilities)})
            rows.append(row)
    return rows
