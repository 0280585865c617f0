"""Reads the provider files of a catalog (and of the user's overlay) into typed entries.

Every command but `validate` reads through this module, and refuses a file that is not valid YAML or breaks the schema.
Findings of other rules do not stop a reader. Neither do unknown keys, so that an older llmreg can read the catalog of a
newer one.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from registry_cli.core.catalog.build import build_provider
from registry_cli.core.catalog.models import Catalog, Provider
from registry_cli.core.catalog.own_prices import apply_own_prices
from registry_cli.core.format.layers import PART_KEYS, is_part
from registry_cli.core.format.unknown_keys import UnknownKeys, describe_keys, remove_keys
from registry_cli.core.format.vocabulary import Vocabulary, build_vocabulary
from registry_cli.errors import FileError, YamlError
from registry_cli.store.catalog.bundled import bundled_data, read_schema
from registry_cli.store.catalog.locate import CatalogFile
from registry_cli.store.catalog.provider_files import ProviderFiles
from registry_cli.yamledit.document import Scalars, decode_utf8, load_value, read_document

if TYPE_CHECKING:
    from registry_cli.core.checks.report import Mark
    from registry_cli.core.format.schema import Broken, Contract

_ANY_DAY = "2000-01-01"  # what depends on the day stops no reader


class Reader:
    """Parses and checks provider files. Builds the schema, the vocabulary and the scalars once for all of them."""

    def __init__(self) -> None:
        self._scalars = Scalars()

    @cached_property
    def contract(self) -> "Contract":
        from registry_cli.core.format.schema import Contract  # noqa: PLC0415  # the vocabulary alone needs none

        return Contract(read_schema())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self._scalars)

    def read_provider(self, files: ProviderFiles, leave_out: "Callable[[Broken], None] | None" = None) -> Provider:
        """Return the provider without its unknown keys, which are in `Provider.unknown_keys`.

        Raises `FileError` with the place of the first error. With `leave_out`, a model or a fact that breaks the schema
        is left out and passed to it, as are unknown keys.
        """
        unknown: list[UnknownKeys] = []
        layers = [self._read_value(file, files.id, unknown, leave_out) for file in files.layers]
        overlay = self._read_value(files.overlay, files.id, unknown, leave_out) if files.overlay else None
        provider = build_provider(files.id, layers, overlay, self.vocabulary)
        provider = apply_own_prices(provider, dict(files.own_prices))
        return replace(provider, unknown_keys=tuple(unknown)) if unknown else provider

    def _read_value(
        self,
        file: CatalogFile,
        provider: str,
        unknown: list[UnknownKeys],
        leave_out: "Callable[[Broken], None] | None",
    ) -> Any:
        """Return the value of a file without its unknown keys, which are added to `unknown`."""
        try:
            document = read_document(decode_utf8(file.data), self._scalars)
            value = document.value
            if isinstance(value, dict):
                # The file's name is the provider's id, so a file that does not repeat it is still clear.
                value.setdefault("provider", provider)
                value = self._keep_sound_part(value, leave_out) if leave_out else value
            if (
                document.faults
                or not self._keeps_schema(value, file, unknown)
                or value["provider"] != provider  # type: ignore[call-overload, index]  # a mapping, if it is accepted
                or (is_part(file.stem) and not value.keys() <= {*PART_KEYS})  # type: ignore[union-attr]  # the same
            ):
                raise self._first_fault(file)
        except FileError as fault:
            fault.path = file.shown
            raise
        return value

    def _keep_sound_part(self, value: dict[str, Any], leave_out: "Callable[[Broken], None]") -> dict[str, Any]:
        from registry_cli.core.format.schema import remove_violations  # noqa: PLC0415  # for `import` alone

        sound, broken = remove_violations(value, self.contract)
        for fault in broken:
            leave_out(fault)
        return sound

    def _keeps_schema(self, value: Any, file: CatalogFile, unknown: list[UnknownKeys]) -> bool:
        """Remove unknown keys from a value; return whether it then satisfies the schema."""
        if self.contract.accepts(value):
            return True
        pointers = self.contract.unknown_keys(value)
        if pointers is None:
            return False
        remove_keys(value, pointers)
        unknown.append(describe_keys(file.name, pointers))
        return self.contract.accepts(value)

    def _first_fault(self, file: CatalogFile) -> YamlError:
        """Return the first error that `validate` reports for a file that cannot be used."""
        from registry_cli.core.checks.checker import Judge, examine_bytes  # noqa: PLC0415
        from registry_cli.core.checks.rules import part_fact, provider_name, reading  # noqa: PLC0415  # for a wrong file only

        fatal_rules = (*reading.RULES, provider_name.RULE, part_fact.RULE)
        fatal = {rule.code for rule in fatal_rules if rule.severity == "error"}
        judge = Judge(self.contract, self.vocabulary, _ANY_DAY)
        marks = [mark for mark in examine_bytes(file.data, file.stem, judge, self._scalars).marks if mark.code in fatal]
        mark = next(filter(_stops_readers, marks), marks[0])
        return YamlError(mark.code, mark.message, mark.line, mark.column)


def _stops_readers(mark: "Mark") -> bool:
    """Whether a file could not be read for this finding alone."""
    return mark.code != "unknown-key" and (mark.code, mark.pointer) != ("schema", ("provider",))


def read_vocabulary(scalars: Scalars | None = None) -> Vocabulary:
    path = bundled_data() / "schema" / "capabilities.yml"
    return build_vocabulary(load_value(decode_utf8(path.read_bytes()), scalars))


def load_catalog(files: Iterable[ProviderFiles]) -> Catalog:
    """Return a catalog with all its providers. Raises `FileError`."""
    reader = Reader()
    return Catalog({entry.id: reader.read_provider(entry) for entry in files})
