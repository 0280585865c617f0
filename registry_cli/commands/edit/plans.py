"""The plans of `set`, `unset`, `add`, `remove`, `rename`, `deprecate` and `alias`: functions from the data of the
files to the new data."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from registry_cli.commands.edit.session import Plan
from registry_cli.commands.edit.workspace import Workspace
from registry_cli.core.edits import entries
from registry_cli.core.edits.entries import Draft, Value
from registry_cli.core.edits.fields import Assignment, parse_assignments, parse_field
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.format.schema_nodes import Node
from registry_cli.core.names.names import ModelName
from registry_cli.errors import UsageError

_PROVIDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_OF_FILE = ("provider", *MODEL_KEYS)
Change = Callable[[Mapping[str, Any], Node, Any], dict[str, Any]]


def plan_set(target: str, texts: Sequence[str]) -> Plan:
    """Plan to set `FIELD=VALUE` of a model, or of a provider if `target` names one. Raises `UsageError`."""
    assignments = parse_assignments(texts)

    def plan(workspace: Workspace) -> Draft:
        def change(body: Mapping[str, Any], node: Node, below: Any) -> dict[str, Any]:
            return _apply_assignments(workspace, body, assignments, node, below)

        return _change_target(workspace, target, [assignment.field for assignment in assignments], change)

    return plan


def name_assigned(texts: Sequence[str]) -> list[str]:
    """Return what `FIELD=VALUE` texts are about: the fields, with the items that `+=` and `-=` name. Raises
    `UsageError`."""
    assignments = parse_assignments(texts)
    return [each.field if each.how == "=" else f"{each.field}{each.how}{each.text}" for each in assignments]


def plan_unset(target: str, fields: Sequence[str]) -> Plan:
    """Plan to delete fields of a model or a provider."""

    def plan(workspace: Workspace) -> Draft:
        def change(body: Mapping[str, Any], node: Node, below: Any) -> dict[str, Any]:
            del below
            for field in fields:
                body = workspace.fields.unset_field(body, field, node)
            return dict(body)

        return _change_target(workspace, target, fields, change)

    return plan


def plan_add(target: str, texts: Sequence[str], *, like: str | None, new_provider: bool) -> Plan:
    """Plan to add a model `PROVIDER/ID` with fields, as a copy of the model `like` if given. Raises `UsageError`."""
    assignments = parse_assignments(texts)
    prefix, slash, model = target.partition("/")
    if not slash or not model:
        raise UsageError(f"{target!r} is not PROVIDER/ID")
    _check_id(model)

    def plan(workspace: Workspace) -> Draft:
        name = ModelName(_provider_to_add_to(workspace, prefix, new_provider=new_provider), model)
        known = workspace.names.model(*name)
        if known is not None and (workspace.holds(name) or workspace.below is None or known != model):
            what = "exists already: llmreg set changes it" if known == model else f"is an alias of {known}"
            raise UsageError(f"{name} {what}")
        start: dict[str, Any] = {}
        if like is not None:
            copied = workspace.resolve(like)
            start = entries.copy_entry(workspace.body_below(copied) | workspace.body_of_model(copied))
        body = _apply_assignments(
            workspace, start, assignments, workspace.fields.shapes.model, workspace.body_below(name)
        )
        stem = workspace.stem_of(name)
        return Draft({stem: entries.with_body(workspace.value_of(stem), model, body)}, subject=f"{name}: added")

    return plan


def plan_remove(target: str) -> Plan:
    """Plan to remove a model from every file of its provider that has it."""

    def plan(workspace: Workspace) -> Draft:
        name = _resolve_held(workspace, target)
        values = {
            stem: entries.without_model(workspace.value_of(stem), name.id)
            for stem in workspace.stems_of(name.provider)
            if name.id in entries.model_ids_of(workspace.value_of(stem))
        }
        return Draft(values, subject=f"{name}: removed")

    return plan


def plan_rename(target: str, new: str) -> Plan:
    """Plan to change a model's ID. The old one becomes an alias, and references in these files follow."""

    def plan(workspace: Workspace) -> Draft:
        name = _resolve_held(workspace, target)
        fresh = new.removeprefix(f"{name.provider}/")
        _check_id(fresh)
        holder = workspace.names.model(name.provider, fresh)
        if fresh == name.id:
            return Draft({})
        if holder not in (None, name.id):
            raise UsageError(
                f"{name.provider}/{fresh} is already {'there' if holder == fresh else f'an alias of {holder}'}"
            )
        values: dict[str, Value] = {}
        renamed = {}
        first = workspace.stem_of(name)
        for stem in workspace.files:
            value = workspace.value_of(stem) if _may_name(workspace, stem, name) else None
            if value is None:
                continue
            own = workspace.examined[stem].outline.provider == name.provider
            moved = {str(name): f"{name.provider}/{fresh}"} | ({name.id: fresh} if own else {})
            if own and name.id in entries.model_ids_of(value):
                renamed[stem] = {entries.path_of(value, name.id): fresh}
                value = entries.rename_model(value, name.id, fresh, keep_alias=stem == first)
            values[stem] = entries.repoint_references(value, moved)
        return Draft(values, renamed, f"{name}: renamed to {fresh}")

    return plan


def plan_deprecate(target: str, *, on: str, retire: str | None, replacement: str | None, day: str) -> Plan:
    """Plan to deprecate a model on a day. If it has a `status`, that follows once the day has come, as of `day`."""

    def plan(workspace: Workspace) -> Draft:
        name = workspace.resolve(target)
        known = workspace.body_below(name) | workspace.body_of_model(name)
        facts = {"deprecation_date": on}
        if retire is not None:
            facts["retirement_date"] = retire
        if replacement is not None:
            facts["replacement"] = _reference_to(workspace, name, replacement)
        if known.get("status") in ("preview", "active") and on <= day:
            facts["status"] = "deprecated"
        stem = workspace.stem_of(name)
        body = workspace.body_of_model(name) | facts
        return Draft({stem: entries.with_body(workspace.value_of(stem), name.id, body)}, subject=f"{name}: deprecated")

    return plan


def plan_alias(target: str, aliases: Sequence[str], *, remove: bool) -> Plan:
    """Plan to add or remove aliases of a model."""
    how = "-=" if remove else "+="

    def plan(workspace: Workspace) -> Draft:
        name = workspace.resolve(target)
        under, body = workspace.body_below(name), workspace.body_of_model(name)
        present = body.get("aliases", under.get("aliases")) or []
        given = [alias.removeprefix(f"{name.provider}/") for alias in aliases]
        if remove and (missing := [alias for alias in given if alias not in present]):
            raise UsageError(f"{name} has no alias {', '.join(missing)}")
        kept = [alias for alias in present if how == "+=" or alias not in given]
        new = [*kept, *(alias for alias in dict.fromkeys(given) if how == "+=" and alias not in kept)]
        if new == present:
            return Draft({})
        rest = {key: value for key, value in body.items() if key != "aliases"}
        changed = {**body, "aliases": new} if new or workspace.below else rest
        stem = workspace.stem_of(name)
        return Draft({stem: entries.with_body(workspace.value_of(stem), name.id, changed)})

    return plan


def _apply_assignments(
    workspace: Workspace, body: Mapping[str, Any], assignments: Sequence[Assignment], node: Node, below: Any
) -> dict[str, Any]:
    for assignment in assignments:
        body = workspace.fields.assign(body, assignment, node, below)
    return dict(body)


def _change_target(workspace: Workspace, target: str, fields: Sequence[str], change: Change) -> Draft:
    """Return the draft that changes the model or the provider that `target` names. Raises `UsageError`."""
    shapes = workspace.fields.shapes
    provider = workspace.names.provider(target)
    if provider is not None and "/" not in target:
        for field in fields:
            if parse_field(field)[0].name in _OF_FILE:
                raise UsageError(f"{field}: name the model, {provider}/ID, to change what is said of it")
        value = workspace.value_of(provider)
        under = workspace.below.value_of(provider) if workspace.below and provider in workspace.below.files else {}
        head = {key: item for key, item in value.items() if key not in _OF_FILE}
        kept = {key: item for key, item in value.items() if key in _OF_FILE}
        new = {**kept, **change(head, shapes.provider, under)}
        return Draft({provider: new if any(key in new for key in MODEL_KEYS) else {**new, "models": {}}})
    name = workspace.resolve(target)
    stem = workspace.stem_of(name)
    body = change(workspace.body_of_model(name), shapes.model, workspace.body_below(name))
    if workspace.below and not body and not workspace.holds(name):
        return Draft({})
    return Draft({stem: entries.with_body(workspace.value_of(stem), name.id, body)})


def _resolve_held(workspace: Workspace, target: str) -> ModelName:
    name = workspace.resolve(target)
    if not workspace.holds(name):
        raise UsageError(f"{name} is not among your own models")
    return name


def _check_id(model: str) -> None:
    if "#" in model:
        raise UsageError(f"{model!r}: an id holds no #, which parts a model from its field")


def _provider_to_add_to(workspace: Workspace, prefix: str, *, new_provider: bool) -> str:
    if not _PROVIDER_ID.fullmatch(prefix):
        raise UsageError(f"{prefix!r} cannot be a provider's id: letters, digits, dots, dashes and underscores")
    is_overlay = workspace.below is not None  # the user's own models may be of any provider
    if workspace.names.provider(prefix) is None and (new_provider or is_overlay):
        return prefix
    try:
        return workspace.resolve_provider(prefix)
    except UsageError as error:
        raise UsageError(f"{error.message}; --new-provider creates it") from None


def _reference_to(workspace: Workspace, name: ModelName, text: str) -> str:
    """Return the reference to another model in an entry: its ID at the same provider, else `provider/id`."""
    own = workspace.names.model(name.provider, text.removeprefix(f"{name.provider}/"))
    other = ModelName(name.provider, own) if own is not None else workspace.resolve(text)
    if other == name:
        raise UsageError(f"{name} cannot replace itself")
    return other.id if other.provider == name.provider else str(other)


def _may_name(workspace: Workspace, stem: str, name: ModelName) -> bool:
    """Return whether a file has the model or refers to it. A file that cannot be read stays as it is."""
    outline = workspace.examined[stem].outline
    references = {outline.default_model, *outline.replacements.values()}
    own = outline.provider == name.provider
    return str(name) in references or (own and (name.id in outline.ids or name.id in references))
