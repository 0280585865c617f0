"""The catalog as it was at a revision or on a day, opened for a question."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from registry_cli.commands.query.open import OpenCatalog, PastMoment
from registry_cli.store.cache.directory import CacheDirectory
from registry_cli.store.cache.settings import parse_settings
from registry_cli.store.catalog.locate import SETTINGS_NAME, CatalogFile, CatalogLocation, check_has_past, find_overlay
from registry_cli.store.catalog.provider_files import group_by_provider
from registry_cli.store.git.history import DAY, Past, open_past
from registry_cli.store.git.log import Commit
from registry_cli.store.index.index import Progress, index_file, open_past_index
from registry_cli.yamledit.escapes import one_line


def open_past_catalog(
    place: CatalogLocation,
    at: str,
    cache: CacheDirectory | None,
    progress: Progress | None,
    environ: Mapping[str, str],
    *,
    list_prices: bool = False,
) -> OpenCatalog:
    """`cache` is None to use none. A person's overlay, which has no past, does not lie over it; the
    person's prices are those that the catalog's settings stated then.

    Raises `GitError`, `UsageError` for a revision or day that there is not, `FileError`.
    """
    check_has_past(place)
    past = open_past(place.root, environ)
    commit = past.resolve_commit(at)
    present = index_file(place.root, find_overlay(environ), cache) if cache else None
    own_prices = {} if list_prices else own_prices_at(past, commit)
    files = group_by_provider(past.files_at(commit), own_prices=own_prices)
    index, gaps = open_past_index(files, present, progress, own_prices)
    read = {provider for (provider,) in index.fetch_rows("SELECT id FROM providers")}
    day = commit.moment[:10]
    then = PastMoment(
        at if DAY.fullmatch(at) else day,
        commit.id,
        f"as of commit {commit.short_id} ({day}): {one_line(commit.subject)}",
        tuple(entry for entry in files if entry.id in read),
        tuple(gaps),
    )
    return OpenCatalog(place, None, index, then)


class Snapshot(NamedTuple):
    """The provider files of a catalog at a commit, and the person's prices by its settings then."""

    commit: str
    files: list[CatalogFile]
    own_prices: Mapping[str, Decimal]


def read_snapshot(root: Path, at: str, environ: Mapping[str, str]) -> Snapshot:
    """The catalog at a revision or on a day.

    Raises `GitError`, `UsageError`, `FileError`.
    """
    past = open_past(root, environ)
    commit = past.resolve_commit(at)
    return Snapshot(commit.id, past.files_at(commit), own_prices_at(past, commit))


def own_prices_at(past: Past, commit: Commit) -> Mapping[str, Decimal]:
    """What list prices were multiplied by, by provider or model. Raises `GitError`, `FileError`."""
    settings = past.settings_at(commit, SETTINGS_NAME)
    return parse_settings(f"{commit.short_id}:{SETTINGS_NAME}", settings).prices if settings else {}
