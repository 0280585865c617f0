"""Repositories whose settings name programs, and what these did."""

import os
import re
import subprocess
from pathlib import Path

CATALOG = """\
provider: acme
models:
  m1:
    name: M1
    context_window: {window}
    pricing: {{input: 1, output: 2}}
  m2:
    name: M2
"""
LISTED = {"acme": {"id": "acme", "name": "Acme", "models": {"m1": {"id": "m1", "name": "M1", "limit": {"context": 1}}}}}
READING = (
    ("history", "acme/m1", "--no-cache"),
    ("history", "acme/m1", "--all-parents", "--no-cache"),
    ("blame", "acme/m1", "--no-cache"),
    ("changelog", "HEAD~2..HEAD"),
    ("changelog", "HEAD~2..HEAD", "--format", "atom"),
    ("changelog", "HEAD~2"),
    ("query", "--at", "HEAD~2", "--no-cache"),
    ("show", "acme/m1", "--at", "HEAD~2"),
    ("compare", "acme/m1", "acme/m2", "--at", "HEAD~2"),
    ("providers", "--at", "HEAD~2"),
    ("capabilities", "--at", "HEAD~2"),
    ("cost", "acme/m1", "--input", "1000", "--at", "HEAD~2"),
    ("export", "json", "--to", "../exported", "--at", "HEAD~2"),
    ("sql", "select count(*) from changes"),
    ("sql", "select count(*) from models", "--at", "HEAD~2"),
    ("validate", "--at", "HEAD~2"),
    ("validate", "--new-since", "HEAD~2"),
    ("restore", "acme/m1", "--to", "HEAD~2", "--dry-run"),
    ("explain", "acme/m1"),
    ("audit", "acme"),
    ("doctor", "acme"),
    ("query",),
    ("validate",),
)
NOW = re.compile(r"updated_at: .*")
SIGNED = """\
tree {tree}
parent {parent}
author Ann <ann@example.org> 1767000000 +0000
committer Ann <ann@example.org> 1767000000 +0000
gpgsig -----BEGIN SSH SIGNATURE-----
 U1NIU0lHAAAAAQ==
 -----END SSH SIGNATURE-----

signed
"""
HOOKS = (
    "pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "post-checkout", "post-index-change",
    "reference-transaction", "pre-auto-gc", "fsmonitor-watchman", "pre-push", "post-rewrite",
)  # fmt: skip
SETTINGS = """\
[core]
    repositoryFormatVersion = 1
    fsmonitor = {program}
    pager = {program}
    editor = {program}
    askPass = {program}
    sshCommand = {program}
    gitProxy = {program}
    alternateRefsCommand = {program}
    hooksPath = {hooks}
[pager]
    log = {program}
    diff = {program}
[diff]
    external = {program}
    submodule = diff
[diff "evil"]
    command = {program}
    textconv = {program}
[filter "evil"]
    clean = {program}
    smudge = {program}
    process = {program}
[merge "evil"]
    driver = {program}
[gpg]
    program = {program}
[gpg "ssh"]
    program = {program}
[log]
    showSignature = true
[alias]
    log = !{program}
    cat-file = !{program}
[credential]
    helper = !{program}
[trailer "evil"]
    command = {program}
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[remote "origin"]
    url = {url}
    promisor = true
    uploadPack = {program}
    receivePack = {program}
[extensions]
    partialClone = origin
"""


class Trap:
    """A program that notes each of its calls and fails."""

    def __init__(self, folder: Path) -> None:
        self._calls = folder / "calls"
        self.program = folder / "evil"
        self.hooks = folder / "hooks"
        self.hooks.mkdir(parents=True)
        for path in (self.program, *(self.hooks / name for name in HOOKS)):
            path.write_text(f'#!/bin/sh\necho "$0 $*" >> {self._calls}\nexit 1\n')
            path.chmod(0o755)

    def calls(self) -> list[str]:
        """The calls since this was asked last."""
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return lines

    def set_in(self, git_dir: Path, url: str = "ssh://example.org/x") -> None:
        """Make a repository name the program wherever it can name one."""
        settings = SETTINGS.format(program=self.program, hooks=self.hooks, url=url)
        with (git_dir / "config").open("a") as file:
            file.write(settings)
        (git_dir / "info").mkdir(exist_ok=True)
        (git_dir / "info" / "attributes").write_text("* diff=evil filter=evil merge=evil\n")


def plain_git(folder: Path, *arguments: str, stdin: str = "", **variables: str) -> str:
    """Run git as it is, with its defaults and a name to commit under; what it prints, also where it fails."""
    names = {f"GIT_{who}_{part}": "ann@example.org" for who in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **names, **variables}, capture_output=True, text=True,
        errors="surrogateescape", check=False, input=stdin,
    )  # fmt: skip
    return done.stdout.rstrip("\n")


def remove_object(git_dir: Path, name: str) -> bytes:
    """Take a loose object away; give its bytes."""
    path = git_dir / "objects" / name[:2] / name[2:]
    content = path.read_bytes()
    path.chmod(0o600)
    path.unlink()
    return content
