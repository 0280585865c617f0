"""Findings -> SARIF 2.1.0, the format that code scanning services take."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules import BY_CODE
from registry_cli.core.checks.rules.base import Rule
from registry_cli.render.rule_text import rule_section
from registry_cli.version import __version__

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(findings: Sequence[Finding]) -> str:
    """One run, with the rules that fired and their help. Paths are relative to the folder llmreg was run in."""
    codes = sorted({item.code for item in findings})
    driver = {
        "name": "llmreg",
        "semanticVersion": __version__,
        "rules": [_rule_document(BY_CODE[code]) for code in codes],
    }
    met: dict[str, int] = {}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result_document(item, codes.index(item.code), met) for item in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule_document(rule: Rule) -> Mapping[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\n{rule.fix}", "markdown": rule_section(rule)},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result_document(item: Finding, index: int, met: dict[str, int]) -> Mapping[str, Any]:
    uri = PurePath(item.path).as_uri() if PurePath(item.path).is_absolute() else quote(PurePath(item.path).as_posix())
    region = {"startLine": item.line, "startColumn": item.column}
    return {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.severity,
        "message": {"text": item.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"llmreg/v1": _finding_fingerprint(item, met)},
    }


def _finding_fingerprint(item: Finding, met: dict[str, int]) -> str:
    """The same for the same finding after lines have moved: made of the place in the document, not in the text."""
    name = json.dumps([item.code, item.path, item.pointer])
    met[name] = met.get(name, 0) + 1
    return hashlib.sha256(f"{name} {met[name]}".encode()).hexdigest()[:32]
