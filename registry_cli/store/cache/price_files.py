"""The settings files that may state the user's own prices: the catalog's, and the one beside the overlay."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from registry_cli.store.catalog.locate import CatalogLocation, overlay_folder, read_file, settings_path

if TYPE_CHECKING:
    from decimal import Decimal


# Either is enough to read a file: reading it reports the other key if that is misspelled.
_PRICES_KEY, _MULTIPLY_KEY = b"prices", b"multiply"


class PriceFiles(NamedTuple):
    """Files of settings, which need not exist, in the order of increasing priority."""

    paths: tuple[Path, ...] = ()

    def prices_digest(self) -> str:
        """Return a text that changes with the files that may state prices; empty where none does. Raises `FileError`.

        Every command calls this, so the files are not parsed.
        """
        digests = []
        for path in self.paths:
            if os.path.lexists(path):
                file = read_file(path, inside=path.parent.resolve())
                if _PRICES_KEY in file.data or _MULTIPLY_KEY in file.data:
                    digests.append(file.digest)
        return " ".join(digests)

    def read_prices(self) -> "Mapping[str, Decimal]":
        """Return the factors on list prices, by provider or model. Raises `FileError` with the place of the first
        error."""
        if not self.prices_digest():
            return {}
        from registry_cli.store.cache.settings import read_settings_file  # noqa: PLC0415  # few state prices

        prices: dict[str, Decimal] = {}
        for path in self.paths:
            prices |= read_settings_file(path).prices
        return prices


NO_PRICES = PriceFiles()


def find_price_files(place: CatalogLocation, environ: Mapping[str, str]) -> PriceFiles:
    """Return the settings files of a catalog and of the user's overlay. The bundled catalog's settings do not count:
    they are for llmreg's own repository."""
    own = overlay_folder(environ)
    folders = [None if place.origin == "bundled" else place.root, own]
    return PriceFiles(tuple(settings_path(folder) for folder in folders if folder is not None))
