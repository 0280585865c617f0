"""Findings -> lines for people, JSON for programs, annotations for GitHub. SARIF has a module of its own."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from registry_cli.core.checks.findings import Finding

_COLORS = {"error": "\x1b[31m", "warning": "\x1b[33m"}
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"


def plain(findings: Iterable[Finding], *, color: bool = False) -> str:
    """A line for each: `path:line:column code message`."""
    lines = []
    for item in findings:
        place, code = f"{item.path}:{item.line}:{item.column}", item.code
        if color:
            place, code = f"{_BOLD}{place}{_OFF}", f"{_COLORS[item.severity]}{code}{_OFF}"
        lines.append(f"{place} {code} {item.message}\n")
    return "".join(lines)


def as_json(findings: Sequence[Finding], *, files: int, models: int) -> str:
    """`findings`, each with code, severity, path, line, column and message, and a `summary` of counts."""
    rows = [{name: value for name, value in asdict(item).items() if name != "pointer"} for item in findings]
    counts = {f"{severity}s": sum(item.severity == severity for item in findings) for severity in _COLORS}
    envelope = {"findings": rows, "summary": {"files": files, "models": models, **counts}}
    return json.dumps(envelope, indent=2) + "\n"


def github(findings: Iterable[Finding]) -> str:
    """GitHub's workflow commands, which annotate the lines of a pull request."""
    return "".join(
        f"::{item.severity} file={_property(item.path)},line={item.line},col={item.column},"
        f"title={_property(item.code)}::{_data(item.message)}\n"
        for item in findings
    )


def summary(files: int, models: int, errors: int, warnings: int) -> str:
    """`62 files, 1,167 models: 3 errors, 12 warnings`."""
    return f"{_counted(files, 'file')}, {_counted(models, 'model')}: " + (
        f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}" if errors or warnings else "nothing to report"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
