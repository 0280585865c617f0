"""Earlier versions of one line of a record, from git."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from registry_cli.core.sync.record import Line, parse
from registry_cli.errors import FileError
from registry_cli.store.git.process import SETTINGS

_PATIENCE = 20.0  # seconds
_COMMIT = "\x01"


def versions_of_line(path: Path, model_id: str) -> list[tuple[str, Line | None]]:
    """The line as each commit that changed it left it, the newest first, with the commit's time as records
    write times, in UTC.

    None is a commit that took it out. Empty where git is missing, knows no such file, or does not answer.
    """
    log = ("log", f"--format={_COMMIT}%ct", "-p", "-U0", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--")
    try:
        done = subprocess.run(  # noqa: S603  # no shell; the path is an argument after `--`
            ["git", "-C", str(path.parent), *SETTINGS, *log, f":(literal){path.name}"],  # noqa: S607  # the person's git
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    start = f'{{"id":{json.dumps(model_id)},'
    found: list[tuple[str, Line | None]] = []
    when = ""
    for row in done.stdout.decode(errors="replace").split("\n"):
        if row.startswith(_COMMIT):
            when = datetime.fromtimestamp(int(row[1:]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        elif row.startswith((f"+{start}", f"-{start}")):
            line = _line(row[1:]) if row[0] == "+" else None
            if found and found[-1][0] == when:
                line = found.pop()[1] or line
            found.append((when, line))
    return found


def _line(text: str) -> Line | None:
    try:
        return next(iter(parse(text, "").values()), None)
    except FileError:
        return None
