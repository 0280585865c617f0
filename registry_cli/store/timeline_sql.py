"""The tables of the past in SQL, made when a statement asks for them (`docs/sql.md`)."""

import sqlite3
from collections.abc import Iterator

from registry_cli.core.columns import ABSENT
from registry_cli.core.jsontext import dumps, plain
from registry_cli.core.price_spans import price_spans
from registry_cli.core.timeline import RENAMED, opened
from registry_cli.store.timeline import Timeline

TABLES = """
CREATE TEMP TABLE changes (
  number INTEGER, date TEXT, "commit" TEXT, author TEXT, subject TEXT,
  provider TEXT, model TEXT, kind TEXT, field TEXT, old TEXT, new TEXT
);
CREATE TEMP TABLE prices_over_time (
  full_id TEXT, rate TEXT, since TEXT, until TEXT, price REAL, price_text TEXT,
  effective_date TEXT, committed TEXT, "commit" TEXT
);
"""


def make_tables(connection: sqlite3.Connection, timeline: Timeline) -> None:
    """Fills the tables of the past, for this connection alone."""
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO temp.changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _changes(timeline))
    connection.executemany(
        "INSERT INTO temp.prices_over_time VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                span.model, span.rate, span.since, span.until, None if span.price is None else float(span.price),
                None if span.price is None else plain(span.price), span.effective_date, span.committed, span.commit,
            )
            for span in price_spans(timeline.events())
        ),
    )  # fmt: skip
    connection.execute("COMMIT")


def _changes(timeline: Timeline) -> Iterator[tuple[object, ...]]:
    """Field by field; a text is itself, anything else is JSON."""
    for number, commit, change in timeline.events():
        head = (number, commit.moment, commit.id, commit.author, commit.subject, change.provider)
        for each in [change] if change.kind == RENAMED else opened(change):
            yield (*head, each.model or None, each.kind, each.field or None, _text(each.old), _text(each.new))


def _text(value: object) -> str | None:
    if value is ABSENT:
        return None
    return value if isinstance(value, str) else dumps(value)
