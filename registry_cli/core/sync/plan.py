"""A provider's file, its record, and what sources answered -> the file and the record as they should be, and why.

Nothing here is lost by a source's failure: the last word of a source that was not heard is compared with what others
say. Only what a source that answered says changes the file (`Confirmation`). The plan of the same state is the same
plan, whatever the order in which answers arrived.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.core.edits.entries import key_of, with_body
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import DELETED, Item, Means, ProviderPlan, Wishes
from registry_cli.core.matching.listening import DERIVED, Heard
from registry_cli.core.matching.policy import knows_enough
from registry_cli.core.statements.facts import Field, Fields
from registry_cli.core.statements.record import Line, Record
from registry_cli.core.sync.assessment import Assessor
from registry_cli.core.sync.delisting import find_delisting, settle_delisted
from registry_cli.core.sync.entry import NewEntry, make_entry
from registry_cli.core.sync.evidence import ProviderEvidence, gather_evidence
from registry_cli.core.sync.matched_answers import unmatched_item
from registry_cli.core.sync.model_plan import ModelPlan
from registry_cli.core.sync.recording import update_times
from registry_cli.core.sync.retiring import brings_back
from registry_cli.core.sync.rule_check import check_plans

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
    """Return what a sync makes of a provider's file and its record, and what to say of it.

    `elsewhere` are ids that another file of the provider holds, which are not new.
    """
    evidence = gather_evidence(provider, value, record, answers, wishes=wishes, means=means)
    planner = _Planner(provider, evidence, wishes, means, frozenset(elsewhere))
    items = [*evidence.items]
    plans = planner.plan_known()
    for name in evidence.new_ids:
        plan, not_added = planner.plan_new(name)
        plans += [plan] if plan else []
        items += not_added
    checked = check_plans(value, plans, means)
    for name, reason in checked.rejected:
        items += planner.not_added_items(name, f"would be wrong: {reason}")
    lines = {**evidence.recorded, **evidence.lines}
    lines |= {plan.id: line_after(plan) for plan in checked.plans}
    after, delisted = planner.settle_delisted_models(checked.value, lines)
    items += delisted
    for plan in checked.plans:
        items += planner.items_of(plan, after)
    matched = evidence.matched
    times = {answer.source: answer.checked_at for answer in matched.all_answers}
    dated = update_times(lines, record, times, matched.found, wishes)
    return ProviderPlan(provider, after, dated, tuple(items), answered=bool(answers))


def line_after(plan: ModelPlan) -> Line:
    """Return a model's line of the record once the changes of its plan are made."""
    line = plan.line
    if plan.entry:
        return replace(line, base=plan.entry.base_fields(), listed=frozenset(), retired={})
    if plan.verdict is None:
        return line
    base, listed = plan.verdict.next_base(plan.upstream), plan.verdict.undecided_fields()
    retirement = {} if brings_back(plan.verdict) else plan.retirement
    if (base, listed, retirement) == (line.base, line.listed, line.retired):
        return line
    return replace(line, base=base, listed=listed, retired=retirement)


@dataclass(frozen=True, slots=True)
class _Planner:
    """What the plans of a provider's models are made of."""

    provider: str
    evidence: ProviderEvidence
    wishes: Wishes
    means: Means
    elsewhere: frozenset[str]

    @property
    def assessor(self) -> Assessor:
        wishes = self.wishes
        return Assessor(self.provider, self.evidence.order, wishes.day, self.means, wishes.decisions)

    def plan_known(self) -> list[ModelPlan]:
        """The plans of the models of the file."""
        if self.wishes.new_only:
            return []
        assessor, evidence = self.assessor, self.evidence
        return [assessor.assess_model(body, evidence.of_model(name)) for name, body in evidence.models.items()]

    def plan_new(self, name: str) -> tuple[ModelPlan | None, list[Item]]:
        """The plan of a model that the file does not have; None with what to say where it is not added."""
        evidence = self.evidence.of_model(name)
        line = evidence.line
        upstream, confirmation = self.assessor.settle_upstream(evidence)

        def reason_to_wait(field: Field) -> str | None:
            if self.wishes.decisions.accepts(self._full_name(name), field):
                return None
            return confirmation.reason_to_wait(field, upstream.fields[field], upstream.sources[field])

        if not line.said.keys() - self.evidence.lifecycle - {DERIVED}:
            upstream = upstream.remove_implied()  # nothing tells what a model is that only its end is known of
        matched = self.evidence.matched
        rows = {answer.source: matched.found[answer.source].get(name) for answer in matched.answers}
        entry = make_entry(name, upstream, rows, self.wishes.stamp).remove_unconfirmed(reason_to_wait)
        reason = self._reason_against(line, entry)
        if reason is None:
            return ModelPlan(line, upstream, entry=entry), []
        if line.base:
            source = next(iter(evidence.listed_by), "")
            return None, [Item(self._full_name(name), "", "kept", source=source, reason=reason)]
        return None, self.not_added_items(name, reason)

    def not_added_items(self, name: str, reason: str) -> list[Item]:
        """An item for each source that lists the model, so that what a source lists in vain can be counted."""
        listing = self.evidence.matched.sources_listing(name, self.evidence.order)
        return [unmatched_item(self.provider, name, source, reason) for source in listing]

    def settle_delisted_models(self, value: Value, record: dict[str, Line]) -> tuple[Value, list[Item]]:
        """The file with the models settled that are listed no more, by the highest list that was heard and knew them,
        and what to say of them. Their lines in `record` are replaced."""
        items: list[Item] = []
        answers, own = self.evidence.matched.answers, self.evidence.own
        for name in self.evidence.models if not self.wishes.new_only else ():
            line = record.get(name)
            if line is None:
                continue
            by, body = find_delisting(answers, line), _body_in(value, name)
            settled = settle_delisted(self._full_name(name), body, line, by=by, own=own, wishes=self.wishes)
            if settled.body is not body:
                value = with_body(value, name, settled.body)
                record[name] = settled.line
            if settled.item is not None:
                items.append(settled.item)
        return value, items

    def items_of(self, plan: ModelPlan, value: Value) -> Iterator[Item]:
        """What to say of a plan; `value` is the file once all plans are carried out."""
        if plan.entry:
            name = self._full_name(plan.id)
            source = next(iter(self.evidence.matched.sources_listing(plan.id, self.evidence.order)), "")
            yield Item(name, "", "new", ABSENT, dict(_body_in(value, plan.id)), source, plan.entry.note)
            yield from plan.entry.held_items(name)
        elif plan.verdict:
            yield from plan.verdict.changes
            yield from plan.verdict.items

    def _full_name(self, model_id: str) -> str:
        return f"{self.provider}/{model_id}"

    def _reason_against(self, line: Line, entry: NewEntry) -> str | None:
        """Why a model that the file does not have is not added; None where it is."""
        if line.id in self.elsewhere:
            return "in another file of this provider"
        if line.base and not self.wishes.decisions.accepts_over_edit(self._full_name(line.id)):
            return DELETED
        if self.wishes.update_only:
            return "new: --update-only adds no models"
        exists = knows_enough(entry.fields) or self._is_listed_or_ends(line.id, entry.fields)
        return None if exists else "its sources state neither limits nor prices"

    def _is_listed_or_ends(self, name: str, fields: Fields) -> bool:
        """Whether the provider's own list has a model, or a source states something of its end."""
        matched = self.evidence.matched
        for answer in matched.answers:
            if (answer.is_provider_list or (answer.lifecycle and fields)) and name in matched.found[answer.source]:
                return True
        return False


def _body_in(value: Value, name: str) -> Mapping[str, Any]:
    return value[key_of(value, name)][name] or {}
