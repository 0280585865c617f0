"""Which model of the catalog each model of a source is: by `upstream_ids`, by id, by alias.

A source may list an alias as a row of its own; that is no new model, and says nothing where the model has a row too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry_cli.core.observations import ObservedModel

Models = Mapping[str, Mapping[str, Any] | None]
Seen = Mapping[str, Mapping[str, ObservedModel]]  # source -> id -> what it says


@dataclass(frozen=True, slots=True)
class Names:
    """What the models of one provider's file are called."""

    ids: frozenset[str]
    folded: Mapping[str, str]  # a casefolded id -> the id, where it is the only one
    aliases: Mapping[str, str]
    upstream: Mapping[tuple[str, str], str]  # (source, its spelling) -> id

    def find(self, source: str, model: ObservedModel) -> tuple[str | None, bool]:
        """The id of a source's model in the file, and whether it is the model itself and no alias of it."""
        for spelled in (model.spelled, model.id):
            if (source, spelled) in self.upstream:
                return self.upstream[source, spelled], True
        if model.id in self.ids:
            return model.id, True
        if model.id.casefold() in self.folded:
            return self.folded[model.id.casefold()], True
        return self.aliases.get(model.id), False


def names_of(models: Models) -> Names:
    folded: dict[str, list[str]] = {}
    aliases: dict[str, str] = {}
    upstream: dict[tuple[str, str], str] = {}
    for model_id, written in models.items():
        body = written or {}
        folded.setdefault(model_id.casefold(), []).append(model_id)
        for alias in body.get("aliases") or ():
            if alias not in models:
                aliases.setdefault(alias, model_id)
        for source, spelled in (body.get("upstream_ids") or {}).items():
            upstream.setdefault((source, spelled), model_id)
    alone = {name: ids[0] for name, ids in folded.items() if len(ids) == 1}
    return Names(frozenset(models), alone, aliases, upstream)


def matched(names: Names, lists: Sequence[tuple[str, Iterable[ObservedModel]]]) -> dict[str, dict[str, ObservedModel]]:
    """What each source says of each model, by the id of the file, or by the one that a new model would have.

    `lists` are sources in their precedence; the order within a list does not matter.
    """
    found: dict[str, dict[str, ObservedModel]] = {source: {} for source, _ in lists}
    rows = [(source, model) for source, models in lists for model in sorted(models, key=lambda each: each.id)]
    by_alias: list[tuple[str, str, ObservedModel]] = []
    unknown: list[tuple[str, ObservedModel]] = []
    for source, model in rows:
        model_id, itself = names.find(source, model)
        if model_id is None:
            # An alias of the file may have moved on to a newer model; an id of the file has not.
            model_id = next((alias for alias in _aliases(model) if alias in names.ids), None)
        if model_id is None:
            unknown.append((source, model))
        elif itself:
            found[source].setdefault(model_id, model)
        else:
            by_alias.append((source, model_id, model))
    owners = _owners(unknown)
    for source, model in unknown:
        owner = owners[model.id.casefold()]
        if model.id.casefold() == owner.casefold():
            found[source].setdefault(owner, model)
        else:
            by_alias.append((source, owner, model))
    for source, model_id, model in by_alias:
        found[source].setdefault(model_id, model)
    return found


def recognized(names: Names, source: str, models: Iterable[ObservedModel]) -> dict[str, ObservedModel]:
    """What a list says of models that are known, which it adds nothing to: by id first, then by alias."""
    found: dict[str, ObservedModel] = {}
    by_alias: list[tuple[str, ObservedModel]] = []
    for model in sorted(models, key=lambda each: each.id):
        model_id, itself = names.find(source, model)
        model_id = model_id or next((alias for alias in _aliases(model) if alias in names.ids), None)
        if model_id is not None and itself:
            found.setdefault(model_id, model)
        elif model_id is not None:
            by_alias.append((model_id, model))
    for model_id, model in by_alias:
        found.setdefault(model_id, model)
    return found


def _owners(rows: Sequence[tuple[str, ObservedModel]]) -> dict[str, str]:
    """For each new name the id of the new model it belongs to: of rows that name each other as aliases, one."""
    spelled: dict[str, str] = {}
    for _, model in rows:
        spelled.setdefault(model.id.casefold(), model.id)
    group = {name: {name} for name in spelled}
    for _, model in rows:
        name = model.id.casefold()
        for alias in _aliases(model):
            other = alias.casefold()
            if other in group and group[other] is not group[name]:
                group[name] |= group[other]
                for member in group[name]:
                    group[member] = group[name]
    return {name: spelled[min(members, key=_specific)] for name, members in group.items()}


def _specific(name: str) -> tuple[bool, int, str]:
    """A dated id is a model, `latest` only points to one."""
    return "latest" in name, -len(name), name


def _aliases(model: ObservedModel) -> Sequence[str]:
    aliases: Sequence[str] = model.facts.get("aliases") or ()
    return aliases
