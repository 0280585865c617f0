"""The settings that may state a person's own prices: those of the catalog and those beside the overlay's directory."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from registry_cli.store.catalog.locate import CatalogLocation, overlay_folder, read_file, settings_path

if TYPE_CHECKING:
    from decimal import Decimal


_KEYS_OF_PRICES = (b"prices", b"multiply")  # either is enough to read a file, which then names a misspelt other


class PriceFiles(NamedTuple):
    """Files of settings, which need not exist; the one that counts most last."""

    paths: tuple[Path, ...] = ()

    def digest(self) -> str:
        """Changes with what the files may say of prices: empty where none of them mentions any. Raises `FileError`.

        Every command asks, so the files are not parsed here.
        """
        files = [read_file(path, inside=path.parent.resolve()) for path in self.paths if os.path.lexists(path)]
        return " ".join(file.digest for file in files if any(key in file.data for key in _KEYS_OF_PRICES))

    def read(self) -> "Mapping[str, Decimal]":
        """What list prices are multiplied by, by provider or model. Raises `FileError` with the place of the first
        fault."""
        if not self.digest():
            return {}
        from registry_cli.store.cache.settings import read_settings_file  # noqa: PLC0415  # few state prices

        prices: dict[str, Decimal] = {}
        for path in self.paths:
            prices |= read_settings_file(path).prices
        return prices


NO_PRICES = PriceFiles()


def find_price_files(place: CatalogLocation, environ: Mapping[str, str]) -> PriceFiles:
    """The settings of a catalog and of the person's overlay. The settings that came with llmreg are for its own
    repository."""
    own = overlay_folder(environ)
    folders = [None if place.origin == "bundled" else place.root, own]
    return PriceFiles(tuple(settings_path(folder) for folder in folders if folder is not None))
