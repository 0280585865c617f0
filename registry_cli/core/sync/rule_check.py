"""The changes of all models of a file -> those that break no rule; the others are held where they belong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.core.edits.entries import key_of
from registry_cli.core.matching.items import Means, RuleViolation
from registry_cli.core.statements.facts import Canonical, group_of
from registry_cli.core.sync.judging import REPLACEMENT, new_violations
from registry_cli.core.sync.model_plan import ModelPlan
from registry_cli.core.sync.threeway import Verdict

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckedPlans:
    """`value` is the file with the changes of `plans`; `rejected` are the new models that cannot be added, by their ids
    with the reason."""

    value: Value
    plans: Sequence[ModelPlan]
    rejected: Sequence[tuple[str, str]]


def check_plans(value: Value, plans: Sequence[ModelPlan], means: Means) -> CheckedPlans:
    """Return the plans with every change held that would break a rule which the file keeps today."""
    rejected: list[tuple[str, str]] = []
    before: Sequence[RuleViolation] | None = None
    planned = _apply_plans(value, plans, means.canonical)
    while planned is not value:
        after = means.problems(planned)
        if after and before is None:
            before = means.problems(value)
        wrong = new_violations(before or [], after)
        if not wrong:
            break
        plans, refused = _hold_violations(plans, wrong)
        rejected += refused
        planned = _apply_plans(value, plans, means.canonical)
    return CheckedPlans(planned, plans, rejected)


def _hold_violations(
    plans: Sequence[ModelPlan], wrong: Sequence[RuleViolation]
) -> tuple[list[ModelPlan], list[tuple[str, str]]]:
    """The plans without the changes that are at fault, and the new models that are rejected."""
    by_model: dict[str | None, list[RuleViolation]] = {}
    for problem in wrong:
        by_model.setdefault(problem.model, []).append(problem)
    changing = {plan.id for plan in plans if plan.entry or plan.changes()}
    # Where no changing model is found at fault, any change may be the cause.
    at_fault = changing & by_model.keys() or changing
    kept, rejected = [], []
    for plan in plans:
        held = _hold_plan(plan, by_model.get(plan.id, wrong)) if plan.id in at_fault else plan
        if held.entry or held.verdict:
            kept.append(held)
        else:
            rejected.append((plan.id, by_model.get(plan.id, wrong)[0].message))
    return kept, rejected


def _hold_plan(plan: ModelPlan, problems: Sequence[RuleViolation]) -> ModelPlan:
    reason = problems[0].message
    if plan.entry:
        return replace(plan, entry=plan.entry.remove_violations(problems))
    if plan.verdict is None:
        return plan
    fields = {problem.field for problem in problems}
    if fields == {REPLACEMENT} and plan.changes(REPLACEMENT):
        return replace(plan, verdict=_leave_out(plan.verdict, REPLACEMENT, reason))
    return replace(plan, verdict=plan.verdict.hold_changes(reason, {group_of(field) for field in fields}))


def _apply_plans(value: Value, plans: Iterable[ModelPlan], canonical: Canonical) -> Value:
    """The file with the changes of all plans; the same object where there are none."""
    key = key_of(value)
    models = value.get(key) or {}
    bodies: dict[str, Any] = {}
    for plan in plans:
        if plan.entry:
            bodies[plan.id] = plan.entry.build_body(canonical)
        elif plan.verdict and plan.verdict.changes:
            bodies[plan.id] = plan.verdict.apply_changes(models.get(plan.id) or {}, canonical)
    return {**value, key: {**models, **bodies}} if bodies else value


def _leave_out(verdict: Verdict, of: str, reason: str) -> Verdict:
    """The verdict without a change that leads nowhere until what it names is there; the others do not hang on it."""
    left = [replace(item, status="unmatched", reason=reason) for item in verdict.changes if item.field == of]
    changes = tuple(item for item in verdict.changes if item.field != of)
    return replace(verdict, changes=changes, items=(*verdict.items, *left))
