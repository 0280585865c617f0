"""What the next sync does to one model of the file: the one assessment that `sync`, `diff` and `explain` share.

`sync` and `diff` assess a model by what its sources answered. `explain` asks no source: it assesses the model as if
every source that still listed it had answered what the record says (`replay_line`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry_cli.core.edits.entries import body_of
from registry_cli.core.matching.items import Decisions, Means
from registry_cli.core.matching.listening import DERIVED
from registry_cli.core.merging.confirmation import Confirmation, Settling, confirm_upstream
from registry_cli.core.merging.naming import conflicting_aliases, rekey_to_current_ids
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.statements.record import Line, Record
from registry_cli.core.sync.evidence import models_of_file
from registry_cli.core.sync.model_plan import ModelEvidence, ModelPlan
from registry_cli.core.sync.once_listed import settle_status
from registry_cli.core.sync.retiring import (
    is_overtaken,
    is_unedited,
    remove_lifecycle,
    undo_in_verdict,
    undo_retirement,
)
from registry_cli.core.sync.rule_check import check_plans
from registry_cli.core.sync.threeway import Known, merge_model

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assessor:
    """How the models of one provider are assessed. `order` are the sources by precedence, `day` is the ISO day."""

    provider: str
    order: Sequence[str]
    day: str
    means: Means
    decisions: Decisions

    def assess_model(self, body: Body, evidence: ModelEvidence) -> ModelPlan:
        """Return what becomes of a model of the file, before the rules have checked it."""
        old, name = evidence.old, f"{self.provider}/{evidence.line.id}"
        upstream, confirmation = self.settle_upstream(evidence)
        retirement, base = old.retired if is_unedited(body, old.retired) else {}, old.base
        if retirement and is_overtaken(upstream, retirement):
            retirement, base = {}, {**base, "status": body["status"]}
        is_listed_again = bool(retirement) and retirement["by"] in evidence.named_by
        if retirement and not is_listed_again:
            upstream = remove_lifecycle(upstream, retirement)
        before = undo_retirement(body, retirement) if is_listed_again else body
        known = Known(name, before, base, upstream, old.listed, confirmation.reason_to_wait)
        verdict = merge_model(known, self.decisions, self.means.canonical)
        verdict = settle_status(verdict, known, evidence.listed_by)
        if is_listed_again:
            verdict = undo_in_verdict(verdict, name, body, retirement)
        return ModelPlan(evidence.line, upstream, verdict, retirement=retirement, taken=evidence.taken)

    def settle_upstream(self, evidence: ModelEvidence) -> tuple[Upstream, Confirmation]:
        """Return what the sources of a model come to, and what of it those confirm that answered."""
        settling = Settling(evidence.line, self.order, evidence.taken, self.day, self.means.modality_of)
        return confirm_upstream(settling, evidence.stated)


def replay_line(line: Line, order: Sequence[str], taken: Collection[str] = ()) -> ModelEvidence:
    """Return the evidence of a sync in which every source answers what the record has of it.

    A source that no longer listed the model when it was last heard does not list it in this sync either. The record
    keeps the last value of a field that a source has dropped since: such a field counts as stated.
    """
    silent = line.gone | line.doubted
    stated = {source: fields for source, fields in line.said.items() if source not in silent}
    if not stated.keys() & {*order} - {DERIVED}:
        stated.pop(DERIVED, None)
    return ModelEvidence(line, line, stated, [source for source in order if source in stated], stated.keys(), taken)


def assess_recorded(
    provider: str,
    value: Mapping[str, Any],
    record: Record,
    order: Sequence[str],
    *,
    day: str,
    means: Means,
    only: Collection[str] = (),
) -> dict[str, ModelPlan]:
    """Return what the next sync does to the models of a file if every source answers what the record has of it.

    With `only`, these models alone are assessed, without what the rules find in the others. The recorded identity of a
    model (`base_model`) counts as it is. New models are not assessed.
    """
    models = models_of_file(value)
    lines = rekey_to_current_ids(record, models)
    taken = conflicting_aliases(models, lines, order)
    assessor = Assessor(provider, order, day, means, Decisions())
    plans = []
    for name in only or models:
        evidence = replay_line(lines.get(name) or Line(name), order, taken.get(name, ()))
        plans.append(assessor.assess_model(body_of(value, name), evidence))
    return {plan.id: plan for plan in check_plans(value, plans, means).plans}
