"""`pricing.input=2.5`, `capabilities+=vision`, `pricing.variants[service_tier=batch].input=1.25`: fields of an entry
named on a command line, and the entry with them changed.

Dots separate steps. Brackets choose a price variant by its whole `when`, with commas between conditions; a variant that
does not exist yet is added. An entry is never changed in place: each function gives a new one that shares what stays.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from registry_cli.core.catalog.capabilities import read_capability
from registry_cli.core.edits import capabilities as caps
from registry_cli.core.edits.shapes import Shapes
from registry_cli.core.edits.values import parse_items, parse_value, split_outside_brackets
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.legacy import OLDER_LISTS
from registry_cli.core.format.schema_nodes import Node
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.errors import UsageError
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.escapes import UNSAFE, escape_text

_ASSIGNMENT = re.compile(r"((?:[^=\[]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])+?)(\+=|-=|=)(.*)", re.DOTALL)
_STEP = re.compile(r"([^\[\]]+)(?:\[(.*)\])?", re.DOTALL)
# Where an older file states a fact under another key, an edit of the fact goes there.
_OLDER = {tuple(field.split(".")): older for field, older in OLDER_LISTS.items()}


class PathStep(NamedTuple):
    """A key, and which item of the list under it is meant: the text between brackets."""

    name: str
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`how` is `=`, `+=` or `-=`."""

    field: str
    how: str
    text: str


def parse_assignment(text: str) -> Assignment:
    """Parses `FIELD=VALUE`, `FIELD+=VALUE` or `FIELD-=VALUE`. Raises `UsageError` for anything else."""
    match = _ASSIGNMENT.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is not FIELD=VALUE, FIELD+=VALUE or FIELD-=VALUE")
    if UNSAFE.search(match[3]):
        raise UsageError(f"{match[1].strip()}: {escape_text(match[3])} holds a character that cannot be seen")
    return Assignment(match[1].strip(), match[2], match[3].strip())


def parse_assignments(texts: Sequence[str]) -> list[Assignment]:
    """Parses several assignments. Raises `UsageError` for a wrong one, and for a field that is set twice."""
    assignments = [parse_assignment(text) for text in texts]
    fields = [assignment.field for assignment in assignments if assignment.how == "="]
    for field in fields:
        if fields.count(field) > 1:
            raise UsageError(f"{field} is set twice")
    return assignments


def parse_field(text: str) -> tuple[PathStep, ...]:
    """Splits a field into its steps. Raises `UsageError` for a text that is no field."""
    steps = []
    for part in split_outside_brackets(text, "."):
        match = _STEP.fullmatch(part)
        if match is None:
            raise UsageError(f"{text!r} is not a field such as pricing.input or pricing.variants[region=eu].input")
        steps.append(PathStep(match[1], match[2]))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Fields:
    """Changes fields of entries as the schema and the vocabulary see them."""

    shapes: Shapes
    vocabulary: Vocabulary

    def assign(self, body: Mapping[str, Any], assignment: Assignment, node: Node, below: Any = None) -> dict[str, Any]:
        """The entry after one assignment. `node` is its shape; `below` is the entry that this one lies over, whose
        lists are what `+=` and `-=` start from. Raises `UsageError`."""

        def leaf(value: Any, shape: Node, *, is_capabilities: bool) -> Any:
            if assignment.how == "=":
                return self._replace_value(value, assignment.text, shape, is_capabilities=is_capabilities)
            return self._alter_list(value, assignment, shape, is_capabilities=is_capabilities)

        return self._change_field(body, assignment.field, node, leaf, below)

    def unset_field(self, body: Mapping[str, Any], field: str, node: Node) -> dict[str, Any]:
        """The entry without a field, nor mappings that this leaves empty. Raises `UsageError` for an unknown field."""

        def leaf(_value: Any, _shape: Node, *, is_capabilities: bool) -> Any:
            del is_capabilities
            return ABSENT

        return self._change_field(body, field, node, leaf, None)

    def copy_field(self, body: Mapping[str, Any], field: str, other: Mapping[str, Any], node: Node) -> dict[str, Any]:
        """Copies a field from another entry; removes it if the other does not state it. Raises `UsageError`."""
        found: Any = ABSENT

        def look(value: Any, _shape: Node, *, is_capabilities: bool) -> Any:
            nonlocal found
            del is_capabilities
            found = value
            return value

        def leaf(_value: Any, _shape: Node, *, is_capabilities: bool) -> Any:
            del is_capabilities
            return found

        self._change_field(other, field, node, look, None)
        return self._change_field(body, field, node, leaf, None)

    def canonical_name(self, name: str) -> str:
        return self.vocabulary.canonical_name(name) or name

    def _change_field(
        self, body: Mapping[str, Any], field: str, node: Node, leaf: "_Leaf", below: Any
    ) -> dict[str, Any]:
        steps = parse_field(field)
        older = _OLDER.get(tuple(step.name for step in steps))
        if older in body:
            steps = (PathStep(older or ""),)
        try:
            found = _Walk(self, leaf).change_at(body, steps, node, below)
        except UsageError as error:
            raise UsageError(f"{field}: {error.message}") from None
        return {} if found is ABSENT else dict(found)

    def _replace_value(self, value: Any, text: str, shape: Node, *, is_capabilities: bool) -> Any:
        if is_capabilities and text != "null":
            return caps.replace_capabilities(
                value, self._canonical_items(parse_items(text, shape, self.shapes)), self.canonical_name
            )
        new = parse_value(text, shape, self.shapes)
        return value if value is not ABSENT and equal_data(new, value) else new

    def _alter_list(self, value: Any, assignment: Assignment, shape: Node, *, is_capabilities: bool) -> Any:
        if "items" not in shape:
            raise UsageError(f"{assignment.how} is for lists; write {assignment.field}=VALUE")
        items = parse_items(assignment.text, shape, self.shapes)
        if is_capabilities:
            change = caps.add_capabilities if assignment.how == "+=" else caps.remove_capabilities
            start = [] if value is ABSENT or value is None else value
            return change(start, self._canonical_items(items), self.canonical_name)
        present = value if isinstance(value, list) else []
        if assignment.how == "+=":
            new = [item for number, item in enumerate(items) if item not in present and item not in items[:number]]
            return [*present, *new]
        return [item for item in present if item not in items] if value is not ABSENT else ABSENT

    def _canonical_items(self, items: list[Any]) -> list[Any]:
        """Renames capabilities to the vocabulary's names."""
        pairs = [read_capability(item) for item in items]
        return [
            self.canonical_name(name) if said is True else {self.canonical_name(name): said} for name, said in pairs
        ]


_Leaf = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One change, on its way down an entry."""

    fields: Fields
    leaf: _Leaf

    def change_at(self, value: Any, steps: tuple[PathStep, ...], node: Node, below: Any) -> Any:
        """Changes what is at `steps` of a value. Returns `ABSENT` if nothing is left."""
        if not steps:
            return self.leaf(value, node, is_capabilities=False)
        held = {} if value is ABSENT or value is None else value
        if not isinstance(held, Mapping):
            raise UsageError(f"{steps[0].name} has no place in {_kind_of_value(held)}")
        if self.fields.shapes.takes_any_key(node) and all(step.chosen is None for step in steps):
            steps = (PathStep(".".join(step.name for step in steps)),)
        step, rest = steps[0], steps[1:]
        shape = self.fields.shapes.shape_of_key(node, step.name)
        under = below.get(step.name) if isinstance(below, Mapping) else None
        now = held.get(step.name, ABSENT)
        if now is ABSENT and isinstance(under, list):
            now = under  # a list lies over the one below as a whole
        if step.chosen is not None:
            new = self._change_variant(now, step, rest, shape)
        elif step.name == "capabilities":
            new = self._change_capability(now, rest, shape)
        else:
            new = self.change_at(now, rest, shape, under)
        return _with_key(held, step.name, new, was=value)

    def _change_variant(self, variants: Any, step: PathStep, rest: tuple[PathStep, ...], shape: Node) -> Any:
        if step.name != "variants":
            raise UsageError(f"brackets choose a variant of prices; {step.name} has none")
        when = self._parse_condition(step.chosen or "")
        listed = list(variants) if isinstance(variants, list) else []
        places = [place for place, each in enumerate(listed) if equal_data(each.get("when"), when)]
        if len(places) > 1:
            raise UsageError(f"{len(places)} variants have the condition {step.chosen}")
        old = listed[places[0]] if places else ABSENT
        new = self.change_at(old, rest, self.fields.shapes.shape_of_items(shape), None)
        if new is ABSENT or (old is ABSENT and not rest):
            return [each for place, each in enumerate(listed) if place not in places] or ABSENT
        whole = new if places else {"when": when, **new}
        return [whole if place in places else each for place, each in enumerate(listed)] + [whole] * (not places)

    def _parse_condition(self, text: str) -> dict[str, Any]:
        when = {}
        for part in split_outside_brackets(text, ","):
            name, separator, value = part.partition("=")
            if not separator:
                raise UsageError(f"[{text}] is not a condition such as [service_tier=batch]")
            name, value = name.strip(), value.strip()
            when[name] = parse_value(
                value, self.fields.shapes.shape_of_key(self.fields.shapes.when, name), self.fields.shapes
            )
        return when

    def _change_capability(self, written: Any, rest: tuple[PathStep, ...], shape: Node) -> Any:
        if not rest:
            return self.leaf(written, shape, is_capabilities=True)
        name = self.fields.canonical_name(rest[0].name)
        start = [] if written is ABSENT or written is None else written
        now = caps.details_of(start, name, self.fields.canonical_name)
        details = self.fields.shapes.shape_of_key(shape, name)
        if len(rest) == 1:
            said = self.leaf(now, details, is_capabilities=False)
        else:
            said = self.change_at(now if isinstance(now, Mapping) else {}, rest[1:], details, None)
            said = True if said is ABSENT and now is not ABSENT else said
        return caps.with_details(start, name, said, self.fields.canonical_name) or ABSENT


def _with_key(held: Mapping[str, Any], key: str, new: Any, *, was: Any) -> Any:
    if new is not ABSENT:
        return {**held, key: new}
    if key not in held:
        return was
    return {name: value for name, value in held.items() if name != key} or ABSENT


def _kind_of_value(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a single value"
