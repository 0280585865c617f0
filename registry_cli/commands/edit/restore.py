"""`restore`: the plan of an edit that puts back what the catalog said at another time."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.commands.edit.session import Plan
from registry_cli.commands.edit.workspace import Workspace
from registry_cli.core.catalog.legacy import MODEL_KEYS, provider_of
from registry_cli.core.edits import entries
from registry_cli.core.edits.entries import Draft, Value
from registry_cli.core.history.changes import RENAMED
from registry_cli.core.history.flat_fields import aliases_of
from registry_cli.core.history.lineage import lineage
from registry_cli.core.history.names import PastNames
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.names import ModelName, resolve
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.paths import cache_folder
from registry_cli.store.git.history import Past, open_past
from registry_cli.store.git.log import Commit
from registry_cli.store.timeline.timeline import Timeline, open_timeline
from registry_cli.yamledit.document import decode, load

_OUR_TIME = "updated_at"  # says when a person or llmreg last changed the entry, which is now


def restoring(target: str, to: str, environ: Mapping[str, str]) -> Plan:
    """`MODEL` or `MODEL#FIELD` as the catalog had it at a revision or on a day; a model may be gone since."""
    named, field = FieldRef.parse(target)
    if field == "":
        raise UsageError(f"{target!r} names no field")

    def plan(workspace: Workspace) -> Draft:
        if workspace.below is not None:
            raise UsageError("--overlay: your own models have no history here")
        past = open_past(workspace.root, environ)
        commit = past.resolve(to)
        with open_timeline(past, cache_folder(environ)) as timeline:
            name, formers = _known(workspace, timeline, named)
        then = _Then(past, commit)
        held = next((each for each in formers if then.holds(each)), None)
        if held is None:
            raise UsageError(f"{name} was not in the catalog at {commit.short} ({commit.moment[:10]})")
        subject = f"{FieldRef(str(name), field)}: restored to {commit.short} ({commit.moment[:10]})"
        wanted = then.bodies(held)
        if field:
            return Draft(_with_field(workspace, name, field, wanted), subject=subject)
        if held.id != name.id:
            wanted = {stem: _still_called(body, held.id, name.id) for stem, body in wanted.items()}
        return Draft(_with_model(workspace, name, wanted), subject=subject, lists_fields=True)

    return plan


class _Then:
    """The catalog's files at a commit."""

    def __init__(self, past: Past, commit: Commit) -> None:
        self._files = {file.stem: file for file in past.files_at(commit)}
        self._values: dict[str, Value] = {}

    def holds(self, name: ModelName) -> bool:
        return any(name.id in entries.models_of(value) for value in self._of(name.provider))

    def bodies(self, name: ModelName) -> dict[str, dict[str, Any]]:
        """What each file of the provider says of a model, by how the file's name goes on after the provider's."""
        return {
            stem.removeprefix(name.provider): entries.body_of(self._value(stem), name.id)
            for stem in self._files
            if provider_of(stem) == name.provider and name.id in entries.models_of(self._value(stem))
        }

    def _of(self, provider: str) -> Iterator[Value]:
        yield from (self._value(stem) for stem in self._files if provider_of(stem) == provider)

    def _value(self, stem: str) -> Value:
        if stem not in self._values:
            file = self._files[stem]
            try:
                value = load(decode(file.data))
            except FileError as fault:
                fault.path = file.shown
                raise
            models = [value.get(key) or {} for key in MODEL_KEYS] if isinstance(value, dict) else [None]
            if not isinstance(value, dict) or not all(
                isinstance(each, dict) and all(isinstance(body, dict | None) for body in each.values())
                for each in models
            ):
                raise FileError(file.shown, "not a provider file")
            self._values[stem] = value
        return self._values[stem]


def _known(workspace: Workspace, timeline: Timeline, text: str) -> tuple[ModelName, list[ModelName]]:
    """The model that a text names, by its name of today, else the one that it had last; and every name it had, the
    latest first."""
    past = PastNames(timeline.namings())
    try:
        name = workspace.resolve(text)
    except UsageError:
        name = resolve(past, text)
    names = [name]
    for event in reversed(lineage(name, timeline.events)):
        if event.change.kind == RENAMED:
            provider, model = names[-1]
            names.append(ModelName(provider, event.change.old) if event.change.model else
                         ModelName(event.change.old, model))  # fmt: skip
    return name, names


def _with_model(workspace: Workspace, name: ModelName, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """The provider's files with all that they said of the model; what is said today is said no more."""
    values: dict[str, Value] = {}
    for stem in _stems(workspace, name, wanted):
        value = workspace.value(stem)
        body = wanted.get(stem.removeprefix(name.provider))
        now = entries.body_of(value, name.id)
        if body is None:
            values[stem] = entries.without_model(value, name.id)
        else:
            kept = {key: item for key, item in body.items() if key != _OUR_TIME}
            kept |= {_OUR_TIME: now[_OUR_TIME]} if _OUR_TIME in now else {}
            values[stem] = entries.with_body(value, name.id, kept)
    return values


def _still_called(body: Value, then: str, now: str) -> dict[str, Any]:
    """An entry that goes by another id now, with the one that it had among its aliases."""
    kept = [alias for alias in aliases_of(body) if alias != now]
    return {**body, "aliases": [*kept, then] if then not in kept else kept}


def _with_field(workspace: Workspace, name: ModelName, field: str, wanted: Mapping[str, Value]) -> dict[str, Value]:
    if not workspace.holds(name):
        raise UsageError(f"{name} is not in the catalog any more: restore the whole model")
    node = workspace.fields.shapes.model
    values: dict[str, Value] = {}
    for stem in _stems(workspace, name, wanted):
        value = workspace.value(stem)
        if name.id in entries.models_of(value):
            then = wanted.get(stem.removeprefix(name.provider), {})
            body = workspace.fields.taken(entries.body_of(value, name.id), field, then, node)
            values[stem] = entries.with_body(value, name.id, body)
    return values


def _stems(workspace: Workspace, name: ModelName, wanted: Mapping[str, Value]) -> list[str]:
    """The files that say something of a model, or did."""
    today = [stem for stem in workspace.stems_of(name.provider) if name.id in entries.models_of(workspace.value(stem))]
    return list(dict.fromkeys([*today, *(f"{name.provider}{ending}" for ending in wanted)]))
