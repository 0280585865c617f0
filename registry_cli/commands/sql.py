"""`sql`: a statement of a person's own over the index."""

from registry_cli.commands.asking import Asked
from registry_cli.core.tables import Table
from registry_cli.store.index_sql import run_sql


def sql(asked: Asked, statement: str) -> Table:
    """The rows of one reading statement. Raises `UsageError` for any other."""
    columns, rows = run_sql(asked.index, statement)
    first = rows[0] if rows else ()
    numbers = frozenset(place for place, value in enumerate(first) if isinstance(value, int | float))
    return Table(columns, rows, numbers)
