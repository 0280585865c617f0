"""The changes of a catalog, commit by commit: one SQLite file in the cache directory.

A step, from one content of a provider's files to the next, is stored by the ids of both contents. So each is computed
once, even if branches, rebases and reverts change the history around it. The list of commits is extended where HEAD
moved forward, and read from git again where it moved otherwise; where HEAD did not move, nothing else is read. Like the
index, a file is never changed but replaced, and is never needed for a right answer.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Self

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.history.changes import ModelChange
from registry_cli.core.text.exact_json import loads
from registry_cli.store.cache.databases import add_checksum, open_database, remove_checksum
from registry_cli.store.cache.directory import CacheDirectory, CacheFile, CacheKind
from registry_cli.store.cache.fingerprint import code_stamp
from registry_cli.store.git.history import Past
from registry_cli.store.git.log import Commit

_VERSION = 2
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE steps (id INTEGER PRIMARY KEY, contents TEXT NOT NULL UNIQUE);
CREATE TABLE step_changes (step INTEGER, provider TEXT, model TEXT, kind TEXT, field TEXT, old TEXT, new TEXT);
CREATE TABLE contents (id TEXT PRIMARY KEY, fault TEXT) WITHOUT ROWID;
CREATE TABLE commits (walk TEXT, number INTEGER, id TEXT, time INTEGER, author TEXT, subject TEXT,
                      PRIMARY KEY (walk, number)) WITHOUT ROWID;
CREATE TABLE commit_steps (walk TEXT, number INTEGER, step INTEGER, PRIMARY KEY (walk, step, number)) WITHOUT ROWID;
CREATE TABLE states (walk TEXT, name TEXT, content TEXT, PRIMARY KEY (walk, name)) WITHOUT ROWID;
CREATE TABLE gaps (walk TEXT, number INTEGER, file TEXT, fault TEXT);
"""
_INDEXES = (  # made once the rows are there, which costs less
    "CREATE INDEX IF NOT EXISTS changes_of_step ON step_changes (step)",
    "CREATE INDEX IF NOT EXISTS changes_of_model ON step_changes (provider, model)",
)
_CHANGES = (
    "SELECT c.number, c.id, c.time, c.author, c.subject, s.provider, s.model, s.kind, s.field, s.old, s.new"
    " FROM step_changes s JOIN commit_steps h ON h.step = s.step AND h.walk = ?1"
    " JOIN commits c ON c.walk = h.walk AND c.number = h.number"
)
_NAMINGS = (
    "SELECT s.provider, s.model, s.kind, s.field, CASE s.kind WHEN 'renamed' THEN s.old END,"
    " CASE WHEN s.kind <> 'added' THEN s.new"
    " WHEN instr(s.new, 'aliases') AND json_type(s.new, '$.aliases') = 'array'"  # the first is the fast one
    " THEN json_extract(s.new, '$.aliases') END"
    " FROM step_changes s JOIN commit_steps h ON h.step = s.step"
    " WHERE h.walk = ? AND (s.kind <> 'changed' OR s.field = 'aliases') ORDER BY h.number, s.provider, s.rowid"
)


class Event(NamedTuple):
    """One change and the commit that made it; `number` counts the commits that touched the catalog."""

    number: int
    commit: Commit
    change: ModelChange


class Gap(NamedTuple):
    """A file that could not be read in a commit. Until it can be again, its last readable content counts."""

    number: int
    commit: Commit
    file: str
    fault: str


class Timeline:
    """The changes of a catalog; close it, or use it in a `with`. `walk` names how commits were walked."""

    def __init__(
        self, connection: sqlite3.Connection, walk: str, rebuild: Callable[[], sqlite3.Connection] | None = None
    ) -> None:
        self.connection = connection
        self.walk = walk
        self._rebuild = rebuild

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def _query_rows(self, sql: str, values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, which must have an order.

        A database error means that the file is damaged: a timeline in memory then replaces it, and the rows go on.
        """
        yielded = 0
        try:
            for row in self.connection.execute(sql, values):
                yield row
                yielded += 1
        except sqlite3.DatabaseError:
            if self._rebuild is None:
                raise
            damaged = self.connection
            self.connection, self._rebuild = self._rebuild(), None
            damaged.close()
            yield from islice(self.connection.execute(sql, values), yielded, None)

    def change_events(self, provider: str | None = None, models: Sequence[str] = ()) -> Iterator[Event]:
        """Yield the changes, the oldest first: all, those of one provider, or those of models of it by their ids."""
        where, values = [], [self.walk]
        if provider is not None:
            where.append(f"s.provider = ?{len(values) + 1}")
            values.append(provider)
        if models:
            marks = ", ".join(f"?{len(values) + place}" for place in range(1, len(models) + 1))
            where.append(f"s.model IN ({marks})")
            values += models
        chosen = f" WHERE {' AND '.join(where)}" if where else ""
        for row in self._query_rows(f"{_CHANGES}{chosen} ORDER BY c.number, s.provider, s.rowid", values):
            yield Event(row[0], _commit_from_row(row[1:5]), _change_from_row(row[5:]))

    def change_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield all changes as they are stored, the oldest first.

        A row is the number, id, time, author and subject of the commit; the provider, model, kind and field; and the
        old and the new value in JSON (None for none).
        """
        return self._query_rows(f"{_CHANGES} ORDER BY c.number, s.provider, s.rowid", (self.walk,))

    def rename_events(self) -> Iterator[Event]:
        """Yield the renames of models and providers, the oldest first."""
        for row in self._query_rows(
            f"{_CHANGES} WHERE s.kind = 'renamed' ORDER BY c.number, s.provider, s.rowid", (self.walk,)
        ):
            yield Event(row[0], _commit_from_row(row[1:5]), _change_from_row(row[5:]))

    def find_gaps(self, provider: str | None = None) -> list[Gap]:
        """Return the files that could not be read, the oldest first."""
        sql = (
            "SELECT c.number, c.id, c.time, c.author, c.subject, g.file, g.fault FROM gaps g"
            " JOIN commits c ON c.walk = g.walk AND c.number = g.number WHERE g.walk = ? ORDER BY c.number, g.rowid"
        )
        gaps = [Gap(row[0], _commit_from_row(row[1:5]), *row[5:]) for row in self._query_rows(sql, (self.walk,))]
        return [gap for gap in gaps if provider is None or _provider_of_file(gap.file) == provider]

    def list_commits(self) -> list[Commit]:
        """Return the commits that touched the catalog, the oldest first."""
        sql = "SELECT id, time, author, subject FROM commits WHERE walk = ? ORDER BY number"
        return [_commit_from_row(row) for row in self._query_rows(sql, (self.walk,))]

    def naming_changes(self) -> Iterator[ModelChange]:
        """Yield the changes of IDs and aliases, the oldest first. Of an added model they have only the aliases."""
        for row in self._query_rows(_NAMINGS, (self.walk,)):
            change = _change_from_row(row)
            yield change._replace(new={"aliases": change.new}) if change.kind == "added" else change


def open_timeline(past: Past, cache: CacheDirectory | None, *, all_parents: bool = False) -> Timeline:
    """Return the timeline up to HEAD. `cache` is None to use none. Raises `GitError`."""
    past.check_complete()
    walk = "all parents" if all_parents else "first parent"
    stamp = f"{_VERSION} {code_stamp()}"
    if cache is None:
        return Timeline(_update_walk(_create_tables(":memory:", stamp), past, walk), walk)
    file = _timeline_file(past, cache)

    def build_in_memory() -> sqlite3.Connection:
        return _update_walk(_create_tables(":memory:", stamp), past, walk)

    stored = _open_stored(file.path, stamp)
    if stored is not None and _stored_head(stored, walk) == past.state:
        return Timeline(stored, walk, build_in_memory)
    usable = stored is not None
    if stored is not None:
        stored.close()

    def write_database(temporary: Path) -> None:
        if usable:
            shutil.copyfile(file.path, temporary)
            remove_checksum(temporary)
        connection = _connect_unsafely(temporary) if usable else _create_tables(temporary, stamp)
        with contextlib.closing(connection):
            _update_walk(connection, past, walk)
        add_checksum(temporary)

    with contextlib.suppress(OSError, sqlite3.Error):
        file.write(write_database)
        made = _open_stored(file.path, stamp)
        if made is not None and _stored_head(made, walk) == past.state:
            return Timeline(made, walk, build_in_memory)
    return Timeline(build_in_memory(), walk)


def _timeline_file(past: Past, cache: CacheDirectory) -> CacheFile:
    return cache.cache_file(CacheKind.TIMELINE, f"{past.common}\0{past.folder}")


def _open_stored(path: Path, stamp: str) -> sqlite3.Connection | None:
    """Open a stored file; None where there is none that this version of the code has written."""
    connection = open_database(path)
    if connection is None:
        return None
    with contextlib.suppress(sqlite3.Error):
        if connection.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone() == (stamp,):
            return connection
    connection.close()
    return None


def _connect_unsafely(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")  # a file that was not finished is thrown away
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _create_tables(path: Path | str, stamp: str) -> sqlite3.Connection:
    connection = _connect_unsafely(path)
    connection.executescript(TABLES)
    connection.execute("INSERT INTO meta VALUES ('stamp', ?)", (stamp,))
    return connection


def _stored_head(connection: sqlite3.Connection, walk: str) -> str | None:
    with contextlib.suppress(sqlite3.Error):
        found = connection.execute("SELECT value FROM meta WHERE key = ?", (f"head of {walk}",)).fetchone()
        return found[0] if found else None
    return None


def _update_walk(connection: sqlite3.Connection, past: Past, walk: str) -> sqlite3.Connection:
    from registry_cli.store.timeline.timeline_steps import write_walk  # noqa: PLC0415  # reads YAML

    connection.execute("BEGIN")
    write_walk(connection, past, walk, all_parents=walk == "all parents")
    for statement in _INDEXES:
        connection.execute(statement)
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"head of {walk}", past.state))
    connection.execute("COMMIT")
    return connection


def _commit_from_row(row: Sequence[Any]) -> Commit:
    return Commit(row[0], (), *row[1:])


def _change_from_row(row: Sequence[Any]) -> ModelChange:
    provider, model, kind, field, old, new = row
    return ModelChange(provider, model, kind, field, _parse_value(old), _parse_value(new))


def _parse_value(text: str | None) -> Any:
    return ABSENT if text is None else loads(text)


def _provider_of_file(file: str) -> str:
    from registry_cli.core.format.layers import provider_of, stem_of  # noqa: PLC0415

    return provider_of(stem_of(file))
