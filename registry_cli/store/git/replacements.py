"""Commits that git replaces with others when it reads a history (`git replace`, `info/grafts`)."""

import hashlib
from pathlib import Path


def replacements_digest(common: Path) -> str:
    """Return a digest of the replacements in a repository, by its common git directory; empty where there are none."""
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
