"""The index: a catalog as one SQLite file in the cache folder, kept true by content.

Every command hashes the catalog's files and compares with what the index was made from; what differs is read again.
A file of the index never changes: a new state is built in memory, written beside it and renamed over it. So readers
need no locks and never see half of one, any number of runs may overlap, and where the file is absent, damaged, of
another version or cannot be written, the answer comes from memory and is the same.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from registry_cli.errors import FileError
from registry_cli.store.cache.databases import add_checksum, open_database
from registry_cli.store.cache.directory import CacheDirectory, CacheFile, CacheKind
from registry_cli.store.cache.fingerprint import code_stamp
from registry_cli.store.cache.price_files import NO_PRICES, PriceFiles
from registry_cli.store.catalog.locate import catalog_fingerprint
from registry_cli.store.catalog.provider_files import (
    ProviderFiles,
    catalog_digest,
    files_digest,
    provider_files,
    provider_of_fault,
)
from registry_cli.store.files.names import has_hidden
from registry_cli.store.index.schema import TABLES, VERSION, VIEWS
from registry_cli.version import __version__

if TYPE_CHECKING:
    from decimal import Decimal

_KEPT = 4  # indexes of the past
Progress = Callable[[int, int], None]  # providers read, and how many are to be read


class Index:
    """A connection to the index, which builds it again once if SQLite finds the file damaged.

    To be closed, or used in a `with`.
    """

    def __init__(self, connection: sqlite3.Connection, rebuild: Callable[[], sqlite3.Connection] | None) -> None:
        self.connection = connection
        self._rebuild = rebuild
        self._functions: dict[str, Callable[[Any], Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def add_function(self, name: str, function: Callable[[Any], Any]) -> None:
        """Add a function of one argument that statements can call."""
        self._functions[name] = function
        self.connection.create_function(name, 1, function)

    def fetch_rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a statement of llmreg's own; a database error then means a damaged file."""
        try:
            return self.connection.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError:
            if not self.repair():
                raise
            return self.connection.execute(sql, parameters).fetchall()

    def repair(self) -> bool:
        """Build the index again in memory, and return whether this was the first time."""
        if self._rebuild is None:
            return False
        damaged = self.connection
        self.connection, self._rebuild = self._rebuild(), None
        damaged.close()
        for name, function in self._functions.items():
            self.connection.create_function(name, 1, function)
        return True


def open_index(
    root: Path,
    overlay: Path | None,
    cache: CacheDirectory | None,
    progress: Progress | None = None,
    *,
    prices: PriceFiles = NO_PRICES,
    faults: list[FileError] | None = None,
) -> Index:
    """The index of a catalog and a person's overlay, true to their files as they are now, at the person's own prices.

    Files that a run changed together are seen together: an unfinished change is finished first, which costs one look
    at the folder where there is none, and what is compared or read after that is never half of one (`provider_files`).
    `cache` is None to use none. Raises `FileError` for a file that cannot be used, `LockedError`
    where a writer takes too long. With `faults` the providers of such files are left out, and the errors are added to
    it; what is then kept in the cache is the index of a catalog without these files.
    """
    for changing in filter(None, (root, overlay)):
        if has_hidden(changing):
            from registry_cli.store.files.recovery import settle_catalog  # noqa: PLC0415  # seldom needed

            settle_catalog(changing)
    stamp, priced_by = f"{VERSION} {code_stamp()}", prices.prices_digest()

    def build_anew(stored: sqlite3.Connection | None, progress: Progress | None = progress) -> sqlite3.Connection:
        own = prices.read_prices()
        files = provider_files(root, overlay, own, faults)
        built = _build_index(files, stamp, stored, progress, faults)
        if faults:
            left_out = {provider_of_fault(fault) for fault in faults}
            content = files_digest(entry for entry in files if entry.id not in left_out)
            built.execute("UPDATE meta SET value = ? WHERE key = 'content'", (content,))
        _note_prices(built, priced_by, own)
        return built

    if cache is None:
        return Index(build_anew(None), None)
    file = index_file(root, overlay, cache, own_prices=bool(priced_by))
    stored = open_database(file.path)
    if stored is None:
        return Index(_save_copy(build_anew(None), file), None)
    if _is_fresh(stored, stamp, root, overlay) and _read_price_digest(stored) == priced_by:
        return Index(stored, lambda: _save_copy(build_anew(None, None), file))
    with contextlib.closing(stored):
        return Index(_save_copy(build_anew(stored), file), None)


def open_past_index(
    files: Sequence[ProviderFiles],
    present: CacheFile | None,
    progress: Progress | None = None,
    own_prices: "Mapping[str, Decimal] | None" = None,
) -> tuple[Index, list[str]]:
    """The index of files as they once were, and what is wrong with those that nobody can read, which are left out.

    `present` is the file of today's index, None to use no cache: what has not changed since is taken from it. The few
    last ones asked for are kept beside it, by their content.
    """
    stamp, content = f"{VERSION} {code_stamp()}", files_digest(files)
    priced_by = repr(sorted(own_prices.items())) if own_prices else ""
    file = present and present.directory.cache_file(CacheKind.PAST_INDEX, f"{content} {priced_by}")
    if file and (kept := open_database(file.path)):
        with contextlib.suppress(sqlite3.Error, OSError):
            if _read_stamps(kept) == (stamp, content):
                gaps = [fault for (fault,) in kept.execute("SELECT fault FROM gaps ORDER BY place")]
                os.utime(file.path)  # asked for lately
                return Index(kept, lambda: _build_index(files, stamp, None, faults=[])), gaps
        kept.close()
    faults: list[FileError] = []
    stored = open_database(present.path) if present else None
    with contextlib.closing(stored) if stored else contextlib.nullcontext():
        built = _build_index(files, stamp, stored, progress, faults)
    _note_prices(built, priced_by, own_prices or {})
    gaps = [str(fault) for fault in faults]
    built.execute("CREATE TABLE gaps (place INTEGER PRIMARY KEY, fault TEXT)")
    built.executemany("INSERT INTO gaps VALUES (?, ?)", enumerate(gaps))
    if file:
        _save_copy(built, file)
        file.directory.remove_oldest(CacheKind.PAST_INDEX, _KEPT)
    return Index(built, None), gaps


def index_file(root: Path, overlay: Path | None, cache: CacheDirectory, *, own_prices: bool = False) -> CacheFile:
    """Return the file of a catalog's index, with list prices or the user's own; it may not exist."""
    name = f"{root.resolve()}\0{overlay.resolve() if overlay else ''}" + "\0own prices" * own_prices
    return cache.cache_file(CacheKind.INDEX, name)


def _is_fresh(connection: sqlite3.Connection, stamp: str, root: Path, overlay: Path | None) -> bool:
    made, content = _read_stamps(connection)
    return made == stamp and content == _content_of_folders(root, overlay)


def _read_stamps(connection: sqlite3.Connection) -> tuple[str | None, str | None]:
    """Return the code and the content that an index was made of."""
    try:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
    except (sqlite3.Error, ValueError, TypeError):
        return None, None
    return meta.get("stamp"), meta.get("content")


def _read_price_digest(connection: sqlite3.Connection) -> str:
    """Return the digest of the settings whose prices an index has."""
    try:
        return str(dict(connection.execute("SELECT key, value FROM meta")).get("priced_by", ""))
    except (sqlite3.Error, ValueError, TypeError):
        return ""


def _note_prices(connection: sqlite3.Connection, priced_by: str, prices: "Mapping[str, Decimal]") -> None:
    """Store which prices an index has, and which names of the settings it does not know."""
    from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # not for a fresh index

    known = "SELECT 1 FROM providers WHERE id = ?1 UNION SELECT 1 FROM models WHERE full_id = ?1"
    alias = "SELECT 1 FROM model_aliases a JOIN models m ON m.key = a.model WHERE m.provider || '/' || a.alias = ?1"
    unknown = [name for name in prices if not connection.execute(f"{known} UNION {alias}", (name,)).fetchone()]
    facts = {"priced_by": priced_by, "own_prices": dumps(prices), "unknown_prices": dumps(unknown)}
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())


def _content_of_folders(root: Path, overlay: Path | None) -> str:
    own, theirs = catalog_fingerprint(root), catalog_fingerprint(overlay) if overlay else []
    if own is None or theirs is None:
        faults: list[FileError] = []  # reported when the index is built
        content = files_digest(provider_files(root, overlay, faults=faults))
        return "" if faults else content
    return catalog_digest(own, theirs)


def _read_digests(connection: sqlite3.Connection, stamp: str) -> dict[str, str] | None:
    """Return the digests by provider, or None if other code made the index."""
    try:
        if connection.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone() != (stamp,):
            return None
        return dict(connection.execute("SELECT id, digest FROM providers"))
    except (sqlite3.Error, ValueError, TypeError):
        return None


def _build_index(
    files: Sequence[ProviderFiles],
    stamp: str,
    stored: sqlite3.Connection | None,
    progress: Progress | None = None,
    faults: list[FileError] | None = None,
) -> sqlite3.Connection:
    """An index in memory: what is still true of a stored one, the rest read from the files. Faults of files raise
    where there is no list for them."""
    if stored is not None and _read_digests(stored, stamp) is not None:
        with contextlib.suppress(sqlite3.Error), _new_database() as connection:
            stored.backup(connection)
            _update_index(connection, files, _read_digests(connection, stamp) or {}, progress, faults)
            return connection
    from registry_cli.store.catalog.load import read_vocabulary  # noqa: PLC0415
    from registry_cli.store.index.rows import write_vocabulary  # noqa: PLC0415  # reads YAML

    with _new_database() as connection:
        connection.execute("PRAGMA page_size = 16384")  # a question touches most pages; fewer of them are read faster
        connection.executescript(TABLES + VIEWS)
        connection.execute("INSERT INTO meta VALUES ('stamp', ?)", (stamp,))
        connection.execute("INSERT INTO meta VALUES ('llmreg', ?)", (__version__,))
        write_vocabulary(connection, read_vocabulary())
        _update_index(connection, files, {}, progress, faults)
        return connection


def _update_index(
    connection: sqlite3.Connection,
    files: Sequence[ProviderFiles],
    digests: dict[str, str],
    progress: Progress | None,
    faults: list[FileError] | None,
) -> None:
    from registry_cli.store.catalog.load import Reader  # noqa: PLC0415
    from registry_cli.store.index.rows import remove_provider, write_provider  # noqa: PLC0415  # reads YAML

    reader = Reader()
    wanted = {entry.id: entry for entry in files}
    connection.execute("BEGIN")
    for gone in digests.keys() - wanted.keys():
        remove_provider(connection, gone)
    changed = [entry for entry in files if digests.get(entry.id) != entry.digest]
    for number, entry in enumerate(changed):
        if progress:
            progress(number, len(changed))
        if entry.id in digests:
            remove_provider(connection, entry.id)
        try:
            write_provider(connection, reader.read_provider(entry), entry.digest)
        except FileError as fault:
            if faults is None:
                raise
            faults.append(fault)
    if progress and changed:
        progress(len(changed), len(changed))
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('content', ?)", (files_digest(files),))
    connection.execute("COMMIT")


@contextlib.contextmanager
def _new_database() -> Iterator[sqlite3.Connection]:
    """Give an empty database in memory to fill; close it only if that fails."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _save_copy(connection: sqlite3.Connection, file: CacheFile) -> sqlite3.Connection:
    """Write a copy of the database to the file and return the connection. A failure only costs time."""
    with contextlib.suppress(OSError, sqlite3.Error):
        file.write(lambda temporary: _copy_database(connection, temporary))
    return connection


def _copy_database(connection: sqlite3.Connection, temporary: Path) -> None:
    with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        connection.backup(copy)
    add_checksum(temporary)
