"""A person's own statement over the index: read-only, one at a time, bounded in time and size."""

import sqlite3
import time

from registry_cli.errors import UsageError
from registry_cli.store.index import Index

SECONDS = 10.0
MAX_ROWS = 200_000
_MAX_VALUE = 10_000_000  # bytes of one value, so that no function can ask for all the memory
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_HARMLESS_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list", "index_info"})
_DAMAGE = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR"})


def run_sql(
    index: Index, statement: str, *, seconds: float = SECONDS
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The columns and rows of one statement. Raises `UsageError` with what SQLite says of a wrong one."""
    try:
        return _run(index.connection, statement, seconds)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if any(name.startswith(kind) for kind in _DAMAGE) and index.repair():
            return run_sql(index, statement, seconds=seconds)
        raise UsageError(f"sql: {_said(error, seconds)}") from None
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:  # two statements are a Warning until 3.12
        raise UsageError(f"sql: {_said(error, seconds)}") from None


def _run(
    connection: sqlite3.Connection, statement: str, seconds: float
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    end = time.monotonic() + seconds
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
    connection.set_authorizer(_authorize)
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        cursor = connection.execute(statement)
        if cursor.description is None:
            raise UsageError("sql: one SELECT is wanted")
        rows = cursor.fetchmany(MAX_ROWS + 1)
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)
    if len(rows) > MAX_ROWS:
        raise UsageError(f"sql: more than {MAX_ROWS:,} rows; add a LIMIT")
    return tuple(column[0] for column in cursor.description), rows


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    allowed = action in _READS or (action == sqlite3.SQLITE_PRAGMA and first in _HARMLESS_PRAGMAS)
    return sqlite3.SQLITE_OK if allowed and second != "load_extension" else sqlite3.SQLITE_DENY


def _said(error: Exception, seconds: float) -> str:
    text = str(error)
    if text == "interrupted":
        return f"stopped after {seconds:g} seconds"
    if text in ("not authorized", "authorization denied"):
        return "only reading is allowed"
    return text
