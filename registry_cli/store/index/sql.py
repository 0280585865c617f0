"""A person's own statement over the index: read-only, one at a time, bounded in time and size."""

import sqlite3
import time
from math import isinf

from registry_cli.errors import UsageError
from registry_cli.store.index.index import Index
from registry_cli.store.index.sql_format import BoundedFormat

SECONDS = 10.0
MAX_ROWS = 200_000
MAX_BYTES = 50_000_000  # of all values together
_MAX_VALUE = 10_000_000  # bytes of one value, so that no function can ask for all the memory
_MAX_COLUMNS = 100  # so that no row can either; the widest view has fewer
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_HARMLESS_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list", "index_info"})
_DAMAGE = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR"})


def run_sql(
    index: Index, statement: str, *, seconds: float = SECONDS
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the columns and rows of one statement. Raises `UsageError` with SQLite's message for a wrong one."""
    try:
        return _run_bounded(index.connection, statement, seconds)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if any(name.startswith(kind) for kind in _DAMAGE) and index.repair():
            return run_sql(index, statement, seconds=seconds)
        raise UsageError(f"sql: {_describe_error(error, seconds)}") from None
    except MemoryError:
        raise UsageError("sql: takes more memory than there is") from None
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:  # two statements are a Warning until 3.12
        raise UsageError(f"sql: {_describe_error(error, seconds)}") from None


def _run_bounded(
    connection: sqlite3.Connection, statement: str, seconds: float
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    end = time.monotonic() + seconds
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, _MAX_COLUMNS)
    connection.set_authorizer(_authorize_action)
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    bounded = BoundedFormat(connection, _MAX_VALUE)
    try:
        cursor = connection.execute(statement)
        if cursor.description is None:
            raise UsageError("sql: one SELECT is wanted")
        rows = _fetch_bounded(cursor)
    except sqlite3.OperationalError:
        if bounded.fault:
            raise UsageError(f"sql: {bounded.fault}") from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)
    return tuple(column[0] for column in cursor.description), rows


def _fetch_bounded(cursor: sqlite3.Cursor) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    size = 0
    for row in cursor:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if any(isinstance(value, float) and isinf(value) for value in row):
            raise UsageError("sql: a number beyond all bounds, such as 9e999, is no answer")
        if size > MAX_BYTES:
            raise UsageError(f"sql: more than {MAX_BYTES // 1_000_000} MB; choose fewer columns, or add a LIMIT")
        if len(rows) == MAX_ROWS:
            raise UsageError(f"sql: more than {MAX_ROWS:,} rows; add a LIMIT")
        rows.append(row)
    return rows


def _authorize_action(
    action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    allowed = action in _READS or (action == sqlite3.SQLITE_PRAGMA and first in _HARMLESS_PRAGMAS)
    return sqlite3.SQLITE_OK if allowed and second != "load_extension" else sqlite3.SQLITE_DENY


def _describe_error(error: Exception, seconds: float) -> str:
    text = str(error)
    if text == "interrupted":
        return f"stopped after {seconds:g} seconds"
    if text in ("not authorized", "authorization denied"):
        return "only reading is allowed"
    return text
