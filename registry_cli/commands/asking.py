"""What every command that asks the catalog starts with: which catalog, whose overlay, and its index."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from registry_cli.store.cache import cache_folder
from registry_cli.store.catalog_files import Place, find_catalog, find_overlay
from registry_cli.store.index import Index, open_index

if TYPE_CHECKING:
    from registry_cli.core.names import Names


class Asked:
    """A catalog that was opened for a question; to be closed, or used in a `with`."""

    def __init__(self, place: Place, overlay: Path | None, index: Index) -> None:
        self.place = place
        self.overlay = overlay
        self.index = index

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()

    @cached_property
    def names(self) -> "Names":
        from registry_cli.store.index_names import IndexNames  # noqa: PLC0415  # many questions name nothing

        return IndexNames(self.index)

    def notes(self) -> list[str]:
        """What a person should know about where the answer comes from."""
        if self.place.origin == "bundled":
            return ["from the catalog that came with llmreg; --catalog or LLMREG_CATALOG names another"]
        return []


def ask(catalog: Path | None, *, cached: bool = True, environ: Mapping[str, str] = os.environ) -> Asked:
    """Opens the catalog that `--catalog`, the environment or the folder means. Raises `UsageError`, `FileError`."""
    place = find_catalog(catalog, cwd=Path.cwd(), environ=environ)
    overlay = find_overlay(environ)
    return Asked(place, overlay, open_index(place.root, overlay, cache_folder(environ) if cached else None))
