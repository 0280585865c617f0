"""A catalog opened for an edit: its files, the names in them, and the results of their checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry_cli.commands.validate.folders import examine_files
from registry_cli.core.checks.outline_names import OutlineNames
from registry_cli.core.checks.report import Examined, Outline, outline_unreadable
from registry_cli.core.edits.entries import body_of
from registry_cli.core.edits.fields import Fields
from registry_cli.core.edits.parts import join_parts, split_parts
from registry_cli.core.edits.shapes import Shapes
from registry_cli.core.format.layers import is_part, layer_order, new_model_stem, provider_of
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.names.names import ModelName, resolve_model, resolve_provider
from registry_cli.errors import EntryError, FileError, UsageError
from registry_cli.store.cache.findings import FindingsCache, cache_name
from registry_cli.store.catalog.bundled import read_schema
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.catalog.locate import CatalogFile, file_stem, read_catalog
from registry_cli.store.catalog.provider_files import check_overlay_file, read_settled_catalog
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.document import decode_utf8, read_document

if TYPE_CHECKING:
    from registry_cli.core.format.schema import Contract

Files = Mapping[str, CatalogFile]


@dataclass(frozen=True)
class Workspace:
    """A catalog opened for an edit. `files`, by stem, are those that the edit may change. For an overlay, `below` is
    the catalog under it."""

    root: Path
    files: Files
    examined: Mapping[str, Examined]
    faults: tuple[FileError, ...] = ()
    below: "Workspace | None" = None
    _values: dict[str, dict[str, Any]] = field(default_factory=dict)
    _joined: dict[str, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def outlines(self) -> list[Outline]:
        lower = self.below.outlines if self.below else []
        faulty = [outline_unreadable(file_stem(self.root, fault.path)) for fault in self.faults]
        return [*lower, *(self.examined[stem].outline for stem in self.files), *faulty]

    @cached_property
    def names(self) -> OutlineNames:
        return OutlineNames(self.outlines)

    @cached_property
    def fields(self) -> Fields:
        return Fields(Shapes(read_schema()), read_vocabulary())

    @cached_property
    def contract(self) -> "Contract":
        from registry_cli.core.format.schema import Contract  # noqa: PLC0415  # an edit that changes nothing needs none

        return Contract(read_schema())

    def is_current(self) -> bool:
        """Return whether the files of the directory still have the content that was read."""
        files, faults = read_catalog(self.root)
        as_read = {stem: file.digest for stem, file in self.files.items()}
        return not self.faults and not faults and {file.stem: file.digest for file in files} == as_read

    def resolve(self, text: str) -> ModelName:
        """Return the model that a text names.

        Raises `UsageError` for an unknown model, `FileError` if it may be in a file that cannot be read.
        """
        try:
            return resolve_model(self.names, text)
        except UsageError:
            self._raise_fault_of(self.names.provider(text.partition("/")[0]))
            raise

    def resolve_provider(self, text: str) -> str:
        """Return the ID of the provider that a text names. Raises `UsageError`."""
        return resolve_provider(self.names, text)

    def stem_of(self, name: ModelName) -> str:
        """Return the file that holds a model or would. If several files of a provider hold it, the highest layer."""
        stems = self.stems_of(name.provider)
        holders = [stem for stem in stems if name.id in self._ids_in(stem)]
        return holders[0] if holders else new_model_stem(name.provider, name.id, stems)

    def stems_of(self, provider: str) -> list[str]:
        """Return the files of a provider, the highest layer first: the one with its name."""
        return self._stems.get(provider, [])

    @cached_property
    def _stems(self) -> dict[str, list[str]]:
        stems: dict[str, list[str]] = {}
        for stem in self.files:
            stems.setdefault(self.examined[stem].outline.provider, []).append(stem)
        return {provider: sorted(own, key=layer_order, reverse=True) for provider, own in stems.items()}

    def holds(self, name: ModelName) -> bool:
        return any(name.id in self._ids_in(stem) for stem in self.stems_of(name.provider))

    def value_of(self, stem: str) -> dict[str, Any]:
        """Return the data of a file; for one that does not exist yet, its first key. Raises `FileError`."""
        if stem not in self._values:
            self._values[stem] = self._read_value(self.files[stem]) if stem in self.files else {"provider": stem}
        return self._values[stem]

    def joined_value(self, provider: str) -> dict[str, Any]:
        """Return the data of a provider's own file with the models of its parts. Raises `FileError`."""
        if provider not in self._joined:
            own, parts = self.value_of(self.own_stem(provider)), self._parts_of(provider)
            self._joined[provider] = join_parts(own, parts) if parts else own
        return self._joined[provider]

    def split_value(self, provider: str, joined: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """Return the files that hold a changed `joined_value`, by their stems, without those that stay the same."""
        own_stem, parts = self.own_stem(provider), self._parts_of(provider)
        if not parts:
            return {own_stem: joined}
        split = split_parts(own_stem, joined, self.value_of(own_stem), parts)
        return {stem: value for stem, value in split.items() if not equal_data(value, self.value_of(stem))}

    def own_stem(self, provider: str) -> str:
        """Return the file with a provider's facts: its own, or the one that it will have."""
        return next((stem for stem in self.stems_of(provider) if not is_part(stem)), provider)

    def _parts_of(self, provider: str) -> dict[str, dict[str, Any]]:
        """The data of a provider's parts, the lowest layer first."""
        return {stem: self.value_of(stem) for stem in reversed(self.stems_of(provider)) if is_part(stem)}

    def provider_value(self, provider: str) -> dict[str, Any]:
        """Return the data of a provider's own file. Raises `FileError`, also for a file that must not be read."""
        self._raise_fault_of(provider)
        return self.value_of(self.own_stem(provider))

    def body_of_model(self, name: ModelName) -> dict[str, Any]:
        """Return a model's entry in the files to edit."""
        return body_of(self.value_of(self.stem_of(name)), name.id)

    def body_below(self, name: ModelName) -> dict[str, Any]:
        """Return a model's entry in the catalog under an overlay, empty if there is none."""
        return self.below.body_of_model(name) if self.below and self.below.holds(name) else {}

    def _ids_in(self, stem: str) -> list[str]:
        return self.examined[stem].outline.ids

    def _read_value(self, file: CatalogFile) -> dict[str, Any]:
        try:
            document = read_document(decode_utf8(file.data))
            if document.faults:
                raise document.faults[0]
        except FileError as fault:
            fault.path = file.shown
            raise
        value = document.value
        if not isinstance(value, dict):
            raise EntryError(file.shown, "a provider file is a mapping")
        for key in MODEL_KEYS:
            models = value.get(key) or {}
            bodies = models.items() if isinstance(models, dict) else [("", models)]
            for model, body in bodies:
                if not isinstance(body, dict | None):
                    where = (key, model) if model else (key,)
                    raise EntryError(file.shown, f"{'.'.join(where)} is no mapping", *document.position_of(where))
        return value

    def _raise_fault_of(self, provider: str | None) -> None:
        for fault in self.faults:
            if provider is not None and provider_of(file_stem(self.root, fault.path)) == provider:
                raise fault
        for stem in self.stems_of(provider) if provider else ():
            if self.examined[stem].outline.unreadable:
                self.value_of(stem)


def open_workspace(root: Path, on: str, environ: Mapping[str, str], below: Workspace | None = None) -> Workspace:
    """Read and check every provider file of a directory, as of an ISO day. Faulty files raise only when used."""
    files, faults = read_settled_catalog(root) if root.is_dir() else ([], [])
    for file in files if below is not None else ():
        check_overlay_file(file)
    examined = examine_files(files, FindingsCache(root, on, environ), on)
    by_stem = {file.stem: file for file in files}
    results = {file.stem: examined[cache_name(file)] for file in files}
    unread = tuple(fault for fault in faults if file_stem(root, fault.path) not in by_stem)
    return Workspace(root, by_stem, results, unread, below)
