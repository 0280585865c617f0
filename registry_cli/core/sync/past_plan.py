"""A provider's file, its record, and what sources once listed -> the file with the models that nothing names today.

What a source stated last goes into the record as a sync would have left it: with the day on which the source was last
known to list the model, and the source among those that list it no more. The entry is what these statements come to.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry_cli.core.edits.entries import key_of
from registry_cli.core.format.fields import TIMESTAMPS
from registry_cli.core.matching.items import Means, RuleViolation
from registry_cli.core.matching.listening import DERIVED, source_order
from registry_cli.core.matching.matching import FileNames, file_names, match_lists
from registry_cli.core.matching.policy import is_account_owned
from registry_cli.core.matching.spellings import Spellings
from registry_cli.core.merging.agreeing import drop_contradictions
from registry_cli.core.merging.naming import rekey_to_current_ids
from registry_cli.core.merging.upstream import Upstream, settle_statements
from registry_cli.core.statements.facts import CAPABILITY, Fields, fields_of
from registry_cli.core.statements.observations import Note, ObservedModel
from registry_cli.core.statements.record import Line, Record
from registry_cli.core.sync.entry import NewEntry, make_entry
from registry_cli.core.sync.judging import new_violations
from registry_cli.core.sync.once_listed import UNLISTED, is_only_of_lifecycle, lists_models
from registry_cli.yamledit.apply import equal_data

Value = Mapping[str, Any]
_STATUS = "status"
_NO_ID = re.compile(r"[\s%]")
_OWN = TIMESTAMPS | {"upstream_ids"}


@dataclass(frozen=True, slots=True)
class PastModels:
    """What one source once listed of one provider, without what it still lists. `last_listed` says by the ids of the
    source when it was last known to list a model. Of a source with `only_ids` nothing else is taken."""

    source: str
    models: tuple[ObservedModel, ...]
    last_listed: Mapping[str, str]
    only_ids: bool = False


@dataclass(frozen=True, slots=True)
class PastPlan:
    """`added` are models that nothing named, `completed` those of which the catalog knew only how they ended."""

    value: Value
    record: Record
    added: tuple[str, ...]
    completed: tuple[str, ...]
    notes: tuple[Note, ...]


def plan_past(
    provider: str, value: Value, record: Record, lists: Sequence[PastModels], *, stamp: str, means: Means
) -> PastPlan:
    """The first of `lists` takes precedence where the provider's own order of sources does not decide."""
    planner = _PastPlanner(provider, value, record, lists, stamp, means)
    return planner.plan_models()


@dataclass(slots=True)
class _PastEntry:
    """One model to write, with its line of the record."""

    line: Line
    entry: NewEntry


@dataclass
class _PastPlanner:
    provider: str
    value: Value
    record: Record
    lists: Sequence[PastModels]
    stamp: str
    means: Means
    notes: list[Note] = field(default_factory=list)

    def plan_models(self) -> PastPlan:
        written = self.value.get(key_of(self.value)) or {}
        models = {name: dict(body or {}) for name, body in written.items()}
        lines = rekey_to_current_ids(self.record, models)
        open_ids = {name for name, body in models.items() if name in lines and self._is_open(body, lines[name])}
        found = self._find_unnamed(models, lines, open_ids)
        new = {name: self._make_entry(name, lines.get(name, Line(name)), found) for name in _ids_of(found)}
        value = self._remove_violations(new, models)
        kept = {name: replace(each.line, base=each.entry.base_fields(), text=None) for name, each in new.items()}
        return PastPlan(
            value,
            {**lines, **kept} if kept else self.record,
            tuple(name for name in new if name not in models),
            tuple(name for name in new if name in models),
            tuple(self.notes),
        )

    def _is_open(self, body: Mapping[str, Any], line: Line) -> bool:
        """Whether an entry is only about how the model ended, and no person edited it since sync wrote it."""
        facts = {name: item for name, item in body.items() if name not in _OWN}
        stated = fields_of(facts)
        base = {name: item for name, item in line.base.items() if item or not name.startswith(CAPABILITY)}
        return is_only_of_lifecycle(line) and equal_data(stated, base)

    def _find_unnamed(
        self, models: Mapping[str, Any], lines: Mapping[str, Line], open_ids: set[str]
    ) -> dict[str, dict[str, ObservedModel]]:
        """What each source once said of the models that nothing names, by the ids that they get."""
        names = file_names(models)
        spellings = Spellings(self.provider, names)
        lists = []
        for past in self.lists:
            chosen = []
            for model in sorted(past.models, key=lambda each: past.last_listed[each.id], reverse=True):
                known = _find_known_id(names, past.source, model)
                against = None if known else _reason_against(model, lines, spellings)
                if against:
                    self.notes.append(Note(self.provider, model.id, past.source, *against))
                elif known is None or known in open_ids:
                    chosen.append(model)
                    spellings.add_name(model.id, model.id)
            lists.append((past.source, chosen))
        return match_lists(names, lists)

    def _make_entry(self, name: str, old: Line, found: Mapping[str, Mapping[str, ObservedModel]]) -> _PastEntry:
        line = self._add_statements(name, old, found)
        upstream = self._settle_upstream(name, line.said)
        if not any(map(lists_models, old.listed_by)):
            upstream = _mark_unlisted(upstream)
        spelled = {past.source: found[past.source].get(name) for past in self.lists if not past.only_ids}
        return _PastEntry(line, make_entry(name, upstream, spelled, self.stamp))

    def _add_statements(self, name: str, old: Line, found: Mapping[str, Mapping[str, ObservedModel]]) -> Line:
        """The line of the record with what was last said; what it has of a source already is younger, and stays."""
        said, checked, gone = dict(old.said), dict(old.checked), set(old.gone)
        for past in self.lists:
            model = found[past.source].get(name)
            if model is None or past.source in old.said:
                continue
            said[past.source] = {} if past.only_ids else _last_statement(model)
            gone.add(past.source)
            if last := past.last_listed.get(model.id):
                checked[past.source] = last
        order = source_order(self.provider, self.value)
        if said.keys() & order.keys() and (identity := self.means.identify(name, None)):
            said[DERIVED] = {"base_model": identity}
        return replace(old, said=said, checked=checked, gone=frozenset(gone))

    def _settle_upstream(self, name: str, said: Mapping[str, Fields]) -> Upstream:
        """What a model's sources come to. First those that decide for `sync`, so that it comes to the same, then those
        that only know the past, then those that state how models end."""
        ends = (source for source in sorted(said) if source != DERIVED and not lists_models(source))
        order = [*source_order(self.provider, self.value), *(past.source for past in self.lists), *ends]
        order = [*dict.fromkeys(order), DERIVED]
        words = [(source, said[source]) for source in order if source in said]
        upstream = drop_contradictions(settle_statements(name, words, self.stamp[:10]), order, self.means.modality_of)
        if any(fields for source, fields in words if lists_models(source)):
            return upstream
        return _remove_inferences(upstream)  # nothing is known of what the model was

    def _remove_violations(self, new: dict[str, _PastEntry], models: Mapping[str, Any]) -> Value:
        """The value with the new models, without what would break a rule; `new` loses what is wrong as a whole."""
        before: list[RuleViolation] | None = None
        while new:
            value = self._add_models(new, models)
            if before is None:
                before = list(self.means.problems(self.value))
            wrong = new_violations(before, self.means.problems(value))
            if not wrong:
                return value
            self._leave_out(new, wrong)
        return self.value

    def _leave_out(self, new: dict[str, _PastEntry], wrong: Sequence[RuleViolation]) -> None:
        """Takes out the fields that are wrong, or the models; where no new model is at fault, all of them."""
        by_model: dict[str | None, list[RuleViolation]] = {}
        for problem in wrong:
            by_model.setdefault(problem.model, []).append(problem)
        for name in [name for name in new if name in by_model] or list(new):
            problems = by_model.get(name, wrong)
            rest = new[name].entry.remove_violations(problems)
            self.notes.append(Note(self.provider, name, problems[0].field, "", problems[0].message))
            if rest is None:
                del new[name]
            else:
                new[name].entry = rest

    def _add_models(self, new: Mapping[str, _PastEntry], models: Mapping[str, Any]) -> Value:
        key = key_of(self.value)
        bodies = {name: self._build_body(each.entry, models.get(name)) for name, each in new.items()}
        return {**self.value, key: {**(self.value.get(key) or {}), **bodies}}

    def _build_body(self, entry: NewEntry, old: Mapping[str, Any] | None) -> Mapping[str, Any]:
        body = entry.build_body(self.means.canonical)
        return body if old is None else {**body, **{name: old[name] for name in _OWN if name in old}}


def _find_known_id(names: FileNames, source: str, model: ObservedModel) -> str | None:
    return names.find_id(source, model)[0] or names.find_by_alias(model)


def _reason_against(model: ObservedModel, lines: Mapping[str, Line], spellings: Spellings) -> tuple[str, str] | None:
    """What speaks against a model that the file does not have, and why; None where nothing does."""
    if is_account_owned(model):
        return "", "belongs to an account or a machine"
    if _NO_ID.search(model.id):
        return "", "an id that no call can carry"
    line = next((line for name, line in lines.items() if name.casefold() == model.id.casefold()), None)
    if line and line.base:
        return "", "deleted in the file"
    other = spellings.find_other_spelling(model.id)
    return (other, "another spelling of a model of the catalog") if other else None


def _ids_of(found: Mapping[str, Mapping[str, ObservedModel]]) -> Iterable[str]:
    ids = {name for models in found.values() for name in models}
    return sorted(ids, key=lambda name: (name.casefold(), name))


def _last_statement(model: ObservedModel) -> Fields:
    """What a source last said of a model. Its status then, unless that was the end, says nothing of today."""
    fields = fields_of(model.facts, model.denies)
    return fields if fields.get(_STATUS) == "retired" else {k: v for k, v in fields.items() if k != _STATUS}


def _remove_inferences(upstream: Upstream) -> Upstream:
    inferred = upstream.implied - {_STATUS}
    return replace(upstream, fields={name: fact for name, fact in upstream.fields.items() if name not in inferred})


def _mark_unlisted(upstream: Upstream) -> Upstream:
    """The same with the status `unlisted`, unless a source says how the model ended."""
    if _STATUS in upstream.fields:
        return upstream
    fields, sources = {**upstream.fields, _STATUS: UNLISTED}, {**upstream.sources, _STATUS: DERIVED}
    return replace(upstream, fields=fields, sources=sources)
