"""Commits and the files that they touched, read from what `git log` prints."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from registry_cli.store.git.process import text_of

FORMAT = "--format=%x01%H%x00%P%x00%ct%x00%an%x00%s%x00"
_FIELDS = 4  # after the id
RAW = ("--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-show-signature")
FILE_MODE = b"100"  # what the mode of a regular file begins with
_SHOWN = 10  # digits of a commit's id
_LAST = 253_402_300_799  # the end of the year 9999, in seconds since 1970


class Commit(NamedTuple):
    """One commit. `time` is the committer's, in seconds since 1970, at most that of the end of the year 9999."""

    id: str
    parents: tuple[str, ...]
    time: int
    author: str
    subject: str

    @property
    def short_id(self) -> str:
        return self.id[:_SHOWN]

    @property
    def moment(self) -> str:
        """ISO 8601 in UTC."""
        return moment_of(self.time)


class Touched(NamedTuple):
    """A provider file that a commit changed: the ids of its content before (one for each parent) and after.

    None where the file does not exist, or is no regular file.
    """

    name: str
    before: tuple[str | None, ...]
    after: str | None


def moment_of(time: int) -> str:
    """Return seconds since 1970 as a moment in ISO 8601, in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def commit_time(text: str) -> int:
    """Return a commit's time in seconds since 1970, at most that of the year 9999: a broken commit may have any."""
    return min(int(text), _LAST) if text.isdigit() else 0


def read_commit(token: bytes, tokens: Iterator[bytes]) -> Commit:
    parents, committed, author, subject = (text_of(next(tokens)) for _ in range(_FIELDS))
    return Commit(token[1:].decode(), tuple(parents.split()), commit_time(committed), author, subject)


def parse_touched(head: bytes, path: bytes, prefix: bytes) -> Touched | None:
    """Parse one entry of raw output; None for what is no provider file. Of a merge, the entry has a colon, a mode and
    an id for each parent."""
    name = path[len(prefix) :]
    if not path.startswith(prefix) or not is_provider_file(name):
        return None
    parents = len(head) - len(head.lstrip(b":"))
    fields = head.lstrip(b":").split()
    modes, ids = fields[: parents + 1], fields[parents + 1 : 2 * parents + 2]
    contents = [id_.decode() if mode.startswith(FILE_MODE) else None for mode, id_ in zip(modes, ids, strict=True)]
    return Touched(text_of(name), tuple(contents[:-1]), contents[-1])


def is_provider_file(name: bytes) -> bool:
    """Return whether a path below a catalog can be that of a provider file.

    A part of one, `openrouter/anthropic.yml`, counts as long as the file itself is there.
    """
    folder, slash, file = name.rpartition(b"/")
    is_in_place = not slash or (b"/" not in folder and not folder.startswith(b"."))
    return name.endswith((b".yml", b".yaml")) and not file.startswith(b".") and is_in_place


def folder_pathspec(folder: str) -> str:
    """Return the pathspec of a directory below the top, which `folder` names as `Past.folder` does."""
    return f":(top,literal){folder.rstrip('/')}" if folder else ":(top)"


def replacements_digest(common: Path) -> str:
    """Return a digest of what git replaces when it reads a history (`git replace`, `info/grafts`); empty for nothing.

    `common` is the git directory that all work trees share.
    """
    replacements = [line for line in _read_lines(common / "packed-refs") if b" refs/replace/" in line]
    replacements += _read_lines(common / "info" / "grafts")
    loose = common / "refs" / "replace"
    if loose.is_dir():
        for path in sorted(loose.iterdir()):
            replacements += [path.name.encode(), *_read_lines(path)]
    return hashlib.sha256(b"\n".join(replacements)).hexdigest() if replacements else ""


def _read_lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError:
        return []
