"""Which model of the catalog each model of a source is: by `upstream_ids`, by id, by alias.

A source may list an alias as a row of its own; that is no new model, and does not count where the model has a row too.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry_cli.core.matching.listening import Heard
from registry_cli.core.statements.observations import ObservedModel

Models = Mapping[str, Mapping[str, Any] | None]
_DATE = re.compile(r"(?<!\d)(?:\d{4}|\d{6}|\d{8})(?!\d)|\d{4}-\d{2}-\d{2}")  # as makers put it into their ids


@dataclass(frozen=True, slots=True)
class FileNames:
    """What the models of one provider's file are called."""

    ids: frozenset[str]
    folded: Mapping[str, str]  # a casefolded id -> the id, where it is the only one
    aliases: Mapping[str, str]
    upstream: Mapping[tuple[str, str], str]  # (source, its spelling) -> id

    def find_id(self, source: str, model: ObservedModel) -> tuple[str | None, bool]:
        """The id of a source's model in the file, and whether it is the model itself and no alias of it."""
        for spelled in (model.spelled, model.id):
            if (source, spelled) in self.upstream:
                return self.upstream[source, spelled], True
        if model.id in self.ids:
            return model.id, True
        if model.id.casefold() in self.folded:
            return self.folded[model.id.casefold()], True
        return self.aliases.get(model.id), False

    def with_spellings(self, spellings: Mapping[str, str]) -> "FileNames":
        """These names, and what sources call models that they list under another id."""
        others = {name: model_id for name, model_id in spellings.items() if name not in self.ids}
        return replace(self, aliases={**others, **self.aliases})

    def find_by_alias(self, model: ObservedModel) -> str | None:
        """The id that a source's model states as an alias of its own."""
        known = (name if name in self.ids else self.folded.get(name.casefold()) for name in _aliases_of(model))
        return next((name for name in known if name), None)


def file_names(models: Models) -> FileNames:
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
    return FileNames(frozenset(models), alone, aliases, upstream)


def match_lists(
    names: FileNames, lists: Sequence[tuple[str, Iterable[ObservedModel]]]
) -> dict[str, dict[str, ObservedModel]]:
    """What each source says of each model, by the id of the file, or by the one that a new model would have.

    `lists` are sources in their precedence; the order within a list does not matter.
    """
    found: dict[str, dict[str, ObservedModel]] = {source: {} for source, _ in lists}
    rows = [(source, model) for source, models in lists for model in sorted(models, key=lambda each: each.id)]
    by_alias: list[tuple[str, str, ObservedModel]] = []
    unknown: list[tuple[str, ObservedModel]] = []
    for source, model in rows:
        model_id, itself = names.find_id(source, model)
        if model_id is None:
            # An alias of the file may have moved on to a newer model; an id of the file has not.
            model_id = names.find_by_alias(model)
        if model_id is None:
            unknown.append((source, model))
        elif itself:
            found[source].setdefault(model_id, model)
        else:
            by_alias.append((source, model_id, model))
    new = _NewOwners()
    for source, _ in lists:
        new.add_models([model for teller, model in unknown if teller == source])
    for source, model in unknown:
        owner = new.owners[model.id]
        if model.id.casefold() == owner.casefold():
            found[source].setdefault(owner, model)
        else:
            by_alias.append((source, owner, model))
    for source, model_id, model in by_alias:
        found[source].setdefault(model_id, model)
    return found


def match_known(names: FileNames, source: str, models: Iterable[ObservedModel]) -> dict[str, ObservedModel]:
    """What a list says of models that are known, which it adds nothing to: by id first, then by alias."""
    found: dict[str, ObservedModel] = {}
    by_alias: list[tuple[str, ObservedModel]] = []
    for model in sorted(models, key=lambda each: each.id):
        model_id, itself = names.find_id(source, model)
        model_id = model_id or names.find_by_alias(model)
        if model_id is not None and itself:
            found.setdefault(model_id, model)
        elif model_id is not None:
            by_alias.append((model_id, model))
    for model_id, model in by_alias:
        found.setdefault(model_id, model)
    return found


def match_lifecycle(names: FileNames, answer: Heard) -> dict[str, ObservedModel]:
    """What a lifecycle source states of each model: of the one that it names, and of every alias of it that is an entry
    of its own. A model that no other source names gets the id that it has there.

    `names` are those of the file and of the lists that were heard. A name that has a row of its own is no alias of
    another row.
    """
    listed = {model.id for model in answer.models}
    found: dict[str, ObservedModel] = {}
    by_alias: list[tuple[str, ObservedModel, set[str]]] = []
    for model in sorted(answer.models, key=lambda each: _sort_key(each.id)):
        called = {model.id, *({*_aliases_of(model)} - listed)}
        entries = {name: names.find_id(answer.source, ObservedModel(name, name, {}))[0] for name in sorted(called)}
        known = {entry for name, entry in entries.items() if entry and not _may_move(entry, name)}
        own = entries[model.id] if any(entries.values()) else model.id
        if own in known or own == model.id:
            found.setdefault(own, _rename_model(own, model, called, names.ids))
        by_alias += [(entry, model, called) for entry in sorted(known - {own})]
    for entry, model, called in by_alias:
        found.setdefault(entry, _rename_model(entry, model, called, names.ids))
    return found


def _may_move(entry: str, name: str) -> bool:
    """Whether an entry that has a name as an alias may point to another model tomorrow."""
    return "latest" in entry and entry.casefold() != name.casefold()


def _rename_model(model_id: str, model: ObservedModel, called: set[str], entries: Collection[str]) -> ObservedModel:
    """The model under an id, its other names as aliases but for those that are entries of their own."""
    facts = {key: value for key, value in model.facts.items() if key != "aliases"}
    if facts.get("replacement") in {model_id, *called}:
        del facts["replacement"]  # another name of the model replaces nothing
    aliases = sorted(called - {model_id} - {*entries})
    return replace(model, id=model_id, spelled=model_id, facts=facts | ({"aliases": aliases} if aliases else {}))


def ids_without_row(names: FileNames, heard: Heard) -> set[str]:
    """The models that a source names otherwise than by a row that says something of them: in rows that were not taken,
    by the ids of the file or as it spells them, and as other names of its models."""
    known = {names.find_id(heard.source, ObservedModel(name, name, {}))[0] for name in heard.left_out}
    other_names = {name for model in heard.models for name in _aliases_of(model) if name in names.ids}
    return {name for name in known if name is not None} | heard.left_out | other_names


@dataclass(slots=True)
class _NewOwners:
    """Which new model each name that the file does not know belongs to.

    What a higher source lists is a model under the id that it has there; another name for it in a lower list is none.
    The next run, which finds in the file what this one writes, comes to the same.
    """

    owners: dict[str, str] = field(default_factory=dict)  # a name -> the id of its model
    _ids: dict[str, str] = field(default_factory=dict)  # a casefolded id -> the id
    _aliases: dict[str, str] = field(default_factory=dict)  # as the highest source that states any has them
    _told: set[str] = field(default_factory=set)  # ids whose aliases are known

    def add_models(self, models: Iterable[ObservedModel]) -> None:
        """The models of one source, after those of all higher ones."""
        for model in sorted(models, key=lambda each: _sort_key(each.id)):
            owner = self._find_owner(model) or model.id
            self.owners[model.id] = owner
            self._ids.setdefault(owner.casefold(), owner)
            if model.id.casefold() == owner.casefold() and owner not in self._told and "aliases" in model.facts:
                self._told.add(owner)
                for alias in _aliases_of(model):
                    self._aliases.setdefault(alias, owner)

    def _find_owner(self, model: ObservedModel) -> str | None:
        by_name = self._ids.get(model.id.casefold()) or self._aliases.get(model.id)
        return by_name or next(
            (self._ids[name] for name in map(str.casefold, _aliases_of(model)) if name in self._ids), None
        )


def _sort_key(name: str) -> tuple[bool, bool, int, str]:
    """A dated id is a model, `latest` only points to one."""
    return "latest" in name, _DATE.search(name) is None, -len(name), name


def _aliases_of(model: ObservedModel) -> Sequence[str]:
    aliases: Sequence[str] = model.facts.get("aliases") or ()
    return aliases
