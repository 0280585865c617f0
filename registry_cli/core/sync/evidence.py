"""A provider's file, its record and the answers of its sources -> what is known of each of its models."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.core.edits.entries import key_of
from registry_cli.core.matching.admission import admit_answers
from registry_cli.core.matching.items import Item, Means, Wishes
from registry_cli.core.matching.listening import DERIVED, Heard, source_order
from registry_cli.core.matching.policy import is_doubtful, reason_for_doubt
from registry_cli.core.matching.restating import update_citations, update_days
from registry_cli.core.merging.naming import conflicting_aliases, rekey_to_current_ids
from registry_cli.core.merging.upstream import keep_last_values
from registry_cli.core.statements.facts import Fields, fields_of
from registry_cli.core.statements.lifecycle_sources import lifecycle_sources
from registry_cli.core.statements.record import Line, Record
from registry_cli.core.sync.absence import OwnList, find_own_list, last_days_heard, update_absent_lines
from registry_cli.core.sync.matched_answers import MatchedAnswers, match_answers
from registry_cli.core.sync.model_plan import ModelEvidence

Value = Mapping[str, Any]
Models = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ProviderEvidence:
    """What is known of the models of one provider. All are by the ids of the file, or by those that new models get.

    `models` are those of the file. `recorded` are the lines of the record as they were, `lines` the same with what was
    heard, of which `stated` is what each source states today. `order` are the sources by precedence; `lifecycle` those
    that state when models end, and are no lists. `new_ids` are the models that the file does not have. `taken` are the
    aliases of each model that are another model's. `own` is the provider's own list, if it can tell what has ended.
    `items` is what to say of answers and rows that do not count.
    """

    models: Models
    recorded: Record
    lines: Record
    stated: Mapping[str, Mapping[str, Fields]]
    order: Sequence[str]
    lifecycle: Collection[str]
    matched: MatchedAnswers
    new_ids: Sequence[str]
    taken: Mapping[str, Collection[str]]
    own: OwnList | None
    items: Sequence[Item]

    def of_model(self, name: str) -> ModelEvidence:
        """What is known of one model."""
        return ModelEvidence(
            self.recorded.get(name) or Line(name),
            self.lines[name],
            self.stated.get(name, {}),
            self.matched.sources_listing(name, self.order),
            self.matched.sources_naming(name),
            self.taken.get(name, ()),
        )


def models_of_file(value: Value) -> dict[str, dict[str, Any]]:
    """Return the models that sync keeps up, by their ids."""
    models = value.get(key_of(value))
    return {name: dict(body or {}) for name, body in models.items()} if isinstance(models, Mapping) else {}


def gather_evidence(
    provider: str, value: Value, record: Record, answers: Sequence[Heard], *, wishes: Wishes, means: Means
) -> ProviderEvidence:
    """Return what is known of each model once the answers are laid beside the file and the record.

    With `wishes.new_only` the models of the file are left as they are.
    """
    models = models_of_file(value)
    recorded = rekey_to_current_ids(record, models)
    order = [*source_order(provider, value), DERIVED]
    heard_ends = {answer.source for answer in answers if answer.lifecycle}
    lifecycle = heard_ends.union(lifecycle_sources(provider))
    admitted, not_admitted = admit_answers(provider, answers, recorded, wishes)
    matched = match_answers(provider, models, admitted, include_private=wishes.include_private)
    incomplete = find_incomplete_lists(provider, matched, recorded, wishes)
    new_ids = _new_ids(matched, models)
    all_new = frozenset(new_ids)
    known_ids = () if wishes.new_only else models
    others = [name for name in recorded if name not in models and name not in all_new]
    update = _LineUpdate(
        provider,
        value,
        matched,
        frozenset(order),
        {source for line in recorded.values() for source in line.said},
        incomplete.keys(),
        wishes.stamp,
        means,
    )
    lines, stated = {}, {}
    for name in [*known_ids, *new_ids, *others]:
        old = recorded.get(name) or Line(name)
        lines[name], stated[name] = update.update_line(old, models.get(name, {}).get("base_model"))
    own = find_own_list(matched.answers, matched.named, incomplete, models, wishes.day)
    if own is not None:
        days = last_days_heard(matched.all_answers, recorded.values())
        lines |= update_absent_lines(lines, models, own, days, lifecycle)
    return ProviderEvidence(
        models,
        recorded,
        lines,
        stated,
        order,
        lifecycle,
        matched,
        new_ids,
        conflicting_aliases(models, lines, order),
        own,
        (*not_admitted, *matched.items, *incomplete.values()),
    )


def find_incomplete_lists(provider: str, matched: MatchedAnswers, recorded: Record, wishes: Wishes) -> dict[str, Item]:
    """Return the lists that look incomplete, by their source, each with what to say of it.

    A list looks incomplete if it dropped more models than `is_doubtful` allows, or if an earlier drop is still
    undecided. `--accept PROVIDER#models` and `--keep PROVIDER#models` settle it.
    """
    decisions = wishes.decisions
    if decisions.accepts(provider, "models") or decisions.keeps(provider, "models"):
        return {}
    incomplete = {}
    for source in (answer.source for answer in matched.answers if not answer.lifecycle):
        before = [line for line in recorded.values() if source in line.listed_by]
        missing = [line for line in before if line.id not in matched.named[source]]
        is_undecided = any(source in line.doubted for line in missing)
        if is_undecided or is_doubtful(len(before), len(missing)):
            ids = sorted(line.id for line in missing)
            reason = reason_for_doubt(source, ids, empty=not matched.found[source])
            incomplete[source] = Item(provider, "models", "held", source=source, reason=reason)
    return incomplete


def _new_ids(matched: MatchedAnswers, models: Models) -> list[str]:
    ids: set[str] = set()
    for rows in matched.found.values():
        ids.update(rows)
    return sorted(ids - models.keys(), key=lambda name: (name.casefold(), name))


@dataclass(frozen=True, slots=True)
class _LineUpdate:
    """How the lines of a record become those with today's statements. `incomplete` are the sources whose lists are not
    believed to be whole."""

    provider: str
    value: Value
    matched: MatchedAnswers
    order: frozenset[str]
    recorded_sources: Collection[str]
    incomplete: Collection[str]
    stamp: str
    means: Means

    def update_line(self, old: Line, written_identity: Any) -> tuple[Line, dict[str, Fields]]:
        """The line of a model with today's statements in it, and what each source states today."""
        name = old.id
        gone, doubted, said = set(old.gone), set(old.doubted), dict(old.said)
        since, cites = dict(old.since), old.cites
        stated: dict[str, Fields] = {}
        for answer in self.matched.all_answers:
            source, model = answer.source, self.matched.found[answer.source].get(name)
            if model is not None:
                stated[source] = fields_of(model.facts, model.denies)
                said[source] = keep_last_values(old.said.get(source, {}), stated[source])
                is_first = source not in self.recorded_sources
                since[source] = update_days(old, answer, said[source], model, self.stamp, is_first=is_first)
                cites = update_citations(cites, source, model, self.provider, self.value)
            if name in self.matched.named[source]:
                gone.discard(source)
                doubted.discard(source)
            elif source in old.listed_by and not answer.lifecycle:
                (doubted if source in self.incomplete else gone).add(source)
                doubted -= gone
        identity = None
        if (said.keys() - gone) & self.order:
            identity = self.means.identify(name, written_identity if isinstance(written_identity, str) else None)
        if identity:
            said[DERIVED] = {"base_model": identity}
            if stated.keys() & self.order:
                stated[DERIVED] = said[DERIVED]
        dated = {source: days for source, days in since.items() if days}
        line = replace(old, said=said, since=dated, cites=cites, gone=frozenset(gone), doubted=frozenset(doubted))
        return (old if line == old else line), stated
