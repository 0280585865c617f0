"""What the plan of a provider is made with, from an open workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.workspace import Workspace
from registry_cli.core.checks.checker import Judge
from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.matching.items import Means, RuleViolation
from registry_cli.core.merging.agreeing import implied_modalities
from registry_cli.core.names.identity import Identities, NamedModel
from registry_cli.core.statements.record import Line
from registry_cli.core.sync.judging import find_unknown_replacements, find_violations
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.records import read_record


@dataclass(frozen=True, slots=True)
class PlanMeans:
    """What the plans of all providers are made with; `models` are those of the whole catalog."""

    workspace: Workspace
    reader: Reader
    models: Providers
    identities: Identities
    day: str

    def means_for(self, stem: str, provider: str) -> Means:
        """The means for one file of a provider."""
        judge = Judge(self.reader.contract, self.reader.vocabulary, self.day)

        def knows(name: str) -> bool:
            return self.models.find_model(provider, name) is not None

        def problems(value: Mapping[str, Any]) -> list[RuleViolation]:
            return [*find_violations(value, stem, judge), *find_unknown_replacements(value, knows)]

        kinds = implied_modalities(self.reader.vocabulary)
        return Means(
            self.workspace.fields.canonical_name, problems, partial(self.identities.identity_of, provider), kinds
        )


def synced_stem(workspace: Workspace, provider: str) -> str:
    """Return the name of the file that a sync changes: the provider's own, or the one that it will have."""
    return next(iter(workspace.stems_of(provider)), provider)


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
