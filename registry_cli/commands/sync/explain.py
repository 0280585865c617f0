"""`llmreg explain`: where the facts of a model come from, field by field."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.catalog.fields import SETS
from registry_cli.core.catalog.flattening import is_within
from registry_cli.core.edits.entries import body_of, key_of
from registry_cli.core.matching.items import Decisions, Item
from registry_cli.core.matching.listening import DERIVED, precedence
from registry_cli.core.merging.agreeing import implied_modalities
from registry_cli.core.merging.confirmation import Settling
from registry_cli.core.merging.freshness import CITES, Belief
from registry_cli.core.merging.naming import taken_aliases, under_todays_ids
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.names import ModelName
from registry_cli.core.names.reading_names import resolve_for_reading
from registry_cli.core.query.table import Table
from registry_cli.core.statements.facts import EntryView, Field, fields_of, group_of
from registry_cli.core.statements.record import Line
from registry_cli.core.statements.statement_days import PRICES, describe_day, latest_day
from registry_cli.core.sync.threeway import Known, decide
from registry_cli.errors import UsageError
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.catalog.locate import find_catalog_to_read
from registry_cli.store.catalog.records import read_record, record_path
from registry_cli.store.git.record_history import versions_of_line
from registry_cli.yamledit.apply import equal_data

COLUMNS = ("field", "who", "value", "changed", "checked", "why")
FILE = "file"


@dataclass(frozen=True, slots=True)
class _Explained:
    """One model, with everything that was ever said of it. `versions` are of its line, the newest first."""

    name: ModelName
    local: EntryView
    line: Line
    order: Sequence[str]
    upstream: Upstream
    open: Mapping[Field, Item]
    versions: Sequence[tuple[str, Line | None]]
    taken: Collection[str]  # aliases that are another model's

    def rows(self, wanted: str) -> Iterator[tuple[Any, ...]]:
        stated = {field for fields in self.line.said.values() for field in fields} | self.line.base.keys()
        mine = {*fields_of(_without_nulls(self.local.body))}
        for field in sorted(stated | mine):
            if not wanted or is_within(field, wanted):
                yield from self._rows_of(field)

    def _rows_of(self, field: Field) -> Iterator[tuple[Any, ...]]:
        value = self.local.value_of(field)
        yield field, FILE, _shown(value), None, None, self._why_of_file(field, value)
        for source in [*self.order, *sorted(self.line.said.keys() - {*self.order})]:
            said = self.line.said.get(source, {}).get(field, ABSENT)
            if said is not ABSENT:
                checked = self.line.checked.get(source)
                yield field, source, _shown(said), self._changed(source, field, said), checked, self._why(source, field)

    def _why_of_file(self, field: Field, value: Any) -> str:
        item = self.open.get(field)
        if item is not None:
            return (
                f"{item.status}: {item.reason}"
                if item.reason
                else "the next sync takes upstream's value if its source still states it"
            )
        if field in self.upstream.implied:
            return "follows from other facts"
        if field not in self.upstream.fields:
            return "no source states it"
        source = self.upstream.sources[field]
        return f"as {source} says" if field in self.line.base or value is not ABSENT else f"{source} denies it"

    def _why(self, source: str, field: Field) -> str:
        if source == DERIVED and self.upstream.sources.get(field) == DERIVED:
            return "follows from the names that hosts give it"
        belief = self.upstream.beliefs.get(group_of(field))
        is_used = self.upstream.sources.get(field) == source
        if source not in self.order and not is_used and not (belief and source in belief.rivals):
            known = find_source(source)
            return "comparison only" if known and known.witness else "not among the provider's sources"
        return "; ".join([self._standing(source, field, belief), *self._remarks(source, field)])

    def _standing(self, source: str, field: Field, belief: Belief | None) -> str:
        """Whether what a source states is used, and why."""
        winner = self.upstream.sources.get(field)
        if winner == source:
            return f"{self._use_of(field)} ({self._merit(source, field, belief)})"
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
        item = self.open.get(field)
        if item is not None:
            return "used" if item.status == "applied" else "not used: the file's value stays"
        value, stated = self.local.value_of(field), self.upstream.fields[field]
        differs = value is not ABSENT and field not in SETS and not equal_data(value, stated)
        return "not used: the file's value stays" if differs else "used"

    def _merit(self, source: str, field: Field, belief: Belief | None) -> str:
        """Why what a source states is used."""
        if belief and belief.source == source and belief.support:
            return "younger" if belief.support == CITES else f"younger, {belief.support}"
        if belief and belief.source != source and group_of(field) == PRICES:
            return f"agrees with {belief.source}, which does not state it"
        return "first source" if source == self.order[0] else "highest-priority source that states it"

    def _remarks(self, source: str, field: Field) -> Iterator[str]:
        group = group_of(field)
        first = self.line.since.get(source, {}).get(group, "")
        if latest_day(first) not in ("", self.line.checked.get(source, "")[:10]):
            yield f"first stated {describe_day(first)}"
        if group == PRICES and source in self.line.cites:
            yield CITES
        belief = self.upstream.beliefs.get(group)
        if belief and field in self.upstream.contested and source in (belief.source, *belief.rivals):
            yield "contested"
        if field == "aliases" and (taken := sorted({*self.line.said[source][field]} & {*self.taken})):
            yield f"{', '.join(taken)} is another model's"
        if source in self.line.gone:
            yield "lists the model no more"

    def _changed(self, source: str, field: Field, value: Any) -> str | None:
        """When the source began to say so, as far as git knows."""
        changed = None
        for when, line in self.versions:
            if line is None or not equal_data(line.said.get(source, {}).get(field, ABSENT), value):
                break
            changed = when
        return changed


def explain(text: str, *, catalog: Path | None, on: str, cwd: Path, environ: Mapping[str, str]) -> Table:
    """Who says what of `MODEL` or `MODEL#FIELD`. Raises `UsageError`, `FileError`."""
    root = find_catalog_to_read(catalog, cwd=cwd, environ=environ).root
    workspace = open_workspace(root, on, environ)
    address = FieldRef.parse(text)
    name, assumption = resolve_for_reading(workspace.names, address.owner)
    field = address.field or ""
    explained = _explained(workspace, name, on, environ)
    rows = list(explained.rows(field))
    if not rows:
        raise UsageError(f"{name}: neither the file nor any source states {field!r}")
    return Table(COLUMNS, rows, notes=(assumption,) if assumption else ())


def _explained(workspace: Workspace, name: ModelName, on: str, environ: Mapping[str, str]) -> _Explained:
    body = workspace.provider_value(name.provider)
    order = [*precedence(name.provider, body), DERIVED]
    written = workspace.body_of_model(name)
    record, _ = read_record(workspace.root, name.provider)
    former = next((each for each in (name.id, *(written.get("aliases") or ())) if each in record), name.id)
    file = workspace.value_of(workspace.stem_of(name))
    models = {each: body_of(file, each) for each in file.get(key_of(file)) or ()}
    lines = under_todays_ids(record, models)
    line = lines.get(name.id, Line(name.id))
    taken = taken_aliases(models, lines, order).get(name.id, set())
    settling = Settling(line, order, taken, on, implied_modalities(read_vocabulary()))
    upstream = settling.upstream(settling.words(line.said))
    canonical = workspace.fields.canonical_name
    known = Known(str(name), written, line.base, upstream, line.listed)
    verdict = decide(known, Decisions(), canonical)
    waiting = {item.field: item for item in (*verdict.changes, *verdict.items)}
    versions = versions_of_line(record_path(workspace.root, name.provider), former, environ)
    return _Explained(name, EntryView(written, canonical), line, order, upstream, waiting, versions, taken)


def _shown(value: Any) -> Any:
    return None if value is ABSENT else value


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    capabilities = body.get("capabilities")
    pairs = [{name: said} for name, said in capabilities.items()] if isinstance(capabilities, Mapping) else None
    return {
        key: pairs if key == "capabilities" and pairs is not None else value
        for key, value in body.items()
        if value is not None
    }
