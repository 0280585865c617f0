"""`llmreg validate --new-since`: what a change brings, and not what was there before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from registry_cli.commands.validate.validate import Validated
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules import key_host
from registry_cli.store.git.history import NoFilesError


def new_since(now: Validated, before: Callable[[], Validated]) -> Validated:
    """What is found now but not before, wherever it stands: a changed line may make another one wrong.

    A finding is the same where code, file, place in the document and message are; lines may have moved. Nothing is
    asked of the past where nothing is found now. A new host for a key is an error here: merged, it would be used.
    """
    if not now.findings:
        return now
    try:
        known = Counter(map(_identity, before().findings))
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
