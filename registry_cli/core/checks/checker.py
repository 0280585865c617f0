"""Checks the text of one provider file against the schema and the rules for one file.

The result depends on the arguments alone, so that the cache can keep it by the file's content. Rules across files are
in `catalog_checker`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from registry_cli.core.checks.findings import locate_message
from registry_cli.core.checks.report import Examined, Mark, Outline, outline_unreadable, state_on
from registry_cli.core.checks.rules import FILE_RULES
from registry_cli.core.checks.rules.base import Problem, ProviderFile, WrittenModel
from registry_cli.core.format.layers import is_part, provider_of
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.format.schema import Contract, without_pointers
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Document, Scalars, decode_utf8, read_document
from registry_cli.yamledit.escapes import one_line

_ASKING = ("aliases", "api", "billing", "sync")


class Judge(NamedTuple):
    """The schema, the vocabulary and the ISO day (for rules about dates) that files are checked against."""

    contract: Contract
    vocabulary: Vocabulary
    on: str


def examine_bytes(data: bytes, stem: str, judge: Judge, scalars: Scalars) -> Examined:
    """Check one file; `stem` is its name without the ending. The findings are in the order of lines."""
    try:
        document = read_document(decode_utf8(data), scalars)
    except YamlError as fault:
        return Examined([_mark_fault(fault)], outline_unreadable(stem))
    return examine_document(document, stem, judge)


def examine_document(document: Document, stem: str, judge: Judge) -> Examined:
    """Check a file that was read already, as `examine` does."""
    value = document.value
    if is_part(stem) and isinstance(value, dict):  # its directory says whose it is
        value = {"provider": provider_of(stem), **value}
    broken = [] if judge.contract.accepts(value) else judge.contract.find_violations(value)
    sound = without_pointers(value, [item.pointer for item in broken])
    found = [_mark_problem(document, item.code, Problem(item.pointer, item.message, item.of_key)) for item in broken]
    if not isinstance(sound, dict):
        return Examined(found, outline_unreadable(stem))
    file = ProviderFile(stem, sound, list(_written_models(sound)), judge.vocabulary, judge.on)
    found += (_mark_problem(document, rule.code, problem) for rule in FILE_RULES for problem in rule.check(file))
    found += _mark_misread(document)
    return Examined(
        _drop_repeated_marks(document.faults, found), _outline_file(file, is_whole=not broken and not document.faults)
    )


def place_problems(data: bytes, problems: Iterable[tuple[str, Problem]]) -> list[Mark]:
    """Return marks for problems (each with its rule's code) that were found without reading the text."""
    document = read_document(decode_utf8(data))
    return [_mark_problem(document, code, problem) for code, problem in problems]


def _mark_problem(document: Document, code: str, problem: Problem) -> Mark:
    place = document.position_of(problem.pointer, of_key=problem.of_key)
    message = one_line(locate_message(problem.pointer, problem.message))
    return Mark(code, *place, message, problem.pointer, problem.severity)


def _mark_fault(fault: YamlError) -> Mark:
    return Mark(fault.code, fault.line or 1, fault.column or 1, one_line(fault.message), ())


def _mark_misread(document: Document) -> Iterator[Mark]:
    for text, position in document.misread_positions():
        yield Mark("misread-scalar", *position, f"{text} is something else to a YAML 1.1 reader: quote it", ())


def _drop_repeated_marks(faults: Iterable[YamlError], found: Iterable[Mark]) -> list[Mark]:
    """Return the faults of reading and the other marks, without those that repeat one at the same place.

    A value that was misread breaks the schema too, and a value under an anchor is found again at every alias.
    """
    marks = {(fault.line, fault.column, fault.code, fault.message): _mark_fault(fault) for fault in faults}
    taken = {(mark.line, mark.column) for mark in marks.values()}
    for mark in found:
        if (mark.line, mark.column) not in taken:
            marks.setdefault((mark.line, mark.column, mark.code, mark.message.rpartition(": ")[2]), mark)
    return sorted(marks.values(), key=lambda mark: (mark.line, mark.column))


def _written_models(value: Mapping[str, Any]) -> Iterator[WrittenModel]:
    for key in MODEL_KEYS:
        for model_id, body in value.get(key, {}).items():
            yield WrittenModel((key, model_id), model_id, body)


def _outline_file(file: ProviderFile, *, is_whole: bool) -> Outline:
    value = file.value
    key = "models" if "models" in value else "model_capabilities"
    bodies = {entry.id: entry.body for entry in file.entries}
    states = {model_id: state_on(body, file.on) for model_id, body in bodies.items()}
    return Outline(
        stem=file.stem,
        provider=provider_of(file.stem),
        provider_aliases=value.get("aliases", []),
        default_model=value.get("default_model") if key in value else None,
        key=key,
        ids=list(bodies),
        aliases={alias: model_id for model_id, body in bodies.items() for alias in body.get("aliases", ())},
        outdated={model_id: state for model_id, state in states.items() if state},
        replacements={
            model_id: body["replacement"] for model_id, body in bodies.items() if body.get("replacement") is not None
        },
        asking={key: value[key] for key in _ASKING if key in value} if is_whole else None,
    )
