"""Reads and checks `llmreg.yml`."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.catalog.settings import Settings, settings_of
from registry_cli.core.checks.findings import locate_message
from registry_cli.core.checks.report import Mark
from registry_cli.core.checks.rules import BY_CODE
from registry_cli.core.checks.rules.base import Problem
from registry_cli.core.format.schema import Contract
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Document, decode_utf8, read_document
from registry_cli.yamledit.escapes import one_line


def examine_settings(data: bytes, contract: Contract) -> tuple[Settings, list[Mark]]:
    """Return the settings of a file and its findings. A file with any finding gives the default settings."""
    try:
        document = read_document(decode_utf8(data))
    except YamlError as fault:
        return Settings(), [_mark_fault(fault)]
    value = {} if document.value is None else document.value
    marks = [_mark_fault(fault) for fault in document.faults]
    if not contract.accepts(value):
        marks += (_mark_problem(document, item.code, Problem(*item[1:])) for item in contract.find_violations(value))
    elif isinstance(value, dict):
        marks += (_mark_problem(document, "schema", problem) for problem in _find_mistakes(value))
    if marks or not isinstance(value, dict):
        return Settings(), sorted(marks, key=lambda mark: (mark.line, mark.column))
    return settings_of(value), []


def _find_mistakes(value: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield mistakes that the schema allows: a rule that does not exist, a provider in two groups."""
    for place, code in enumerate((value.get("validate") or {}).get("ignore") or ()):
        if code not in BY_CODE:
            message = f"no rule has the code {code!r}{did_you_mean(code, BY_CODE)}"
            yield Problem(("validate", "ignore", place), message)
    home: dict[str, str] = {}
    for name, members in ((value.get("sync") or {}).get("groups") or {}).items():
        for place, provider in enumerate(members):
            if home.setdefault(provider, name) != name:
                yield Problem(("sync", "groups", name, place), f"{provider} is in the group {home[provider]}, too")


def _mark_problem(document: Document, code: str, problem: Problem) -> Mark:
    place = document.position_of(problem.pointer, of_key=problem.of_key)
    return Mark(code, *place, one_line(locate_message(problem.pointer, problem.message)), problem.pointer)


def _mark_fault(fault: YamlError) -> Mark:
    return Mark(fault.code, fault.line or 1, fault.column or 1, one_line(fault.message), ())
