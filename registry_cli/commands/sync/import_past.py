"""`import --past`: models that sources once listed and the catalog does not name -> exact edits of files and records.

All is planned before the first file is written; all is written, or nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from registry_cli.commands.edit.session import Circumstances, Rewritten, as_changes, check_edit, rewrite_drafted
from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.sync.means import OpenRecords, PlanMeans, catalog_root, named_models, synced_stem
from registry_cli.commands.sync.past_reading import read_past
from registry_cli.commands.sync.recorded import parse_days, parse_source_files
from registry_cli.commands.sync.run import PROVIDER_ID
from registry_cli.commands.validate.folders import hold_folder
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.edits.entries import Draft
from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.core.matching.listening import AGGREGATORS
from registry_cli.core.names.identity import Identities, NamedModel
from registry_cli.core.statements.observations import Note, Observations, ObservedProvider
from registry_cli.core.statements.past import PastList
from registry_cli.core.sync.past_plan import PastModels, PastPlan, plan_past
from registry_cli.errors import UsageError
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.records import record_change
from registry_cli.store.files.transaction import FileChange, write_files


@dataclass(frozen=True, slots=True)
class PastOfProvider:
    """What became of one provider: how many models were added or completed. `is_new` is one that had no file."""

    provider: str
    added: int
    completed: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ImportedPast:
    """`providers` are those that changed, or would with a dry run. `skipped` are models that were not added, `notes`
    tell all that was left out."""

    providers: tuple[PastOfProvider, ...]
    files: tuple[Rewritten, ...]
    skipped: tuple[Note, ...]
    notes: tuple[Note, ...]
    warnings: tuple[Finding, ...] = ()


@dataclass
class _Import:
    """One run over a workspace that is open."""

    workspace: Workspace
    given: Circumstances
    lists: Sequence[PastList]
    reader: Reader
    notes: list[Note] = field(default_factory=list)  # of the lists
    skipped: list[Note] = field(default_factory=list)  # models that are not added

    @cached_property
    def records(self) -> OpenRecords:
        return OpenRecords(self.workspace.root)

    def plan_providers(self) -> dict[str, PastPlan]:
        """The plans of the providers that change."""
        observed = self._observations_by_provider()
        models = Providers(self.workspace.outlines)
        means = PlanMeans(self.workspace, self.reader, models, self._learn_identities(), self.given.day)
        checked = self._last_checks()
        plans = {}
        for provider, seen in sorted(observed.items()):
            stem = synced_stem(self.workspace, provider)
            is_known = stem in self.workspace.files
            value = self.workspace.joined_value(provider) if is_known else self._new_file(provider, seen)
            lists = [each for past in self.lists if (each := _models_once_listed(past, seen, checked))]
            record, _ = self.records.read_record_of(provider)
            plan = plan_past(
                provider, value, record, lists, stamp=self.given.stamp, means=means.means_for(stem, provider)
            )
            self.skipped += plan.notes
            if plan.added or plan.completed:
                plans[provider] = plan
        return plans

    def make_draft(self, plans: Mapping[str, PastPlan]) -> Draft:
        values: dict[str, Mapping[str, Any]] = {}
        for provider, plan in plans.items():
            values |= self.workspace.split_value(provider, plan.value)
        return Draft(values)

    def record_changes(self, plans: Mapping[str, PastPlan]) -> Iterator[FileChange]:
        for provider, plan in plans.items():
            _, old = self.records.read_record_of(provider)
            change = record_change(self.workspace.root, provider, plan.record, old)
            if change:
                yield change

    def summarize(self, plans: Mapping[str, PastPlan]) -> Iterator[PastOfProvider]:
        for provider, plan in plans.items():
            is_new = synced_stem(self.workspace, provider) not in self.workspace.files
            yield PastOfProvider(provider, len(plan.added), len(plan.completed), is_new)

    def _observations_by_provider(self) -> dict[str, list[tuple[PastList, ObservedProvider]]]:
        """What each list has of each provider, by the ids of the catalog."""
        observed: dict[str, list[tuple[PastList, ObservedProvider]]] = {}
        for past in self.lists:
            self.notes += past.observations.notes
            for seen in past.observations.providers:
                provider = self._find_provider(seen)
                if PROVIDER_ID.fullmatch(provider):
                    observed.setdefault(provider, []).append((past, seen))
                else:
                    self.notes.append(Note(provider, "", "", "", "an id that cannot be a file's name"))
        return observed

    def _find_provider(self, seen: ObservedProvider) -> str:
        names = self.workspace.names
        for name in (seen.id, seen.spelled):
            try:
                known = names.provider(name)
            except UsageError:  # an alias of several
                continue
            if known:
                return known
        return seen.id

    def _last_checks(self) -> dict[str, str]:
        """When each source was last heard about any provider."""
        checked: dict[str, str] = {}
        for provider in self.workspace.names.all_providers():
            for line in self.records.read_record_of(provider)[0].values():
                for source, time in line.checked.items():
                    if time > checked.get(source, ""):
                        checked[source] = time
        return checked

    def _learn_identities(self) -> Identities:
        entries = named_models(self.workspace.outlines)
        listed = (each for past in self.lists for each in past.observations.models())
        entries += [NamedModel(provider.id, model.id) for provider, model in listed]
        return Identities(dict.fromkeys(entries))

    def _new_file(self, provider: str, seen: Sequence[tuple[PastList, ObservedProvider]]) -> dict[str, Any]:
        """The file of a provider that has none, without its models and without an address: nothing is sent there."""
        told = []
        for past, each in seen:
            facts = {name: fact for name, fact in each.facts.items() if name != "api"}
            told.append(Observations(past.source, (ObservedProvider(provider, each.spelled, facts, ()),)))
        merged: list[dict[str, Any]] = [
            body for one in told for body in merge_observations([one], on=self.given.day).providers.values()
        ]
        body = {name: value for other in reversed(merged) for name, value in other.items() if name != "api"}
        taken = self._names_of_providers()
        aliases = [name for name in body.pop("aliases", ()) if name not in taken]
        return {**body, **({"aliases": aliases} if aliases else {}), "models": {}}

    def _names_of_providers(self) -> set[str]:
        outlines = self.workspace.outlines
        return {name for each in outlines for name in (each.provider, *each.provider_aliases)}


def import_past(arguments: Sequence[str], given: Circumstances, recorded_on: Sequence[str] = ()) -> ImportedPast:
    """Add the models that the sources of `SOURCE=FILE` arguments once listed to the catalog's files and records.

    Raises `UsageError`, `FileError`, `GitError`, `LockedError`, `RefusedError`, with nothing changed.
    """
    files = parse_source_files(arguments, "import")
    dated = parse_days(recorded_on, files, given.stamp)
    named = {text.partition("=")[0] for text in recorded_on}
    root = catalog_root(given)
    reader = Reader()
    lists = read_past(files, {source: dated[source] for source in named}, reader, given.environ)
    with hold_folder(root, dry_run=given.dry_run):
        run = _Import(open_workspace(root, given.day, given.environ), given, lists, reader)
        plans = run.plan_providers()
        draft = run.make_draft(plans)
        changed = tuple(rewrite_drafted(run.workspace, draft, given))
        warnings = check_edit(run.workspace, draft, changed, given, force=False) if changed else ()
        if changed and not given.dry_run:
            write_files(root, [*as_changes(changed), *run.record_changes(plans)])
        return ImportedPast(
            tuple(run.summarize(plans)), changed, tuple(run.skipped), (*run.notes, *run.skipped), warnings
        )


def _models_once_listed(
    past: PastList, seen: Sequence[tuple[PastList, ObservedProvider]], checked: Mapping[str, str]
) -> PastModels | None:
    """What a list has of a provider, without the models that its source still lists."""
    newest = checked.get(past.source) or min((checked[each] for each in AGGREGATORS if each in checked), default="")
    models, last_listed = {}, {}
    for provider in (provider for of, provider in seen if of is past):
        for model in provider.models:
            key = provider.id, model.id
            if not past.lists_today(key, newest):
                models[model.id] = model
                last_listed[model.id] = past.last_listed(key)
    return PastModels(past.source, tuple(models.values()), last_listed, past.only_ids) if models else None
