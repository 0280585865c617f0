"""Earlier versions of one line of a record, from git."""

import json
from collections.abc import Mapping
from pathlib import Path

from registry_cli.core.sync.record import Line, parse
from registry_cli.errors import FileError, GitError
from registry_cli.store.git.discovery import find_repository
from registry_cli.store.git.log import commit_time, moment_of
from registry_cli.store.git.process import GitProgram

_PATIENCE = 20.0  # seconds
_COMMIT = "\x01"


def versions_of_line(path: Path, model_id: str, environ: Mapping[str, str]) -> list[tuple[str, Line | None]]:
    """Return the line as each commit that changed it left it, the newest first, with the commit's time as records
    write times, in UTC.

    None is a commit that took it out. Empty where git is missing, knows no such file, or does not answer.
    """
    try:
        printed = _log_of(path, environ)
    except GitError:
        return []
    start = f'{{"id":{json.dumps(model_id)},'
    found: list[tuple[str, Line | None]] = []
    when = ""
    for row in printed.decode(errors="replace").split("\n"):
        if row.startswith(_COMMIT):
            when = moment_of(commit_time(row[1:]))
        elif row.startswith((f"+{start}", f"-{start}")):
            line = _line(row[1:]) if row[0] == "+" else None
            if found and found[-1][0] == when:
                line = found.pop()[1] or line
            found.append((when, line))
    return found


def _log_of(path: Path, environ: Mapping[str, str]) -> bytes:
    repository = find_repository(path.parent)
    if repository is None:
        return b""
    git = GitProgram(repository.top, environ, only_reads=True)
    place = f":(literal){repository.prefix_of(path.parent)}{path.name}"
    how = ("-p", "-U0", "--text", "--no-color", "--no-ext-diff", "--no-textconv")
    return git.run("log", f"--format={_COMMIT}%ct", *how, "--", place, timeout=_PATIENCE)


def _line(text: str) -> Line | None:
    try:
        return next(iter(parse(text, "").values()), None)
    except FileError:
        return None
