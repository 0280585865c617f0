"""A catalog's files by provider. Light enough for every command: what reads YAML is in `load`."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from registry_cli.core.format.layers import is_part, layer_order, provider_of
from registry_cli.errors import FileError
from registry_cli.store.catalog.locate import CatalogFile, read_catalog
from registry_cli.store.files.names import is_part_folder

if TYPE_CHECKING:
    from decimal import Decimal


class ProviderFiles(NamedTuple):
    """The files that one provider is read from, and the user's own prices there.

    `layers` are the catalog's files, the lowest layer first. `own_prices` are factors on list prices by `provider` or
    `provider/model`.
    """

    id: str
    layers: tuple[CatalogFile, ...]
    overlay: CatalogFile | None
    own_prices: "tuple[tuple[str, Decimal], ...]" = ()

    @property
    def digest(self) -> str:
        """A text that changes with the content of any of the files, and with the user's own prices."""
        overlay = self.overlay.digest if self.overlay else ""
        prices = [f"{name}*{multiply}" for name, multiply in self.own_prices]
        return "+".join([*(file.digest for file in self.layers), overlay, *prices])


def provider_files(
    root: Path,
    overlay: Path | None,
    own_prices: "Mapping[str, Decimal] | None" = None,
    faults: list[FileError] | None = None,
) -> list[ProviderFiles]:
    """Return the files of a catalog and of the user's overlay by provider, with the user's own prices if given.

    Files that a run of llmreg changed together are read together, before or after the change. Raises `FileError` for
    the first file that must not be read, `LockedError` where writers leave no moment to read in. With `faults` the
    providers of files that must not be read are left out, and the errors are added to it.
    """
    own = _read_or_raise(root, faults)
    theirs = _read_or_raise(overlay, faults) if overlay else []
    if faults is not None:
        theirs = _drop_parts(theirs, faults)
    left_out = {provider_of_fault(fault) for fault in faults or ()}
    return [entry for entry in group_by_provider(own, theirs, own_prices) if entry.id not in left_out]


def _drop_parts(overlay: Iterable[CatalogFile], faults: list[FileError]) -> list[CatalogFile]:
    """Return the files of an overlay but parts, whose errors are added to `faults`."""
    kept = []
    for file in overlay:
        try:
            check_overlay_file(file)
            kept.append(file)
        except FileError as fault:
            faults.append(fault)
    return kept


def provider_of_fault(fault: FileError) -> str:
    """Return the ID of the provider whose file has an error."""
    path = Path(fault.path)
    return path.parent.name if is_part_folder(path.parent) else provider_of(path.stem)


def group_by_provider(
    files: Iterable[CatalogFile],
    overlay: Iterable[CatalogFile] = (),
    own_prices: "Mapping[str, Decimal] | None" = None,
) -> list[ProviderFiles]:
    """Group files of a catalog and of an overlay by provider, in the order of the providers' ids.

    Raises `FileError` for an overlay that is split.
    """
    prices: dict[str, dict[str, Decimal]] = {}
    for name, multiply in (own_prices or {}).items():
        prices.setdefault(name.partition("/")[0], {})[name] = multiply
    layers: dict[str, list[CatalogFile]] = {}
    for file in files:
        layers.setdefault(provider_of(file.stem), []).append(file)
    overlay_files = {file.stem: file for file in overlay}
    for file in overlay_files.values():
        check_overlay_file(file)
    return [
        ProviderFiles(
            provider,
            tuple(sorted(layers.get(provider, ()), key=lambda file: layer_order(file.stem))),
            overlay_files.get(provider),
            tuple(sorted(prices.get(provider, {}).items())),
        )
        for provider in sorted(layers.keys() | overlay_files.keys())
    ]


def check_overlay_file(file: CatalogFile) -> None:
    """Raise `FileError` for a part: only a catalog is split."""
    if is_part(file.stem):
        provider = provider_of(file.stem)
        raise FileError(file.shown, f"your own models of a provider are in one file: move these into {provider}.yml")


def files_digest(files: Iterable[ProviderFiles]) -> str:
    """Return one digest of the content of all files, without the user's own prices."""
    files = list(files)
    own = [(file.name, file.digest) for entry in files for file in entry.layers]
    theirs = [(entry.overlay.name, entry.overlay.digest) for entry in files if entry.overlay]
    return catalog_digest(sorted(own), sorted(theirs))


def catalog_digest(own: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> str:
    """Return one digest of the names and digests of a catalog's files and of an overlay's, both sorted."""
    return hashlib.sha256(repr((own, theirs)).encode("utf-8", "surrogateescape")).hexdigest()


def read_settled_catalog(root: Path) -> tuple[list[CatalogFile], list[FileError]]:
    """Return what `read_catalog` does, never with half of a change. Raises `FileError`, `LockedError`."""
    from registry_cli.store.files.recovery import read_settled  # noqa: PLC0415  # not for a fresh index

    return read_settled(root, lambda: read_catalog(root))


def _read_or_raise(root: Path, faults: list[FileError] | None) -> list[CatalogFile]:
    files, found = read_settled_catalog(root)
    if found and (faults is None or found[0].path == str(root)):
        raise found[0]
    if faults is not None:
        faults += found
    return files
