"""The record of a provider, `config/upstream/<provider>.jsonl`: one line a model.

    {"id":"large-2","facts":{"@base,acme,models.dev":{"context_window":200000},"acme":{"pricing.input":3.0}},
     "checked":{"acme":"2026-11-22T06:00:00Z"},"gone":["models.dev"]}

`facts` holds what each source last said, a value once with all who agree. `@base` is no source but the value that the
file last took from upstream. `checked` is when a source last confirmed the line, rewritten only with a line whose
facts change. `since` is the day on which each source first stated its present price list and each of its limits (see
`statement_days`), one day where all are of the same; `cites` are the sources whose price list names a page of the
provider. `gone` are the sources that list the model no more, `doubted` those that do not either, in a list that is
not believed yet. `listed` are fields that the file did not have when sync first met it, and that wait for a decision.
`kept` are fields that sources state differently, each with the values that a person has seen and let be (`audit`).
`retired` is what sync did to a model that is listed no more, as long as the file has it so (see `retiring`).
`absent` is since when the provider's own list lacks the model (see `absence`).
Lines are sorted by id, so that a change of one value is a change of one line.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from registry_cli.core.statements.facts import CAPABILITY, Fields
from registry_cli.core.statements.record_shapes import is_fact, is_list_of_texts
from registry_cli.core.statements.statement_days import Days, pack_days, unpack_days
from registry_cli.core.text.exact_json import dumps, exact_number
from registry_cli.errors import EntryError
from registry_cli.yamledit.apply import equal_data

BASE = "@base"
_decoded = json.JSONDecoder(parse_float=exact_number).decode
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_MARKS = ("cites", "gone", "doubted", "listed")


@dataclass(frozen=True, slots=True)
class Line:
    """The record of one model. `text` is the line it was read from, which a comparison ignores."""

    id: str
    said: Mapping[str, Fields] = field(default_factory=dict)
    base: Fields = field(default_factory=dict)
    checked: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, Days] = field(default_factory=dict)
    cites: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    kept: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    retired: Mapping[str, Any] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    text: str | None = field(default=None, compare=False, repr=False)

    @property
    def listed_by(self) -> set[str]:
        """The sources that listed the model when they were last heard."""
        return self.said.keys() - self.gone

    def states_same_as(self, other: "Line") -> bool:
        """Whether both say the same, whenever it was checked."""
        return self is other or _read_statements(self) == _read_statements(other)


Record = Mapping[str, Line]


def _read_statements(line: Line) -> tuple[Any, ...]:
    marks = line.cites, line.gone, line.doubted, line.listed
    return line.id, line.said, line.base, line.since, *marks, line.kept, line.retired, line.absent


def parse_record(text: str, path: str) -> dict[str, Line]:
    """Parses the text of a record. Raises `EntryError` with the line number if it is no record."""
    lines: dict[str, Line] = {}
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            continue
        try:
            line = _parse_line(row)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise EntryError(path, "not a line that sync wrote; restore it from git", number, 1) from None
        if line.id in lines:
            raise EntryError(path, f"a second line for {line.id!a}; restore it from git", number, 1)
        lines[line.id] = line
    return lines


def format_record(record: Record) -> str:
    """The text of a record; a line that was read and not replaced stays byte for byte."""
    ordered = sorted(record.values(), key=lambda line: (line.id.casefold(), line.id))
    return "".join(f"{_format_line(line) if line.text is None else line.text}\n" for line in ordered)


def _parse_line(row: str) -> Line:
    value = _decoded(row)
    if _ESCAPED_SURROGATE.search(row):
        json.dumps(value, ensure_ascii=False, default=str).encode()  # half of a pair is no text
    said: dict[str, dict[str, Any]] = {}
    for speakers, packed in value["facts"].items():
        if not all(is_fact(name, fact) for name, fact in packed.items()):
            raise TypeError
        fields = _unpack_capabilities(packed)
        for speaker in speakers.split(","):
            said.setdefault(speaker, {}).update(fields)
    if not isinstance(value["id"], str):
        raise TypeError
    base = said.pop(BASE, {})
    marks = {name: frozenset(_read_texts(value.get(name, []))) for name in _MARKS}
    kept = {name: list(values) for name, values in value.get("kept", {}).items()}
    return Line(
        value["id"],
        said,
        base,
        _read_moment(value.get("checked", {})),
        {source: unpack_days(days, said[source]) for source, days in value.get("since", {}).items()},
        **marks,
        kept=kept,
        retired=_read_retirement(value),
        absent=_read_absence(value),
        text=row,
    )


def _read_texts(value: Any) -> Sequence[str]:
    if not is_list_of_texts(value):
        raise TypeError
    return cast("Sequence[str]", value)


def _read_moment(value: Any) -> dict[str, str]:
    _read_texts(list(value.values()))
    return dict(value)


def _read_retirement(value: Mapping[str, Any]) -> dict[str, Any]:
    """Reads a recorded retirement. Raises if it has another shape."""
    found = value.get("retired")
    if found:
        _read_texts([found["by"], found["on"], *found["was"].values()])
    if not found:
        return {}
    status = {"status": "deprecated"} if found.get("status") == "deprecated" else {}
    return {"by": found["by"], "on": found["on"], "was": dict(found["was"]), **status}


def _read_absence(value: Mapping[str, Any]) -> dict[str, str]:
    """Reads since when a model is absent, and from which list. Raises if it has another shape."""
    found = value.get("absent")
    if found:
        _read_texts([found["by"], found["since"]])
    return {"by": found["by"], "since": found["since"]} if found else {}


def _format_line(line: Line) -> str:
    said = {BASE: line.base, **{source: line.said[source] for source in sorted(line.said)}}
    groups: dict[str, dict[str, Any]] = {source: {} for source, fields in said.items() if source != BASE and not fields}
    told = list(said.items())
    for name in sorted({name for fields in said.values() for name in fields}):
        for speakers, fact in _group_by_value([(who, fields[name]) for who, fields in told if name in fields]):
            groups.setdefault(speakers, {})[name] = fact
    facts = {speakers: _pack_capabilities(groups[speakers]) for speakers in sorted(groups)}
    value: dict[str, Any] = {"id": line.id, "facts": facts}
    if line.checked:
        value["checked"] = dict(sorted(line.checked.items()))
    if line.since:
        value["since"] = {source: pack_days(days) for source, days in sorted(line.since.items())}
    value |= {name: sorted(marks) for name in _MARKS if (marks := getattr(line, name))}
    if line.retired:
        value["retired"] = dict(line.retired)
    if line.absent:
        value["absent"] = dict(line.absent)
    if line.kept:
        value["kept"] = {name: list(values) for name, values in sorted(line.kept.items())}
    try:
        return _encoded(value)
    except ValueError:
        return dumps(value)


def _group_by_value(stated: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Groups sources by the value that they state."""
    first = stated[0][1]
    for _, value in stated:
        if value is not first and not equal_data(value, first):
            break
    else:
        return [(",".join([speaker for speaker, _ in stated]), first)]
    groups: list[tuple[list[str], Any]] = []
    for speaker, value in stated:
        for speakers, other in groups:
            if equal_data(value, other):
                speakers.append(speaker)
                break
        else:
            groups.append(([speaker], value))
    return [(",".join(speakers), value) for speakers, value in groups]


def _pack_capabilities(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Capabilities as two lists of names: they are most of the fields."""
    packed: dict[str, Any] = {}
    has: list[str] = []
    lacks: list[str] = []
    for name, value in fields.items():
        if name.startswith(CAPABILITY):
            (has if value else lacks).append(name.removeprefix(CAPABILITY))
        else:
            packed[name] = value
    return packed | {key: names for key, names in (("capabilities", has), ("lacks", lacks)) if names}


def _unpack_capabilities(packed: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in packed.items() if name not in ("capabilities", "lacks")}
    fields |= {f"{CAPABILITY}{name}": True for name in packed.get("capabilities", ())}
    return fields | {f"{CAPABILITY}{name}": False for name in packed.get("lacks", ())}


def _to_exact_float(value: Any) -> float:
    """The C encoder knows no `Decimal`; a float whose shortest text is the number itself will do."""
    if isinstance(value, Decimal) and Decimal(repr(float(value))) == value:
        return float(value)
    raise ValueError(value)


_encoded = json.JSONEncoder(separators=(",", ":"), default=_to_exact_float).encode
