"""`sql`: a statement of a person's own over the index."""

from collections.abc import Sequence

from registry_cli.commands.asking import Asked
from registry_cli.core.tables import Table
from registry_cli.store.index_sql import run_sql


def sql(asked: Asked, statement: str) -> Table:
    """The rows of one reading statement. Raises `UsageError` for any other."""
    columns, rows = run_sql(asked.index, statement)
    first = rows[0] if rows else ()
    numbers = frozenset(place for place, value in enumerate(first) if isinstance(value, int | float))
    return Table(distinct(columns), rows, numbers)


def distinct(columns: Sequence[str]) -> tuple[str, ...]:
    """Names of which none repeats, so that no value is lost where a row becomes a mapping: `id`, `id_2`."""
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
