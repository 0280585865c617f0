"""A catalog's files by provider. Light enough for every command: what reads YAML is in `load`."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from registry_cli.core.catalog.legacy import CAPABILITIES_SUFFIX, provider_of
from registry_cli.errors import FileError
from registry_cli.store.catalog.locate import CatalogFile, read_catalog

if TYPE_CHECKING:
    from decimal import Decimal


class ProviderFiles(NamedTuple):
    """The files that one provider is read from: its own, the lowest layer first, and the overlay's; and what the
    person pays there: factors on list prices by `provider` or `provider/model`."""

    id: str
    layers: tuple[CatalogFile, ...]
    overlay: CatalogFile | None
    own_prices: "tuple[tuple[str, Decimal], ...]" = ()

    @property
    def digest(self) -> str:
        """Changes with the content of any of the files, and with the person's prices."""
        overlay = self.overlay.digest if self.overlay else ""
        prices = [f"{name}*{multiply}" for name, multiply in self.own_prices]
        return "+".join([*(file.digest for file in self.layers), overlay, *prices])


def provider_files(
    root: Path, overlay: Path | None, own_prices: "Mapping[str, Decimal] | None" = None
) -> list[ProviderFiles]:
    """The catalog's files by provider, with the overlay's for each and for providers that only the overlay has, and
    with a person's own prices where these are wanted.

    Files that a run of llmreg changed together are read together, before or after the change. Raises `FileError` for
    the first file that must not be read, `LockedError` where writers leave no moment to read in.
    """
    return by_provider(_readable(root), _readable(overlay) if overlay else (), own_prices)


def by_provider(
    files: Iterable[CatalogFile],
    overlay: Iterable[CatalogFile] = (),
    own_prices: "Mapping[str, Decimal] | None" = None,
) -> list[ProviderFiles]:
    """Files of a catalog and of an overlay, in the order of the providers' ids."""
    prices: dict[str, dict[str, Decimal]] = {}
    for name, multiply in (own_prices or {}).items():
        prices.setdefault(name.partition("/")[0], {})[name] = multiply
    layers: dict[str, list[CatalogFile]] = {}
    for file in files:
        layers.setdefault(provider_of(file.stem), []).append(file)
    theirs = {file.stem: file for file in overlay}
    return [
        ProviderFiles(
            provider,
            tuple(sorted(layers.get(provider, ()), key=lambda file: not file.stem.endswith(CAPABILITIES_SUFFIX))),
            theirs.get(provider),
            tuple(sorted(prices.get(provider, {}).items())),
        )
        for provider in sorted(layers.keys() | theirs.keys())
    ]


def content_of_files(files: Iterable[ProviderFiles]) -> str:
    """One digest of the content of all files; what a person pays is not in it."""
    files = list(files)
    own = [(Path(file.shown).name, file.digest) for entry in files for file in entry.layers]
    theirs = [(Path(entry.overlay.shown).name, entry.overlay.digest) for entry in files if entry.overlay]
    return content_of(sorted(own), sorted(theirs))


def content_of(own: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> str:
    """One digest of the names and digests of a catalog's files and of an overlay's, each in order."""
    return hashlib.sha256(repr((own, theirs)).encode("utf-8", "surrogateescape")).hexdigest()


def read_settled_catalog(root: Path) -> tuple[list[CatalogFile], list[FileError]]:
    """What `read_catalog` reads, when no change was half in place. Raises `FileError`, `LockedError`."""
    from registry_cli.store.files.recovery import read_settled  # noqa: PLC0415  # not for a fresh index

    return read_settled(root, lambda: read_catalog(root))


def _readable(root: Path) -> list[CatalogFile]:
    files, faults = read_settled_catalog(root)
    if faults:
        raise faults[0]
    return files
