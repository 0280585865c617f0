"""What the plan of a provider is made with, from an open workspace."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.session import Circumstances, Rewritten
from registry_cli.commands.edit.workspace import Workspace
from registry_cli.core.checks.checker import Judge
from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.edits.entries import body_of
from registry_cli.core.format.layers import is_layered, provider_of
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.core.matching.items import Means, RuleViolation
from registry_cli.core.matching.listening import Heard
from registry_cli.core.merging.agreeing import implied_modalities
from registry_cli.core.names.identity import Identities, NamedModel
from registry_cli.core.statements.observations import Observations, ObservedProvider
from registry_cli.core.statements.record import Line
from registry_cli.core.sync.judging import find_unknown_replacements, find_violations
from registry_cli.errors import EntryError, UsageError
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.locate import file_stem, find_catalog
from registry_cli.store.catalog.records import read_record


@dataclass(frozen=True, slots=True)
class PlanMeans:
    """What the plans of all providers are made with; `models` are those of the whole catalog."""

    workspace: Workspace
    reader: Reader
    models: Providers
    identities: Identities
    day: str

    def means_for(self, stem: str, provider: str, inexact: Mapping[str, str] | None = None) -> Means:
        """The means for one file of a provider. `inexact` are models whose text cannot be edited, and why."""
        judge = Judge(self.reader.contract, self.reader.vocabulary, self.day)

        def knows(name: str) -> bool:
            return self.models.find_model(provider, name) is not None

        def problems(value: Mapping[str, Any]) -> list[RuleViolation]:
            violations = [*find_violations(value, stem, judge), *find_unknown_replacements(value, knows)]
            return [*violations, *_inexact_changes(self.workspace.joined_value(provider), value, inexact or {})]

        kinds = implied_modalities(self.reader.vocabulary)
        return Means(
            self.workspace.fields.canonical_name, problems, partial(self.identities.identity_of, provider), kinds
        )


def _inexact_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], inexact: Mapping[str, str]
) -> Iterator[RuleViolation]:
    for name, reason in inexact.items():
        if body_of(old, name) != body_of(new, name):
            yield RuleViolation(name, "", reason)


def synced_stem(workspace: Workspace, provider: str) -> str:
    """Return the name of the file that a sync changes: the provider's own, or the one that it will have."""
    return workspace.own_stem(provider)


@dataclass(frozen=True, slots=True)
class OpenRecords:
    """The records of a catalog as they were last read; one whose file did not change is not parsed again."""

    root: Path
    _read: dict[str, tuple[dict[str, Line], bytes | None]] = field(default_factory=dict)

    def read_record_of(self, provider: str) -> tuple[dict[str, Line], bytes | None]:
        """Return the record of a provider as it is now, and its bytes. Raises `FileError`."""
        self._read[provider] = read_record(self.root, provider, self._read.get(provider))
        return self._read[provider]


def named_models(outlines: Sequence[Outline]) -> list[NamedModel]:
    """The models of the catalog by all their names, from which identities are told."""
    ids = [NamedModel(outline.provider, name) for outline in outlines for name in outline.ids]
    return ids + [NamedModel(each.provider, alias, of) for each in outlines for alias, of in each.aliases.items()]


def new_provider_file(provider: str, heard: Sequence[Heard], day: str) -> dict[str, Any]:
    """The file of a provider that has none yet, without its models."""
    seen = [
        Observations(each.source, (ObservedProvider(provider, each.spelled, each.facts, each.models),))
        for each in heard
        if each.models and not each.witness
    ]
    body = merge_observations(seen, on=day).providers.get(provider, {"provider": provider})
    return {**{key: value for key, value in body.items() if key not in MODEL_KEYS}, "models": {}}


def catalog_root(given: Circumstances) -> Path:
    """The folder of provider files to write to. Raises `UsageError` for one that is read-only."""
    found = find_catalog(given.catalog, cwd=given.cwd, environ=given.environ)
    if found.origin == "bundled" and not given.dry_run:
        raise UsageError("the catalog that came with llmreg is read-only: --catalog or LLMREG_CATALOG names another")
    return found.root


def group_files(files: Iterable[Rewritten]) -> dict[str, tuple[Rewritten, ...]]:
    """Return the files of each provider, by its ID."""
    grouped: dict[str, tuple[Rewritten, ...]] = {}
    for file in files:
        provider = provider_of(file.stem)
        grouped[provider] = (*grouped.get(provider, ()), file)
    return grouped


def refuse_faults(workspace: Workspace, provider: str) -> None:
    """Raises `FileError` for a file of the provider that breaks the schema: it is not one to edit by halves."""
    for fault in workspace.faults:
        stem = file_stem(workspace.root, fault.path)
        if provider_of(stem) == provider and not is_layered(stem):
            raise fault
    for stem in workspace.stems_of(provider):
        if is_layered(stem) and stem != synced_stem(workspace, provider):
            continue
        for mark in workspace.examined[stem].marks:
            if mark.code in ("schema", "unknown-key", "part-fact"):
                raise EntryError(workspace.files[stem].shown, mark.message, mark.line, mark.column)
