"""A catalog's folder (and a person's overlay) -> typed entries.

Everything but `validate` reads through here, and refuses a file that breaks a rule of reading or the schema: a
wrong catalog gives no half-right answers. Rules beyond the schema do not stop a reader.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from registry_cli.core.assembly import build_provider
from registry_cli.core.contract import Contract
from registry_cli.core.entries import Catalog, Provider
from registry_cli.core.vocabulary import Vocabulary, build_vocabulary
from registry_cli.errors import EntryError, FileError, YamlError
from registry_cli.store.bundled import bundled_data
from registry_cli.store.catalog_files import CatalogFile
from registry_cli.store.provider_files import ProviderFiles, provider_files
from registry_cli.yamledit.document import Document, Scalars, decode, load, read

__all__ = ["ProviderFiles", "Reader", "load_catalog", "provider_files", "read_vocabulary"]


class Reader:
    """Parses and checks provider files; keeps what is costly to make (schema, vocabulary, scalars) until it is done."""

    def __init__(self) -> None:
        self._scalars = Scalars()

    @cached_property
    def contract(self) -> Contract:
        return Contract(json.loads((bundled_data() / "schema" / "provider.schema.json").read_bytes()))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self._scalars)

    def provider(self, files: ProviderFiles) -> Provider:
        """Raises `FileError` with the place of the first fault."""
        layers = [self._value(file, files.id) for file in files.layers]
        overlay = self._value(files.overlay, files.id) if files.overlay else None
        return build_provider(files.id, layers, overlay, self.vocabulary)

    def _value(self, file: CatalogFile, provider: str) -> Any:
        try:
            document = read(decode(file.data), self._scalars)
            self._check(document, provider)
        except FileError as fault:
            fault.path = file.shown
            raise
        return document.value

    def _check(self, document: Document, provider: str) -> None:
        if document.faults:
            raise document.faults[0]
        value = document.value
        if isinstance(value, dict):
            # The file's name is the provider's id, so a file that does not repeat it is still clear.
            value.setdefault("provider", provider)
        if not self.contract.accepts(value):
            broken = self.contract.explain(value)
            places = [(document.position(fault.pointer, of_key=fault.of_key), fault) for fault in broken]
            place, first = min(places, key=lambda pair: pair[0])
            raise YamlError(first.code, first.message, *place)
        if isinstance(value, dict) and value["provider"] != provider:
            place = document.position(("provider",))
            raise EntryError("", f"provider is {value['provider']!r}, but the file's name says {provider!r}", *place)


def read_vocabulary(scalars: Scalars | None = None) -> Vocabulary:
    path = bundled_data() / "schema" / "capabilities.yml"
    return build_vocabulary(load(decode(path.read_bytes()), scalars))


def load_catalog(root: Path, overlay: Path | None) -> Catalog:
    """Every provider of a catalog, typed. Raises `FileError`."""
    reader = Reader()
    return Catalog({files.id: reader.provider(files) for files in provider_files(root, overlay)})
