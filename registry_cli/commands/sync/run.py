"""`llmreg sync` and `diff`: what sources answer -> a plan for each provider -> exact edits of files and records."""

import os
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from registry_cli.commands.edit.session import Circumstances, Rewritten, as_changes, check_edit, rewrite_drafted
from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.sync.means import (
    OpenRecords,
    PlanMeans,
    catalog_root,
    group_files,
    named_models,
    new_provider_file,
    refuse_faults,
    synced_stem,
)
from registry_cli.commands.sync.targets import refuse_unknown
from registry_cli.commands.validate.folders import display_path, hold_folder
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.edits.entries import Draft
from registry_cli.core.format.layers import is_layered
from registry_cli.core.matching.addresses import find_address_changes
from registry_cli.core.matching.items import OPEN, Decisions, Item, Means, ProviderPlan, SyncFlags, Wishes, is_edit
from registry_cli.core.matching.listening import (
    answers_for,
    skipped_facts,
    source_order,
    unknown_providers,
    unread_keys,
)
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.identity import Identities, NamedModel
from registry_cli.core.names.names import resolve_model, resolve_provider
from registry_cli.core.statements.answers import Answer, Failure
from registry_cli.core.statements.observations import Note
from registry_cli.core.sync.judging import describe_retired_default
from registry_cli.core.sync.plan import plan_provider
from registry_cli.errors import InexactEditError, LlmregError, UsageError
from registry_cli.sources.registry import find_source, find_source_for
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.records import record_change
from registry_cli.store.files.transaction import FileChange, write_files
from registry_cli.store.two_cores import map_in_two_processes

Wanted = tuple[str, str, Mapping[str, Any]]  # a source's name, a provider's id, the body of its file


class Ask(Protocol):
    """Asks sources. `meanwhile` is work in small steps for who has to wait; none of it need be done."""

    def __call__(self, wanted: Sequence[Wanted], meanwhile: Iterable[object] = ()) -> Sequence[Answer]: ...


PROVIDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_WORTH_A_FORK = 1_000  # models that are heard of: 80 ms of work or more, of which a second core saves half
_DRIFT = OPEN | {"address", "applied", "new", "missing", "retired"}


@dataclass(frozen=True, slots=True)
class SyncOptions(SyncFlags):
    """What a person asked for. `sources` are the only ones to ask, where any are named. `witnesses` are names of
    sources, of which those count that bear witness: they are asked of every provider, for comparison alone."""

    providers: tuple[str, ...] = ()
    all: bool = False
    sources: frozenset[str] = frozenset()
    witnesses: frozenset[str] = frozenset()
    accept: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderOutcome:
    """What the plan of one provider came to."""

    provider: str
    items: tuple[Item, ...]
    answered: bool
    files: tuple[Rewritten, ...]
    record: FileChange | None
    retired_default: str | None = None  # what to say of the default model that the file is left with


@dataclass(frozen=True, slots=True)
class Synced:
    """The plans, the files and records they came to, `written` or not, and what failed.

    `records` are their paths as messages name them; `overruled` are edits of a person that stay although `--accept`
    covers their model, because it does not name their field.
    """

    plans: tuple[ProviderOutcome, ...]
    files: tuple[Rewritten, ...]
    failures: tuple[Failure, ...]
    warnings: tuple[Finding, ...] = ()
    records: tuple[str, ...] = ()
    strangers: tuple[Item, ...] = ()  # providers that a source lists and no file is about
    written: bool = True
    left_out: tuple[tuple[str, Note], ...] = ()  # what sources stated of these providers and was not taken
    unread_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by source
    overruled: tuple[Item, ...] = ()

    @property
    def items(self) -> Iterator[Item]:
        for plan in self.plans:
            yield from plan.items
        yield from self.strangers

    @property
    def unanswered(self) -> list[str]:
        """The providers of which no source answered."""
        return [plan.provider for plan in self.plans if not plan.answered]

    def exit_code(self, *, check: bool) -> int:
        """4 where upstream failed, with `check` 1 for any drift, else 3 where something waits for a person."""
        if self.unanswered or any(not failure.is_skip for failure in self.failures):
            return 4
        if check:
            return 1 if any(item.status in _DRIFT for item in self.items) else 0
        return 3 if any(item.status in ("held", "conflict") for item in self.items) else 0


Write = Callable[[Path, Sequence[FileChange], Synced], None]


@dataclass
class _Sync:
    """One run over a workspace that is open."""

    workspace: Workspace
    request: SyncOptions
    given: Circumstances
    reader: Reader = field(default_factory=Reader)
    inexact: dict[str, dict[str, str]] = field(default_factory=dict)  # models whose text cannot be edited, by stem

    @cached_property
    def records(self) -> OpenRecords:
        return OpenRecords(self.workspace.root)

    @cached_property
    def _models(self) -> Providers:
        return Providers(self.workspace.outlines)

    def target_providers(self) -> list[str]:
        """The providers that are meant. One without a file is taken at its word: its sources may know it."""
        if self.request.all == bool(self.request.providers):
            raise UsageError("name providers, or --all for those of the catalog")
        if self.request.all:
            return sorted({*self.workspace.names.all_providers()})
        found = []
        for name in self.request.providers:
            known = self.workspace.names.provider(name)
            if known is None and not PROVIDER_ID.fullmatch(name):
                raise UsageError(f"{name!r} cannot be a provider's id: letters, digits, dots, dashes and underscores")
            found.append(known or name)
        return list(dict.fromkeys(found))

    def body_to_ask_by(self, provider: str) -> dict[str, Any]:
        """What a file says of whom to ask, or all of it. Raises `FileError`."""
        stem = synced_stem(self.workspace, provider)
        asking = self.workspace.examined[stem].outline.asking if stem in self.workspace.files else None
        return self.workspace.value_of(stem) if asking is None else asking

    def source_queries(self, providers: Sequence[str]) -> list[Wanted]:
        """What to ask whom. A source that nobody knows how to ask is left out."""
        wanted: list[Wanted] = []
        refuse_unknown("--sources", self.request.sources, lambda: self.known_sources(providers))
        for provider in providers:
            body = self.body_to_ask_by(provider)
            api = body.get("api") or {}
            for source in dict.fromkeys((*source_order(provider, body), *self.comparison_sources())):
                named = not self.request.sources or source in self.request.sources
                if named and find_source_for(source, api.get("base_url"), tuple(api.get("key_env") or ())):
                    wanted.append((source, provider, body))
        return wanted

    def known_sources(self, providers: Sequence[str]) -> set[str]:
        """The names of providers, and of the sources that their files name."""
        return {*self.workspace.names.all_providers()}.union(
            *(source_order(each, self.body_to_ask_by(each)) for each in providers)
        )

    def read_ahead(self, providers: Sequence[str]) -> Iterator[None]:
        """Reads files and records, one a step. Errors are raised later, when a file is needed."""
        for provider in providers:
            for read in (self.records.read_record_of, self.workspace.joined_value):
                with suppress(LlmregError):
                    read(provider)
                yield

    def comparison_sources(self) -> list[str]:
        found = {name: find_source(name) for name in sorted(self.request.witnesses)}
        return [name for name, source in found.items() if source is not None and source.witness]

    def learn_identities(self, answers: Sequence[Answer]) -> Identities:
        """What the names in the catalog, and those that the sources list today, tell of each other."""
        entries = named_models(self.workspace.outlines)
        witnesses = self.comparison_sources()  # who know no provider's own list
        heard = (each.observations for each in answers if each.observations and each.source not in witnesses)
        for provider, model in (each for observations in heard for each in observations.models()):
            entries.append(NamedModel(provider.id, model.id))
            entries += [NamedModel(provider.id, alias, model.id) for alias in model.facts.get("aliases") or ()]
        return Identities(dict.fromkeys(entries))

    def plan_of_provider(
        self, provider: str, answers: Sequence[Answer], wishes: Wishes, identities: Identities
    ) -> tuple[ProviderPlan, FileChange | None]:
        """The plan of one provider and the change of its record."""
        stem = synced_stem(self.workspace, provider)
        refuse_faults(self.workspace, provider)
        value = self.workspace.joined_value(provider)
        heard = answers_for(provider, value, answers, self.comparison_sources())
        if stem not in self.workspace.files:
            value = new_provider_file(provider, heard, wishes.day)
        record, old = self.records.read_record_of(provider)
        others = [each for each in self.workspace.stems_of(provider) if is_layered(each) and each != stem]
        elsewhere = {name for each in others for name in self.workspace.examined[each].outline.ids}
        means = self._means_of(stem, provider, identities)
        plan = plan_provider(provider, value, record, heard, wishes=wishes, means=means, elsewhere=elsewhere)
        if stem not in self.workspace.files and not plan.value.get("models"):
            return plan, None  # nothing to make a file of
        old_api = value.get("api") if stem in self.workspace.files else None
        items = find_address_changes(provider, old_api or {}, plan.value.get("api") or {}, heard)
        plan = replace(plan, items=(*items, *plan.items))
        return plan, record_change(self.workspace.root, provider, plan.record, old)

    def make_outcomes(
        self, providers: Sequence[str], answers: Sequence[Answer], wishes: Wishes
    ) -> list[ProviderOutcome]:
        """Raises `UsageError` for a provider that has no file and of which no source has heard: a slip."""
        identities = self.learn_identities(answers)

        def work(part: Sequence[str]) -> list[ProviderOutcome]:
            return self._outcomes_of(part, answers, wishes, identities)

        seen = [answer.observations for answer in answers if answer.observations]
        heard = sum(len(provider.models) for observations in seen for provider in observations.providers)
        if heard < _WORTH_A_FORK or len(providers) == 1 or (os.cpu_count() or 1) == 1:
            return work(providers)
        by_size = sorted(providers, key=self._size_of)
        try:
            halves = [*by_size[::2], *by_size[1::2]]
            mine, others = map_in_two_processes(work, halves, pickle.dumps, pickle.loads)  # from ourselves
        except LlmregError:
            return work(providers)  # in order, so that of several faults the first is told
        found = {outcome.provider: outcome for outcome in (*mine, *others)}
        return [found[provider] for provider in providers]

    def _outcomes_of(
        self, providers: Sequence[str], answers: Sequence[Answer], wishes: Wishes, identities: Identities
    ) -> list[ProviderOutcome]:
        """First all is planned, then all is made of it."""
        made = [self.plan_of_provider(provider, answers, wishes, identities) for provider in providers]
        for plan, _ in made:
            if plan.answered and not self._is_known(plan):
                resolve_provider(self.workspace.names, plan.provider)
        try:
            draft = self.make_draft([plan for plan, _ in made])
            files = list(rewrite_drafted(self.workspace, draft, self.given))
        except InexactEditError:
            planned = [self._plan_exact_edits(plan, answers, wishes, identities) for plan in made]
            made = [plan for plan, _ in planned]
            files = [file for _, written in planned for file in written]
        by_provider = group_files(files)
        return [
            ProviderOutcome(
                plan.provider,
                plan.items,
                plan.answered,
                by_provider.get(plan.provider, ()),
                record,
                describe_retired_default(plan.value, self.given.day),
            )
            for plan, record in made
        ]

    def _plan_exact_edits(
        self,
        planned: tuple[ProviderPlan, FileChange | None],
        answers: Sequence[Answer],
        wishes: Wishes,
        identities: Identities,
    ) -> tuple[tuple[ProviderPlan, FileChange | None], list[Rewritten]]:
        """The plan of one provider without the models whose text cannot be edited exactly, which wait for a person."""
        while True:
            provider = planned[0].provider
            reasons = self.inexact.setdefault(synced_stem(self.workspace, provider), {})
            try:
                return planned, list(rewrite_drafted(self.workspace, self.make_draft([planned[0]]), self.given))
            except InexactEditError as refusal:
                if refusal.model is None or refusal.model in reasons:
                    raise
                reasons[refusal.model] = refusal.message.removesuffix("; nothing was written")
                planned = self.plan_of_provider(provider, answers, wishes, identities)

    def _is_known(self, plan: ProviderPlan) -> bool:
        heard = any(line.said for line in plan.record.values()) or plan.items_with("held")
        return synced_stem(self.workspace, plan.provider) in self.workspace.files or bool(heard)

    def _size_of(self, provider: str) -> int:
        return sum(len(self.workspace.files[stem].data) for stem in self.workspace.stems_of(provider))

    def make_draft(self, plans: Sequence[ProviderPlan]) -> Draft:
        values: dict[str, Mapping[str, Any]] = {}
        for plan in plans:
            stem = synced_stem(self.workspace, plan.provider)
            is_new = stem not in self.workspace.files
            if plan.value.get("models") if is_new else plan.value is not self.workspace.joined_value(plan.provider):
                values |= self.workspace.split_value(plan.provider, plan.value)
        return Draft(values)

    def parse_decisions(self) -> Decisions:
        return Decisions(
            *(frozenset(map(self._resolve_target, texts)) for texts in (self.request.accept, self.request.keep))
        )

    def _resolve_target(self, text: str) -> str:
        """`all`, a provider, `PROVIDER#models`, a model or `MODEL#FIELD`, by the names of the catalog."""
        if text == "all":
            return text
        name, field = FieldRef.parse(text)
        of_list = self.workspace.names.provider(name) or (name if name in self.request.providers else None)
        if field == "models" and of_list:
            return str(FieldRef(of_list, field))
        if field is not None:  # a slip would decide nothing
            self.workspace.fields.unset_field({}, field.partition("[")[0], self.workspace.fields.shapes.model)
        if field is None and self.workspace.names.provider(name) and "/" not in name:
            return resolve_provider(self.workspace.names, name)
        prefix, _, rest = name.partition("/")
        provider = self.workspace.names.provider(prefix)
        if provider and rest in self.records.read_record_of(provider)[0]:
            return str(FieldRef(f"{provider}/{rest}", field))  # perhaps a model that the file does not have
        return str(FieldRef(str(resolve_model(self.workspace.names, name)), field))

    def _means_of(self, stem: str, provider: str, identities: Identities) -> Means:
        means = PlanMeans(self.workspace, self.reader, self._models, identities, self.given.day)
        return means.means_for(stem, provider, self.inexact.get(stem))


def write_synced(root: Path, changes: Sequence[FileChange], _: Synced) -> None:
    write_files(root, changes)


def sync_catalog(request: SyncOptions, given: Circumstances, ask: Ask, write: Write = write_synced) -> Synced:
    """Ask the sources, plan, and write all of it or nothing; with `given.dry_run` only plan.

    The catalog is not locked while sources are asked: the plan is made of the files as they are after that. `write`
    is called with the changes while the catalog is locked.
    Raises `UsageError`, `FileError`, `LockedError`, `RefusedError`.
    """
    root = catalog_root(given)
    opened = _Sync(open_workspace(root, given.day, given.environ), request, given)
    providers = opened.target_providers()
    opened.parse_decisions()  # a slip is told before anybody is asked
    wanted = opened.source_queries(providers)
    answers = list(ask(wanted, opened.read_ahead(providers)))
    with hold_folder(root, dry_run=given.dry_run):
        if not opened.workspace.is_current():
            opened = _Sync(open_workspace(root, given.day, given.environ), request, given)
        synced = _make_plans(opened, providers, answers)
        if not given.dry_run:
            changes = [*as_changes(synced.files), *(plan.record for plan in synced.plans if plan.record)]
            write(root, changes, synced)  # YAML first: see docs/sync.md
        return synced


def _make_plans(run: _Sync, providers: Sequence[str], answers: Sequence[Answer]) -> Synced:
    given, request = run.given, run.request
    decisions = run.parse_decisions()
    wishes = Wishes(given.stamp, given.day, decisions, **request.as_arguments())
    plans = tuple(run.make_outcomes(providers, answers, wishes))
    records = tuple(display_path(plan.record.path.absolute(), given.cwd) for plan in plans if plan.record)
    files = tuple(file for plan in plans for file in plan.files)
    warnings = check_edit(run.workspace, Draft({}), files, given, force=False) if files else ()
    failures = tuple(answer.failure for answer in answers if answer.failure)
    bodies = {provider: run.body_to_ask_by(provider) for provider in providers}
    others = tuple(unknown_providers(bodies, answers)) if request.all else ()
    left_out = tuple(skipped_facts(bodies, answers))
    unread = unread_keys(answers)
    stays = (item for plan in plans for item in plan.items if is_edit(item))
    overruled = tuple(item for item in stays if decisions.accepts(item.model, item.field))
    written = not given.dry_run
    return Synced(plans, files, failures, warnings, records, others, written, left_out, unread, overruled)
