"""What the plan of a provider is made with, from an open workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from registry_cli.commands.edit.workspace import Workspace
from registry_cli.core.checks.checker import Judge
from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.matching.items import Means, RuleViolation
from registry_cli.core.merging.agreeing import implied_modalities
from registry_cli.core.names.identity import Identities, NamedModel
from registry_cli.core.sync.judging import problems_of, unresolved
from registry_cli.store.catalog.load import Reader


@dataclass(frozen=True, slots=True)
class PlanMeans:
    """What the plans of all providers are made with; `models` are those of the whole catalog."""

    workspace: Workspace
    reader: Reader
    models: Providers
    identities: Identities
    day: str

    def of(self, stem: str, provider: str) -> Means:
        """The means for one file of a provider."""
        judge = Judge(self.reader.contract, self.reader.vocabulary, self.day)

        def knows(name: str) -> bool:
            return self.models.find_model(provider, name) is not None

        def problems(value: Mapping[str, Any]) -> list[RuleViolation]:
            return [*problems_of(value, stem, judge), *unresolved(value, knows)]

        kinds = implied_modalities(self.reader.vocabulary)
        return Means(
            self.workspace.fields.canonical_name, problems, partial(self.identities.identity_of, provider), kinds
        )


def named_models(outlines: Sequence[Outline]) -> list[NamedModel]:
    """The models of the catalog by all their names, from which identities are told."""
    ids = [NamedModel(outline.provider, name) for outline in outlines for name in outline.ids]
    return ids + [NamedModel(each.provider, alias, of) for each in outlines for alias, of in each.aliases.items()]
