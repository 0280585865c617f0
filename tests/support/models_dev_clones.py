"""Small repositories like models.dev's, made commit by commit."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

LARGE = """\
name = "Large"
release_date = "2025-06-01"
tool_call = true
[cost]
input = 3.0
output = 15
[limit]
context = 200_000
output = 8_000
"""


class Link(str):
    """Where a symbolic link leads."""

    __slots__ = ()


def path_of(name: str) -> str:
    """The file of a `provider/model`; of a provider alone that of its own facts."""
    provider, _, model = name.partition("/")
    return f"providers/{provider}/models/{model}.toml" if model else f"providers/{provider}/provider.toml"


def git(top: Path, *arguments: str, day: str = "2026-01-01") -> str:
    when = {f"GIT_{who}_DATE": f"{day}T12:00:00 +0000" for who in ("AUTHOR", "COMMITTER")}
    names = {f"GIT_{who}_{part}": "ann@example.org" for who in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments], cwd=top, env={**kept, **names, **when}, capture_output=True, text=True, check=True
    )
    return done.stdout


def make_clone(top: Path, commits: Iterable[tuple[str, Mapping[str, str | bytes | None]]]) -> Path:
    """A repository with a commit for each day: paths (or `provider/model`) with their new text, None to remove them."""
    top.mkdir(parents=True)
    git(top, "init", "--quiet", "--initial-branch=main")
    for day, files in commits:
        for name, text in files.items():
            path = top / (name if name.endswith(".toml") else path_of(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if isinstance(text, Link):
                path.symlink_to(text)
            elif isinstance(text, bytes):
                path.write_bytes(text)
            elif text is not None:
                path.write_text(text)
        git(top, "add", "--all")
        git(top, "commit", "--quiet", "--allow-empty", "--message", day, day=day)
    return top
