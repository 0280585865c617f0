"""A provider's file, its record, and what sources answered -> the file and the record as they should be, and why.

Nothing here is lost by a source's failure: the last word of a source that was not heard is compared with what others
say. Only what a source that answered says changes the file (`Confirmation`). The plan of the same state is the same
plan, whatever the order in which answers arrived.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.edits.entries import key_of, with_body
from registry_cli.core.matching.admission import admit_answers
from registry_cli.core.matching.items import DELETED, Item, Means, ProviderPlan, RuleViolation, Wishes
from registry_cli.core.matching.listening import DERIVED, Heard, precedence
from registry_cli.core.matching.matching import FileNames, matched, names_of, recognized, recognized_ends, unread
from registry_cli.core.matching.policy import (
    is_account_owned,
    is_doubtful,
    knows_enough,
    reason_for_doubt,
)
from registry_cli.core.matching.restating import update_citations, update_days
from registry_cli.core.merging.confirmation import Confirmation, Settling, confirm
from registry_cli.core.merging.naming import taken_aliases, under_todays_ids
from registry_cli.core.merging.upstream import Upstream, heard
from registry_cli.core.statements.facts import Field, Fields, fields_of, group_of
from registry_cli.core.statements.lifecycle_sources import lifecycle_sources
from registry_cli.core.statements.observations import ObservedModel
from registry_cli.core.statements.record import Line, Record
from registry_cli.core.sync.absence import OwnList, absent_lines, days_heard, find_own_list
from registry_cli.core.sync.delisting import find_delisting, settle_delisted
from registry_cli.core.sync.entry import new_entry
from registry_cli.core.sync.judging import REPLACEMENT, new_violations
from registry_cli.core.sync.model_plan import ModelPlan, leave_out
from registry_cli.core.sync.once_listed import settle_status
from registry_cli.core.sync.recording import with_times
from registry_cli.core.sync.retiring import is_back, is_overtaken, is_own, returning, undone, without_word
from registry_cli.core.sync.threeway import Known, decide

Value = Mapping[str, Any]


def plan_provider(
    provider: str,
    value: Value,
    record: Record,
    answers: Sequence[Heard],
    *,
    wishes: Wishes,
    means: Means,
    elsewhere: Collection[str] = (),
) -> ProviderPlan:
    """`elsewhere` are ids that another file of the provider holds, which are not new."""
    planner = _Planner(provider, value, record, answers, wishes, means, frozenset(elsewhere))
    return planner.plan()


@dataclass
class _Planner:
    provider: str
    value: Value
    record: Record
    answers: Sequence[Heard]
    wishes: Wishes
    means: Means
    elsewhere: frozenset[str]
    items: list[Item] = field(default_factory=list)
    models: dict[str, dict[str, Any]] = field(init=False)  # of the file, as it is
    lines: dict[str, Line] = field(init=False)  # of the record, as it was, by today's ids
    recorded: set[str] = field(init=False)  # the sources that the record knows
    order: list[str] = field(init=False)  # the sources by precedence
    lifecycle: frozenset[str] = field(init=False)  # the sources that state when models end, and are no lists
    witnesses: list[Heard] = field(init=False)  # heard besides `answers`: recorded, and without a say
    found: dict[str, dict[str, ObservedModel]] = field(init=False)  # what each source says today, by our ids
    unread: dict[str, set[str]] = field(init=False)  # what each source lists in rows that were not taken, by our ids
    stated: dict[str, dict[str, Fields]] = field(default_factory=dict)  # what sources state today, by our ids
    doubted: set[str] = field(init=False)  # sources whose lists are not believed to be whole
    own: OwnList | None = field(init=False)  # the provider's own list, where it can tell what has ended
    taken: dict[str, set[str]] = field(init=False)  # aliases that are another model's, by our ids

    def plan(self) -> ProviderPlan:
        self.models = {name: dict(body or {}) for name, body in self._written(key_of(self.value)).items()}
        self.lines = under_todays_ids(self.record, self.models)
        self.recorded = {source for line in self.lines.values() for source in line.said}
        self.order = [*precedence(self.provider, self.value), DERIVED]
        answered = bool(self.answers)
        heard_ends = {answer.source for answer in self.answers if answer.lifecycle}
        self.lifecycle = frozenset(heard_ends.union(lifecycle_sources(self.provider)))
        admitted, items = admit_answers(self.provider, self.answers, self.lines, self.wishes)
        self.items += items
        self.witnesses = [each for each in admitted if each.witness]
        self.answers = [each for each in admitted if not each.witness]
        self.found = self._matched()
        for answer in self.answers:
            if answer.lifecycle:
                self.found[answer.source] = recognized_ends(self._all_names(), answer)
        names = names_of(self.models)
        self.unread = {each.source: unread(names, each) for each in (*self.answers, *self.witnesses)}
        self.found |= self._witnessed()
        self.doubted = self._doubted()
        known = [name for name in self.models if not self.wishes.new_only]
        fresh = sorted(
            {name for models in self.found.values() for name in models} - self.models.keys(),
            key=lambda name: (name.casefold(), name),
        )
        others = [name for name in self.lines if name not in self.models and name not in fresh]
        heard_lines = self._lines([*known, *fresh, *others])
        named = {source: self.found[source].keys() | self.unread[source] for source in self.found}
        self.own = find_own_list(self.answers, named, self.doubted, self.models, self.wishes.day)
        if self.own is not None:
            days = days_heard((*self.answers, *self.witnesses), self.lines.values())
            heard_lines |= absent_lines(heard_lines, self.models, self.own, days, self.lifecycle)
        self.taken = taken_aliases(self.models, heard_lines, self.order)
        planned = [self._known(name, heard_lines[name]) for name in known]
        planned += [model for name in fresh if (model := self._fresh(name, heard_lines[name]))]
        value = self._judged(planned)
        record = {**self.lines, **heard_lines, **{model.id: self._recorded(model) for model in planned}}
        value = self._missing(value, record)
        for model in planned:
            self._say(model, value)
        times = {answer.source: answer.checked_at for answer in (*self.answers, *self.witnesses)}
        dated = with_times(record, self.record, times, self.found, self.wishes)
        return ProviderPlan(self.provider, value, dated, tuple(self.items), answered)

    def _written(self, key: str) -> Mapping[str, Any]:
        models = self.value.get(key)
        return models if isinstance(models, Mapping) else {}

    def _name(self, model_id: str) -> str:
        return f"{self.provider}/{model_id}"

    # What was heard

    def _matched(self) -> dict[str, dict[str, ObservedModel]]:
        names = names_of(self.models)
        lists = []
        for answer in self.answers:
            if answer.lifecycle:
                continue  # no list of what there is
            public = []
            for model in answer.models:
                owned = is_account_owned(model) and names.find(answer.source, model)[0] is None
                if owned and not self.wishes.include_private:
                    adds = answer.is_provider_list or knows_enough(fields_of(model.facts))
                    what = (
                        ": --include-private adds it" if adds else ", and its source states neither limits nor prices"
                    )
                    self._unmatched(model.id, answer.source, f"belongs to an account or a machine{what}")
                else:
                    public.append(model)
            lists.append((answer.source, public))
        return matched(names, lists)

    def _witnessed(self) -> dict[str, dict[str, ObservedModel]]:
        """What witnesses say of the models of the file and of new ones; they bring none themselves."""
        if not self.witnesses:
            return {}
        names = self._all_names()
        found = {}
        for answer in self.witnesses:
            found[answer.source] = recognized(names, answer.source, answer.models)
            heard_of = {model.id for model in found[answer.source].values()}
            for model in answer.models:
                if model.id not in heard_of:
                    self._unmatched(model.id, answer.source, "only a witness lists it")
        return found

    def _all_names(self) -> FileNames:
        """The names of the file, and of what sources bring."""
        found = [pair for models in reversed(self.found.values()) for pair in models.items()]
        names = names_of({**{name: {} for name, _ in found}, **self.models})
        claims = sorted(found, key=lambda pair: pair[0], reverse=True)  # the first has it, as in `taken_aliases`
        aliased = {alias: name for name, model in claims for alias in model.facts.get("aliases") or ()}
        return names.with_spellings(aliased | {model.id: name for name, model in found})

    def _doubted(self) -> set[str]:
        """The sources whose lists are not believed to be whole."""
        doubted = set()
        for source in (answer.source for answer in self.answers if not answer.lifecycle):
            now = self.found[source].keys() | self.unread[source]
            before = [line for line in self.lines.values() if source in line.listed_by]
            missing = [line.id for line in before if line.id not in now]
            waiting = any(source in line.doubted for line in before if line.id not in now)
            decisions = self.wishes.decisions
            decided = decisions.accepts(self.provider, "models") or decisions.keeps(self.provider, "models")
            if (waiting or is_doubtful(len(before), len(missing))) and not decided:
                doubted.add(source)
                reason = reason_for_doubt(source, sorted(missing), empty=not self.found[source])
                self.items.append(Item(self.provider, "models", "held", source=source, reason=reason))
        return doubted

    def _lines(self, names: Iterable[str]) -> dict[str, Line]:
        """The line of each model with today's words in it."""
        lines: dict[str, Line] = {}
        for name in names:
            old = self.lines.get(name, Line(name))
            gone, doubted, said = set(old.gone), set(old.doubted), dict(old.said)
            since, cites = dict(old.since), old.cites
            stated = self.stated[name] = {}
            for answer in (*self.answers, *self.witnesses):
                source, model = answer.source, self.found[answer.source].get(name)
                if model is not None:
                    stated[source] = fields_of(model.facts, model.denies)
                    said[source] = heard(old.said.get(source, {}), stated[source])
                    first = source not in self.recorded
                    since[source] = update_days(old, answer, said[source], model, self.wishes.stamp, is_first=first)
                    cites = update_citations(cites, source, model, self.provider, self.value)
                    gone.discard(source)
                    doubted.discard(source)
                elif name in self.unread[source]:
                    gone.discard(source)
                    doubted.discard(source)
                elif source in old.listed_by and not answer.lifecycle:
                    (doubted.add if source in self.doubted else gone.add)(source)
                    doubted -= gone
            if (said.keys() - gone) & {*self.order} and (identity := self._identity(name)):
                said[DERIVED] = {"base_model": identity}
                if stated.keys() & {*self.order}:
                    stated[DERIVED] = said[DERIVED]
            dated = {source: days for source, days in since.items() if days}
            line = replace(old, said=said, since=dated, cites=cites, gone=frozenset(gone), doubted=frozenset(doubted))
            lines[name] = old if line == old else line
        return lines

    def _identity(self, name: str) -> str | None:
        written = self.models.get(name, {}).get("base_model")
        return self.means.identify(name, written if isinstance(written, str) else None)

    def _upstream(self, line: Line) -> tuple[Upstream, Confirmation]:
        """What the sources of a model come to, and what of it those say that answered."""
        taken = self.taken.get(line.id, ())
        settle = Settling(line, self.order, taken, self.wishes.day, self.means.modality_of)
        return confirm(settle, self.stated.get(line.id, {}))

    # What becomes of each model

    def _known(self, name: str, line: Line) -> ModelPlan:
        body, (upstream, confirmation) = self.models[name], self._upstream(line)
        old = self.lines.get(name, Line(name))
        retirement, base = old.retired if is_own(body, old.retired) else {}, old.base
        if retirement and is_overtaken(upstream, retirement):
            retirement, base = {}, {**base, "status": body["status"]}
        again = retirement and self._is_listed_by(retirement["by"], name)
        if retirement and not again:
            upstream = without_word(upstream, retirement)
        before = undone(body, retirement) if again else body
        known = Known(self._name(name), before, base, upstream, old.listed, confirmation.reason_to_wait)
        listing = (source for source in self.order if name in self.found.get(source, {}))
        verdict = decide(known, self.wishes.decisions, self.means.canonical)
        verdict = settle_status(verdict, known, listing)
        if again:
            verdict = returning(verdict, self._name(name), body, retirement)
        return ModelPlan(name, line, upstream, verdict, retirement=retirement)

    def _is_listed_by(self, source: str, name: str) -> bool:
        """Whether a source that answered lists a model, in a row that was taken or not."""
        return source in self.found and (name in self.found[source] or name in self.unread[source])

    def _fresh(self, name: str, line: Line) -> ModelPlan | None:
        upstream, confirmation = self._upstream(line)

        def reason_to_wait(field: Field) -> str | None:
            if self.wishes.decisions.accepts(self._name(name), field):
                return None
            return confirmation.reason_to_wait(field, upstream.fields[field], upstream.sources[field])

        source = next((each for each in self.order if name in self.found.get(each, {})), "")
        spelled = {answer.source: self.found[answer.source].get(name) for answer in self.answers}
        if not line.said.keys() - self.lifecycle - {DERIVED}:
            upstream = upstream.without_implied()  # nothing tells what a model is that only its end is known of
        entry = new_entry(name, upstream, spelled, self.wishes.stamp).confirmed(reason_to_wait)
        reason = self._why_not(name, line, entry.fields)
        if reason is None:
            return ModelPlan(name, line, upstream, entry=entry)
        if line.base:
            self.items.append(Item(self._name(name), "", "kept", source=source, reason=reason))
        else:
            self._unmatched_by_all(name, reason)
        return None

    def _why_not(self, name: str, line: Line, fields: Fields) -> str | None:
        if name in self.elsewhere:
            return "in another file of this provider"
        if line.base and not self.wishes.decisions.accepts_over_edit(self._name(name)):
            return DELETED
        if self.wishes.update_only:
            return "new: --update-only adds no models"
        exists = knows_enough(fields) or self._is_listed_or_ends(name, fields)
        return None if exists else "its sources state neither limits nor prices"

    def _is_listed_or_ends(self, name: str, fields: Fields) -> bool:
        """Whether the provider's own list has a model, or a source states something of its end."""
        telling = (each for each in self.answers if each.is_provider_list or (each.lifecycle and fields))
        return any(name in self.found[each.source] for each in telling)

    def _unmatched_by_all(self, name: str, reason: str) -> None:
        """One for each source that lists the model, so that what a source lists in vain can be counted."""
        for source in self.order:
            if name in self.found.get(source, {}):
                self._unmatched(name, source, reason)

    def _unmatched(self, name: str, source: str, reason: str) -> None:
        self.items.append(Item(self._name(name), "", "unmatched", source=source, reason=reason))

    # What the rules say

    def _judged(self, planned: list[ModelPlan]) -> Value:
        """The value with the changes that break no rule; the others are held where they belong."""
        before: list[RuleViolation] | None = None
        value = self._proposed(planned)
        while value is not self.value:
            after = self.means.problems(value)
            if after and before is None:
                before = list(self.means.problems(self.value))
            wrong = new_violations(before or [], after)
            if not wrong:
                return value
            by_model: dict[str | None, list[RuleViolation]] = {}
            for problem in wrong:
                by_model.setdefault(problem.model, []).append(problem)
            changing = [model for model in planned if model.entry or model.changes()]
            # Where it is no model that changes which is found at fault, any change may be the cause.
            for model in [model for model in changing if model.id in by_model] or changing:
                self._hold(model, by_model.get(model.id, wrong))
            planned[:] = [model for model in planned if model.entry or model.verdict]
            value = self._proposed(planned)
        return value

    def _hold(self, model: ModelPlan, problems: Sequence[RuleViolation]) -> None:
        verdict = model.verdict
        if verdict and {*(each.field for each in problems)} == {REPLACEMENT} and model.changes(REPLACEMENT):
            model.verdict = leave_out(verdict, REPLACEMENT, problems[0].message)
        elif verdict:
            model.verdict = verdict.held(problems[0].message, {group_of(each.field) for each in problems})
        elif model.entry:
            model.entry = model.entry.without(problems)
            if model.entry is None:
                self._unmatched_by_all(model.id, f"would be wrong: {problems[0].message}")

    def _proposed(self, planned: Iterable[ModelPlan]) -> Value:
        value = self.value
        key = key_of(value)
        bodies: dict[str, Any] = {}
        for model in planned:
            if model.entry:
                bodies[model.id] = model.entry.body(self.means.canonical)
            elif model.verdict and model.verdict.changes:
                bodies[model.id] = model.verdict.body(self.models[model.id], self.means.canonical)
        return {**value, key: {**self._written(key), **bodies}} if bodies else value

    # What is written down

    def _recorded(self, model: ModelPlan) -> Line:
        line = model.line
        if model.entry:
            return replace(line, base=model.entry.taken(), listed=frozenset(), retired={})
        if model.verdict:
            base, listed = model.verdict.taken(model.upstream), model.verdict.undecided()
            retirement = {} if is_back(model.verdict) else model.retirement
            same = (base, listed, retirement) == (line.base, line.listed, line.retired)
            return line if same else replace(line, base=base, listed=listed, retired=retirement)
        return line

    def _say(self, model: ModelPlan, value: Value) -> None:
        if model.entry:
            source = next((each for each in self.order if model.id in self.found.get(each, {})), "")
            body = dict(self._body_in(value, model.id))
            self.items.append(Item(self._name(model.id), "", "new", ABSENT, body, source, model.entry.note))
            self.items += model.entry.held(self._name(model.id))
        elif model.verdict:
            self.items += (*model.verdict.changes, *model.verdict.items)

    def _missing(self, value: Value, record: dict[str, Line]) -> Value:
        """Settles the models that are listed no more, by the highest list that was heard and knew them."""
        for name in self.models if not self.wishes.new_only else ():
            line = record.get(name)
            if line is None:
                continue
            by, body = find_delisting(self.answers, line), self._body_in(value, name)
            settled = settle_delisted(self._name(name), body, line, by=by, own=self.own, wishes=self.wishes)
            if settled.body is not body:
                value = with_body(value, name, settled.body)
                record[name] = settled.line
            if settled.item is not None:
                self.items.append(settled.item)
        return value

    def _body_in(self, value: Value, name: str) -> Mapping[str, Any]:
        return value[key_of(value, name)][name] or {}
