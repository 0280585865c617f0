"""Findings -> lines for people, JSON for programs, annotations for GitHub. SARIF has a module of its own."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from registry_cli.core.checks.findings import Finding

_COLORS = {"error": "\x1b[31m", "warning": "\x1b[33m"}
_COUNTED = {"error": "errors", "warning": "warnings"}
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"


def plain_findings(findings: Iterable[Finding], *, color: bool = False) -> str:
    """A line for each: `path:line:column code message`."""
    lines = []
    for item in findings:
        place, code = f"{item.path}:{item.line}:{item.column}", item.code
        if color:
            place, code = f"{_BOLD}{place}{_OFF}", f"{_COLORS[item.severity]}{code}{_OFF}"
        lines.append(f"{place} {code} {item.message}\n")
    return "".join(lines)


def findings_json(findings: Sequence[Finding], *, files: int, models: int) -> str:
    """`findings`, each with code, severity, path, line, column and message, and a `summary` of counts."""
    rows = []
    counts = {"files": files, "models": models, **dict.fromkeys(_COUNTED.values(), 0)}
    for finding in findings:
        row = asdict(finding)
        del row["pointer"]
        rows.append(row)
        counts[_COUNTED[finding.severity]] += 1
    envelope = {"findings": rows, "summary": counts}
    return json.dumps(envelope, indent=2) + "\n"


def github_annotations(findings: Iterable[Finding]) -> str:
    """GitHub's workflow commands, which annotate the lines of a pull request."""
    lines = ""
    for finding in findings:
        place = f"file={_escape_property(finding.path)},line={finding.line},col={finding.column}"
        lines += (
            f"::{finding.severity} {place},title={_escape_property(finding.code)}::{_escape_message(finding.message)}\n"
        )
    return lines


def findings_summary(files: int, models: int, errors: int, warnings: int) -> str:
    """`62 files, 1,167 models: 3 errors, 12 warnings`."""
    result = "nothing to report"
    if errors or warnings:
        result = f"{_count_text(errors, 'error')}, {_count_text(warnings, 'warning')}"
    return f"{_count_text(files, 'file')}, {_count_text(models, 'model')}: {result}"


def _count_text(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _escape_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")
