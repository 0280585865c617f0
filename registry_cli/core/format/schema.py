"""The schema as a contract: whether a value keeps it, quickly, and where it does not, in words.

jsonschema-rs judges; jsonschema, far slower, explains, and only what the other found wrong. A property test holds
the two together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.format.schema_nodes import resolve_node
from registry_cli.core.text.pointer import Pointer
from registry_cli.core.text.suggest import find_nearest, suggestion_text

_ENTRY = 2  # the length of a pointer to one model
_MODELS = frozenset((key,) for key in MODEL_KEYS)

# Of several keywords that one value breaks, the first here says it best; the others follow from it.
_RELEVANCE = ("type", "enum", "not", "minLength", "maxLength", "pattern", "format", "minimum", "exclusiveMinimum")
_OF_MAPPINGS = frozenset({"required", "additionalProperties"})  # each missing or unknown key is a fault of its own

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "object": "a mapping",
    "array": "a list",
}
_SHOWN = 60
_SIMILAR = 0.6  # lets every single slip in a key of three letters or more through
_CODE = re.compile(r"`([^`]*)`")


class Broken(NamedTuple):
    """One way in which a value breaks the schema; `of_key` puts it at the key rather than at the value.

    The pointer of a missing key leads to where it would be.
    """

    code: str
    pointer: Pointer
    message: str
    of_key: bool


class Contract:
    """A parsed JSON Schema (draft 2020-12) with `models` as its large mapping."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        import jsonschema_rs  # noqa: PLC0415  # 10 ms that a sync which changes nothing does not need

        self._judge = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def accepts(self, value: Any) -> bool:
        return self._judge.is_valid(value)

    def unknown_keys(self, value: Any) -> list[Pointer] | None:
        """Where keys stand that the schema does not know; None where anything else is wrong too."""
        from jsonschema_rs import ValidationErrorKind  # noqa: PLC0415  # only for a wrong file

        pointers: list[Pointer] = []
        for error in self._judge.iter_errors(value):
            if not isinstance(error.kind, ValidationErrorKind.AdditionalProperties):
                return None
            pointers += [(*error.instance_path, name) for name in error.kind.unexpected]
        return pointers

    def find_violations(self, value: Any) -> list[Broken]:
        """What is wrong, one item for each cause, in no particular order; empty for a value that `accepts` takes."""
        verdict = {
            place: error.message
            for error in self._judge.iter_errors(value)
            for place in _possible_places(value, error.instance_path)
        }
        if not verdict:
            return []
        by_place: dict[Pointer, list[Any]] = {}
        for error in self._explainer.iter_errors(_keep_wrong_models(value, verdict)):
            of_name = "propertyNames" in error.absolute_schema_path
            pointer = (*error.absolute_path, *([error.instance] if of_name else []))
            by_place.setdefault(pointer, []).append(error)
        if not by_place:  # should the two ever disagree, the judge has the last word
            return [Broken("schema", pointer, message, of_key=False) for pointer, message in verdict.items()]
        return [broken for pointer, errors in by_place.items() for broken in self._find_causes(pointer, errors)]

    @cached_property
    def _explainer(self) -> Any:
        import jsonschema  # noqa: PLC0415  # 90 ms, for wrong files only

        draft = jsonschema.Draft202012Validator
        checker = draft.TYPE_CHECKER.redefine_many({"integer": _is_integer, "number": _is_number})
        exact = jsonschema.validators.extend(draft, type_checker=checker)  # type: ignore[no-untyped-call]  # its stubs
        return exact(self._schema, format_checker=draft.FORMAT_CHECKER)

    def _find_causes(self, pointer: Pointer, errors: Sequence[Any]) -> Iterator[Broken]:
        of_value = [error for error in errors if error.validator not in _OF_MAPPINGS]
        if of_value:
            error = min(of_value, key=lambda error: _relevance_rank(error.validator))
            of_key = "propertyNames" in error.absolute_schema_path
            yield Broken("schema", pointer, _describe_mismatch(error), of_key)
            return
        missing = {name: None for error in errors if error.validator == "required" for name in _missing_keys(error)}
        for error in errors:
            if error.validator == "additionalProperties":
                for name in _unknown_names(error):
                    meant = _nearest_names(name, error.schema["properties"])
                    missing.pop(meant or "", None)
                    yield Broken("unknown-key", (*pointer, name), self._hint_for_key(name, meant, error), of_key=True)
        for name in missing:
            yield Broken("schema", (*pointer, name), "the key is missing", of_key=True)

    def _hint_for_key(self, name: str, meant: str | None, error: Any) -> str:
        if meant:
            return f"unknown key{suggestion_text([meant])}"
        homes = [key for key, below in error.schema["properties"].items() if name in self._known_properties(below)]
        if homes:
            return f"unknown key here; it belongs under {' or '.join(homes)}"
        return f"unknown key; known are {', '.join(_is_current(error.schema['properties']))}"

    def _known_properties(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        properties: Mapping[str, Any] = resolve_node(self._schema, schema).get("properties", {})
        return properties


def _possible_places(value: Any, path: Sequence[str | int]) -> Iterator[Pointer]:
    """Every place in `value` that a path of the validator may mean: it gives a key such as `007` as the number 7."""
    if not path:
        yield ()
        return
    step, *rest = path
    if isinstance(value, dict) and isinstance(step, int):
        keys = [key for key in value if key.removeprefix("+").isdecimal() and int(key) == step]
    else:
        keys = [step]
    for key in keys:
        below = value[key] if isinstance(value, list) or key in value else None
        yield from ((key, *place) for place in _possible_places(below, rest))


def remove_violations(body: Mapping[str, Any], contract: Contract) -> tuple[dict[str, Any], list[Broken]]:
    """A provider's body without what breaks the schema, and what that was.

    A model with a wrong field goes as a whole, as what else it says may be meant differently, too.
    """
    broken = [] if contract.accepts(body) else contract.find_violations(body)
    wrong = {fault.pointer[:_ENTRY] if fault.pointer[:1] in _MODELS else fault.pointer[:1] for fault in broken}
    sound = {key: value for key, value in body.items() if (key,) not in wrong}
    for key in MODEL_KEYS:
        if any(pointer[0] == key for pointer in wrong if pointer) and key in sound:
            sound[key] = {model_id: model for model_id, model in sound[key].items() if (key, model_id) not in wrong}
    return sound, broken


def without_pointers(value: Any, pointers: Iterable[Pointer]) -> Any:
    """A value with what stands at `pointers` taken out, sharing the rest.

    A list goes as a whole, for its other elements would move, and a model stays as an empty one, so that what
    refers to it still finds it.
    """
    for pointer in pointers:
        value = _remove_below(value, pointer, pointer)
    return value


def _remove_below(value: Any, rest: Pointer, pointer: Pointer) -> Any:
    if not rest or not isinstance(value, dict) or rest[0] not in value:
        return value
    key, *below = rest
    copy = dict(value)
    if below and isinstance(value[key], dict):
        copy[key] = _remove_below(value[key], tuple(below), pointer)
    elif len(pointer) == _ENTRY and pointer[0] in MODEL_KEYS and not below:
        copy[key] = {}
    else:
        del copy[key]
    return copy


def _keep_wrong_models(value: Any, wrong: Iterable[Pointer]) -> Any:
    """The value without the models that are right, of which there may be thousands; with them, but empty, where the
    names of models are wrong."""
    if not isinstance(value, dict):
        return value
    steps = {pointer[:_ENTRY] for pointer in wrong}
    kept = dict(value)
    for name in MODEL_KEYS:
        if isinstance(value.get(name), dict):
            names_are_wrong = (name,) in steps
            kept[name] = {
                model_id: body if (name, model_id) in steps else {}
                for model_id, body in value[name].items()
                if names_are_wrong or (name, model_id) in steps
            }
    return kept


def _is_integer(_checker: Any, instance: Any) -> bool:
    if isinstance(instance, bool):
        return False
    return isinstance(instance, int) or (isinstance(instance, Decimal) and instance == instance.to_integral_value())


def _is_number(_checker: Any, instance: Any) -> bool:
    return isinstance(instance, int | Decimal) and not isinstance(instance, bool)


def _relevance_rank(keyword: str) -> int:
    return _RELEVANCE.index(keyword) if keyword in _RELEVANCE else len(_RELEVANCE)


def _missing_keys(error: Any) -> Iterator[str]:
    return (name for name in error.validator_value if name not in error.instance)


def _unknown_names(error: Any) -> Iterator[str]:
    return (name for name in error.instance if name not in error.schema["properties"])


def _nearest_names(name: str, properties: Mapping[str, Any]) -> str | None:
    close = find_nearest(name.lower().replace("-", "_"), _is_current(properties), similar=_SIMILAR)
    return close[0] if close else None


def _is_current(properties: Mapping[str, Any]) -> list[str]:
    return [name for name, schema in properties.items() if not schema.get("deprecated")]


def _describe_mismatch(error: Any) -> str:
    """Describes the value, what was expected, and the purpose that the schema states."""
    if error.validator == "not":
        return f"{_show_value(error.instance)} holds a character that cannot be seen"
    expected = f"expected {_describe_expected(error.schema, error.validator)}, not {_show_value(error.instance)}"
    description = _CODE.sub(r"\1", error.schema.get("description", "")).rstrip(".")
    return f"{expected} ({description})" if description else expected


def _describe_expected(schema: Mapping[str, Any], broken: str) -> str:
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    types = schema.get("type", [])
    words = [_TYPES[name] for name in ([types] if isinstance(types, str) else sorted(types, key="null".__eq__))]
    if "minimum" in schema:
        words[0] += f" >= {schema['minimum']:,}"
    if "exclusiveMinimum" in schema:
        words[0] += f" > {schema['exclusiveMinimum']:,}"
    if broken == "maximum":
        words[0] += f" and <= {schema['maximum']:,}"
    bound = {
        "minLength": "that is not empty",
        "minItems": "that is not empty",
        "maxItems": f"of at most {schema.get('maxItems', 0):,} items",
        "minProperties": "that is not empty",
        "maxLength": f"of at most {schema.get('maxLength', 0):,} characters",
        "maxProperties": "of a single key",
        "pattern": "of another form" if "description" in schema else f"like {schema.get('pattern')}",
        "format": f"that is a {schema.get('format')}",
    }.get(broken)
    text = " or ".join(words) or ("text" if bound else "something else")
    return f"{text} {bound}" if bound else text


def _show_value(value: Any) -> str:
    if isinstance(value, dict | list):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    return f'"{value}"' if len(value) <= _SHOWN else f'"{value[:_SHOWN]}..."'
