"""What `validate --fix` does to a file: today's names of keys and capabilities, and quotes where readers disagree.

Each kind of fix is made or left as a whole: one that would lose a comment, or that cannot be made exactly, is left to
a person, with its findings.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from registry_cli.core.catalog.capabilities import is_capability, read_capabilities, read_capability
from registry_cli.core.edits.difference import find_operations
from registry_cli.core.format.layers import is_layered
from registry_cli.core.format.layout import is_on_one_line, needs_blank_line
from registry_cli.core.format.legacy import MODEL_KEYS, OLDER_KEYS, OLDER_LISTS
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.comments import comments_of
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.nodes import compose_tree
from registry_cli.yamledit.ops import OperationError, Path
from registry_cli.yamledit.requote import requoted

_Renamed = dict[Path, str]
_Change = Callable[[dict[str, Any]], tuple[dict[str, Any], _Renamed]]
_OLD_WORDS = {"code": "text"}
_RENAMED_KEYS = [(older, field) for older, field in OLDER_KEYS.items() if "." not in field]


def fix_text(text: str, stem: str, vocabulary: Vocabulary) -> str:
    """Fixes what needs no judgement in the text of a file. Raises `YamlError` for a text that cannot be read."""
    older = not is_layered(stem)  # such a file as a whole is of the older format
    for change in (
        _rename_file_keys if older else _change_nothing,
        _rename_model_keys,
        _move_modalities,
        _capability_renamer(vocabulary),
    ):
        text = _attempt_fix(text, lambda now, change=change: _apply_change(now, change))  # type: ignore[misc]  # mypy cannot infer it
    return _attempt_fix(text, requoted)


def _attempt_fix(text: str, fix: Callable[[str], str]) -> str:
    try:
        new = fix(text)
    except OperationError:
        return text
    return new if _count_comments(new) == _count_comments(text) else text


def _apply_change(text: str, change: _Change) -> str:
    value = load_value(text)
    if not isinstance(value, dict):
        return text
    new, renamed = change(value)
    return apply(text, list(find_operations(value, new, renamed)), flow=is_on_one_line, parted=needs_blank_line)


def _count_comments(text: str) -> Counter[str]:
    bare = text.removeprefix("\ufeff")
    return Counter(comment.text for comment in comments_of(bare, compose_tree(bare)))


def _change_nothing(value: dict[str, Any]) -> tuple[dict[str, Any], _Renamed]:
    return value, {}


def _rename_file_keys(value: dict[str, Any]) -> tuple[dict[str, Any], _Renamed]:
    if "model_capabilities" not in value or "models" in value:
        return value, {}
    return _with_key(value, "model_capabilities", "models"), {("model_capabilities",): "models"}


def _rename_model_keys(value: dict[str, Any]) -> tuple[dict[str, Any], _Renamed]:
    """`supported_endpoints` -> `endpoints`, `model_info` -> `metadata`."""
    renamed: _Renamed = {}
    for path, body in _written_models(value):
        for old, new in _RENAMED_KEYS:
            if old in body and new not in body:
                body = _with_key(body, old, new)  # noqa: PLW2901  # step by step
                renamed[*path, old] = new
            elif new == "endpoints" and old in body:
                body = _without_key(body, old)  # noqa: PLW2901  # readers take the newer key
            elif old in body and isinstance(body[old], dict) and isinstance(body[new], dict | None):
                body = _without_key(body, old) | {new: body[old] | (body[new] or {})}  # noqa: PLW2901
        value = _with_model(value, path, body)
    return value, renamed


def _move_modalities(value: dict[str, Any]) -> tuple[dict[str, Any], _Renamed]:
    for path, body in _written_models(value):
        modalities = body.get("modalities", {})
        for direction in ("input", "output"):
            older = OLDER_LISTS[f"modalities.{direction}"]
            kinds = body.get(older)
            if (
                isinstance(kinds, list)
                and all(isinstance(kind, str) for kind in kinds)
                and isinstance(modalities, dict)
            ):
                both = {direction: list(dict.fromkeys(_OLD_WORDS.get(kind, kind) for kind in kinds))} | modalities
                modalities = {each: both.pop(each) for each in ("input", "output") if each in both} | both
                body = _without_key(body, older) | {"modalities": modalities}  # noqa: PLW2901  # step by step
        value = _with_model(value, path, body)
    return value, {}


def _capability_renamer(vocabulary: Vocabulary) -> _Change:
    def change(value: dict[str, Any]) -> tuple[dict[str, Any], _Renamed]:
        renamed: _Renamed = {}
        for key in ("features", "defaults"):
            written = value.get(key)
            if key == "features" and isinstance(written, list):
                value = {**value, key: _rename_listed(written, (key,), vocabulary, renamed)}
            elif isinstance(written, dict):
                value = {**value, key: _rename_capabilities(written, (key,), vocabulary, renamed)}
        for path, body in _written_models(value):
            value = _with_model(value, path, _rename_capabilities(body, path, vocabulary, renamed))
        return value, renamed

    return change


def _rename_capabilities(body: dict[str, Any], path: Path, vocabulary: Vocabulary, renamed: _Renamed) -> dict[str, Any]:
    written = body.get("capabilities")
    here = (*path, "capabilities")
    if isinstance(written, list):
        return {**body, "capabilities": _rename_listed(written, here, vocabulary, renamed)}
    if not isinstance(written, dict):
        return body
    names = {name: _canonical_name(name, written, vocabulary) for name in written}
    renamed.update({(*here, name): new for name, new in names.items() if new != name})
    return {**body, "capabilities": {names[name]: details for name, details in written.items()}}


def _rename_listed(written: list[Any], path: Path, vocabulary: Vocabulary, renamed: _Renamed) -> list[Any]:
    present = dict(read_capabilities(written))
    items: list[Any] = []
    for place, item in enumerate(written):
        if not is_capability(item):
            items.append(item)  # a mistake that a person must correct
            continue
        name, details = read_capability(item)
        new = _canonical_name(name, present, vocabulary)
        if new == name and isinstance(item, str) and vocabulary.canonical_name(name) not in (None, name):
            continue  # the list has the canonical name already
        if isinstance(item, str):
            items.append(new)
        else:
            items.append({new: details})
            if new != name:
                renamed[*path, place, name] = new
        present[new] = items[-1]
    return items


def _canonical_name(name: str, taken: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    canonical = vocabulary.canonical_name(name)
    return name if canonical is None or canonical in taken else canonical


def _written_models(value: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for key in MODEL_KEYS:
        models = value.get(key)
        for name, body in models.items() if isinstance(models, dict) else ():
            if isinstance(body, dict):
                yield (key, name), body


def _with_model(value: dict[str, Any], path: Path, body: dict[str, Any]) -> dict[str, Any]:
    key, name = path
    models = value[str(key)]
    return value if models[name] is body else {**value, str(key): {**models, name: body}}


def _with_key(body: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: item for key, item in body.items()}


def _without_key(body: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: item for name, item in body.items() if name != key}
