"""The files of a split provider as one value, and the change of that value as changes of the files."""

from collections.abc import Mapping
from typing import Any

from registry_cli.core.edits.entries import Value, key_of, model_ids_of, models_in
from registry_cli.core.format.layers import new_model_stem


def join_parts(own: Value, parts: Mapping[str, Value]) -> dict[str, Any]:
    """Return the provider's own file with the models of its parts (by their stems, the lowest layer first)."""
    key = key_of(own)
    models: dict[str, Any] = {}
    for value in parts.values():
        models |= models_in(value)
    known = model_ids_of(own)
    more = {name: body for name, body in models.items() if name not in known}
    return {**own, key: {**(own.get(key) or {}), **more}}


def split_parts(provider: str, joined: Value, own: Value, parts: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """Return the files, by their stems, that hold `joined`: each model where it is, a new one where `add` puts it."""
    known = model_ids_of(own)
    place = {name: stem for stem, value in parts.items() for name in models_in(value) if name not in known}
    key = key_of(joined)
    kept: dict[str, Any] = {}
    held: dict[str, dict[str, Any]] = {stem: {} for stem in parts}
    for name, body in (joined.get(key) or {}).items():
        home = provider if name in known else place.get(name) or new_model_stem(provider, name, parts)
        held.get(home, kept)[name] = body
    result = {
        stem: {**value, "models": held[stem]} if held[stem] or value.get("models") else dict(value)
        for stem, value in parts.items()
    }
    return {provider: {**joined, key: kept}, **result}
