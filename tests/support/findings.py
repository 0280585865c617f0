"""Validating small texts in tests."""

from collections.abc import Mapping
from pathlib import Path

from registry_cli.commands.validate.validate import validate
from registry_cli.core.checks.findings import Finding

ON = "2026-11-22"


def findings_in(folder: Path, files: Mapping[str, str | bytes], *, on: str = ON) -> list[Finding]:
    """The findings of a folder with these files; their paths are the files' names."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    result = validate([folder], catalog=None, on=on, select=[], ignore=[], remember=False, cwd=folder, environ={})
    return list(result.findings)


def findings_of(folder: Path, models: str, *, on: str = ON, top: str = "") -> list[str]:
    """`line:code` of each finding in a provider file with these models, whose text starts on line 3 + lines of top."""
    indented = "".join(f"  {line}\n" for line in models.strip("\n").splitlines())
    findings = findings_in(folder, {"acme.yml": f"provider: acme\n{top}models:\n{indented}"}, on=on)
    return [f"{finding.line}:{finding.code}" for finding in findings]
