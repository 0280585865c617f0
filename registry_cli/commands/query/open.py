"""What every command that asks the catalog starts with: which catalog, whose overlay, and its index."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from registry_cli.errors import FileError, LlmregError
from registry_cli.store.cache.directory import find_cache
from registry_cli.store.cache.price_files import NO_PRICES, PriceFiles, find_price_files
from registry_cli.store.catalog.locate import CatalogLocation, find_catalog_to_read, find_overlay
from registry_cli.store.catalog.provider_files import ProviderFiles, provider_files, provider_of_fault
from registry_cli.store.index.index import Index, Progress, open_index

if TYPE_CHECKING:
    from registry_cli.core.names.names import Names


class PastMoment(NamedTuple):
    """A moment of the past: the ISO day of the answers, the commit (its id, and in words), its files, and what could
    not be read."""

    day: str
    commit: str
    said: str
    files: tuple[ProviderFiles, ...]
    gaps: tuple[str, ...]


class OpenCatalog:
    """An open catalog: the current files, or those of a past commit (`then`). Close it, or use it in a `with`."""

    def __init__(
        self,
        place: CatalogLocation,
        overlay: Path | None,
        index: Index,
        then: PastMoment | None = None,
        *,
        prices: PriceFiles = NO_PRICES,
        faults: Sequence[FileError] = (),
    ) -> None:
        self.place = place
        self.overlay = overlay
        self.index = index
        self.then = then
        self.prices = prices
        self.faults = faults  # of files whose providers are left out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    @cached_property
    def names(self) -> "Names":
        from registry_cli.store.index.names import IndexNames  # noqa: PLC0415  # many questions name nothing

        return IndexNames(self.index)

    def read_files(self) -> Sequence[ProviderFiles]:
        """Return the provider files that answers are read from. Raises `FileError`, `LockedError`."""
        if self.then:
            return self.then.files
        faults = list(self.faults)
        files = provider_files(self.place.root, self.overlay, self.prices.read_prices(), faults or None)
        left_out = {provider_of_fault(fault) for fault in faults}
        return [entry for entry in files if entry.id not in left_out]

    def list_warnings(self) -> list[str]:
        """Return what llmreg ignores in the files: keys of a newer format, and the user's prices of unknown models."""
        return [*self._unknown_keys(), *self._unknown_prices()]

    def require_providers(self, names: Sequence[str]) -> None:
        """Raise the error of the first of these providers whose file cannot be used. A name that no usable file has may
        be in any of the others."""
        if not self.faults:
            return
        from registry_cli.core.names.names import fold_name  # noqa: PLC0415  # for a broken file alone
        from registry_cli.core.names.reading_names import find_provider  # noqa: PLC0415

        broken = {fold_name(provider_of_fault(fault)): fault for fault in self.faults}
        for name in names:
            if find_provider(self.names, name) is None:
                raise broken.get(fold_name(name), self.faults[0])

    def _unknown_prices(self) -> list[str]:
        rows = self.index.fetch_rows("SELECT value FROM meta WHERE key = 'unknown_prices' AND value <> '[]'")
        if not rows:
            return []
        import json  # noqa: PLC0415  # seldom needed

        return [
            f"llmreg.yml: prices: {name!r} is no provider or model of this catalog" for name in json.loads(rows[0][0])
        ]

    def _unknown_keys(self) -> list[str]:
        rows = self.index.fetch_rows("SELECT file, names, models FROM unknown_keys ORDER BY file")
        if not rows:
            return []
        import json  # noqa: PLC0415  # seldom needed

        from registry_cli.core.format.unknown_keys import UnknownKeys, unknown_key_warnings  # noqa: PLC0415

        found = [UnknownKeys(file, tuple(json.loads(names)), models) for file, names, models in rows]
        return unknown_key_warnings(found)

    def list_notes(self) -> list[str]:
        """Return notes for a person about where the answers come from."""
        found = []
        if self.place.origin == "bundled":
            found.append("from the catalog that came with llmreg; --catalog or LLMREG_CATALOG names another")
        own = self.index.fetch_rows("SELECT value FROM meta WHERE key = 'own_prices' AND value <> '{}'")
        if own:
            found.append("prices are yours where llmreg.yml states them; --list-prices shows the catalog's")
        return found


def open_catalog(
    catalog: Path | None,
    *,
    cached: bool = True,
    at: str | None = None,
    list_prices: bool = False,
    progress: Progress | None = None,
    providers: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> OpenCatalog:
    """Open the catalog that `--catalog`, the environment or the current directory means.

    `at` is a revision or a day of the past; `list_prices` ignores the user's own prices. `providers` are the only ones
    that the question is about, if it names any: files of others that cannot be used are then left out. Raises
    `UsageError` and `FileError`, and with `at` also `GitError`.
    """
    place = find_catalog_to_read(catalog, cwd=Path.cwd(), environ=environ)
    cache = find_cache(environ) if cached else None
    if at is not None:
        from registry_cli.commands.query.snapshot import open_past_catalog  # noqa: PLC0415  # git, for the past alone

        return open_past_catalog(place, at, cache, progress, environ, list_prices=list_prices)
    overlay = find_overlay(environ)
    prices = NO_PRICES if list_prices else find_price_files(place, environ)
    faults: list[FileError] | None = [] if providers else None
    index = open_index(place.root, overlay, cache, progress, prices=prices, faults=faults)
    asked = OpenCatalog(place, overlay, index, prices=prices, faults=tuple(faults or ()))
    try:
        asked.require_providers(providers)
    except LlmregError:
        asked.index.close()
        raise
    return asked
