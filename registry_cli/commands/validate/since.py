"""`llmreg validate --new-since`: what a change brings, and not what was there before.

A change cannot relax its own check: what `config/llmreg.yml` ignores, and whether warnings fail, is what it said before
the change.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Protocol

from registry_cli.commands.validate.folders import shown
from registry_cli.commands.validate.validate import Validated
from registry_cli.core.catalog.settings import ValidateSettings
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.report import Mark
from registry_cli.core.checks.rules import finding_of, key_host, record_edited
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.settings import examine_file, examine_text
from registry_cli.store.catalog.locate import SETTINGS_NAME, find_catalog, settings_path
from registry_cli.store.files.names import records_folder
from registry_cli.store.git.history import NoFilesError, Past, open_past
from registry_cli.store.git.log import Commit
from registry_cli.store.git.record_history import edits_since


class Check(Protocol):
    """`validate` with everything settled but the settings that hold, and what is found besides."""

    def __call__(self, *, settings: ValidateSettings | None, besides: Sequence[Finding] = ()) -> Validated: ...


def validate_since(
    since: str, now: Check, then: Check, *, catalog: Path | None, cwd: Path, environ: Mapping[str, str]
) -> Validated:
    """What is found `now` and was not at a revision or on a day (`then`), by the settings that held then; the notes say
    where today's differ.

    Raises `UsageError`, `GitError`.
    """
    place = find_catalog(catalog, cwd=cwd, environ=environ)
    if place.origin == "bundled":  # a change that deletes the catalog must not pass because this one is right
        raise UsageError("--new-since: there is no config/models here or above; --catalog names a catalog")
    root = place.root
    past = open_past(root, environ)
    commit = past.resolve(since)
    settings, faults = _settings_at(past, commit)
    edits = edits_since(records_folder(root.resolve()), commit.id, environ)
    found = now(settings=settings, besides=[_edited_record(path, by, cwd) for path, by in edits.items()])
    fresh = _without_known(found, lambda: [*then(settings=settings).findings, *faults])
    return replace(fresh, notes=_differences(settings, root, since))


def _settings_at(past: Past, commit: Commit) -> tuple[ValidateSettings | None, list[Finding]]:
    """The settings that a commit has, and what is wrong with them; None where it has no catalog: today's hold then."""
    try:
        data = past.settings_at(commit, SETTINGS_NAME)
    except NoFilesError:
        return None, []
    if data is None:
        return ValidateSettings(), []
    settings, marks = examine_text(data)
    return settings.validate, [finding_of(mark, SETTINGS_NAME) for mark in marks]


def _differences(old: ValidateSettings | None, root: Path, since: str) -> tuple[str, ...]:
    try:
        new = examine_file(settings_path(root))[0].validate
    except FileError:  # which is among the findings
        new = ValidateSettings()
    if old is None or old == new:
        return ()
    text = f"{SETTINGS_NAME} was checked as it was at {since} ({_described(old)}), not as it is now ({_described(new)})"
    return (text,)


def _described(settings: ValidateSettings) -> str:
    return f"ignore: [{', '.join(settings.ignore)}], strict: {str(settings.strict).lower()}"


def _edited_record(path: Path, by: str, cwd: Path) -> Finding:
    message = f"changed by {by}, which is no commit of llmreg's sync"
    return finding_of(Mark(record_edited.RULE.code, 1, 1, message, ()), shown(path, cwd))


def _without_known(now: Validated, before: Callable[[], Sequence[Finding]]) -> Validated:
    """What is found now but not before, wherever it stands: a changed line may make another one wrong.

    A finding is the same where code, file, place in the document and message are; lines may have moved. Nothing is
    asked of the past where nothing is found now. A new host for a key is an error here: merged, it would be used.
    """
    if not now.findings:
        return now
    try:
        known = Counter(map(_identity, before()))
    except NoFilesError:
        known = Counter()
    fresh = []
    for finding in now.findings:
        identity = _identity(finding)
        if known[identity]:
            known[identity] -= 1
        else:
            fresh.append(replace(finding, severity="error") if finding.code == key_host.CODE else finding)
    return replace(now, findings=tuple(fresh))


def _identity(finding: Finding) -> tuple[object, ...]:
    # A path of the past has its revision before it, and a catalog is one folder.
    return finding.code, PurePath(finding.path).name, finding.pointer, finding.message
