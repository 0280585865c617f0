"""`sql`: a statement of a person's own over the index, and over the catalog's past where it names that."""

import os
from collections.abc import Mapping, Sequence

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.query.table import Table
from registry_cli.errors import UsageError
from registry_cli.store.index.sql import run_sql


def run_statement(asked: OpenCatalog, statement: str, environ: Mapping[str, str] = os.environ) -> Table:
    """Return the rows of one reading statement.

    Raises `UsageError` for any other statement, and `GitError` if it names a past that cannot be read.
    """
    columns, rows = _run_with_past(asked, statement, environ)
    first = rows[0] if rows else ()
    numbers = frozenset(place for place, value in enumerate(first) if isinstance(value, int | float))
    return Table(distinct_columns(columns), rows, numbers)


def _run_with_past(
    asked: OpenCatalog, statement: str, environ: Mapping[str, str]
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the answer to a statement, after making each table of the past that it names."""
    try:
        return run_sql(asked.index, statement)
    except UsageError as error:
        # Imported late: hardly any statement is about the past.
        from registry_cli.store.timeline.timeline_sql import PAST  # noqa: PLC0415

        wanted = next((name for name in PAST if error.message.endswith(f"no such table: {name}")), None)
        if wanted is None:
            raise
    from registry_cli.commands.history.open import open_history  # noqa: PLC0415
    from registry_cli.store.catalog.locate import check_has_past  # noqa: PLC0415
    from registry_cli.store.timeline.timeline_sql import make_table  # noqa: PLC0415

    check_has_past(asked.place)
    with open_history(asked.place.root, until=asked.then and asked.then.commit, environ=environ) as past:
        make_table(asked.index.connection, wanted, past.timeline)
    return _run_with_past(asked, statement, environ)


def distinct_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return names without repetitions (`id`, `id_2`), so that a row can become a mapping without loss."""
    taken = set(columns)
    seen: set[str] = set()
    found = []
    for column in columns:
        name, number = column, 2
        while name in seen or (name != column and name in taken):
            name, number = f"{column}_{number}", number + 1
        seen.add(name)
        found.append(name)
    return tuple(found)
