"""The entry of a new model, made of what its sources state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.layout import sort_provider
from registry_cli.core.matching.items import BARE, Item, RuleViolation
from registry_cli.core.matching.policy import knows_enough
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.statements.facts import Canonical, Field, Fields, facts_of, group_of
from registry_cli.core.statements.observations import ObservedModel


@dataclass(frozen=True, slots=True)
class NewEntry:
    """`fields` are those to write, `refused` those that would break a rule, with the reason; `own` is sync's own."""

    upstream: Upstream
    fields: Fields
    own: Mapping[str, Any]
    refused: tuple[tuple[Field, str], ...] = ()

    def build_body(self, canonical: Canonical) -> Mapping[str, Any]:
        facts, _ = facts_of(self.fields)
        if "capabilities" in facts:
            facts["capabilities"] = list(dict.fromkeys(map(canonical, facts["capabilities"])))
        ordered: Mapping[str, Any] = sort_provider({"models": {"": {**facts, **self.own}}})["models"][""]
        return ordered

    @property
    def note(self) -> str:
        """What a person should know of the new entry; empty where there is nothing."""
        if not knows_enough(self.fields):
            return BARE
        contested = ", ".join(sorted({group_of(field) for field in self.upstream.contested}))
        return f"sources differ about {contested}: llmreg audit lists them" if contested else ""

    def base_fields(self) -> dict[Field, Any]:
        """The base of the record. What is only inferred is in it too: a source's word may replace it later."""
        return dict(self.fields)

    def remove_violations(self, problems: Sequence[RuleViolation]) -> "NewEntry | None":
        """Without the fields that break a rule; None where it is not a field that does."""
        refused: dict[Field, str] = {}
        for problem in problems:
            starts = (f"{problem.field}.", f"{problem.field}[")
            mine = [field for field in self.fields if field == problem.field or field.startswith(starts)]
            if not problem.field or not mine:
                return None
            refused |= dict.fromkeys(mine, problem.message)
        rest = {field: value for field, value in self.fields.items() if field not in refused}
        return NewEntry(self.upstream, rest, self.own, (*self.refused, *refused.items()))

    def remove_unconfirmed(self, reason_to_wait: Callable[[Field], str | None]) -> "NewEntry":
        """Without the fields that wait for their source to answer."""
        refused = {field: reason for field in self.fields if (reason := reason_to_wait(field))}
        rest = {field: value for field, value in self.fields.items() if field not in refused}
        return NewEntry(self.upstream, rest, self.own, (*self.refused, *refused.items()))

    def held_items(self, name: str) -> list[Item]:
        fields, sources = self.upstream.fields, self.upstream.sources
        return [Item(name, field, "held", ABSENT, fields[field], sources[field], why) for field, why in self.refused]


def make_entry(model_id: str, upstream: Upstream, seen: Mapping[str, ObservedModel | None], stamp: str) -> NewEntry:
    """`seen` is the model as each source lists it: a spelling that is not the id is noted in `upstream_ids`."""
    spelled = {source: model.id for source, model in seen.items() if model and model.id != model_id}
    aliases = upstream.fields.get("aliases", ())
    other = {source: name for source, name in spelled.items() if name not in aliases}
    own: dict[str, Any] = {"discovered_at": stamp}
    if other:
        own["upstream_ids"] = other
    return NewEntry(upstream, upstream.fields, own)
