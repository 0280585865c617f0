"""The tables of the history in SQL, created when a statement names them (`docs/sql.md`)."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from registry_cli.core.history.changes import ADDED, CHANGED, REMOVED, RENAMED
from registry_cli.core.history.price_spans import price_spans
from registry_cli.core.text.exact_json import dumps, format_plain, loads
from registry_cli.store.git.log import moment_of
from registry_cli.store.timeline.timeline import Timeline

TABLES = {
    "changes": """CREATE TEMP TABLE changes (
  number INTEGER, date TEXT, "commit" TEXT, author TEXT, subject TEXT,
  provider TEXT, model TEXT, kind TEXT, field TEXT, old TEXT, new TEXT
)""",
    "prices_over_time": """CREATE TEMP TABLE prices_over_time (
  full_id TEXT, rate TEXT, since TEXT, until TEXT, price REAL, price_text TEXT,
  effective_date TEXT, committed TEXT, "commit" TEXT
)""",
}
PAST = tuple(TABLES)


def make_table(connection: sqlite3.Connection, name: str, timeline: Timeline) -> None:
    """Create and fill one of the tables in `PAST`, for this connection only."""
    rows = _change_rows(timeline) if name == "changes" else _price_rows(timeline)
    connection.execute(TABLES[name])
    connection.execute("BEGIN")
    first = next(rows, None)
    if first is not None:
        insert = f"INSERT INTO temp.{name} VALUES ({', '.join('?' * len(first))})"  # noqa: S608  # one of PAST
        connection.execute(insert, first)
        connection.executemany(insert, rows)
    connection.execute("COMMIT")


def _price_rows(timeline: Timeline) -> Iterator[tuple[object, ...]]:
    for span in price_spans(timeline.change_events()):
        yield (
            span.model, span.rate, span.since, span.until, None if span.price is None else float(span.price),
            None if span.price is None else format_plain(span.price), span.effective_date, span.committed, span.commit,
        )  # fmt: skip


def _change_rows(timeline: Timeline) -> Iterator[tuple[object, ...]]:
    """Yield a row for each changed field. A text value is stored as it is, any other as JSON."""
    moments: dict[int, str] = {}
    for number, commit, time, author, subject, provider, model, kind, field, old, new in timeline.change_rows():
        moment = moments.get(time) or moments.setdefault(time, moment_of(time))
        head = (number, moment, commit, author, subject, provider, model or None, kind)
        if kind in (CHANGED, RENAMED):
            yield (*head, field or None, _plain_value(old), _plain_value(new))
        elif kind == ADDED:
            yield from ((*head, name, None, _value_text(value)) for name, value in loads(new).items())
        elif kind == REMOVED:
            yield from ((*head, name, _value_text(value), None) for name, value in loads(old).items())


def _plain_value(text: str | None) -> str | None:
    """Return a value that is JSON already; a text without its quotes."""
    return loads(text) if text is not None and text.startswith('"') else text


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is True:  # this and the next are common, and faster so
        return "true"
    if type(value) is int:
        return str(value)
    return dumps(value)
