"""Names that changed hands: records of renamed models, and aliases that several models claim."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry_cli.core.merging.standing import rank_by_standing
from registry_cli.core.statements.facts import Fields
from registry_cli.core.statements.record import Line, Record

_ALIASES = "aliases"


def rekey_to_current_ids(record: Record, models: Mapping[str, Mapping[str, Any]]) -> dict[str, Line]:
    """The record by the ids of the file: a model that was renamed there keeps its line."""
    lines = dict(record)
    for model_id, body in models.items():
        if model_id in lines:
            continue
        former = next((alias for alias in body.get(_ALIASES) or () if alias in lines and alias not in models), None)
        if former is not None:
            lines[model_id] = replace(lines.pop(former), id=model_id, text=None)
    return lines


def conflicting_aliases(
    models: Mapping[str, Mapping[str, Any]], lines: Mapping[str, Line], order: Sequence[str]
) -> dict[str, set[str]]:
    """The aliases that sources state of each model although they are another's name: a name means one model.

    An alias of the file stays where it is, unless its owner's source has taken it back.
    """
    owners = {name: name for name in lines} | {name: name for name in models}
    for model_id, body in models.items():
        for alias in body.get(_ALIASES) or ():
            if model_id not in lines or not _is_withdrawn(lines[model_id], alias, order):
                owners.setdefault(alias, model_id)
    for model_id in sorted(lines):
        for alias in _stated_aliases(lines[model_id], order) or ():
            owners.setdefault(alias, model_id)
    taken: dict[str, set[str]] = {}
    for model_id, line in lines.items():
        for fields in line.said.values():
            for alias in fields.get(_ALIASES, ()):
                if alias == model_id or owners.get(alias, model_id) != model_id:
                    taken.setdefault(model_id, set()).add(alias)
    return taken


def statements_of(said: Mapping[str, Fields], order: Sequence[str], taken: Collection[str]) -> list[tuple[str, Fields]]:
    """What each source says of a model, the highest first, without the aliases that are `taken`."""
    words = [(source, said[source]) for source in order if source in said]
    return [(source, _remove_aliases(fields, taken)) for source, fields in words] if taken else words


def _remove_aliases(fields: Fields, taken: Collection[str]) -> Fields:
    free = [alias for alias in fields.get(_ALIASES, ()) if alias not in taken]
    rest = {name: value for name, value in fields.items() if name != _ALIASES}
    return {**rest, _ALIASES: free} if free else rest


def _stated_aliases(line: Line, order: Sequence[str]) -> Sequence[str] | None:
    said = rank_by_standing([(source, line.said[source]) for source in order if source in line.said])
    stated: Sequence[str] | None = next((fields[_ALIASES] for _, fields in said if _ALIASES in fields), None)
    return stated


def _is_withdrawn(line: Line, alias: str, order: Sequence[str]) -> bool:
    stated = _stated_aliases(line, order)
    return alias in line.base.get(_ALIASES, ()) and stated is not None and alias not in stated
