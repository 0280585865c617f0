"""`restore`: the plan of an edit that restores a model or a field as it was at another time."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.commands.edit.session import Plan
from registry_cli.commands.edit.workspace import Workspace
from registry_cli.core.edits import entries
from registry_cli.core.edits.entries import Draft, Value
from registry_cli.core.format.layers import is_layered, new_model_stem, provider_of
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.history.changes import RENAMED
from registry_cli.core.history.flat_fields import aliases_of
from registry_cli.core.history.lineage import trace_lineage
from registry_cli.core.history.names import PastNames
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.names import ModelName, resolve_model
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.directory import find_cache
from registry_cli.store.git.history import Past, open_past
from registry_cli.store.git.log import Commit
from registry_cli.store.timeline.timeline import Timeline, open_timeline
from registry_cli.yamledit.document import decode_utf8, load_value
from registry_cli.yamledit.entry_text import EntryText, put_entry, take_entry
from registry_cli.yamledit.ops import Path

_OUR_TIME = "updated_at"  # when a person or llmreg last changed the entry, which is now


def plan_restore(target: str, to: str, environ: Mapping[str, str]) -> Plan:
    """Plan to restore `MODEL` or `MODEL#FIELD` as it was at a revision or on a day; the model may be gone since.

    Raises `UsageError`.
    """
    named, field = FieldRef.parse(target)
    if field == "":
        raise UsageError(f"{target!r} names no field")

    def plan(workspace: Workspace) -> Draft:
        if workspace.below is not None:
            raise UsageError("--overlay: your own models have no history here")
        past = open_past(workspace.root, environ)
        commit = past.resolve_commit(to)
        then = _Then(past, commit)
        with open_timeline(past, find_cache(environ)) as timeline:
            name, former = _find_model(workspace, timeline, then, named)
        subject = f"{FieldRef(str(name), field)}: restored to {commit.short_id} ({commit.moment[:10]})"
        wanted = {_place_today(workspace, name, ending): body for ending, body in then.bodies_of(former).items()}
        if field:
            return Draft(_with_field(workspace, name, field, wanted), subject=subject)
        if former.id != name.id:
            wanted = {stem: _keep_old_id(body, former.id, name.id) for stem, body in wanted.items()}
        values = _with_model(workspace, name, wanted)
        texts = _texts_with_model(workspace, then, name) if not workspace.holds(name) else {}
        return Draft(values, subject=subject, lists_fields=True, texts=texts)

    return plan


class _Then:
    """The catalog's files at a commit."""

    def __init__(self, past: Past, commit: Commit) -> None:
        self.commit = commit
        self._files = {file.stem: file for file in past.files_at(commit)}
        self._values: dict[str, Value] = {}

    def holds(self, name: ModelName) -> bool:
        return any(name.id in entries.model_ids_of(value) for value in self._values_of(name.provider))

    def bodies_of(self, name: ModelName) -> dict[str, dict[str, Any]]:
        """Return a model's entry in each file of its provider, by the part of the file's name after the provider's."""
        return {
            stem.removeprefix(name.provider): entries.body_of(self._read_value(stem), name.id)
            for stem in self._files
            if provider_of(stem) == name.provider and name.id in entries.model_ids_of(self._read_value(stem))
        }

    def entry_texts(self, name: ModelName) -> Iterator[tuple[str, Path, EntryText]]:
        """How the ends of file names, and the places in these files, had a model written, where that can be told."""
        for stem, file in self._files.items():
            if provider_of(stem) == name.provider and name.id in entries.model_ids_of(self._read_value(stem)):
                path = entries.path_of(self._read_value(stem), name.id)
                entry = take_entry(decode_utf8(file.data), path)
                if entry is not None:
                    yield stem.removeprefix(name.provider), path[:-1], entry

    def _values_of(self, provider: str) -> Iterator[Value]:
        yield from (self._read_value(stem) for stem in self._files if provider_of(stem) == provider)

    def _read_value(self, stem: str) -> Value:
        if stem not in self._values:
            file = self._files[stem]
            try:
                value = load_value(decode_utf8(file.data))
            except FileError as fault:
                fault.path = file.shown
                raise
            if not isinstance(value, dict) or not all(_is_models(value.get(key) or {}) for key in MODEL_KEYS):
                raise FileError(file.shown, "not a provider file")
            self._values[stem] = value
        return self._values[stem]


def _find_model(workspace: Workspace, timeline: Timeline, then: _Then, text: str) -> tuple[ModelName, ModelName]:
    """The model to restore, and what it was called at the commit.

    They differ only where an alias, or a provider's new name, says that they are one: a rename that history suspects
    is no reason to write over a model.
    """
    name, formers = _resolve_past_name(workspace, timeline, text)
    former = next((former for former in formers if then.holds(former)), None)
    if former is None:
        raise UsageError(f"{name} was not in the catalog at {then.commit.short_id} ({then.commit.moment[:10]})")
    if former.id == name.id or former.id in _aliases_today(workspace, name):
        return name, former
    spelled = ModelName(name.provider, former.id)
    if text not in (str(spelled), spelled.id):
        day = then.commit.moment[:10]
        raise UsageError(f"{name} was called {former} on {day}: to restore that model, run `llmreg restore {spelled}`")
    if workspace.holds(spelled):
        raise UsageError(f"{spelled} is in the catalog: it is another model today")
    return spelled, former


def _aliases_today(workspace: Workspace, name: ModelName) -> list[str]:
    bodies = (entries.body_of(workspace.value_of(stem), name.id) for stem in workspace.stems_of(name.provider))
    return [alias for body in bodies for alias in aliases_of(body)]


def _is_models(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(body, dict | None) for body in value.values())


def _resolve_past_name(workspace: Workspace, timeline: Timeline, text: str) -> tuple[ModelName, list[ModelName]]:
    """Return the model that a text names (by today's names, else by past ones) and all its names, the latest first.

    Raises `UsageError`.
    """
    past = PastNames(timeline.naming_changes())
    try:
        name = workspace.resolve(text)
    except UsageError:
        name = resolve_model(past, text)
    names = [name]
    for event in reversed(trace_lineage(name, timeline.change_events)):
        if event.change.kind == RENAMED:
            provider, model = names[-1]
            names.append(ModelName(provider, event.change.old) if event.change.model else
                         ModelName(event.change.old, model))  # fmt: skip
    return name, names


def _place_today(workspace: Workspace, name: ModelName, ending: str) -> str:
    """The file that a model is restored to: the one that has it, else the one that had it, else that of a new model.

    The provider may have been split since. `ending` is what the name of its file then had after the provider's id.
    """
    stem = f"{name.provider}{ending}"
    holder = workspace.stem_of(name)
    if is_layered(stem) or (workspace.holds(name) and not is_layered(holder)):
        return stem if is_layered(stem) else holder
    return stem if stem in workspace.files else new_model_stem(name.provider, name.id, workspace.files)


def _with_model(workspace: Workspace, name: ModelName, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """Return the provider's files with the model's entry replaced by the old one."""
    values: dict[str, Value] = {}
    for stem in _stems_with(workspace, name, wanted):
        value = workspace.value_of(stem)
        body = wanted.get(stem)
        now = entries.body_of(value, name.id)
        if body is None:
            values[stem] = entries.without_model(value, name.id)
        elif not workspace.holds(name):
            values[stem] = entries.with_body(value, name.id, body)
        else:
            kept = {key: item for key, item in body.items() if key != _OUR_TIME}
            kept |= {_OUR_TIME: now[_OUR_TIME]} if _OUR_TIME in now else {}
            values[stem] = entries.with_body(value, name.id, kept)
    return values


def _texts_with_model(workspace: Workspace, then: _Then, name: ModelName) -> dict[str, str]:
    """The provider's files with a model that is gone, in its place and as it was written."""
    texts: dict[str, str] = {}
    for ending, parent, entry in then.entry_texts(name):
        stem = _place_today(workspace, name, ending)
        if stem in workspace.files:
            text = put_entry(decode_utf8(workspace.files[stem].data), parent, entry)
            if text is not None:
                texts[stem] = text
    return texts


def _keep_old_id(body: Value, then: str, now: str) -> dict[str, Any]:
    """Return an entry of a model that has another ID now, with its old ID among the aliases."""
    kept = [alias for alias in aliases_of(body) if alias != now]
    return {**body, "aliases": [*kept, then] if then not in kept else kept}


def _with_field(workspace: Workspace, name: ModelName, field: str, wanted: Mapping[str, Value]) -> dict[str, Value]:
    if not workspace.holds(name):
        raise UsageError(f"{name} is not in the catalog any more: restore the whole model")
    node = workspace.fields.shapes.model
    values: dict[str, Value] = {}
    for stem in _stems_with(workspace, name, wanted):
        value = workspace.value_of(stem)
        if name.id in entries.model_ids_of(value):
            then = wanted.get(stem, {})
            body = workspace.fields.copy_field(entries.body_of(value, name.id), field, then, node)
            values[stem] = entries.with_body(value, name.id, body)
    return values


def _stems_with(workspace: Workspace, name: ModelName, wanted: Mapping[str, Value]) -> list[str]:
    """Return the files that have an entry of a model, or had one."""
    today = [
        stem for stem in workspace.stems_of(name.provider) if name.id in entries.model_ids_of(workspace.value_of(stem))
    ]
    return list(dict.fromkeys([*today, *wanted]))
