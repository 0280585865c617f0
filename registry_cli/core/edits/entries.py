"""Provider files as data, with one of their models added, removed, renamed or on its way out. Nothing changes in place.

A file's models lie under `models`, in an older file under `model_capabilities`: `key` says which.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry_cli.core.edits.difference import FieldChange, Renamed, find_field_changes
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import FIELDS
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.ops import Path

Value = Mapping[str, Any]

# What a copy does not take over: what tells the model apart, and where that one is in its life.
_OWN = frozenset(field.path for field in FIELDS if not field.is_copied)


@dataclass(frozen=True, slots=True)
class Draft:
    """Files, by their stems, as an edit wants them; `renamed` says which keys are old ones under a new name, and
    `subject` what happened where the changed fields do not say it best; `lists_fields` where a commit says both.
    `texts` are the new texts of files, where it matters how their values are written."""

    values: Mapping[str, Value]
    renamed: Mapping[str, Renamed] = field(default_factory=dict)
    subject: str = ""
    lists_fields: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


def key_of(value: Value, model: str | None = None) -> str:
    """Returns the key under which a file has a model, or under which a new one belongs."""
    held = [key for key in MODEL_KEYS if isinstance(value.get(key), Mapping)]
    return next((key for key in held if model in value[key]), "models" if "models" in held or not held else held[0])


def path_of(value: Value, model: str) -> Path:
    return key_of(value, model), model


def body_of(value: Value, model: str) -> dict[str, Any]:
    """Returns a model's entry, empty if the file has none."""
    return dict((value.get(key_of(value, model)) or {}).get(model) or {})


def with_body(value: Value, model: str, body: Value) -> dict[str, Any]:
    key = key_of(value, model)
    return {**value, key: {**(value.get(key) or {}), model: dict(body)}}


def without_model(value: Value, model: str) -> dict[str, Any]:
    key = key_of(value, model)
    return {**value, key: {name: body for name, body in value[key].items() if name != model}}


def copy_entry(body: Value) -> dict[str, Any]:
    """Copies an entry without what belongs to that model alone."""
    return {key: value for key, value in body.items() if key not in _OWN}


def rename_model(value: Value, old: str, new: str, *, keep_alias: bool) -> dict[str, Any]:
    """The file with a model under another id, in its place; the old id becomes an alias."""
    key = key_of(value, old)
    models = {}
    for name, body in value[key].items():
        if name != old:
            models[name] = body
            continue
        kept = [alias for alias in (body or {}).get("aliases") or [] if alias != new]
        aliases = [*kept, old] if keep_alias and old not in kept else kept
        models[new] = {**(body or {}), "aliases": aliases} if aliases or "aliases" in (body or {}) else body
    return {**value, key: models}


def repoint_references(value: Value, spelled: Mapping[str, str]) -> dict[str, Any]:
    """The file with its default model and replacements under the names that they have from now on."""
    moved = dict(value)
    if value.get("default_model") in spelled:
        moved["default_model"] = spelled[value["default_model"]]
    for key in MODEL_KEYS:
        if isinstance(value.get(key), Mapping):
            moved[key] = {
                name: {**body, "replacement": spelled[body["replacement"]]}
                if isinstance(body, Mapping) and body.get("replacement") in spelled
                else body
                for name, body in value[key].items()
            }
    return moved


def stamp_file(old: Value, new: Value, renamed: Renamed, stamp: str) -> dict[str, Any]:
    """`new` with `updated_at` moved where a fact changed, unless the edit itself set it: of each such model, and of
    the provider where a fact of its own changed and the file keeps that time."""
    result = dict(new)
    for key in MODEL_KEYS:
        if isinstance(new.get(key), Mapping):
            before = _by_new_name(old, key, renamed)
            result[key] = {name: _stamp_entry(before.get(name), body, stamp) for name, body in new[key].items()}
    if (
        old.get("updated_at")
        and new.get("updated_at") == old["updated_at"]
        and not equal_data(_own_facts(old), _own_facts(new))
    ):
        result["updated_at"] = stamp
    return result


def describe_changes(provider: str, old: Value, new: Value, renamed: Renamed) -> Iterator[FieldChange]:
    """What changed in a file, field by field, models by the names they have now (or had, where they are gone)."""
    yield from find_field_changes(provider, _own_facts(old), _own_facts(new))
    for key in MODEL_KEYS:
        before, after = _by_new_name(old, key, renamed), new.get(key) or {}
        for path, name in renamed.items():
            if path[0] == key:
                yield FieldChange(f"{provider}/{name}", "id", path[1], name)
        for name in [*after, *(name for name in before if name not in after)]:
            yield from find_field_changes(f"{provider}/{name}", before.get(name, ABSENT), after.get(name, ABSENT))


def _stamp_entry(old: Any, new: Any, stamp: str) -> Any:
    unchanged = old is not None and equal_data(old, new)
    if unchanged or not isinstance(new, Mapping) or new.get("updated_at") != (old or {}).get("updated_at"):
        return new
    return {**new, "updated_at": stamp}


def _by_new_name(value: Value, key: str, renamed: Renamed) -> dict[str, Any]:
    models = value.get(key)
    return {renamed.get((key, name), name): body for name, body in models.items()} if isinstance(models, dict) else {}


def _own_facts(value: Value) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in MODEL_KEYS}


def models_in(value: Value) -> dict[str, Any]:
    """Returns a file's entries by id, under whichever key it has them."""
    return {name: body for key in MODEL_KEYS for name, body in (value.get(key) or {}).items()}


def model_ids_of(value: Value) -> set[str]:
    """Returns the ids of a file's models."""
    return {name for key in MODEL_KEYS for name in value.get(key) or ()}
