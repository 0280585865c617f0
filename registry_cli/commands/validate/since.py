"""`llmreg validate --new-since`: only the findings that a change brings.

A change cannot relax its own check: the rules that `config/llmreg.yml` ignores, and whether warnings fail, are those of
its content before the change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Protocol

from registry_cli.commands.validate.folders import display_path
from registry_cli.commands.validate.validate import Validated
from registry_cli.core.catalog.settings import ValidateSettings
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.new_findings import FindingIdentity, identify_finding, new_findings
from registry_cli.core.checks.report import Mark
from registry_cli.core.checks.rules import finding_of, key_host, record_edited
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.settings import examine_file, examine_text
from registry_cli.store.catalog.locate import SETTINGS_NAME, find_catalog_to_read, settings_path
from registry_cli.store.files.names import records_folder
from registry_cli.store.git.history import NoFilesError, Past, open_past
from registry_cli.store.git.log import Commit
from registry_cli.store.git.record_history import edits_since


class Check(Protocol):
    """`validate` with all arguments but the settings and the caller's own findings."""

    def __call__(self, *, settings: ValidateSettings | None, besides: Sequence[Finding] = ()) -> Validated: ...


def validate_since(
    since: str, now: Check, then: Check, *, catalog: Path | None, cwd: Path, environ: Mapping[str, str]
) -> Validated:
    """Return the findings of `now` that `then`, the check at a revision or on a day, does not have.

    Both use the settings of that time; the notes say how today's differ. Raises `UsageError`, `GitError`.
    """
    place = find_catalog_to_read(catalog, cwd=cwd, environ=environ)
    if place.origin == "bundled":  # a change that deletes the catalog must not pass because this one is right
        raise UsageError("--new-since: there is no config/models here or above; --catalog names a catalog")
    root = place.root
    past = open_past(root, environ)
    commit = past.resolve_commit(since)
    settings, faults = _settings_at(past, commit)
    edits = edits_since(records_folder(root.resolve()), commit.id, environ)
    found = now(settings=settings, besides=[_edited_record(path, by, cwd) for path, by in edits.items()])
    fresh = _drop_known(found, lambda: [*then(settings=settings).findings, *faults])
    return replace(fresh, notes=_describe_differences(settings, root, since))


def _settings_at(past: Past, commit: Commit) -> tuple[ValidateSettings | None, list[Finding]]:
    """Return the settings at a commit and their findings; None if it has no catalog, so that today's settings hold."""
    try:
        data = past.settings_at(commit, SETTINGS_NAME)
    except NoFilesError:
        return None, []
    if data is None:
        return ValidateSettings(), []
    settings, marks = examine_text(data)
    return settings.validate, [finding_of(mark, SETTINGS_NAME) for mark in marks]


def _describe_differences(old: ValidateSettings | None, root: Path, since: str) -> tuple[str, ...]:
    try:
        new = examine_file(settings_path(root))[0].validate
    except FileError:  # which is among the findings
        new = ValidateSettings()
    if old is None or old == new:
        return ()
    was, now = _describe_settings(old), _describe_settings(new)
    return (f"{SETTINGS_NAME} was checked as it was at {since} ({was}), not as it is now ({now})",)


def _describe_settings(settings: ValidateSettings) -> str:
    return f"ignore: [{', '.join(settings.ignore)}], strict: {str(settings.strict).lower()}"


def _edited_record(path: Path, by: str, cwd: Path) -> Finding:
    message = f"changed by {by}, which is no commit of llmreg's sync"
    return finding_of(Mark(record_edited.RULE.code, 1, 1, message, ()), display_path(path, cwd))


def _drop_known(now: Validated, before: Callable[[], Sequence[Finding]]) -> Validated:
    """Return the findings of now that were not there before, anywhere: a changed line may make another one wrong.

    The past is not read if nothing is found now. A new host for a key is an error here: once merged, it would be used.
    """
    if not now.findings:
        return now
    try:
        known = before()
    except NoFilesError:
        known = ()
    fresh = new_findings(known, now.findings, _identify)
    weighed = [replace(item, severity="error") if item.code == key_host.CODE else item for item in fresh]
    return replace(now, findings=tuple(weighed))


def _identify(finding: Finding) -> FindingIdentity:
    # A path of the past has its revision before it, and a catalog is one folder.
    return identify_finding(PurePath(finding.path).name, finding.code, finding.pointer, finding.message)
