"""`llmreg explain`: where the facts of a model come from, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.sync.means import PlanMeans, synced_stem
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import SETS
from registry_cli.core.format.flattening import is_within
from registry_cli.core.format.layers import is_layered
from registry_cli.core.matching.listening import DERIVED, source_order
from registry_cli.core.merging.freshness import CITES, Belief
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.identity import Identities
from registry_cli.core.names.names import ModelName
from registry_cli.core.names.reading_names import resolve_for_reading
from registry_cli.core.query.table import Table
from registry_cli.core.statements.facts import EntryView, Field, fields_of, group_of
from registry_cli.core.statements.record import Line
from registry_cli.core.statements.statement_days import PRICES, describe_day, latest_day
from registry_cli.core.sync.assessment import assess_recorded
from registry_cli.core.sync.evidence import models_of_file
from registry_cli.core.sync.model_plan import ModelPlan
from registry_cli.core.sync.once_listed import UNLISTED
from registry_cli.core.sync.retiring import written_fields
from registry_cli.errors import UsageError
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.locate import find_catalog_to_read
from registry_cli.store.catalog.records import read_record, record_path
from registry_cli.store.git.record_history import versions_of_line
from registry_cli.yamledit.apply import equal_data

COLUMNS = ("field", "who", "value", "changed", "checked", "why")
FILE = "file"


@dataclass(frozen=True, slots=True)
class _Explained:
    """What the next sync does to one model, and the `versions` of its line of the record, the newest first."""

    name: ModelName
    local: EntryView
    order: Sequence[str]
    plan: ModelPlan
    versions: Sequence[tuple[str, Line | None]]
    synced_file: str  # the file that sync changes, where it is not the one that has the model

    @property
    def line(self) -> Line:
        return self.plan.line

    @property
    def upstream(self) -> Upstream:
        return self.plan.upstream

    def explanation_rows(self, wanted: str) -> Iterator[tuple[Any, ...]]:
        stated = {field for fields in self.line.said.values() for field in fields} | self.line.base.keys()
        mine = {*fields_of(_without_nulls(self.local.body))}
        for field in sorted(stated | mine):
            if not wanted or is_within(field, wanted):
                yield from self._rows_of(field)

    def _rows_of(self, field: Field) -> Iterator[tuple[Any, ...]]:
        value = self.local.value_of(field)
        yield field, FILE, _value_or_none(value), None, None, self._why_of_file(field, value)
        for source in [*self.order, *sorted(self.line.said.keys() - {*self.order})]:
            said = self.line.said.get(source, {}).get(field, ABSENT)
            if said is not ABSENT:
                checked = self.line.checked.get(source)
                yield (
                    field,
                    source,
                    _value_or_none(said),
                    self._changed_at(source, field, said),
                    checked,
                    self._why_of_source(source, field),
                )

    def _why_of_file(self, field: Field, value: Any) -> str:
        item = None if self.synced_file else self.plan.item_of(field)
        if item is not None:
            return (
                f"{item.status}: {item.reason}"
                if item.reason
                else "the next sync takes upstream's value if its source still states it"
            )
        by_sync = self._reason_of_sync(field, value)
        if by_sync:
            return by_sync
        stated = self.upstream.fields.get(field, ABSENT)
        agrees = _is_same_fact(field, value, stated)
        if stated is ABSENT or (field in self.upstream.implied and not agrees):
            return "no source states it"
        if field in self.upstream.implied:
            return "follows from other facts"
        source = self.upstream.sources[field]
        if agrees:
            return f"as {source} says" if field in self.line.base or value is not ABSENT else f"{source} denies it"
        return f"sync changes only {self.synced_file}" if self.synced_file else f"not as {source} says, and stays so"

    def _reason_of_sync(self, field: Field, value: Any) -> str | None:
        """What sync itself concluded and wrote, which no source states."""
        if field in written_fields(self.plan.retirement):
            return f"written by sync: {self.plan.retirement['by']} lists the model no more"
        if field == "status" and value == UNLISTED == self.line.base.get(field):
            return "written by sync: no source lists the model any more"
        return None

    def _why_of_source(self, source: str, field: Field) -> str:
        if source == DERIVED and self.upstream.sources.get(field) == DERIVED:
            return "follows from the names that hosts give it"
        belief = self.upstream.beliefs.get(group_of(field))
        is_used = self.upstream.sources.get(field) == source
        if source not in self.order and not is_used and not (belief and source in belief.rivals):
            known = find_source(source)
            return "comparison only" if known and known.witness else "not among the provider's sources"
        return "; ".join([self._reason_used(source, field, belief), *self._remarks_on(source, field)])

    def _reason_used(self, source: str, field: Field, belief: Belief | None) -> str:
        """Whether what a source states is used, and why."""
        winner = self.upstream.sources.get(field)
        if winner == source:
            return f"{self._use_of(field)} ({self._reason_for_source(source, field, belief)})"
        if field in self.upstream.replaced:
            why = "the rates of a price list come from sources that agree"
        elif winner is None or field in self.upstream.implied:
            why = "it cannot be true beside the other facts"
        elif belief and belief.source == winner and belief.support:
            why = f"{winner} is younger ({belief.support})"
        else:
            why = f"{winner} comes first"
        return f"not used: {why}"

    def _use_of(self, field: Field) -> str:
        """What becomes of the value that counts among the sources."""
        item = None if self.synced_file else self.plan.item_of(field)
        value = self.local.value_of(field)
        if item is not None:
            is_used = item.status == "applied"
        else:
            is_used = value is ABSENT or _is_same_fact(field, value, self.upstream.fields[field])
        return "used" if is_used else "not used: the file's value stays"

    def _reason_for_source(self, source: str, field: Field, belief: Belief | None) -> str:
        """Why what a source states is used."""
        if belief and belief.source == source and belief.support:
            return "younger" if belief.support == CITES else f"younger, {belief.support}"
        if belief and belief.source != source and group_of(field) == PRICES:
            return f"agrees with {belief.source}, which does not state it"
        return "first source" if source == self.order[0] else "highest-priority source that states it"

    def _remarks_on(self, source: str, field: Field) -> Iterator[str]:
        group = group_of(field)
        first = self.line.since.get(source, {}).get(group, "")
        if latest_day(first) not in ("", self.line.checked.get(source, "")[:10]):
            yield f"first stated {describe_day(first)}"
        if group == PRICES and source in self.line.cites:
            yield CITES
        belief = self.upstream.beliefs.get(group)
        if belief and field in self.upstream.contested and source in (belief.source, *belief.rivals):
            yield "contested"
        if field == "aliases" and (taken := sorted({*self.line.said[source][field]} & {*self.plan.taken})):
            yield f"{', '.join(taken)} is another model's"
        if source in self.line.gone:
            yield "lists the model no more"

    def _changed_at(self, source: str, field: Field, value: Any) -> str | None:
        """When the source began to say so, as far as git knows."""
        changed = None
        for when, line in self.versions:
            if line is None or not equal_data(line.said.get(source, {}).get(field, ABSENT), value):
                break
            changed = when
        return changed


def explain_model(text: str, *, catalog: Path | None, on: str, cwd: Path, environ: Mapping[str, str]) -> Table:
    """Who says what of `MODEL` or `MODEL#FIELD`. Raises `UsageError`, `FileError`."""
    root = find_catalog_to_read(catalog, cwd=cwd, environ=environ).root
    workspace = open_workspace(root, on, environ)
    address = FieldRef.parse(text)
    name, assumption = resolve_for_reading(workspace.names, address.owner)
    field = address.field or ""
    explained = _assess_model(workspace, name, on, environ)
    rows = list(explained.explanation_rows(field))
    if not rows:
        raise UsageError(f"{name}: neither the file nor any source states {field!r}")
    return Table(COLUMNS, rows, notes=(assumption,) if assumption else ())


def _assess_model(workspace: Workspace, name: ModelName, on: str, environ: Mapping[str, str]) -> _Explained:
    provider, written = name.provider, workspace.body_of_model(name)
    record, _ = read_record(workspace.root, provider)
    former = next((each for each in (name.id, *(written.get("aliases") or ())) if each in record), name.id)
    order = [*source_order(provider, workspace.provider_value(provider)), DERIVED]
    stem, own_stem = workspace.stem_of(name), synced_stem(workspace, provider)
    is_own = not is_layered(stem) or stem == own_stem
    file = workspace.joined_value(provider) if is_own else workspace.value_of(stem)
    is_synced = is_own and name.id in models_of_file(file)
    is_sound = not any(mark.code in ("schema", "unknown-key") for mark in workspace.examined[stem].marks)
    reader = Reader()
    means = PlanMeans(workspace, reader, Providers(workspace.outlines), Identities(()), on).means_for(
        own_stem if is_own else stem, provider
    )
    only = () if is_synced and is_sound else (name.id,)
    plan = assess_recorded(provider, file, record, order, day=on, means=means, only=only)[name.id]
    versions = versions_of_line(record_path(workspace.root, provider), former, environ)
    synced_file = "" if is_synced else f"{own_stem}.yml"
    view = EntryView(written, workspace.fields.canonical_name)
    return _Explained(name, view, order, plan, versions, synced_file)


def _is_same_fact(field: Field, written: Any, stated: Any) -> bool:
    """Whether a file states what a source states; an absent capability is one that is denied."""
    if written is ABSENT:
        return stated is False or stated is ABSENT
    if field in SETS and isinstance(written, list) and isinstance(stated, list):
        return {*written} == {*stated}
    return equal_data(written, stated)


def _value_or_none(value: Any) -> Any:
    return None if value is ABSENT else value


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without the fields that do not apply; capabilities as a list."""
    facts = {key: value for key, value in body.items() if value is not None}
    capabilities = facts.get("capabilities")
    if isinstance(capabilities, Mapping):
        facts["capabilities"] = [{name: details} for name, details in capabilities.items()]
    return facts
