"""What git knows of records: earlier versions of one line, and who changed a record lately."""

import json
from collections.abc import Mapping
from pathlib import Path

from registry_cli.core.proposals.commit_message import SYNC, TREE
from registry_cli.core.statements.record import Line, parse_record
from registry_cli.errors import FileError, GitError
from registry_cli.store.files.discovery import find_repository
from registry_cli.store.git.log import commit_time, moment_of
from registry_cli.store.git.process import GitProgram, text_of
from registry_cli.yamledit.escapes import one_line

_PATIENCE = 20.0  # seconds
_SUFFIX = ".jsonl"
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
            line = _parse_line(row[1:]) if row[0] == "+" else None
            if found and found[-1][0] == when:
                line = found.pop()[1] or line
            found.append((when, line))
    return found


def edits_since(folder: Path, revision: str, environ: Mapping[str, str]) -> dict[Path, str]:
    """Return the records in a folder that a commit after a revision changed without being one of sync's, each with the
    last such commit, for people.

    A merge counts where it has what no parent has. Raises `GitError`.
    """
    repository = find_repository(folder)
    if repository is None or not folder.is_relative_to(repository.top):
        return {}
    git = GitProgram(repository.top, environ, only_reads=True)
    place = f":(top,literal){repository.prefix_of(folder).rstrip('/')}"
    form = "--format=%x01%h%x00%s%x00%T%x00%(trailers:only,unfold)"
    how = ("-z", "-c", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", form)
    tokens = git.stream_tokens("-c", "trailer.separators=:", "log", *how, "HEAD", f"^{revision}", "--", place)
    edits: dict[Path, str] = {}
    by = ""
    for token in map(text_of, tokens):
        if token.startswith(_COMMIT):
            subject, tree, trailers = (text_of(next(tokens)) for _ in range(3))
            by = "" if _is_of_sync(tree, trailers) else f"{token[1:]} ({one_line(subject)})"
        elif by and token.endswith(_SUFFIX):
            edits.setdefault(repository.top / token.lstrip("\n"), by)
    return edits


def _is_of_sync(tree: str, trailers: str) -> bool:
    """Whether a commit says that sync made it, of the tree that it has."""
    said = [line.partition(": ") for line in trailers.splitlines()]
    trees = {value for name, _, value in said if name == TREE}
    return any(name == SYNC for name, _, _ in said) and trees <= {tree}


def _log_of(path: Path, environ: Mapping[str, str]) -> bytes:
    repository = find_repository(path.parent)
    if repository is None:
        return b""
    git = GitProgram(repository.top, environ, only_reads=True)
    place = f":(literal){repository.prefix_of(path.parent)}{path.name}"
    how = ("-p", "-U0", "--text", "--no-color", "--no-ext-diff", "--no-textconv")
    return git.run_git("log", f"--format={_COMMIT}%ct", *how, "--", place, timeout=_PATIENCE)


def _parse_line(text: str) -> Line | None:
    try:
        return next(iter(parse_record(text, "").values()), None)
    except FileError:
        return None
